// Times of day, days, sizes: in the words of the language.

import type { Speech, Tongue } from '../../../i18n/text';

const CLOCKS = new Map<Tongue, Intl.DateTimeFormat>();
const DAYS = new Map<Tongue, Intl.DateTimeFormat>();

function kept(all: Map<Tongue, Intl.DateTimeFormat>, tongue: Tongue, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = all.get(tongue) ?? new Intl.DateTimeFormat(tongue, how);
  all.set(tongue, known);
  return known;
}

export const clock = (t: Speech, at: number): string => kept(CLOCKS, t.tongue, { timeStyle: 'short' }).format(at);

/** Two moments of one day have the same. */
export const dayOf = (at: number): string => new Date(at).toDateString();

export function dayName(t: Speech, at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return t('chat.today');
  if (dayOf(at) === dayOf(now - 86_400_000)) return t('chat.yesterday');
  return kept(DAYS, t.tongue, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
}

export function size(t: Speech, bytes: number): string {
  const digits = new Intl.NumberFormat(t.tongue, { maximumFractionDigits: 1 });
  if (bytes < 1_000) return t('chat.size.b', { n: digits.format(bytes) });
  if (bytes < 1_000_000) return t('chat.size.kb', { n: digits.format(Math.round(bytes / 1_000)) });
  return t('chat.size.mb', { n: digits.format(bytes / 1_000_000) });
}

/** What a file is, in a few letters: the end of its name, or what it is by its content. */
export function kindOf(name: string, kind: string): string {
  const end = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1];
  return (end ?? kind.split('/').at(-1) ?? kind).toUpperCase();
}
