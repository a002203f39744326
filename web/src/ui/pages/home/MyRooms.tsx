import { useEffect, useRef, type FormEvent, type ReactElement } from 'react';
import { DoorOpen, Plus } from 'lucide-react';
import type { Draft, HomePage } from '../../../core/pages/home/page';
import { called } from '../../../core/title';
import type { Lobby, MyRoom } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Field } from '../../kit/Field';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { day } from '../dates';
import css from './HomePage.module.css';

/** So many stand on home; the page of meetings has them all. */
const AT_HOME = 9;

const LOBBY: Readonly<Record<Lobby, 'home.lobby.off' | 'home.lobby.guests' | 'home.lobby.everyone'>> = {
  off: 'home.lobby.off',
  guests: 'home.lobby.guests',
  everyone: 'home.lobby.everyone',
};

/** The rooms that I own or belong to, and the form for a new one. */
export function MyRooms({ page, makes }: { readonly page: HomePage; readonly makes: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const rooms = page.rooms?.filter(({ listed }) => listed) ?? null;
  const shown = page.part === 'home' ? rooms?.slice(0, AT_HOME) : rooms;
  const open = (): void => dispatch({ type: 'home/draft', open: true });
  return (
    <section aria-labelledby="rooms">
      <div className="sect">
        <h2 id="rooms">{t('home.rooms')}</h2>
        {/* Where there are none yet, the empty card offers it. */}
        {makes && (rooms?.length !== 0 || page.draft !== null) && (
          <button type="button" className="btn quiet low push" aria-expanded={page.draft !== null} onClick={() => dispatch({ type: 'home/draft', open: !page.draft })}>
            <Plus className="i s" aria-hidden="true" />{t('home.rooms.new')}
          </button>
        )}
      </div>
      {page.draft && <NewRoom draft={page.draft} />}
      {page.listTrouble && (
        <div className={css['trouble']}>
          <Notice tone="bad" text={page.listTrouble} />
          <button type="button" className="btn plain" onClick={() => dispatch({ type: 'home/again' })}>{t('again')}</button>
        </div>
      )}
      {rooms === null && !page.listTrouble && <Skeleton lines={2} />}
      {rooms?.length === 0 && !page.draft && (
        <div className="card empty">
          <p>{t(makes ? 'home.rooms.none' : 'home.rooms.none.cannot')}</p>
          {makes && <button type="button" className="btn plain" onClick={open}>{t('home.rooms.new')}</button>}
        </div>
      )}
      {shown && shown.length > 0 && (
        <ul className={css['rooms']}>
          {shown.map((mine) => <li key={mine.room.id}><RoomCard mine={page.now.find(({ room }) => room.id === mine.room.id) ?? mine} /></li>)}
        </ul>
      )}
      {page.part === 'meetings' && <Recent page={page} />}
      {rooms && shown && rooms.length > shown.length && (
        <Link to={{ to: 'meetings' }} className="btn quiet">{t('home.rooms.all')}</Link>
      )}
    </section>
  );
}

/** Meetings that were begun with one press: they go by themselves, unless somebody keeps them. */
function Recent({ page }: { readonly page: HomePage }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const recent = page.rooms?.filter(({ listed }) => !listed) ?? [];
  if (recent.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <div className="sect"><h2 id="recent">{t('home.recent')}</h2></div>
      <p className="small">{t('home.recent.text')}</p>
      <ul className={cx('card', css['recent'])}>
        {recent.map(({ room }) => {
          const title = called(t, room.title);
          const asked = page.forgetting === room.code;
          return (
            <li key={room.id} className="item">
              <Link to={{ to: 'room-page', code: room.code }} className="grow">
                <div className="t">{title}</div>
                <div className="d">{t('home.recent.begun', { date: day(t.tongue, room.createdAt) })}</div>
              </Link>
              {!asked && (
                <button type="button" className="btn plain" aria-label={t('home.recent.keep.of', { title })} onClick={() => dispatch({ type: 'home/keep', code: room.code })}>
                  {t('home.recent.keep')}
                </button>
              )}
              <button
                type="button"
                className={cx('btn', asked ? 'danger' : 'quiet')}
                aria-label={asked ? undefined : t('home.recent.delete.of', { title })}
                onClick={() => dispatch({ type: 'home/forget', code: room.code })}
              >
                {t(asked ? 'rooms.delete.do' : 'home.recent.delete')}
              </button>
              {asked && <button type="button" className="btn quiet" onClick={() => dispatch({ type: 'home/forget', code: null })}>{t('cancel')}</button>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function RoomCard({ mine }: { readonly mine: MyRoom }): ReactElement {
  const t = useSpeech();
  const { room, count, lobby } = mine;
  return (
    <Link to={{ to: 'room-page', code: room.code }} className={`card ${css['room'] ?? ''}`}>
      <span className={cx('frame', count > 0 && 'live')}><DoorOpen className="i" aria-hidden="true" /></span>
      <span className="grow">
        <b className={cx('strong', css['name'])}>{called(t, room.title)}</b>
        <span className={cx('small', css['name'])}>{count > 0 ? t.count('rooms.in', count) : t(LOBBY[lobby])}</span>
      </span>
    </Link>
  );
}

function NewRoom({ draft }: { readonly draft: Draft }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'home/draft-send' });
  };
  return (
    <form
      ref={form}
      className={cx('card', css['draft'])}
      onSubmit={submit}
      noValidate
      aria-label={t('home.rooms.new')}
    >
      <Field
        label={t('home.draft.title')}
        placeholder={t('home.draft.place')}
        wrong={draft.wrong}
        value={draft.title}
        autoComplete="off"
        maxLength={128}
        onType={(title) => dispatch({ type: 'home/draft-title', title })}
      />
      <div className={cx('row', css['acts'])}>
        <button type="submit" className="btn primary" disabled={draft.busy}>
          {draft.busy && <span className="spin" aria-hidden="true" />}{t('home.draft.send')}
        </button>
        <button type="button" className="btn quiet" onClick={() => dispatch({ type: 'home/draft', open: false })}>{t('cancel')}</button>
      </div>
    </form>
  );
}
