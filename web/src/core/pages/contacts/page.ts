// Contacts: who can be called. Its state, what can happen on it, how it opens, and how it is listed.

import type { Text } from '../../../i18n/text';
import type { BookEntry, Contact } from '../../../proto/api.gen';
import { ask } from '../../calls';
import { BOOK } from '../../calling/book';
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

export const openContacts = (): readonly [ContactsPage, readonly Effect[]] => [{ at: 'contacts', people: null, trouble: null, search: '' }, [PEOPLE, BOOK]];

/** One line: somebody of this server, in my book or not, or a card. */
export interface Listed {
  readonly key: string;
  /** Nobody of this server: a card. */
  readonly account: string | null;
  /** What I call them. */
  readonly name: string;
  /** What they call themselves, where that is something else. */
  readonly own: string | null;
  readonly avatar: string | undefined;
  readonly note: string | undefined;
  readonly entry: BookEntry | null;
}

export interface Section {
  readonly of: 'favourites' | 'book' | 'circle' | 'directory' | 'blocked';
  /** Of a circle. */
  readonly name: string;
  readonly lines: readonly Listed[];
}

/** Without accents and case: who types "lea" finds Léa. */
const bare = (text: string): string => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase().trim();

/** Favourites first, then the phone book by what I put people with, then everybody else here, and last those whom I block. */
export function sections(people: readonly Contact[], book: readonly BookEntry[], search: string, me: string | null, tongue: string): readonly Section[] {
  const order = new Intl.Collator(tongue);
  const typed = bare(search);
  const found = [...listed(people, book, me)]
    .filter((line) => [line.name, line.own ?? '', line.entry?.circle ?? '', ...(line.entry?.phones ?? []), ...(line.entry?.mails ?? [])].some((text) => bare(text).includes(typed)))
    .toSorted((one, other) => order.compare(one.name, other.name));
  const open = found.filter(({ entry }) => entry?.blocked !== true);
  const inBook = open.filter(({ entry }) => entry !== null && !entry.favourite);
  const circles = [...new Set(inBook.map(({ entry }) => entry?.circle ?? ''))].toSorted((one, other) => order.compare(one, other));
  const all: readonly Section[] = [
    { of: 'favourites', name: '', lines: open.filter(({ entry }) => entry?.favourite === true) },
    ...circles.map((name): Section => ({ of: name === '' ? 'book' : 'circle', name, lines: inBook.filter(({ entry }) => entry?.circle === name) })),
    { of: 'directory', name: '', lines: open.filter(({ entry }) => entry === null) },
    { of: 'blocked', name: '', lines: found.filter(({ entry }) => entry?.blocked === true) },
  ];
  return all.filter(({ lines }) => lines.length > 0);
}

/** Somebody of this server, by the name that I gave. */
export interface Named {
  readonly account: string;
  readonly name: string;
  readonly avatar: string | undefined;
}

/** Who can be asked into something: as in Contacts, but for those whom I block, and cards. */
export const askable = (people: readonly Contact[], book: readonly BookEntry[], search: string, me: string | null, tongue: string): readonly Named[] =>
  sections(people, book, search, me, tongue)
    .flatMap(({ of, lines }) => (of === 'blocked' ? [] : lines))
    .flatMap(({ account, name, avatar }) => (account === null ? [] : [{ account, name, avatar }]));

function* listed(people: readonly Contact[], book: readonly BookEntry[], me: string | null): Generator<Listed> {
  const about = new Map(book.flatMap((entry) => (entry.account === undefined ? [] : [[entry.account, entry] as const])));
  for (const { account, name, avatar, note } of people) {
    if (account === me) continue;
    const entry = about.get(account) ?? null;
    const mine = entry?.name || name;
    yield { key: account, account, name: mine, own: mine === name ? null : name, avatar, note, entry };
  }
  for (const entry of book) {
    // Whoever is shut out of this server is a card as well.
    const here = entry.account !== undefined && people.some(({ account }) => account === entry.account);
    if (!here && entry.name !== '') yield { key: entry.id, account: null, name: entry.name, own: null, avatar: undefined, note: undefined, entry };
  }
}
