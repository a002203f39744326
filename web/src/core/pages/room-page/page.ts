// The page about a room: its link, title, policy, members. Its state, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { Ban, ChangePolicy, Member, PastMeeting, Ratings, Role, RoomView } from '../../../proto/api.gen';
import { ask } from '../../calls';
import type { Effect } from '../../effect';
import type { History } from './history';

export interface AboutRoomPage {
  readonly at: 'room-page';
  readonly code: string;
  /** Nothing until it came. */
  readonly view: RoomView | null;
  /** Nothing has this code. */
  readonly unknown: boolean;
  /** It could not be fetched. */
  readonly trouble: Text | null;
  /** What is typed for title and description; nothing while they are as they were. */
  readonly words: Words | null;
  readonly wordsBusy: boolean;
  readonly wordsWrong: Text | null;
  /** For those who lead; nothing until they came. */
  readonly members: readonly Member[] | null;
  readonly newcomer: Newcomer;
  /** Who was removed for good; as the members. */
  readonly bans: readonly Ban[] | null;
  /** How the last meetings were, for the owner; nothing until it came. */
  readonly ratings: Ratings | null;
  /** The last meetings, for the owner; as the ratings. */
  readonly meetings: readonly PastMeeting[] | null;
  /** Its chat, for those who may read it here; nothing until that is known. */
  readonly history: History | null;
  readonly deleting: 'no' | 'asked' | 'busy';
}

export interface Words {
  readonly title: string;
  readonly description: string;
}

/** Who is to become a member. */
export interface Newcomer {
  readonly name: string;
  readonly role: Given;
  readonly busy: boolean;
  readonly wrong: Text | null;
}

/** What an owner can make of somebody. */
export type Given = Extract<Role, 'host' | 'member'>;

export type AboutRoomEvent =
  | { readonly type: 'room-page/again' }
  | { readonly type: 'room-page/words'; readonly change: Partial<Words> }
  | { readonly type: 'room-page/words-send' }
  | { readonly type: 'room-page/policy'; readonly change: ChangePolicy }
  | { readonly type: 'room-page/newcomer'; readonly change: Partial<Pick<Newcomer, 'name' | 'role'>> }
  | { readonly type: 'room-page/newcomer-send' }
  | { readonly type: 'room-page/member'; readonly account: string; readonly role: Given }
  | { readonly type: 'room-page/member-remove'; readonly account: string }
  | { readonly type: 'room-page/pardon'; readonly person: string }
  // earlier lines, or once more those that did not come
  | { readonly type: 'room-page/lines' }
  // asks whether it is meant; pressed again it is done
  | { readonly type: 'room-page/delete'; readonly step: 'ask' | 'do' | 'cancel' };

export const NEWCOMER: Newcomer = { name: '', role: 'member', busy: false, wrong: null };

export const openAboutRoom = (code: string): readonly [AboutRoomPage, readonly Effect[]] => [
  {
    at: 'room-page',
    code,
    view: null,
    unknown: false,
    trouble: null,
    words: null,
    wordsBusy: false,
    wordsWrong: null,
    members: null,
    newcomer: NEWCOMER,
    bans: null,
    ratings: null,
    meetings: null,
    history: null,
    deleting: 'no',
  },
  [ask({ name: 'room/view', code })],
];
