// After which meetings it was asked how they were, kept in this browser alone.

import type { Asked } from '../core/rating';
import { isFields } from '../proto/decode';

const PLACE = 'parlor.asked';

export function recallAsked(): Asked {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}');
    if (!isFields(kept)) return {};
    return Object.fromEntries(Object.entries(kept).flatMap(([code, at]) => (typeof at === 'number' ? [[code, at] as const] : [])));
  } catch {
    return {}; // storage is closed in some private windows: nothing is remembered then
  }
}

export function keepAsked(asked: Asked): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(asked));
  } catch {
    // as in recallAsked()
  }
}
