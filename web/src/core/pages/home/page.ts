// Home: the first page of those who are signed in. Its state, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { Lobby, MyRoom, RoomView } from '../../../proto/api.gen';
import { ask } from '../../calls';
import type { Effect } from '../../effect';
import { CALM, type Starting } from '../../state';

export interface HomePage extends Starting {
  readonly at: 'home';
  /** `home` greets and starts; `meetings` lists all my rooms. */
  readonly part: 'home' | 'meetings';
  /** Nothing until they came. */
  readonly rooms: readonly MyRoom[] | null;
  /** Those of them in which somebody is. */
  readonly now: readonly MyRoom[];
  /** The lists could not be fetched. */
  readonly listTrouble: Text | null;
  /** Which recent meeting is to be deleted, once it is said again. */
  readonly forgetting: string | null;
  /** The form for a new room; nothing while it is closed. */
  readonly draft: Draft | null;
  /** A meeting for later is being made. */
  readonly making: boolean;
  /** A meeting for later was made: its card is open. */
  readonly card: RoomView | null;
}

export interface Draft {
  readonly title: string;
  readonly busy: boolean;
  readonly wrong: Text | null;
}

export type HomeEvent =
  | { readonly type: 'home/again' }
  // a meeting for later: the room is made and its link shown, nobody joins
  | { readonly type: 'home/later' }
  | { readonly type: 'home/card-lobby'; readonly lobby: Lobby }
  | { readonly type: 'home/card-close' }
  // the form for a room to keep
  | { readonly type: 'home/draft'; readonly open: boolean }
  | { readonly type: 'home/draft-title'; readonly title: string }
  | { readonly type: 'home/draft-send' }
  // a meeting that was only begun
  | { readonly type: 'home/keep'; readonly code: string }
  // asks whether it is meant; pressed again it is done
  | { readonly type: 'home/forget'; readonly code: string | null };

/** How often home asks again what goes on now: a meeting that begins is seen while one still looks for it. */
export const NOW_MS = 15_000;

export const LISTS: readonly Effect[] = [
  ask({ name: 'rooms' }),
  ask({ name: 'rooms/now' }),
  { type: 'timer', timer: { name: 'poll' }, ms: NOW_MS },
];

export const openHome = (part: HomePage['part']): readonly [HomePage, readonly Effect[]] => [
  { at: 'home', part, ...CALM, rooms: null, now: [], listTrouble: null, forgetting: null, draft: null, making: false, card: null },
  LISTS,
];
