import { Fragment, useState, type ReactElement } from 'react';
import { hasSearch } from '../../core/selectors';
import { keyOf, type Deed } from '../../core/shortcuts';
import { own } from '../../i18n/own';
import { SEARCH_BUTTON } from '../../i18n/search-button';
import type { Key, Speech } from '../../i18n/text';
import { useSelect, useSpeech } from '../context';
import { Dialog } from './Dialog';
import { keyFace } from './key-hint';
import { KeyChanges } from './KeyChanges';
import { useOffered } from './offered';
import css from './HelpDialog.module.css';

interface Line {
  readonly does: Extract<Key, `help.${string}`>;
  readonly keys: readonly string[];
}

function useLines(t: Speech): readonly Line[] {
  const offered = useOffered();
  const { keys, letterKeys } = useSelect((state) => state.settings);
  const known = useSelect(({ session }) => session.is === 'known');
  const face = (deed: Deed): readonly string[] =>
    [letterKeys ? keyOf(keys, deed, 'bare') : null, keyOf(keys, deed, 'chord')].flatMap((key) => (key === null ? [] : keyFace(t, key)));
  const line = (deed: Exclude<Deed, `react.${string}`>): readonly Line[] => (offered(deed) ? [{ does: `help.${deed}`, keys: face(deed) }] : []);
  const reactions = REACTS.flatMap(face);
  return [
    ...line('microphone'), ...line('talk'), ...line('camera'), ...line('share'), ...line('pause'), ...line('hand'),
    // As they come they are a row, and said as one.
    { does: 'help.react', keys: reactions.join('') === '12345678' ? ['1', '…', '8'] : reactions },
    ...line('chat'), ...line('people'), ...line('layout'), ...line('fullscreen'), ...line('pip'),
    { does: 'help.pin', keys: [t('key.enter')] },
    ...(known ? [
      { does: 'help.answer', keys: [t('key.ctrl', { key: t('key.enter') })] } as const,
      { does: 'help.hold', keys: [t('key.ctrl', { key: 'H' })] } as const,
      ...line('keypad'),
      { does: 'help.decline', keys: [t('key.ctrl', { key: t('key.shift', { key: 'D' }) })] } as const,
    ] : []),
    ...line('palette'),
    { does: 'help.walk', keys: ['F6'] },
    { does: 'help.bar', keys: ['F2'] },
    { does: 'help.escape', keys: [t('key.escape')] },
    ...line('help'),
  ];
}

const REACTS: readonly Deed[] = ['react.1', 'react.2', 'react.3', 'react.4', 'react.5', 'react.6', 'react.7', 'react.8'];

/** Which key does what, and the place where that is changed. */
export default function HelpDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const letters = useSelect((state) => state.settings.letterKeys);
  const search = useSelect(hasSearch);
  const lines = useLines(t).filter((line) => line.keys.length > 0);
  const [changing, setChanging] = useState(false);
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      <p className="hint">{t(changing ? 'keys.hint' : letters ? 'help.hint' : 'help.off')}</p>
      <div className="row">
        <button type="button" className="btn low plain" aria-pressed={changing} onClick={() => setChanging(!changing)}>
          {t(changing ? 'help.changed' : 'help.change')}
        </button>
      </div>
      {changing ? <KeyChanges /> : (
        <dl className={css['list']}>
          {lines.map((line) => (
            <div key={line.does}>
              <dt>{line.keys.map((key, index) => <Fragment key={key}>{index > 0 && ' '}<kbd>{key}</kbd></Fragment>)}</dt>
              <dd>{search && line.does === 'help.palette' ? own(SEARCH_BUTTON, t.tongue)('search') : t(line.does)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Dialog>
  );
}
