// What the settings change of the whole page.

import type { Settings } from '../core/state';

/** Theme, contrast and language live on the root element; the style sheets follow them. */
export function dress(settings: Settings): void {
  const { dataset } = document.documentElement;
  if (settings.theme === 'system') delete dataset['theme'];
  else dataset['theme'] = settings.theme;
  if (settings.contrast === 'system') delete dataset['contrast'];
  else dataset['contrast'] = settings.contrast;
  document.documentElement.lang = settings.language;
}
