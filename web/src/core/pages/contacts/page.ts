// Contacts: who can be called. Its state, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { Contact } from '../../../proto/api.gen';
import { ask } from '../../calls';
import type { Effect } from '../../effect';

export interface ContactsPage {
  readonly at: 'contacts';
  /** Nothing until they came. */
  readonly people: readonly Contact[] | null;
  readonly trouble: Text | null;
  /** What was typed to find somebody. */
  readonly search: string;
}

export type ContactsEvent =
  | { readonly type: 'contacts/search'; readonly search: string }
  | { readonly type: 'contacts/again' };

export const PEOPLE: Effect = ask({ name: 'people' });

export const openContacts = (): readonly [ContactsPage, readonly Effect[]] => [{ at: 'contacts', people: null, trouble: null, search: '' }, [PEOPLE]];

/** Without accents and case: who types "lea" finds Léa. */
const bare = (text: string): string => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase().trim();

/** Those whose name has what was typed; never me, and by name. */
export function found(people: readonly Contact[], search: string, me: string | null, tongue: string): readonly Contact[] {
  const typed = bare(search);
  const order = new Intl.Collator(tongue);
  return people
    .filter(({ account, name }) => account !== me && bare(name).includes(typed))
    .toSorted((one, other) => order.compare(one.name, other.name));
}
