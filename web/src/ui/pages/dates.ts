// Days and times in the language of the page.

import type { Tongue } from '../../i18n/text';

export const day = (tongue: Tongue, at: number): string => new Intl.DateTimeFormat(tongue, { dateStyle: 'medium' }).format(at);

export const moment = (tongue: Tongue, at: number): string =>
  new Intl.DateTimeFormat(tongue, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

export const time = (tongue: Tongue, at: number): string => new Intl.DateTimeFormat(tongue, { timeStyle: 'short' }).format(at);

/** The day by its name, as it stands above what was on it. */
export const dayOf = (tongue: Tongue, at: number): string => new Intl.DateTimeFormat(tongue, { dateStyle: 'full' }).format(at);
