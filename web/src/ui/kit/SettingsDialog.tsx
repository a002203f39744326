import type { ReactElement } from 'react';
import { Monitor, Moon, Sun } from 'lucide-react';
import type { Contrast, Language, Theme } from '../../core/state';
import { tongues } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from './cx';
import { DevicePick } from './DevicePick';
import { Dialog } from './Dialog';
import { DressingSwitch } from './DressingSwitches';
import { Level } from './Level';
import { NoticesSettings } from './NoticesSettings';
import { Seg } from './Seg';
import css from './SettingsDialog.module.css';

const LANGUAGES = tongues.map(({ tongue, called }) => ({ value: tongue, face: called, lang: tongue }));

export function SettingsDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const settings = useSelect((state) => state.settings);
  const hears = useSelect((state) => state.devices.microphone.state === 'open');
  const inRoom = useSelect(({ page }) => page.at === 'room' && (page.phase.is === 'meeting' || page.phase.is === 'prejoin'));
  const dispatch = useDispatch();
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      {inRoom && (
        <section className={css['devices']} aria-label={t('settings.devices')}>
          <div>
            <DevicePick kind="camera" />
            <DressingSwitch dressing="blur" />
          </div>
          <div>
            <DevicePick kind="microphone" />
            {hears && <Level />}
            <DressingSwitch dressing="noise" />
          </div>
          <div className="row">
            <span className="grow"><DevicePick kind="speaker" /></span>
            <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</button>
          </div>
        </section>
      )}
      <div className={css['line']}>
        <span className="label">{t('settings.theme')}</span>
        <Seg<Theme>
          label={t('settings.theme')}
          value={settings.theme}
          onPick={(theme) => dispatch({ type: 'settings/theme', theme })}
          choices={[
            { value: 'system', face: <><Monitor className="i s" aria-hidden="true" />{t('settings.theme.system')}</> },
            { value: 'light', face: <><Sun className="i s" aria-hidden="true" />{t('settings.theme.light')}</> },
            { value: 'dark', face: <><Moon className="i s" aria-hidden="true" />{t('settings.theme.dark')}</> },
          ]}
        />
      </div>
      <div className={css['line']}>
        <span className="label">{t('settings.contrast')}</span>
        <Seg<Contrast>
          label={t('settings.contrast')}
          value={settings.contrast}
          onPick={(contrast) => dispatch({ type: 'settings/contrast', contrast })}
          choices={[
            { value: 'system', face: t('settings.contrast.system') },
            { value: 'more', face: t('settings.contrast.more') },
          ]}
        />
      </div>
      <div className={css['line']}>
        <span className="label">{t('settings.language')}</span>
        <Seg<Language>
          label={t('settings.language')}
          value={settings.language}
          onPick={(language) => dispatch({ type: 'settings/language', language })}
          choices={LANGUAGES}
        />
      </div>
      <button
        type="button"
        role="switch"
        className={cx('switch', css['switch'])}
        aria-checked={settings.letterKeys}
        aria-labelledby="letter-keys"
        aria-describedby="letter-keys-text"
        onClick={() => dispatch({ type: 'settings/letter-keys', on: !settings.letterKeys })}
      >
        <span className="grow">
          <span className="label" id="letter-keys">{t('settings.keys')}</span>
          <span className={cx('hint', css['hint'])} id="letter-keys-text">{t('settings.keys.text')}</span>
        </span>
        <span className="track" />
      </button>
      <NoticesSettings />
    </Dialog>
  );
}
