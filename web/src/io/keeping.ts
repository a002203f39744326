// What outlives a visit, each thing in its own place.

import { assertNever } from '../core/never';
import type { Effect } from '../core/effect';
import { keepAsked } from './asked-kept';
import { keepNotices } from './notices-kept';
import { keep } from './storage';
import { keepViewing } from './viewing-kept';

export function keepFor(effect: Extract<Effect, { type: 'remember' | 'view/keep' | 'asked/keep' | 'notices/keep' }>): void {
  switch (effect.type) {
    case 'remember':
      keep(effect.settings, effect.devices);
      return;
    case 'view/keep':
      keepViewing(effect.viewing);
      return;
    case 'asked/keep':
      keepAsked(effect.asked);
      return;
    case 'notices/keep':
      keepNotices(effect.notices);
      return;
    default:
      assertNever(effect);
  }
}
