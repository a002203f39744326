// Who is in a room, in one sentence.

import type { Speech } from '../../i18n/text';
import type { Present } from '../../proto/api.gen';

/** So many are called by name. */
const NAMES = 3;

/** `count` are in; `present` are the first of them, or nobody where they are not shown. */
export function presence(t: Speech, present: readonly Present[], count: number): string {
  if (count === 0) return t('prejoin.nobody');
  const names = present.slice(0, NAMES).map((person) => person.name);
  const more = count - names.length;
  if (names.length === 0) return t.count('prejoin.in', count);
  if (more > 0) return t('prejoin.are-in', { names: t.list([...names, t('prejoin.more', { n: more })]) });
  return names.length === 1 ? t('prejoin.is-in', { name: names[0] ?? '' }) : t('prejoin.are-in', { names: t.list(names) });
}
