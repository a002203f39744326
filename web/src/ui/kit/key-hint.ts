// Says on a button which key does the same.

import { keyAria, keyOf, keyText, shownKey, type Deed } from '../../core/shortcuts';
import type { Speech } from '../../i18n/text';
import { useSelect, useSpeech } from '../context';

export interface KeyHint {
  readonly 'title': string;
  readonly 'aria-keyshortcuts': string | undefined;
}

/** A key in the words of the language. */
export function keyFace(t: Speech, key: string): string {
  const face = keyText(key);
  return typeof face === 'string' ? face : t.text(face);
}

/** The key that does this, as it is shown; nothing where none does. */
export function useKeyFace(): (deed: Deed) => string | undefined {
  const t = useSpeech();
  const settings = useSelect((state) => state.settings);
  return (deed) => {
    const key = shownKey(settings, deed);
    return key === null ? undefined : keyFace(t, key);
  };
}

/** For a name and what its button does: the bare key, and the one with Ctrl that acts also when bare ones are switched off. */
export function useKeyHint(): (name: string, deed?: Deed) => KeyHint {
  const t = useSpeech();
  const { keys, letterKeys } = useSelect((state) => state.settings);
  const face = useKeyFace();
  return (name, deed) => {
    const shown = deed === undefined ? undefined : face(deed);
    const all = deed === undefined ? [] : [letterKeys ? keyOf(keys, deed, 'bare') : null, keyOf(keys, deed, 'chord')];
    const spoken = all.flatMap((key) => (key === null ? [] : keyAria(key)));
    return {
      'title': shown === undefined ? name : t('key.tip', { name, key: shown }),
      'aria-keyshortcuts': spoken.length > 0 ? spoken.join(' ') : undefined,
    };
  };
}
