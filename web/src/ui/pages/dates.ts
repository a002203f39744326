// Days and times in the language of the page.

import type { Tongue } from '../../i18n/text';

export const day = (tongue: Tongue, at: number): string => new Intl.DateTimeFormat(tongue, { dateStyle: 'medium' }).format(at);

export const moment = (tongue: Tongue, at: number): string =>
  new Intl.DateTimeFormat(tongue, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
