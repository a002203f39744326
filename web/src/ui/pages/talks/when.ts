// When something was written last, as short as it can be said: the time today, the day of the week, the day.

import type { Speech } from '../../../i18n/text';
import { clock, dayOf } from '../../meeting/panels/when';

const WEEK_MS = 6 * 86_400_000;

export function shortly(t: Speech, at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return clock(t, at);
  const how: Intl.DateTimeFormatOptions = now - at < WEEK_MS && at <= now ? { weekday: 'short' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(t.tongue, how).format(at);
}
