// Whom one calls at once: several people who are chosen, or a group of my phone book.

import type { BookEntry, Contact } from '../../proto/api.gen';

/** The most people who are called at once: the hub refuses more, see `CALLEES` in engine/hub/src/call/placing.rs. */
export const CALLED_AT_ONCE = 24;

/** The same without somebody, or with them too where the call takes one more. */
export function toggled(chosen: readonly string[], account: string): readonly string[] {
  if (chosen.includes(account)) return chosen.filter((one) => one !== account);
  return chosen.length < CALLED_AT_ONCE ? [...chosen, account] : chosen;
}

/** Who of a group can be called: favourites of it too, which are listed before it, but nobody whom I block, and no cards. */
export const groupOf = (people: readonly Contact[], book: readonly BookEntry[], circle: string, me: string | null): readonly string[] =>
  book.flatMap(({ account, circle: where, blocked }) =>
    (where === circle && !blocked && account !== undefined && account !== me && people.some((one) => one.account === account) ? [account] : []));
