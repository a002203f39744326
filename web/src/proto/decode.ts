// Guards at the edge: an answer of the server is looked at once, here, and is typed from then on.

import type {
  BookEntry, Call, Chosen, Companion, Contact, Conversation, Deed, FoundLine, Imported, MissedCalls, MyPresence, On, PastCall, Party, Presence, Reachable, Stage, Why,
  AccountRow, AccountView, Attended, Attendee, Ban, Branding, Cause, Create, Device, Door, Entry, Event, File, Hand, History, Invitation, Invitee, Knocker, Lobby, Mark, Me,
  Allowed, MeetingState, Member, Message, MyRoom, Passkey, PastMeeting, Policy, Present, Problem, Ratings, Reaction, Report, Role, Room, RoomInvitation, RoomView, SecretLink, ServerView, Ticket, Trial, TrialWay,
  Trouble, Unheard,
} from './api.gen';
import { isFields, isFlag, isNumber, isText, listOf, maybe, oneOf, pairOf, shape, type Guard } from './shape';

export { isFields } from './shape';

export const isProblem = shape<Problem>({ code: isText, message: isText, wait: maybe(isNumber) });

const isRole: Guard<Role> = oneOf('owner', 'host', 'member', 'guest');
const isLobby: Guard<Lobby> = oneOf('off', 'guests', 'everyone');
const isCreate: Guard<Create> = oneOf('signedIn', 'invited', 'anyone');
const isDoor: Guard<Door> = oneOf('open', 'knock', 'locked', 'full', 'membersOnly', 'removed');
const isAllowed: Guard<Allowed> = oneOf('microphone', 'camera', 'share', 'chat');

export const isServerView = shape<ServerView>({
  name: isText,
  setUp: isFlag,
  signUp: isFlag,
  create: isCreate,
  branding: shape<Branding>({ accent: maybe(isText), logo: maybe(isText) }),
  version: isText,
});

export const isTrial = shape<Trial>({
  seconds: isNumber,
  certificate: oneOf('none', 'own', 'given'),
  certificateDays: maybe(isNumber),
  ways: listOf(shape<TrialWay>({
    over: oneOf('any', 'udp', 'tcp', 'relay'),
    sender: isText,
    receiver: isText,
    addresses: listOf(isText),
    reach: oneOf('machine', 'network', 'everywhere'),
    offered: isFlag,
  })),
});

export const isAccountView = shape<AccountView>({ id: isText, name: isText, displayName: isText, avatar: maybe(isText) });
export const isMe = shape<Me>({ account: isAccountView, admin: isFlag, mayCreate: isFlag, hasPassword: isFlag });
export const isDevice = shape<Device>({ id: isText, name: isText, since: isNumber, seen: isNumber, current: isFlag });
export const isPasskey = shape<Passkey>({ id: isText, name: isText, createdAt: isNumber });
export const isInvitation = shape<Invitation>({ id: isText, name: maybe(isText), usesLeft: isNumber, expiresAt: isNumber });
export const isInvited = shape<{ name?: string }>({ name: maybe(isText) });
export const isSecretLink = shape<SecretLink>({ path: isText, expiresAt: isNumber });
export const isAccountRow = shape<AccountRow>({ account: isAccountView, admin: isFlag, mayCreate: isFlag, disabled: isFlag, createdAt: isNumber });

export const isPolicy = shape<Policy>({
  guests: isFlag,
  lobby: isLobby,
  locked: isFlag,
  microphone: isFlag,
  camera: isFlag,
  share: isFlag,
  chat: isFlag,
  history: isFlag,
});
export const isRoom = shape<Room>({ id: isText, code: isText, title: isText, description: isText, createdAt: isNumber });
const isPresent = shape<Present>({ identity: isText, name: isText, avatar: maybe(isText) });
export const isRoomView = shape<RoomView>({
  here: isNumber,
  room: isRoom,
  present: listOf(isPresent),
  count: isNumber,
  role: isRole,
  door: isDoor,
  policy: maybe(isPolicy),
});
export const isMyRoom = shape<MyRoom>({
  room: isRoom,
  role: isRole,
  lobby: isLobby,
  count: isNumber,
  present: listOf(isPresent),
  listed: isFlag,
  since: maybe(isNumber),
});
export const isMember = shape<Member>({ account: isAccountView, role: isRole });
export const isBan = shape<Ban>({ person: isText, name: isText, at: isNumber });

export const isRatings = shape<Ratings>({ stars: listOf(isNumber), sound: isNumber, picture: isNumber, share: isNumber, connection: isNumber });

export const isTicket = shape<Ticket>({ token: isText, identity: isText, person: isText, room: isRoom });
export const isEntry: Guard<Entry> = (value): value is Entry => {
  if (!isFields(value)) return false;
  return value['state'] === 'admitted' ? isTicket(value['ticket']) : value['state'] === 'waiting' && isFlag(value['hostPresent']);
};

const isFile = shape<File>({ id: isText, name: isText, size: isNumber, kind: isText, preview: maybe(pairOf(isNumber)) });
export { isFile };
const isReaction = shape<Reaction>({ emoji: isText, people: listOf(isText) });
const isDeed: Guard<Deed> = (value): value is Deed => {
  if (!isFields(value)) return false;
  if (value['did'] === 'added') return listOf(isText)(value['names']);
  return value['did'] === 'left' || ((value['did'] === 'made' || value['did'] === 'renamed') && isText(value['name']));
};
export const isMessage = shape<Message>({
  id: isText,
  from: isText,
  name: isText,
  to: maybe(isText),
  at: isNumber,
  text: isText,
  replyTo: maybe(isText),
  edited: isFlag,
  file: maybe(isFile),
  reactions: listOf(isReaction),
  deed: maybe(isDeed),
});
export const isHistory = shape<History>({ messages: listOf(isMessage), more: isFlag });

const isCause: Guard<Cause> = oneOf('upload', 'download', 'delay', 'server', 'computer', 'lost');
const isUnheard: Guard<Unheard> = oneOf('blocked', 'silent', 'untaken');
const isTrouble = shape<Trouble>({ person: isText, name: isText, cause: isCause, from: isNumber, until: isNumber, seconds: isNumber });
export const isReport = shape<Report>({ me: isText, from: isNumber, until: isNumber, troubles: listOf(isTrouble) });
export const isPastMeeting = shape<PastMeeting>({
  began: isNumber,
  until: isNumber,
  people: listOf(shape<Attended>({ person: isText, name: isText, from: isNumber, until: isNumber })),
  troubles: listOf(isTrouble),
});

const isMeetingState = shape<MeetingState>({
  number: isNumber,
  me: isText,
  role: isRole,
  policy: isPolicy,
  people: listOf(shape<Attendee>({ person: isText, name: isText, avatar: maybe(isText), role: isRole, identities: listOf(isText) })),
  hands: listOf(shape<Hand>({ person: isText, since: isNumber })),
  spotlight: maybe(isText),
  paused: isFlag,
  waiting: listOf(shape<Knocker>({ person: isText, name: isText, avatar: maybe(isText), role: isRole, since: isNumber })),
  marks: listOf(shape<Mark>({ identity: isText, cause: maybe(isCause), unheard: maybe(isUnheard), smaller: maybe(isFlag) })),
  invited: maybe(listOf(shape<Invitee>({ account: isText, answer: oneOf('waiting', 'coming', 'notNow', 'noAnswer', 'unreachable') }))),
});

const isPresence: Guard<Presence> = oneOf('available', 'busy', 'inCall', 'away', 'doNotDisturb', 'offline');
const isReachable = shape<Reachable>({ account: isText, presence: isPresence, since: isNumber, note: maybe(isText), hidden: maybe(isFlag) });
const isChosen: Guard<Chosen> = oneOf('automatic', 'busy', 'away', 'doNotDisturb');
export const isMyPresence = shape<MyPresence>({ chosen: isChosen, note: isText });
export const isContact = shape<Contact>({ account: isText, name: isText, avatar: maybe(isText), note: maybe(isText), hidden: maybe(isFlag) });
export const isBookEntry = shape<BookEntry>({
  id: isText, account: maybe(isText), name: isText, circle: isText, phones: listOf(isText), mails: listOf(isText), favourite: isFlag, blocked: isFlag,
});
export const isImported = shape<Imported>({ added: isNumber, skipped: isNumber });
const isWhy: Guard<Why> = oneOf('declined', 'busy', 'doNotDisturb', 'noAnswer', 'unreachable', 'cancelled', 'hungUp', 'lost', 'over', 'failed', 'merged', 'transferred', 'forwarded', 'voicemail');
const isGoing: Guard<Exclude<Stage['is'], 'ended'>> = oneOf('dialing', 'ringing', 'connecting', 'active', 'held');
const isStage: Guard<Stage> = (value): value is Stage =>
  isFields(value) && (value['is'] === 'ended' ? isWhy(value['why']) : isGoing(value['is']));
const isOn = shape<On>({ device: isText, name: isText });
export const isCall = shape<Call>({
  id: isText,
  code: isText,
  video: isFlag,
  outgoing: isFlag,
  began: isNumber,
  answered: maybe(isNumber),
  ended: maybe(isNumber),
  stage: isStage,
  held: maybe(isNumber),
  returned: maybe(isText),
  forwarder: maybe(isText),
  on: maybe(isOn),
  declined: maybe(isOn),
  others: listOf(shape<Party>({ account: isText, name: isText, avatar: maybe(isText), caller: isFlag, stage: isStage, forwarder: maybe(isText), times: maybe(isNumber), devices: isNumber, reply: maybe(isText) })),
});

export const isPastCall = shape<PastCall>({ call: isCall, missed: isFlag });
export const isMissedCalls = shape<MissedCalls>({ count: isNumber, unheard: isNumber });
export const isConversation = shape<Conversation>({
  id: isText,
  number: isNumber,
  name: maybe(isText),
  people: listOf(shape<Companion>({ account: isText, name: isText, avatar: maybe(isText) })),
  at: isNumber,
  last: maybe(isMessage),
  read: maybe(isText),
  unread: isNumber,
});
export const isFoundLine = shape<FoundLine>({ conversation: isText, message: isMessage });

type Rest<E extends Event['event']> = Omit<Extract<Event, { event: E }>, 'event'>;

/** What each event carries beside its name; one that a newer server invented is not in the table, and is not heard. */
const EVENTS: { readonly [E in Event['event']]: Guard<Rest<E>> } = {
  meeting: shape<Rest<'meeting'>>({ state: isMeetingState }),
  waiting: shape<Rest<'waiting'>>({ hostPresent: isFlag, moved: isFlag }),
  outside: shape<Rest<'outside'>>({}),
  admitted: shape<Rest<'admitted'>>({ ticket: isTicket }),
  denied: shape<Rest<'denied'>>({}),
  removed: shape<Rest<'removed'>>({ mayReturn: isFlag }),
  ended: shape<Rest<'ended'>>({}),
  reaction: shape<Rest<'reaction'>>({ person: isText, emoji: isText }),
  muted: shape<Rest<'muted'>>({ what: isAllowed }),
  askedToUnmute: shape<Rest<'askedToUnmute'>>({}),
  message: shape<Rest<'message'>>({ message: isMessage }),
  messageDeleted: shape<Rest<'messageDeleted'>>({ id: isText }),
  people: shape<Rest<'people'>>({ people: listOf(isReachable), awaited: listOf(isContact) }),
  awaited: shape<Rest<'awaited'>>({ people: listOf(isContact) }),
  free: shape<Rest<'free'>>({ person: isContact }),
  presence: shape<Rest<'presence'>>({ person: isReachable }),
  calls: shape<Rest<'calls'>>({ number: isNumber, calls: listOf(isCall) }),
  invitations: shape<Rest<'invitations'>>({
    number: isNumber,
    invitations: listOf(shape<RoomInvitation>({ code: isText, title: isText, by: isText, name: isText, avatar: maybe(isText), until: isNumber })),
  }),
  callsLooked: shape<Rest<'callsLooked'>>({}),
  voicemail: shape<Rest<'voicemail'>>({}),
  conversation: shape<Rest<'conversation'>>({ conversation: isConversation }),
  conversationLeft: shape<Rest<'conversationLeft'>>({ id: isText }),
  line: shape<Rest<'line'>>({ conversation: isText, number: isNumber, message: isMessage }),
  lineDeleted: shape<Rest<'lineDeleted'>>({ conversation: isText, number: isNumber, id: isText }),
  typing: shape<Rest<'typing'>>({ conversation: isText, account: isText }),
  read: shape<Rest<'read'>>({ conversation: isText, message: isText, unread: isNumber }),
  refused: shape<Rest<'refused'>>({ problem: isProblem }),
  pong: shape<Rest<'pong'>>({}),
};

const EVENT_TABLE = new Map<string, Guard<unknown>>(Object.entries(EVENTS));

export const isEvent: Guard<Event> = (value): value is Event =>
  isFields(value) && isText(value['event']) && EVENT_TABLE.get(value['event'])?.(value) === true;
