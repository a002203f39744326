import type { ReactElement } from 'react';
import type { Knocker } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { givesBack } from '../../kit/gives-back';
import css from './People.module.css';

/** Who waits at the door, for those who lead. */
export function Knockers({ waiting }: { readonly waiting: readonly Knocker[] }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section ref={givesBack} className={css['door']} aria-labelledby="people-waiting">
      <div className={cx('row', css['head'])}>
        <h3 id="people-waiting" className="over">{t.count('people.waiting', waiting.length)}</h3>
        <button type="button" className="btn quiet low push" onClick={() => dispatch({ type: 'act', act: { act: 'admitAll' } })}>{t('knock.admit-all')}</button>
      </div>
      <ul className={css['list']}>
        {waiting.map(({ person, name, avatar, role }) => (
          <li key={person} ref={givesBack} className="item">
            <Cameo name={name} avatar={avatar} size="sm" />
            <div className="grow">
              <div className="t">{name}</div>
              <div className="d">{t(`people.role.${role}`)}</div>
            </div>
            <div className="end">
              <button
                type="button"
                className="btn quiet low"
                aria-label={t('knock.deny-who', { name })}
                onClick={() => dispatch({ type: 'act', act: { act: 'deny', person } })}
              >
                {t('knock.deny')}
              </button>
              <button
                type="button"
                className="btn plain low"
                aria-label={t('knock.admit-who', { name })}
                onClick={() => dispatch({ type: 'act', act: { act: 'admit', person } })}
              >
                {t('knock.admit')}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
