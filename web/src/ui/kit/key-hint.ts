// Says on a button which key does the same.

import { useSelect, useSpeech } from '../context';

export interface KeyHint {
  readonly 'title': string;
  readonly 'aria-keyshortcuts': string | undefined;
}

/** For a name and its keys: a letter, and the one with Ctrl that acts also when letters are switched off. */
export function useKeyHint(): (name: string, letter?: string, ctrl?: string) => KeyHint {
  const t = useSpeech();
  const letters = useSelect((state) => state.settings.letterKeys);
  return (name, letter, ctrl) => {
    const shown = letters && letter !== undefined ? letter : ctrl === undefined ? undefined : t('key.ctrl', { key: ctrl });
    const spoken = [...(letters && letter !== undefined ? [letter] : []), ...(ctrl === undefined ? [] : [`Control+${ctrl}`])];
    return {
      'title': shown === undefined ? name : t('key.tip', { name, key: shown }),
      'aria-keyshortcuts': spoken.length > 0 ? spoken.join(' ') : undefined,
    };
  };
}
