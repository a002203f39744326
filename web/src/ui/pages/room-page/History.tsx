import { useState, type ReactElement } from 'react';
import type { History as Shown } from '../../../core/pages/room-page/history';
import type { Message } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { Seg } from '../../kit/Seg';
import { FileCard } from '../../meeting/panels/FileCard';
import { Markdown } from '../../meeting/panels/Markdown';
import { clock, dayName, dayOf } from '../../meeting/panels/when';
import css from './RoomPage.module.css';

type Kind = 'lines' | 'files';

/** What was written in the room, and the files that were given there; to read, not to write. */
export function History({ history }: { readonly history: Shown }): ReactElement {
  const t = useSpeech();
  const [kind, setKind] = useState<Kind>('lines');
  const [now] = useState(() => Date.now());
  const lines = kind === 'files' ? history.lines.filter(({ file }) => file !== undefined) : history.lines;
  return (
    <section className={cx('card', css['form'])} aria-labelledby="history">
      <div className="row wrap">
        <h2 id="history" className="grow">{t('rooms.history')}</h2>
        <Seg<Kind>
          label={t('rooms.history.show')}
          value={kind}
          onPick={setKind}
          choices={[{ value: 'lines', face: t('rooms.history.lines') }, { value: 'files', face: t('rooms.history.files') }]}
        />
      </div>
      {/* Scrolled with the keyboard as well. */}
      <div className={css['history']} role="group" aria-label={t('chat.lines')} tabIndex={0}>
        <Earlier history={history} />
        {lines.length > 0 && (
          <ol className={cx('msgs', css['lines'])}>
            {lines.map((line, index) => <Line key={line.id} line={line} day={newDay(lines[index - 1], line) ? dayName(t, line.at, now) : null} />)}
          </ol>
        )}
      </div>
      {history.state === 'there' && lines.length === 0 && !history.more && <p className="small">{t(kind === 'files' ? 'rooms.history.no-files' : 'chat.none')}</p>}
    </section>
  );
}

const newDay = (before: Message | undefined, line: Message): boolean => before === undefined || dayOf(before.at) !== dayOf(line.at);

function Earlier({ history }: { readonly history: Shown }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  if (history.state === 'asking') return <p className="small" role="status"><span className="spin" aria-hidden="true" /> {t('frame.loading')}</p>;
  const failed = history.state === 'failed';
  if (!failed && !history.more) return null;
  return (
    <div className="row wrap">
      {failed && <p className="small" role="alert">{t('rooms.history.failed')}</p>}
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'room-page/lines' })}>{t(failed ? 'again' : 'chat.earlier')}</button>
    </div>
  );
}

function Line({ line, day }: { readonly line: Message; readonly day: string | null }): ReactElement {
  const t = useSpeech();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : ''));
  const mine = line.from === me;
  const avatar = useSelect(({ page }) => (page.at === 'room-page' ? page.members?.find(({ account }) => account.id === line.from)?.account.avatar : undefined));
  return (
    <>
      {day !== null && <li className="daysep">{day}</li>}
      <li className="m" data-line={line.id}>
        <Cameo name={line.name} avatar={avatar} />
        <div className="h">
          {mine ? t('meeting.you', { name: line.name }) : line.name}
          <time dateTime={new Date(line.at).toISOString()}>{clock(t, line.at)}</time>
          {line.edited && <span className="small">{t('chat.edited')}</span>}
        </div>
        {line.to !== undefined && <div className={cx('small', css['said'])}>{t(mine ? 'rooms.history.private' : 'chat.private.from')}</div>}
        {line.text !== '' && <div className={css['said']}><Markdown source={line.text} names={[]} /></div>}
        {line.file && <FileCard file={line.file} />}
        {line.reactions.length > 0 && (
          <p className="small">{line.reactions.map(({ emoji, people }) => t('rooms.history.reaction', { emoji, n: people.length })).join('  ')}</p>
        )}
      </li>
    </>
  );
}
