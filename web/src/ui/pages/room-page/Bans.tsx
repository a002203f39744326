import type { ReactElement } from 'react';
import type { Ban } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { day } from '../dates';
import css from './RoomPage.module.css';

/** Who was removed for good; those who lead the room let them back. */
export function Bans({ bans }: { readonly bans: readonly Ban[] }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section className={cx('card', css['members'])} aria-labelledby="bans">
      <div className={cx('sect', css['sect'])}>
        <h2 id="bans">{t('rooms.bans')}</h2>
        <span className="push small num">{bans.length}</span>
      </div>
      <p className={cx('small', css['none'])}>{t('rooms.bans.text')}</p>
      <ul>
        {bans.map(({ person, name, at }) => (
          <li key={person}>
            <div className={cx('item', css['member'])}>
              <div className="grow">
                <div className="t">{name}</div>
                <div className="d">{t('rooms.bans.since', { date: day(t.tongue, at) })}</div>
              </div>
              <button
                type="button"
                className="btn quiet low"
                aria-label={t('rooms.bans.pardon.of', { name })}
                onClick={() => dispatch({ type: 'room-page/pardon', person })}
              >
                {t('rooms.bans.pardon')}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
