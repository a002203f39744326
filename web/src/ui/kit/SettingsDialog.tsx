import type { ReactElement } from 'react';
import { Download, Monitor, Moon, Sun } from 'lucide-react';
import type { Contrast, Language, Theme } from '../../core/state';
import { tongues } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from './cx';
import { DevicePick } from './DevicePick';
import { Dialog } from './Dialog';
import { DressingSwitch } from './DressingSwitches';
import { Link } from './Link';
import { Level } from './Level';
import { NoticesSettings } from './NoticesSettings';
import { RingPick } from './RingPick';
import { Seg } from './Seg';
import css from './SettingsDialog.module.css';

const LANGUAGES = tongues.map(({ tongue, called }) => ({ value: tongue, face: called, lang: tongue }));

export default function SettingsDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const settings = useSelect((state) => state.settings);
  const hears = useSelect((state) => state.devices.microphone.state === 'open');
  const inRoom = useSelect(({ page }) => page.at === 'room' && (page.phase.is === 'meeting' || page.phase.is === 'prejoin'));
  // In a meeting it would lead out of it.
  const meets = useSelect(({ page }) => page.at === 'room' && page.phase.is === 'meeting');
  const door = useSelect(({ page }) => (page.at === 'room' ? page.code : ''));
  const dispatch = useDispatch();
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      {inRoom && (
        <section className={css['devices']} aria-label={t('settings.devices')}>
          <div>
            <DevicePick kind="camera" />
            <DressingSwitch dressing="blur" className={css['switch']} />
          </div>
          <div>
            <DevicePick kind="microphone" />
            {hears && <Level />}
            <DressingSwitch dressing="noise" className={css['switch']} />
          </div>
          <div className="row">
            <span className="grow"><DevicePick kind="speaker" /></span>
            <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</button>
          </div>
        </section>
      )}
      <RingPick />
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
            { value: 'normal', face: t('settings.contrast.normal') },
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
      <button
        type="button"
        role="switch"
        className={cx('switch', css['switch'])}
        aria-checked={settings.askAlone}
        aria-labelledby="ask-alone"
        aria-describedby="ask-alone-text"
        onClick={() => dispatch({ type: 'settings/ask-alone', on: !settings.askAlone })}
      >
        <span className="grow">
          <span className="label" id="ask-alone">{t('settings.alone')}</span>
          <span className={cx('hint', css['hint'])} id="ask-alone-text">{t('settings.alone.text')}</span>
        </span>
        <span className="track" />
      </button>
      <NoticesSettings />
      {!meets && (
        <div className={css['line']}>
          <span className="grow hint">{t('test.ready')}</span>
          <Link to={{ to: 'test', room: door }} className="btn plain low">{t('test.link')}</Link>
        </div>
      )}
      <Install />
    </Dialog>
  );
}

/** Where the browser offers it, and nowhere else. */
function Install(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.installable);
  const name = useSelect((state) => state.server?.name ?? 'Parlor');
  if (!can) return null;
  return (
    <div className={css['line']}>
      <span className="grow hint">{t('install.text')}</span>
      <button type="button" className="btn plain low" onClick={() => dispatch({ type: 'install' })}>
        <Download className="i s" aria-hidden="true" />{t('install', { name })}
      </button>
    </div>
  );
}
