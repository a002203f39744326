// What becomes of calls to me: read once, and kept whole with each change.

import type { Text } from '../../../i18n/text';
import type { CallWishes, Contact, Onward } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { isContact } from '../../../proto/decode';
import { isFields, isFlag, isText, listOf, shape, type Guard } from '../../../proto/shape';
import { problemText } from '../../calls';
import { shaped, type Part, type Turn, type Wish } from '../../part';

/** When a call goes elsewhere. */
export type When = 'always' | 'busy' | 'unanswered';

export const WHENS: readonly When[] = ['always', 'busy', 'unanswered'];

export interface Wishes {
  /** Nothing until they came. */
  readonly wishes: CallWishes | null;
  /** Everybody whom a call could go to; nothing until they came. */
  readonly people: readonly Contact[] | null;
  /** For which of them somebody is being chosen. */
  readonly picking: When | null;
  /** The last change is kept. */
  readonly kept: boolean;
  readonly trouble: Text | null;
}

export type WishesEvent =
  | { readonly type: 'forward'; readonly when: When; readonly to: Onward }
  | { readonly type: 'favourites'; readonly on: boolean }
  | { readonly type: 'pick'; readonly when: When | null }
  | { readonly type: 'read' | 'listed' | 'kept'; readonly result: Result<unknown> };

const isOnward: Guard<Onward> = (value): value is Onward =>
  isFields(value) && (value['to'] === 'person' ? isText(value['person']) : value['to'] === 'nobody' || value['to'] === 'voicemail');
export const isWishes = shape<CallWishes>({ always: isOnward, busy: isOnward, unanswered: isOnward, favourites: isFlag });

const READ: Wish<WishesEvent> = { method: 'GET', path: 'me/calls', told: (result) => ({ type: 'read', result }) };
const LIST: Wish<WishesEvent> = { method: 'GET', path: 'people', told: (result) => ({ type: 'listed', result }) };

export const wishes: Part<Wishes, WishesEvent> = {
  begin: [{ wishes: null, people: null, picking: null, kept: false, trouble: null }, [READ, LIST]],
  update: (state, event): Turn<Wishes, WishesEvent> => {
    switch (event.type) {
      case 'forward':
        return keep({ ...state, picking: null }, { [event.when]: event.to });
      case 'favourites':
        return keep(state, { favourites: event.on });
      case 'pick':
        return [{ ...state, picking: event.when }, []];
      case 'read': {
        const read = shaped(event.result, isWishes);
        return [read.ok ? { ...state, wishes: read.value } : { ...state, trouble: problemText(read.problem) }, []];
      }
      case 'listed': {
        const listed = shaped(event.result, listOf(isContact));
        // Without the list nobody is said to be gone.
        return [listed.ok ? { ...state, people: listed.value } : { ...state, trouble: problemText(listed.problem) }, []];
      }
      case 'kept':
        // What counts is what the server has.
        return event.result.ok ? [{ ...state, kept: true }, []] : [{ ...state, trouble: problemText(event.result.problem) }, [READ]];
    }
  },
};

function keep(state: Wishes, change: Partial<CallWishes>): Turn<Wishes, WishesEvent> {
  if (state.wishes === null) return [state, []];
  const body = { ...state.wishes, ...change };
  return [{ ...state, wishes: body, kept: false, trouble: null }, [{ method: 'PUT', path: READ.path, body, told: (result) => ({ type: 'kept', result }) }]];
}
