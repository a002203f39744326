import type { ReactElement } from 'react';
import type { Key } from '../../i18n/text';
import { useAppState, useSpeech } from '../context';
import { Dialog } from './Dialog';
import css from './HelpDialog.module.css';

const KEYS: readonly { readonly keys: readonly string[]; readonly does: Extract<Key, `help.${string}`>; readonly share?: true }[] = [
  { keys: ['M', 'Ctrl D'], does: 'help.microphone' },
  { keys: ['V', 'Ctrl E'], does: 'help.camera' },
  { keys: ['S'], does: 'help.share', share: true },
  { keys: ['L'], does: 'help.layout' },
  { keys: ['F'], does: 'help.fullscreen' },
  { keys: ['F6'], does: 'help.walk' },
  { keys: ['Esc'], does: 'help.escape' },
  { keys: ['?'], does: 'help.help' },
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const { browser } = useAppState();
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      <p className="hint">{t('help.hint')}</p>
      <dl className={css['list']}>
        {KEYS.filter((line) => line.share === undefined || browser.share).map((line) => (
          <div key={line.does}>
            <dt>{line.keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{t(line.does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
