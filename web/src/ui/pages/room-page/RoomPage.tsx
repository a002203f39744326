import { useEffect, useRef, type FormEvent, type ReactElement } from 'react';
import { ChevronLeft, DoorOpen, Trash2, Video } from 'lucide-react';
import type { AboutRoomPage } from '../../../core/pages/room-page/page';
import { countOf } from '../../../core/pages/room-page/ratings';
import { called } from '../../../core/title';
import type { Policy, RoomView } from '../../../proto/api.gen';
import type { Key } from '../../../i18n/text';
import { useDispatch, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { Field } from '../../kit/Field';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { Invite } from '../../meeting/Ready';
import { presence } from '../presence';
import { History } from './History';
import { Bans } from './Bans';
import { Members } from './Members';
import { PastMeetings } from './PastMeetings';
import { Ratings } from './Ratings';
import { PolicyForm } from './PolicyForm';
import css from './RoomPage.module.css';

/** The page about a room: its link for everybody who belongs to it, its rules and members for those who lead it. */
export default function RoomPage({ page }: { readonly page: AboutRoomPage }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { view } = page;
  return (
    <Frame title={view?.room.title ?? t('rooms.of')}>
      <main className={cx('page', css['page'])}>
        <Link to={{ to: 'meetings' }} className={cx('small', css['back'])}>
          <ChevronLeft className="i s turns" aria-hidden="true" />{t('rooms.all')}
        </Link>
        {view ? <Head view={view} /> : <h1 {...LANDING}>{page.unknown ? t('room.unknown.title') : t('rooms.of')}</h1>}
        {page.unknown && <p>{t('room.unknown.text', { code: page.code })}</p>}
        {page.trouble && (
          <div className={css['trouble']}>
            <Notice tone="bad" text={page.trouble} />
            <button type="button" className="btn plain" onClick={() => dispatch({ type: 'room-page/again' })}>{t('again')}</button>
          </div>
        )}
        {!view && !page.unknown && !page.trouble && <Skeleton lines={3} />}
        {view && <Parts page={page} view={view} />}
      </main>
    </Frame>
  );
}

function Head({ view }: { readonly view: RoomView }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { room, present, count } = view;
  return (
    <div className={cx('row', 'wrap')}>
      <span className={cx('frame', count > 0 && 'live', css['mark'])}><DoorOpen className="i l" aria-hidden="true" /></span>
      <div className="grow">
        <h1 {...LANDING}>{called(t, room.title)}</h1>
        <p className="small">{t(`rooms.role.${view.role}`)}</p>
      </div>
      {count > 0 && (
        <span className="row">
          <span className="faces">{present.slice(0, FACES).map((person) => <Cameo key={person.identity} name={person.name} avatar={person.avatar} />)}</span>
          <span className="small">{presence(t, present, count)}</span>
        </span>
      )}
      <button type="button" className="btn primary" onClick={() => dispatch({ type: 'visit', route: { to: 'room', code: room.code } })}>
        <Video className="i s" aria-hidden="true" />{t(count > 0 ? 'rooms.join' : 'rooms.start')}
      </button>
    </div>
  );
}

const FACES = 4;

function Parts({ page, view }: { readonly page: AboutRoomPage; readonly view: RoomView }): ReactElement {
  const t = useSpeech();
  const owns = view.role === 'owner';
  return (
    <div className="two-col">
      <div className={css['parts']}>
        {owns ? <WordsForm page={page} view={view} /> : view.room.description !== '' && (
          <p className={css['description']}>{view.room.description}</p>
        )}
        {owns && view.policy && <PolicyForm policy={view.policy} />}
        {owns && page.meetings && page.meetings.length > 0 && <PastMeetings meetings={page.meetings} />}
        {page.history && page.history.state !== 'shut' && <History history={page.history} />}
        {owns && <Deletion page={page} title={called(t, view.room.title)} />}
      </div>
      <div className={css['parts']}>
        <section className={cx('card', 'pad', css['link'])} aria-labelledby="link">
          <h2 id="link">{t('rooms.link')}</h2>
          <Invite code={view.room.code} title={view.room.title} />
          {view.policy && <p className="small">{t.text({ key: linkKey(view.policy), args: {} })}</p>}
        </section>
        {page.ratings && countOf(page.ratings) > 0 && <Ratings ratings={page.ratings} />}
        {page.bans && page.bans.length > 0 && <Bans bans={page.bans} />}
        {page.members && <Members page={page} members={page.members} owns={owns} />}
      </div>
    </div>
  );
}

/** What the link is worth to whoever gets it. */
export function linkKey({ locked, guests, lobby }: Policy): Key {
  if (locked) return 'rooms.link.locked';
  if (lobby === 'everyone') return 'rooms.link.knock';
  if (!guests) return 'rooms.link.members';
  return lobby === 'guests' ? 'rooms.link.knock-guests' : 'rooms.link.open';
}

function WordsForm({ page, view }: { readonly page: AboutRoomPage; readonly view: RoomView }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const words = page.words ?? view.room;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'room-page/words-send' });
  };
  return (
    <form className={cx('card', css['form'])} onSubmit={submit} noValidate aria-label={t('rooms.about')}>
      <Field
        label={t('rooms.title')}
        wrong={page.wordsWrong}
        value={words.title}
        autoComplete="off"
        maxLength={128}
        onType={(title) => dispatch({ type: 'room-page/words', change: { title } })}
      />
      <div className="field">
        <label htmlFor="description">{t('rooms.description')}</label>
        <textarea
          id="description"
          className="input"
          rows={3}
          maxLength={2000}
          value={words.description}
          aria-describedby="description-hint"
          onChange={(event) => dispatch({ type: 'room-page/words', change: { description: event.target.value } })}
        />
        <p className="msg" id="description-hint">{t('rooms.description.hint')}</p>
      </div>
      <div className="acts">
        <button type="submit" className="btn plain" disabled={page.words === null || page.wordsBusy}>
          {page.wordsBusy && <span className="spin" aria-hidden="true" />}{t('save')}
        </button>
      </div>
    </form>
  );
}

/** Asks once more, in place: what is gone is gone. */
function Deletion({ page, title }: { readonly page: AboutRoomPage; readonly title: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const asked = page.deleting !== 'no';
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (asked) heading.current?.focus();
  }, [asked]);
  if (!asked) {
    return (
      <button type="button" className={cx('btn', 'danger-quiet', css['delete'])} onClick={() => dispatch({ type: 'room-page/delete', step: 'ask' })}>
        <Trash2 className="i s" aria-hidden="true" />{t('rooms.delete')}
      </button>
    );
  }
  return (
    <section className={cx('card', css['form'])} aria-labelledby="delete">
      <h2 id="delete" ref={heading} tabIndex={-1}>{t('rooms.delete.title', { title })}</h2>
      <p>{t('rooms.delete.text')}</p>
      <div className="acts">
        <button type="button" className="btn quiet" disabled={page.deleting === 'busy'} onClick={() => dispatch({ type: 'room-page/delete', step: 'cancel' })}>{t('cancel')}</button>
        <button type="button" className="btn danger" disabled={page.deleting === 'busy'} onClick={() => dispatch({ type: 'room-page/delete', step: 'do' })}>
          {page.deleting === 'busy' && <span className="spin" aria-hidden="true" />}{t('rooms.delete.do')}
        </button>
      </div>
    </section>
  );
}
