// The clipboard.

import type { Effect } from '../core/effect';
import { pathOf } from '../core/route';

/** Whether the text is in it now. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** What is to be copied: the link of a room, one of ours, or words. */
export function wordsOf(effect: Extract<Effect, { type: 'copy' | 'copy-path' | 'copy-text' }>): string {
  switch (effect.type) {
    case 'copy': return `${location.origin}${pathOf({ to: 'room', code: effect.code })}`;
    case 'copy-path': return `${location.origin}${effect.path}`;
    case 'copy-text': return effect.text;
  }
}
