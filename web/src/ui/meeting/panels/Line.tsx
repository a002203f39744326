import { memo, useState, type ReactElement } from 'react';
import { AtSign } from 'lucide-react';
import { plain } from '../../../core/meeting/markdown';
import { mentions } from '../../../core/meeting/mention';
import { lineOf } from '../../../core/meeting/chat';
import { spoken } from '../../../core/meeting/chat-lines';
import { deedWords } from '../../../core/talks/talks';
import type { Message } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { givesBack } from '../../kit/gives-back';
import { Face } from './Face';
import { FileCard } from './FileCard';
import { LineMenu } from './LineMenu';
import { Markdown } from './Markdown';
import { useChat } from './view';
import { clock } from './when';
import css from './Chat.module.css';

/** A line of the chat. */
export const Line = memo(function Line({ line, mine, names, day, fresh }: {
  readonly line: Message;
  readonly mine: boolean;
  readonly names: readonly string[];
  /** The day that begins with it. */
  readonly day: string | null;
  /** Whether all from here on is new. */
  readonly fresh: boolean;
}): ReactElement {
  const t = useSpeech();
  const [asks, setAsks] = useState(false);
  const me = useChat((view) => view.nameOf(view.me) ?? '');
  const meant = !mine && me !== '' && mentions(plain(line.text), me, names);
  if (line.deed !== undefined) {
    return (
      <>
        {day !== null && <li className="daysep">{day}</li>}
        <li className={css['deed']} data-line={line.id}>{t.text(deedWords(line, mine))}</li>
      </>
    );
  }
  return (
    <>
      {day !== null && <li className="daysep">{day}</li>}
      {fresh && <li className="daysep new">{t('chat.fresh')}</li>}
      <li className={cx('m', css['line'], meant && css['meant'])} id={`line-${line.id}`} data-line={line.id}>
        <Face identity={line.from} name={line.name} />
        <div className="h">
          {mine ? t('meeting.you', { name: line.name }) : line.name}
          <time dateTime={new Date(line.at).toISOString()}>{clock(t, line.at)}</time>
          {meant && <span className={css['marked']}><AtSign className="i" aria-hidden="true" />{t('chat.mentions-me')}</span>}
          {line.edited && <span className={css['edited']}>{t('chat.edited')}</span>}
        </div>
        {line.to !== undefined && <Private line={line} mine={mine} />}
        {line.replyTo !== undefined && <Answered id={line.replyTo} />}
        {line.text !== '' && <div className={css['words']}><Markdown source={line.text} names={names} me={me} /></div>}
        {line.file && <FileCard file={line.file} />}
        <Reactions line={line} />
        {asks && <Delete id={line.id} onClose={() => setAsks(false)} />}
        <LineMenu line={line} mine={mine} onDelete={() => setAsks(true)} />
      </li>
    </>
  );
});

function Private({ line, mine }: { readonly line: Message; readonly mine: boolean }): ReactElement {
  const t = useSpeech();
  const name = useChat(({ nameOf }) => (mine && line.to !== undefined ? nameOf(line.to) : null));
  return <div className={cx(css['words'], css['private'])}>{mine ? t('chat.private.to', { name: name ?? t('chat.somebody') }) : t('chat.private.from')}</div>;
}

/** The line that this one answers; a press goes there. */
function Answered({ id }: { readonly id: string }): ReactElement {
  const t = useSpeech();
  const line = useChat(({ chat }) => lineOf(chat, id));
  if (!line) return <div className="q">{t('chat.reply.gone')}</div>;
  const go = (): void => document.getElementById(`line-${id}`)?.scrollIntoView({ block: 'center' });
  return <button type="button" className={cx('q', css['quote'])} onClick={go}>{t('chat.said', { name: line.name, text: spoken(line) })}</button>;
}

function Reactions({ line }: { readonly line: Message }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useChat((view) => view.me);
  const people = useChat((view) => view.people);
  if (line.reactions.length === 0) return null;
  const nameOf = (person: string): string => (person === me ? t('chat.you') : (people?.find((one) => one.person === person)?.name ?? t('chat.somebody')));
  return (
    <div className="rx">
      {line.reactions.map(({ emoji, people: who }) => {
        const label = t('chat.reaction', { emoji, names: t.list([...new Set(who.map(nameOf))]) });
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={who.includes(me)}
            aria-label={label}
            title={label}
            onClick={() => dispatch({ type: 'chat/react', id: line.id, emoji })}
          >
            {emoji} <span className="num">{who.length}</span>
          </button>
        );
      })}
    </div>
  );
}

function Delete({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <div ref={givesBack} className={css['ask']} role="group" aria-label={t('chat.delete.ask')}>
      <span>{t('chat.delete.ask')}</span>
      <button
        type="button"
        className="btn danger low"
        ref={focused}
        onClick={() => {
          onClose();
          dispatch({ type: 'chat/delete', id });
        }}
      >
        {t('chat.delete')}
      </button>
      <button type="button" className="btn quiet low" onClick={onClose}>{t('chat.delete.keep')}</button>
    </div>
  );
}

const focused = (button: HTMLElement | null): void => button?.focus();
