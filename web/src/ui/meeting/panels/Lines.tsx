import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import type { Message } from '../../../proto/api.gen';
import { useDispatch, usePorts, useSpeech } from '../../context';
import { DraftLine } from './DraftLine';
import { Line } from './Line';
import { useChat } from './view';
import { dayName, dayOf } from './when';
import css from './Chat.module.css';

/** Nearer to an edge than this is at it, in pixels. */
const EDGE = 80;

/** The lines, the newest at the lower end; earlier ones come when one scrolls up to them. */
export function Lines({ foot }: {
  /** What stands after the last one. */
  readonly foot?: ReactNode;
}): ReactElement {
  const t = useSpeech();
  const lines = useChat(({ chat }) => chat.lines);
  const drafts = useChat(({ chat }) => chat.drafts);
  const fresh = useChat(({ chat }) => chat.fresh);
  const me = useChat((view) => view.me);
  const people = useChat((view) => view.people);
  const names = useMemo(() => people?.map(({ name }) => name) ?? [], [people]);
  const now = useToday();
  const [body, scrolled] = useScroll(lines[0]?.id);
  const none = lines.length === 0 && drafts.length === 0;
  return (
    // Scrolled with the keyboard as well.
    <div className="body" ref={body} onScroll={scrolled} role="group" aria-label={t('chat.lines')} tabIndex={0}>
      <Earlier none={none} />
      {!none && (
        <ol className={`msgs ${css['msgs'] ?? ''}`}>
          {lines.map((line, index) => (
            <Line
              key={line.id}
              line={line}
              mine={line.from === me}
              names={names}
              day={newDay(lines[index - 1], line) ? dayName(t, line.at, now) : null}
              fresh={line.id === fresh}
            />
          ))}
          {drafts.map((draft) => <DraftLine key={draft.id} draft={draft} names={names} />)}
        </ol>
      )}
      {foot}
    </div>
  );
}

const newDay = (before: Message | undefined, line: Message): boolean => before === undefined || dayOf(before.at) !== dayOf(line.at);

/** The time when the panel was opened, and from then on once when the day changes. */
function useToday(): number {
  const ports = usePorts();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => ports.everySecond((at) => setNow((before) => (dayOf(before) === dayOf(at) ? before : at))), [ports]);
  return now;
}

function Earlier({ none }: { readonly none: boolean }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const earlier = useChat(({ chat }) => chat.earlier);
  const talks = useChat(({ field }) => field !== null);
  if (earlier === 'asking') {
    return <p className={css['none']}><span><span className="spin" aria-hidden="true" /> {t('chat.earlier.asking')}</span></p>;
  }
  if (earlier === 'more' || earlier === 'failed') {
    return (
      <div className={css['none']} style={{ minHeight: 0 }}>
        {earlier === 'failed' && <p>{t('chat.earlier.failed')}</p>}
        <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'chat/earlier' })}>{t('chat.earlier')}</button>
      </div>
    );
  }
  return none ? <div className={css['none']}><p className="strong">{t('chat.none')}</p><p className="small">{t(talks ? 'talks.none.text' : 'chat.none.text')}</p></div> : null;
}

/** Who reads the end stays at the end; who reads further up keeps the place when earlier lines come. */
function useScroll(first: string | undefined): readonly [RefObject<HTMLDivElement | null>, () => void] {
  const body = useRef<HTMLDivElement>(null);
  const dispatch = useDispatch();
  const more = useChat(({ chat }) => chat.earlier === 'more');
  const before = useRef<{ end: boolean; height: number; first: string | undefined }>({ end: true, height: 0, first: undefined });
  useLayoutEffect(() => {
    const place = body.current;
    if (!place) return;
    if (before.current.end) place.scrollTop = place.scrollHeight;
    else if (before.current.first !== first) place.scrollTop += place.scrollHeight - before.current.height;
    before.current = { ...before.current, height: place.scrollHeight, first };
  });
  const scrolled = (): void => {
    const place = body.current;
    if (!place) return;
    before.current.end = place.scrollHeight - place.scrollTop - place.clientHeight < EDGE;
    if (more && place.scrollTop < EDGE) dispatch({ type: 'chat/earlier' });
  };
  return [body, scrolled];
}
