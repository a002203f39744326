// One thing that can be done, by name: a line of the command palette.

import type { Text } from '../i18n/text';
import type { Event } from './event';
import type { Deed } from './shortcuts';

export interface Action {
  readonly name: Text;
  /** What its key is found by. */
  readonly key: Deed | null;
  /** What is done, one after the other. */
  readonly events: readonly Event[];
}

export const action = (name: Text, event: Event, key: Deed | null = null): Action => ({ name, key, events: [event] });

/** Where a name stands for several things, the first of them: two lines that read the same cannot be told apart. */
export function distinct<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const known = new Set<string>();
  return all.filter((one) => {
    const name = nameOf(one);
    if (name === '' || known.has(name)) return false;
    known.add(name);
    return true;
  });
}
