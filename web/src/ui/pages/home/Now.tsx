import { useEffect, useState, type ReactElement } from 'react';
import { called } from '../../../core/title';
import type { MyRoom } from '../../../proto/api.gen';
import type { Speech } from '../../../i18n/text';
import { useDispatch, usePorts, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { presence } from '../presence';
import css from './HomePage.module.css';

const FACES = 4;

/** The meetings that go on now in rooms of mine, with who is in. */
export function Now({ rooms }: { readonly rooms: readonly MyRoom[] }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const now = useMinute();
  if (rooms.length === 0) return null;
  return (
    <section aria-labelledby="now" className={css['nows']}>
      <h2 id="now" className="sr">{t('home.now')}</h2>
      {rooms.map(({ room, count, present, since }) => (
        <article key={room.id} className={cx('card', css['now'])}>
          <span className="badge live"><span className="bars" aria-hidden="true"><i /><i /><i /></span>{running(t, since, now)}</span>
          <h3>{called(t, room.title)}</h3>
          <p className="small">{presence(t, present, count)}</p>
          <div className="row">
            <span className="faces">
              {present.slice(0, FACES).map((person) => <Cameo key={person.identity} name={person.name} avatar={person.avatar} />)}
              {count > FACES && <span className="more">+{count - FACES}</span>}
            </span>
            <button
              type="button"
              className="btn primary push"
              aria-label={`${t('rooms.join')}: ${room.title}`}
              onClick={() => dispatch({ type: 'visit', route: { to: 'room', code: room.code } })}
            >
              {t('rooms.join')}
            </button>
          </div>
        </article>
      ))}
    </section>
  );
}

/** For how long it goes on, to the minute. */
export function running(t: Speech, since: number | undefined, now: number): string {
  const minutes = since === undefined ? 0 : Math.floor((now - since) / 60_000);
  if (minutes < 1) return t('home.now.just');
  const time = minutes < 60 ? t('home.now.minutes', { n: minutes }) : t('home.now.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
  return t('home.now.since', { time });
}

/** The time, drawn anew with each minute. */
function useMinute(): number {
  const ports = usePorts();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => ports.everySecond((tick) => setNow((before) => (Math.floor(tick / 60_000) === Math.floor(before / 60_000) ? before : tick))), [ports]);
  return now;
}
