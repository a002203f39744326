// Whether the window is as narrow as a phone: the same width at which the style sheets change.

import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 720px)';

function watch(changed: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export const useNarrow = (): boolean => useSyncExternalStore(watch, () => matchMedia(NARROW).matches, () => false);
