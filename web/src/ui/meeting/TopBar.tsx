import { useEffect, useRef, type ReactElement } from 'react';
import { LayoutGrid, PanelRight, ScreenShare, SquareUser, Users } from 'lucide-react';
import type { LayoutChoice, Meeting } from '../../core/state';
import { stageKind, type Cast } from '../../core/selectors';
import { useDispatch, usePorts, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { Seg, type Choice } from '../kit/Seg';
import css from './TopBar.module.css';

export function TopBar({ meeting, cast }: { readonly meeting: Meeting; readonly cast: Cast }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = meeting.people.find((person) => person.identity === meeting.me);
  const bad = me && me.connection !== 'good' && meeting.link === 'connected' ? me.connection : null;
  const choices = layoutChoices(cast).map((value): Choice<LayoutChoice> => {
    const { icon: Icon, key } = FACES[value];
    return { value, face: <><Icon className="i s" aria-hidden="true" />{t(key)}</> };
  });
  return (
    <header className="meet-top" aria-label={t('meeting.top')}>
      <h1 className="ellipsis">{meeting.title}</h1>
      <span className="dotsep wideonly" />
      <Elapsed since={meeting.since} />
      {meeting.sharing === 'yes' && (
        <span className={cx('badge', 'live', css['sharing'])}><ScreenShare className="i" aria-hidden="true" />{t('meeting.sharing')}</span>
      )}
      <span className="push" />
      {choices.length > 1 && (
        <Seg<LayoutChoice>
          className="seg wideonly"
          label={t('meeting.layout')}
          value={layoutShown(meeting, cast)}
          onPick={(layout) => dispatch({ type: 'stage/layout', layout })}
          choices={choices}
        />
      )}
      <span className={css['count']} role="img" aria-label={t.count('meeting.people', meeting.people.length)}>
        <Users className="i s" aria-hidden="true" /><span className="num">{meeting.people.length}</span>
      </span>
      {bad && (
        <span className={css['net']} role="img" title={t(`meeting.net.${bad}`)} aria-label={t(`meeting.net.${bad}`)}>
          <span className="net" data-n={bad === 'lost' ? '1' : '2'}><i /><i /><i /><i /></span>
        </span>
      )}
    </header>
  );
}

const FACES = {
  auto: { icon: LayoutGrid, key: 'meeting.layout.grid' },
  grid: { icon: LayoutGrid, key: 'meeting.layout.grid' },
  speaker: { icon: SquareUser, key: 'meeting.layout.speaker' },
  side: { icon: PanelRight, key: 'meeting.layout.side' },
} as const;

/** What can be chosen: nothing where it would change nothing. */
export function layoutChoices(cast: Cast): readonly LayoutChoice[] {
  if (cast.shares.length > 0) return cast.others.length >= 2 ? ['grid', 'speaker', 'side'] : ['grid', 'side'];
  return cast.others.length >= 2 ? ['grid', 'speaker'] : [];
}

/** The choice that stands for what is drawn now. */
export function layoutShown(meeting: Meeting, cast: Cast): LayoutChoice {
  switch (stageKind(meeting, cast)) {
    case 'share': return 'side';
    case 'speaker': return 'speaker';
    case 'grid':
    case 'duo': return 'grid';
  }
}

const two = (n: number): string => String(n).padStart(2, '0');

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** The running time, written past React. */
function Elapsed({ since }: { readonly since: number }): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => ports.everySecond((now) => {
    if (ref.current) ref.current.textContent = clock(now - since);
  }), [ports, since]);
  return <span ref={ref} className="time" role="timer" aria-label={t('meeting.time')} />;
}
