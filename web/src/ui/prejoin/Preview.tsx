import type { ReactElement } from 'react';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { DevicePick } from '../kit/DevicePick';
import { Level } from '../kit/Level';
import { useShortcuts } from '../kit/shortcuts';
import { Mirror } from './Mirror';
import css from './PreJoin.module.css';

/** My own picture, and everything that can be set about it, before I am inside. */
export function Preview(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const hears = useSelect((state) => state.devices.microphone.state === 'open');
  const media = useSelect((state) => state.browser.media);
  const microphone = (): void => dispatch({ type: 'devices/toggle', kind: 'microphone' });
  const camera = (): void => dispatch({ type: 'devices/toggle', kind: 'camera' });
  useShortcuts(media === 'yes' ? { microphone, camera } : {});
  return (
    <section aria-label={t('prejoin.picture')}>
      <Mirror />
      {media === 'yes' && (
        <div className={css['pick']}>
          <div><DevicePick kind="camera" /></div>
          <div>
            <DevicePick kind="microphone" />
            {hears && <Level className={cx('level', css['level'])} />}
          </div>
          <div>
            <DevicePick kind="speaker" />
            <div className={css['under']}>
              <button type="button" className={css['link']} onClick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</button>
            </div>
          </div>
        </div>
      )}
    </section>
  );
}
