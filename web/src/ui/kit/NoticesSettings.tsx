import { useId, type ReactElement } from 'react';
import { HEARD, TOPICS } from '../../core/meeting/notices';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from './cx';
import css from './SettingsDialog.module.css';

/** What is spoken to screen readers, and which sounds are heard. */
export function NoticesSettings(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { said, sounds, system } = useSelect((state) => state.notices);
  const can = useSelect(({ browser, session }) => browser.notices && session.is === 'known');
  return (
    <>
      {can && (
        <button
          type="button"
          role="switch"
          className={cx('switch', css['switch'])}
          aria-checked={system}
          aria-labelledby="notices-system"
          aria-describedby="notices-system-text"
          onClick={() => dispatch({ type: 'notices/system', on: !system })}
        >
          <span className="grow">
            <span className="label" id="notices-system">{t('notices.system')}</span>
            <span className={cx('hint', css['hint'])} id="notices-system-text">{t('notices.system.text')}</span>
          </span>
          <span className="track" />
        </button>
      )}
      <details className={css['more']}>
        <summary className="label">{t('notices.sounds')}</summary>
        {HEARD.map((chime) => (
          <Flag key={chime} on={sounds[chime]} label={t(`notices.sounds.${chime}`)} onPick={(on) => dispatch({ type: 'notices/sound', chime, on })} />
        ))}
      </details>
      <details className={css['more']}>
        <summary className="label">{t('notices.said')}</summary>
        {TOPICS.map((topic) => (
          <Flag key={topic} on={said[topic]} label={t(`notices.said.${topic}`)} onPick={(on) => dispatch({ type: 'notices/said', topic, on })} />
        ))}
      </details>
    </>
  );
}

function Flag({ on, label, onPick }: { readonly on: boolean; readonly label: string; readonly onPick: (on: boolean) => void }): ReactElement {
  const id = useId();
  return (
    <button type="button" role="switch" className={cx('switch', css['switch'])} aria-checked={on} aria-labelledby={id} onClick={() => onPick(!on)}>
      <span className="grow" id={id}>{label}</span>
      <span className="track" />
    </button>
  );
}
