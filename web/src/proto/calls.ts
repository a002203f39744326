// Every call to the REST API by name: what it takes, what it answers. `io/api.ts` has the table that carries them out.

import type {
  AddPeople, AwaitPerson, BookEntry, Call as PhoneCall, CallAct, ChangeContact, Contact, Conversation, FoundLine, Imported, MarkRead, NewContact, NewConversation, MissedCalls, MyPresence,
  PastCall, PlaceCall, RenameConversation,
  Ban, AccountRow, Act, ChangeAccount, ChangeMe, ChangePassword, ChangeRoom, ChangeSettings, CreateRoom, Device, EditMessage, History, Invitation, Me,
  Measured, Member, Message, MyRoom, NewAccount, NewInvitation, Passkey, PastMeeting, Problem, RateMeeting, Ratings, Report, ResetPassword, Role, Room, RoomView, SecretLink, ServerView, SetUp, SignIn,
  WriteMessage,
} from './api.gen';

/** A file that the person chose; a `Blob`, which only `io/` looks into. */
export interface Picked {
  readonly size: number;
  readonly type: string;
}

/** Each call: what it takes beside its name (`takes`), and what a good answer is (`gives`; `null` is "done"). */
interface Contract {
  // the server
  'server': { takes: object; gives: ServerView };
  'settings/change': { takes: { readonly body: ChangeSettings }; gives: ServerView };
  'logo/put': { takes: { readonly picture: Picked }; gives: ServerView };
  'logo/delete': { takes: object; gives: ServerView };
  'setup/check': { takes: { readonly code: string }; gives: null };
  'setup/finish': { takes: { readonly body: SetUp }; gives: Me };
  // who I am
  'session/open': { takes: { readonly body: SignIn }; gives: Me };
  'session/close': { takes: object; gives: null };
  'me': { takes: object; gives: Me };
  'me/change': { takes: { readonly body: ChangeMe }; gives: Me };
  'me/password': { takes: { readonly body: ChangePassword }; gives: null };
  'avatar/put': { takes: { readonly picture: Picked }; gives: Me };
  'avatar/delete': { takes: object; gives: Me };
  'devices': { takes: object; gives: Device[] };
  'devices/delete': { takes: { readonly id: string }; gives: null };
  'passkeys': { takes: object; gives: Passkey[] };
  'passkeys/delete': { takes: { readonly id: string }; gives: null };
  // accounts and the ways to one
  'accounts/open': { takes: { readonly body: NewAccount }; gives: Me };
  'accounts': { takes: { readonly after: string | null }; gives: AccountRow[] };
  'accounts/change': { takes: { readonly id: string; readonly body: ChangeAccount }; gives: AccountRow };
  'accounts/reset': { takes: { readonly id: string }; gives: SecretLink };
  'resets/use': { takes: { readonly body: ResetPassword }; gives: null };
  'invitations': { takes: object; gives: Invitation[] };
  'invitations/make': { takes: { readonly body: NewInvitation }; gives: SecretLink };
  'invitations/delete': { takes: { readonly id: string }; gives: null };
  'invitations/check': { takes: { readonly secret: string }; gives: { name?: string } };
  // rooms
  'rooms': { takes: object; gives: MyRoom[] };
  'rooms/now': { takes: object; gives: MyRoom[] };
  'rooms/make': { takes: { readonly body: CreateRoom }; gives: RoomView };
  'room/view': { takes: { readonly code: string }; gives: RoomView };
  'room/change': { takes: { readonly code: string; readonly body: ChangeRoom }; gives: Room };
  'room/delete': { takes: { readonly code: string }; gives: null };
  // `account` is the name to sign in with
  'members': { takes: { readonly code: string }; gives: Member[] };
  'members/put': { takes: { readonly code: string; readonly account: string; readonly role: Role }; gives: null };
  'members/delete': { takes: { readonly code: string; readonly account: string }; gives: null };
  'bans': { takes: { readonly code: string }; gives: Ban[] };
  'bans/delete': { takes: { readonly code: string; readonly person: string }; gives: null };
  'ratings': { takes: { readonly code: string }; gives: Ratings };
  'meetings': { takes: { readonly code: string }; gives: PastMeeting[] };
  // calls
  'people': { takes: object; gives: Contact[] };
  'book': { takes: object; gives: BookEntry[] };
  'book/add': { takes: { readonly body: NewContact }; gives: BookEntry };
  'book/change': { takes: { readonly id: string; readonly body: ChangeContact }; gives: BookEntry };
  'book/remove': { takes: { readonly id: string }; gives: null };
  'book/import': { takes: { readonly file: Picked }; gives: Imported };
  'presence': { takes: object; gives: MyPresence };
  'presence/put': { takes: { readonly body: MyPresence }; gives: null };
  'await': { takes: { readonly account: string; readonly body: AwaitPerson }; gives: null };
  'await/no-more': { takes: { readonly account: string }; gives: null };
  'calls/place': { takes: { readonly body: PlaceCall }; gives: PhoneCall };
  // what I say to being asked into a meeting
  'asked/answer': { takes: { readonly code: string; readonly come: boolean }; gives: null };
  'calls/act': { takes: { readonly id: string; readonly act: CallAct }; gives: null };
  'calls/past': { takes: { readonly missed: boolean; readonly person: string | null; readonly before: string | null }; gives: PastCall[] };
  'calls/missed': { takes: { readonly nth: number }; gives: MissedCalls };
  'calls/looked': { takes: object; gives: null };
  // conversations between people; their lines are those of rooms, by their id in place of a code
  'talks': { takes: object; gives: Conversation[] };
  'talks/make': { takes: { readonly body: NewConversation }; gives: Conversation };
  'talks/view': { takes: { readonly id: string }; gives: Conversation };
  'talks/rename': { takes: { readonly id: string; readonly body: RenameConversation }; gives: Conversation };
  'talks/add': { takes: { readonly id: string; readonly body: AddPeople }; gives: Conversation };
  'talks/leave': { takes: { readonly id: string }; gives: null };
  'talks/read': { takes: { readonly id: string; readonly body: MarkRead }; gives: null };
  'talks/typing': { takes: { readonly id: string }; gives: null };
  'talks/find': { takes: { readonly find: string; readonly only: string | null }; gives: FoundLine[] };
  // in a meeting, and after it
  'measure': { takes: { readonly code: string; readonly body: Measured }; gives: null };
  'report': { takes: { readonly code: string }; gives: Report };
  'rate': { takes: { readonly code: string; readonly body: RateMeeting }; gives: null };
  'act': { takes: { readonly code: string; readonly act: Act }; gives: null };
  'messages': { takes: { readonly code: string; readonly before: string | null }; gives: History };
  'messages/write': { takes: { readonly code: string; readonly body: WriteMessage; /** Names the line until it has an id. */ readonly draft: number }; gives: Message };
  'messages/edit': { takes: { readonly code: string; readonly id: string; readonly body: EditMessage }; gives: null };
  'messages/delete': { takes: { readonly code: string; readonly id: string }; gives: null };
  'reactions/put': { takes: { readonly code: string; readonly id: string; readonly emoji: string }; gives: null };
  'reactions/delete': { takes: { readonly code: string; readonly id: string; readonly emoji: string }; gives: null };
}

export type CallName = keyof Contract;
export type CallNamed<N extends CallName> = N extends CallName ? { readonly name: N } & Readonly<Contract[N]['takes']> : never;
export type Call = CallNamed<CallName>;
export type Answers = { readonly [N in CallName]: Contract[N]['gives'] };

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  /** `offline`: no answer came, or none that we understand. */
  | { readonly ok: false; readonly problem: Problem | 'offline' };

/** How the call `name` went; `call` is what was asked, so that a late answer can be told from one that still matters. */
export type Answered<N extends CallName = CallName> = N extends CallName
  ? { readonly type: 'answer'; readonly name: N; readonly call: CallNamed<N>; readonly result: Result<Answers[N]> }
  : never;

/** Puts the answer beside its call. The compiler cannot see that both are of the same name; the signature makes sure of it. */
export const answered = <N extends CallName>(name: N, call: CallNamed<N>, result: Result<Answers[N]>): Answered =>
  ({ type: 'answer', name, call, result }) as unknown as Answered;
