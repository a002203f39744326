import { useEffect, useRef, type FormEvent, type ReactElement } from 'react';
import { DoorOpen, Plus } from 'lucide-react';
import type { Draft, HomePage } from '../../../core/pages/home/page';
import type { Lobby, MyRoom } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Field } from '../../kit/Field';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
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
  const { rooms } = page;
  const shown = page.part === 'home' ? rooms?.slice(0, AT_HOME) : rooms;
  const open = (): void => dispatch({ type: 'home/draft', open: true });
  return (
    <section aria-labelledby="rooms">
      <div className="sect">
        <h2 id="rooms">{t('home.rooms')}</h2>
        {makes && (
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
      {rooms && shown && rooms.length > shown.length && (
        <Link to={{ to: 'meetings' }} className="btn quiet">{t('home.rooms.all')}</Link>
      )}
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
        <b className={cx('strong', css['name'])}>{room.title}</b>
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
