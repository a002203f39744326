// Who can be reached now, for home: the names come once, and who of them is available is told all the time;
// and who sees that of me, and who rings though I do not want to be disturbed.

import type { Contact, Reachable, SeenBy } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { isContact } from '../../../proto/decode';
import { listOf } from '../../../proto/shape';
import { shaped, type Part, type Turn } from '../../part';
import { isVisibility } from '../account/seen';
import { isWishes } from '../account/wishes';

export interface Salon {
  /** Everybody with an account here, and their names; nothing until they came, or when they did not. */
  readonly directory: readonly Contact[] | null;
  /** Who sees whether I am reachable; everyone, as long as nothing else is known. */
  readonly seenBy: SeenBy;
  /** Favourites ring though I do not want to be disturbed. */
  readonly favourites: boolean;
}

export type SalonEvent =
  // somebody is available whom the list does not know: an account that was made since
  | { readonly type: 'again' }
  | { readonly type: 'listed' | 'seen' | 'wished'; readonly result: Result<unknown> };

const LIST = { method: 'GET', path: 'people', told: (result: Result<unknown>): SalonEvent => ({ type: 'listed', result }) } as const;

export const salon: Part<Salon, SalonEvent> = {
  begin: [{ directory: null, seenBy: 'everyone', favourites: false }, [
    LIST,
    { method: 'GET', path: 'me/visibility', told: (result) => ({ type: 'seen', result }) },
    { method: 'GET', path: 'me/calls', told: (result) => ({ type: 'wished', result }) },
  ]],
  update: (state, event): Turn<Salon, SalonEvent> => {
    if (event.type === 'again') return [state, [LIST]];
    if (event.type === 'seen') {
      const seen = shaped(event.result, isVisibility);
      return [seen.ok ? { ...state, seenBy: seen.value.seenBy } : state, []];
    }
    if (event.type === 'wished') {
      const wished = shaped(event.result, isWishes);
      return [wished.ok ? { ...state, favourites: wished.value.favourites } : state, []];
    }
    const listed = shaped(event.result, listOf(isContact));
    return [listed.ok ? { ...state, directory: listed.value } : state, []];
  },
};

/** Those who are available and stand on no list, in one text; nothing where there are none. Of a long list the server gives the beginning alone. */
export const unlisted = ({ directory }: Salon, people: Readonly<Record<string, Reachable>>): string =>
  directory === null ? '' : Object.values(people)
    .filter(({ account, presence }) => presence === 'available' && !directory.some((one) => one.account === account))
    .map(({ account }) => account)
    .toSorted()
    .join(' ');

/** Those who say that they are available, but for me. */
export const reachable = ({ directory }: Salon, people: Readonly<Record<string, Reachable>>, me: string): readonly Contact[] =>
  directory?.filter(({ account }) => account !== me && people[account]?.presence === 'available') ?? [];
