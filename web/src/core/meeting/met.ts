// Who was in a meeting while I was: for the page after it.

import type { Meeting, Person } from '../state';
import { personOf } from '../viewing';
import { avatarIn } from './people';

export interface Met {
  readonly person: string;
  /** As last shown. */
  readonly name: string;
  readonly avatar?: string | undefined;
}

/** So many are remembered; nobody reads more names. */
const MOST = 200;

/** With those who are there now; the same list when nobody of them is new or has another name. */
export function metNow(met: readonly Met[], people: readonly Person[], me: string): readonly Met[] {
  const mine = personOf(me);
  const all = new Map(met.map((one) => [one.person, one]));
  for (const { identity, name } of people) {
    const person = personOf(identity);
    if (person !== mine && (all.has(person) || all.size < MOST) && all.get(person)?.name !== name) all.set(person, { person, name });
  }
  const now = [...all.values()];
  return now.length === met.length && now.every((one, index) => one === met[index]) ? met : now;
}

/** With the pictures that the meeting knows. */
export const metAtLast = (meeting: Pick<Meeting, 'met' | 'live'>): readonly Met[] =>
  meeting.met.map((one) => ({ ...one, avatar: avatarIn(meeting, one.person) }));
