// Generated from engine/proto/src/api by `cargo test -p proto`. Do not edit.

export type AccountRow = { 
/**
 * The account.
 */
account: AccountView, 
/**
 * Whether it administers the server.
 */
admin: boolean, 
/**
 * Whether it may make rooms when only the invited may.
 */
mayCreate: boolean, 
/**
 * Whether it is shut out.
 */
disabled: boolean, 
/**
 * When it was made.
 */
createdAt: number, };

export type AccountView = { 
/**
 * The id, `AC_...`.
 */
id: string, 
/**
 * The name to sign in with.
 */
name: string, 
/**
 * The name to show.
 */
displayName: string, 
/**
 * The address of the picture, when there is one.
 */
avatar?: string, };

export type Act = { "act": "hand", 
/**
 * Up or down.
 */
up: boolean, } | { "act": "react", 
/**
 * Which: one of those that the page offers.
 */
emoji: string, } | { "act": "admit", 
/**
 * Who waits.
 */
person: string, } | { "act": "admitAll" } | { "act": "deny", 
/**
 * Who waits.
 */
person: string, } | { "act": "lock", 
/**
 * Locked or not.
 */
on: boolean, } | { "act": "lobby", 
/**
 * Who.
 */
lobby: Lobby, } | { "act": "allow", 
/**
 * What.
 */
what: Allowed, 
/**
 * Allowed or not.
 */
on: boolean, } | { "act": "mute", 
/**
 * Who.
 */
person: string, 
/**
 * Which: microphone, camera or share.
 */
what: Allowed, } | { "act": "muteAll" } | { "act": "askToUnmute", 
/**
 * Who; everybody when absent.
 */
person?: string, } | { "act": "stopCameras" } | { "act": "lowerHand", 
/**
 * Who.
 */
person: string, } | { "act": "lowerHands" } | { "act": "promote", 
/**
 * Who.
 */
person: string, } | { "act": "demote", 
/**
 * Who.
 */
person: string, } | { "act": "rename", 
/**
 * Who.
 */
person: string, 
/**
 * The name.
 */
name: string, } | { "act": "spotlight", 
/**
 * Who; nobody when absent.
 */
person?: string, } | { "act": "pause", 
/**
 * Paused or not.
 */
on: boolean, } | { "act": "moveToLobby", 
/**
 * Who.
 */
person: string, } | { "act": "remove", 
/**
 * Who.
 */
person: string, 
/**
 * Whether they may come back. Who may not is remembered with the room.
 */
mayReturn: boolean, } | { "act": "handOver", 
/**
 * Who leads then.
 */
person: string, } | { "act": "moveHere", 
/**
 * The one that stays.
 */
identity: string, } | { "act": "endForAll" };

export type AddPeople = { 
/**
 * Whom. Who is in it already stays.
 */
people: Array<string>, };

export type Allowed = "microphone" | "camera" | "share" | "chat";

export type AnswerInvitation = { 
/**
 * Whether I come.
 */
come: boolean, };

export type AppPassword = { 
/**
 * The id, for removing it.
 */
id: string, 
/**
 * What its owner calls it: the program or device that has it.
 */
name: string, 
/**
 * When it was made.
 */
createdAt: number, 
/**
 * When it was last used, to the minute; absent before the first time.
 */
usedAt?: number, };

export type Ask = { "ask": "attend", 
/**
 * The room.
 */
code: string, } | { "ask": "here", 
/**
 * The device.
 */
device: string, 
/**
 * Whether nobody has touched the device for a while.
 */
idle: boolean, } | { "ask": "quit" } | { "ask": "ping" };

export type Attendant = { 
/**
 * Names the socket, for messages to it; another one each time.
 */
channel: string, 
/**
 * Whose program it is.
 */
user: AccountView, 
/**
 * What it came in by: the name of the app password, or of the signed-in device.
 */
device: string, 
/**
 * What it said of itself, in the order in which it said it.
 */
details: Array<Detail>, 
/**
 * Since when it attends.
 */
since: number, 
/**
 * Its network address, for administrators alone.
 */
address?: string, };

export type Attended = { 
/**
 * Who.
 */
person: string, 
/**
 * The name that was shown.
 */
name: string, 
/**
 * From when on, in milliseconds since 1970.
 */
from: number, 
/**
 * Until when; away in between or not.
 */
until: number, };

export type Attendee = { 
/**
 * Who.
 */
person: string, 
/**
 * The name that is shown.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * As what.
 */
role: Role, 
/**
 * The identities of this person's participants, one for each device.
 */
identities: Array<string>, };

export type AwaitPerson = { 
/**
 * Whether it does not count that they are free now, as when they did not answer: I am told when they are so the next time.
 */
anew: boolean, };

export type Ban = { 
/**
 * Who.
 */
person: string, 
/**
 * How the person was called then.
 */
name: string, 
/**
 * Since when, in milliseconds since 1970.
 */
at: number, };

export type BookEntry = { 
/**
 * Which.
 */
id: string, 
/**
 * Who of this server that is.
 */
account?: string, 
/**
 * What I call them; empty for the name that they have here.
 */
name: string, 
/**
 * What I put them with; empty for nothing.
 */
circle: string, 
/**
 * Telephone numbers, as they were written.
 */
phones: Array<string>, 
/**
 * E-mail addresses.
 */
mails: Array<string>, 
/**
 * Whether they stand first.
 */
favourite: boolean, 
/**
 * Whether they cannot reach me. They are not told.
 */
blocked: boolean, };

export type Branding = { 
/**
 * The colour of what acts, `#rrggbb`; nothing for our own green. Shades that can be read are derived from it.
 */
accent?: string, 
/**
 * The address of the logo, when there is one.
 */
logo?: string, };

export type Call = { 
/**
 * Which.
 */
id: string, 
/**
 * The code of the room that carries it.
 */
code: string, 
/**
 * Whether it was placed with pictures.
 */
video: boolean, 
/**
 * Whether I placed it.
 */
outgoing: boolean, 
/**
 * When it was placed, in milliseconds since 1970.
 */
began: number, 
/**
 * When the first who was called was in, in milliseconds since 1970.
 */
answered?: number, 
/**
 * When it was over, in milliseconds since 1970. It is told for a minute more.
 */
ended?: number, 
/**
 * How far I am in it.
 */
stage: Stage, 
/**
 * Since when I have it on hold, in milliseconds since 1970.
 */
held?: number, 
/**
 * Who did not take it, when it came back to me from them.
 */
returned?: string, 
/**
 * Who of the others was called and lets such calls ring me.
 */
forwarder?: string, 
/**
 * On which of my devices I placed or answered it, with its name.
 */
on?: On, 
/**
 * On which of my devices I declined it, with its name. Told for as long as the call is told; my history has it not.
 */
declined?: On, 
/**
 * The others: whoever placed it first.
 */
others: Array<Party>, };

export type CallAct = { "act": "ring", 
/**
 * Where.
 */
device: string, } | { "act": "answer", 
/**
 * Where.
 */
device: string, 
/**
 * Whether to put the call that this device is in on hold.
 */
hold: boolean, } | { "act": "hold" } | { "act": "resume", 
/**
 * Where.
 */
device: string, } | { "act": "merge", 
/**
 * The other call.
 */
with: string, } | { "act": "add", 
/**
 * Whom.
 */
person: string, } | { "act": "transfer", 
/**
 * To whom.
 */
person: string, } | { "act": "handOver", 
/**
 * The other call.
 */
with: string, } | { "act": "decline", 
/**
 * Where: my other devices say so. Absent where whoever declines does not know.
 */
device?: string, 
/**
 * What the caller is told; at most 200 characters.
 */
reply?: string, } | { "act": "end" };

export type CallWishes = { 
/**
 * Where all of them go; then nothing rings here.
 */
always: Onward, 
/**
 * Where those go that find me in a call, or not to be disturbed.
 */
busy: Onward, 
/**
 * Where those go that nobody answered, or that find no device.
 */
unanswered: Onward, 
/**
 * Whether favourites of my phone book ring though I do not want to be disturbed.
 */
favourites: boolean, };

export type Cause = "upload" | "download" | "delay" | "server" | "computer" | "lost";

export type Certificate = "none" | "own" | "given";

export type ChangeAccount = { 
/**
 * Whether it administers the server.
 */
admin?: boolean, 
/**
 * Whether it may make rooms when only the invited may.
 */
mayCreate?: boolean, 
/**
 * Whether it is shut out: signed out everywhere at once.
 */
disabled?: boolean, };

export type ChangeContact = { 
/**
 * What I call them: at most 128 characters; empty for the name that they have here.
 */
name?: string, 
/**
 * What I put them with: at most 64 characters; empty for nothing.
 */
circle?: string, 
/**
 * Telephone numbers: at most 10, of at most 64 characters.
 */
phones?: Array<string>, 
/**
 * E-mail addresses: at most 10, of at most 254 characters.
 */
mails?: Array<string>, 
/**
 * Whether they stand first.
 */
favourite?: boolean, 
/**
 * Whether they cannot reach me.
 */
blocked?: boolean, };

export type ChangeFeeds = { 
/**
 * Their addresses, at most 10.
 */
addresses: Array<string>, };

export type ChangeHook = { 
/**
 * Whether it is told what happens in rooms.
 */
rooms?: boolean, 
/**
 * Whether it is told of calls.
 */
calls?: boolean, 
/**
 * Whether it is told anything. What waits for one that is switched off is given up.
 */
on?: boolean, };

export type ChangeMe = { 
/**
 * The name to show.
 */
displayName?: string, };

export type ChangeMember = { 
/**
 * As host or member.
 */
role: Role, };

export type ChangePassword = { 
/**
 * The password until now.
 */
current: string, 
/**
 * The new one, at least 10 characters.
 */
new: string, };

export type ChangePolicy = { 
/**
 * Whether people without an account may come in.
 */
guests?: boolean, 
/**
 * Who has to be let in.
 */
lobby?: Lobby, 
/**
 * Whether nobody new may come in, not even to knock.
 */
locked?: boolean, 
/**
 * Whether members and guests may speak.
 */
microphone?: boolean, 
/**
 * Whether members and guests may show themselves.
 */
camera?: boolean, 
/**
 * Whether members and guests may share their screen.
 */
share?: boolean, 
/**
 * Whether members and guests may write.
 */
chat?: boolean, 
/**
 * Whether those who come later see what was written before they came.
 */
history?: boolean, };

export type ChangeRoom = { 
/**
 * What to call it.
 */
title?: string, 
/**
 * What it is for.
 */
description?: string, 
/**
 * What it lets people do.
 */
policy?: ChangePolicy, 
/**
 * Whether it is kept among my rooms.
 */
listed?: boolean, };

export type ChangeSettings = { 
/**
 * What to call the server.
 */
name?: string, 
/**
 * Who may make rooms.
 */
create?: Create, 
/**
 * Whether anybody may make an account.
 */
signUp?: boolean, 
/**
 * The colour of what acts, `#rrggbb`; the empty text takes it away.
 */
accent?: string, };

export type Chosen = "automatic" | "busy" | "away" | "doNotDisturb";

export type Companion = { 
/**
 * Who.
 */
account: string, 
/**
 * The name that is shown.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, };

export type Contact = { 
/**
 * Who.
 */
account: string, 
/**
 * The name that is shown.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * A word that they wrote beside how they are to be found.
 */
note?: string, 
/**
 * Whether they do not show me how they are to be found: then I am told nothing of it, which does not mean that they are not
 * here. A call rings all the same.
 */
hidden?: boolean, };

export type Conversation = { 
/**
 * Which; stands for the code of a room in the paths of messages and files.
 */
id: string, 
/**
 * Counts what happened in it; what carries a smaller number is older.
 */
number: number, 
/**
 * What a group is called; absent between two.
 */
name?: string, 
/**
 * Everybody in it but me, in the order of their names.
 */
people: Array<Companion>, 
/**
 * When something was last written in it or done to it, or else when it was made, in milliseconds since 1970.
 */
at: number, 
/**
 * The last line that I may read: its text shortened, and without reactions.
 */
last?: Message, 
/**
 * The last line that I have read, on whatever device.
 */
read?: string, 
/**
 * How many lines of others came after it; 100 says that there may be more.
 */
unread: number, };

export type Create = "signedIn" | "invited" | "anyone";

export type CreateRoom = { 
/**
 * What to call it; "Meeting" when absent.
 */
title?: string, 
/**
 * What it is for.
 */
description?: string, 
/**
 * Whether it is kept among my rooms. `false` when absent: then it goes some weeks after it was last used, unless
 * something was written or given in it.
 */
listed?: boolean, };

export type Deed = { "did": "made", 
/**
 * Under this name.
 */
name: string, } | { "did": "added", 
/**
 * How they were called then.
 */
names: Array<string>, } | { "did": "left" } | { "did": "renamed", 
/**
 * Like this.
 */
name: string, };

export type Detail = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value, which may be empty.
 */
value: string, };

export type Device = { 
/**
 * The id, for signing it out.
 */
id: string, 
/**
 * What the browser said of itself, in a few words, such as "Firefox on Linux".
 */
name: string, 
/**
 * When it signed in.
 */
since: number, 
/**
 * When it was last seen, to the hour.
 */
seen: number, 
/**
 * Whether it is the one that asks.
 */
current: boolean, };

export type Door = "open" | "knock" | "locked" | "full" | "membersOnly" | "removed";

export type EditMessage = { 
/**
 * What it says from now on.
 */
text: string, };

export type Entry = { "state": "admitted", 
/**
 * With this.
 */
ticket: Ticket, } | { "state": "waiting", 
/**
 * Whether anybody is in who could let you in.
 */
hostPresent: boolean, };

export type Event = { "event": "meeting", 
/**
 * The state.
 */
state: MeetingState, } | { "event": "waiting", 
/**
 * Whether anybody is in who could let them in.
 */
hostPresent: boolean, 
/**
 * Whether a host sent them here from inside.
 */
moved: boolean, } | { "event": "outside" } | { "event": "admitted", 
/**
 * Come in with this.
 */
ticket: Ticket, } | { "event": "denied" } | { "event": "removed", 
/**
 * Whether I may come back.
 */
mayReturn: boolean, } | { "event": "ended" } | { "event": "reaction", 
/**
 * From which participant's tile it rises.
 */
person: string, 
/**
 * The emoji.
 */
emoji: string, } | { "event": "muted", 
/**
 * What.
 */
what: Allowed, } | { "event": "askedToUnmute" } | { "event": "message", 
/**
 * The line as it is now.
 */
message: Message, } | { "event": "messageDeleted", 
/**
 * Which.
 */
id: string, } | { "event": "people", 
/**
 * Those who are not offline, and those who are hidden from me.
 */
people: Array<Reachable>, 
/**
 * For whom I wait until they are free.
 */
awaited: Array<Contact>, } | { "event": "awaited", 
/**
 * Whom.
 */
people: Array<Contact>, } | { "event": "free", 
/**
 * Who.
 */
person: Contact, } | { "event": "presence", 
/**
 * Who, and how.
 */
person: Reachable, } | { "event": "calls", 
/**
 * Counts the changes; a smaller number than the last is older.
 */
number: number, 
/**
 * Those that go on, and those that were over less than a minute ago; the oldest first.
 */
calls: Array<Call>, } | { "event": "invitations", 
/**
 * Counts the changes; a smaller number than the last is older.
 */
number: number, 
/**
 * The oldest first.
 */
invitations: Array<RoomInvitation>, } | { "event": "callsLooked" } | { "event": "voicemail" } | { "event": "conversation", 
/**
 * The conversation as it is now.
 */
conversation: Conversation, } | { "event": "conversationLeft", 
/**
 * Which.
 */
id: string, } | { "event": "line", 
/**
 * Where.
 */
conversation: string, 
/**
 * The number of the conversation; a smaller one than the last is older.
 */
number: number, 
/**
 * The line as it is now.
 */
message: Message, } | { "event": "lineDeleted", 
/**
 * Where.
 */
conversation: string, 
/**
 * As of a line.
 */
number: number, 
/**
 * Which.
 */
id: string, } | { "event": "typing", 
/**
 * Where.
 */
conversation: string, 
/**
 * Who.
 */
account: string, } | { "event": "read", 
/**
 * Where.
 */
conversation: string, 
/**
 * The last line that I have read.
 */
message: string, 
/**
 * How many lines of others came after it.
 */
unread: number, } | { "event": "refused", 
/**
 * Why.
 */
problem: Problem, } | { "event": "pong" };

export type Feed = { 
/**
 * Where it is.
 */
address: string, 
/**
 * What it calls itself, once it was fetched.
 */
title?: string, 
/**
 * When it was last asked for; absent before the first time.
 */
askedAt?: number, 
/**
 * What went wrong then. What came before is still shown.
 */
trouble?: FeedTrouble, 
/**
 * When it is asked again, where that is later than in an hour: it went wrong more than once.
 */
againAt?: number, };

export type FeedTrouble = "private" | "unreachable" | "elsewhere" | "refused" | "noFeed";

export type Felt = { 
/**
 * The part of the sound that was made up, since what should have been played had not come, in thousandths.
 */
concealed: number, 
/**
 * For how long pictures stood still, in milliseconds.
 */
frozen: number, 
/**
 * The part of the pictures that came and were not drawn, in thousandths.
 */
dropped: number, 
/**
 * The part of the time in which its pictures were made smaller since the computer could not do more, in thousandths.
 */
strained: number, };

export type File = { 
/**
 * The id, `FI_...`.
 */
id: string, 
/**
 * The name that it was given with, for saving it under.
 */
name: string, 
/**
 * Its size in bytes.
 */
size: number, 
/**
 * What it is by its content, such as `image/png`; `application/octet-stream` when that is not known.
 */
kind: string, 
/**
 * The size of its preview in pixels, when it is a picture that we could read: `GET .../files/{id}/preview`.
 */
preview?: [number, number], };

export type FoundLine = { 
/**
 * Where it stands.
 */
conversation: string, 
/**
 * The line, without its reactions.
 */
message: Message, };

export type Greeting = { 
/**
 * How long my own greeting is, in milliseconds; without it they hear the tone alone.
 */
ms?: number, };

export type Hand = { 
/**
 * Whose.
 */
person: string, 
/**
 * Since when, in milliseconds since 1970.
 */
since: number, };

export type History = { 
/**
 * The lines, at most 50.
 */
messages: Array<Message>, 
/**
 * Whether there are earlier ones.
 */
more: boolean, };

export type Hook = { 
/**
 * Which.
 */
id: string, 
/**
 * Where it is.
 */
address: string, 
/**
 * Whether it is told what happens in rooms.
 */
rooms: boolean, 
/**
 * Whether it is told of calls.
 */
calls: boolean, 
/**
 * The API key that signs; absent: a secret of its own does.
 */
apiKey?: string, 
/**
 * Why it is told nothing now.
 */
stopped?: HookStopped, 
/**
 * How many deliveries wait for it.
 */
waiting: number, 
/**
 * How many it was not told since the server started, because too many waited already.
 */
leftOut: number, };

export type HookDelivery = { 
/**
 * Which.
 */
id: string, 
/**
 * The name of the event.
 */
event: string, 
/**
 * When it happened.
 */
at: number, 
/**
 * How often it was tried.
 */
tries: number, 
/**
 * When it is tried next; absent when it is over.
 */
due?: number, 
/**
 * When it was last tried.
 */
triedAt?: number, 
/**
 * The status that was answered then.
 */
status?: number, 
/**
 * What went wrong then. Absent and over: it was taken.
 */
trouble?: HookTrouble, };

export type HookStopped = "paused" | "gone";

export type HookTrouble = "private" | "unreachable" | "slow" | "elsewhere" | "refused" | "gone" | "unsigned" | "paused";

export type Hooks = { 
/**
 * All of them, as they were named.
 */
hooks: Array<Hook>, 
/**
 * The API keys that could sign.
 */
apiKeys: Array<string>, };

export type Imported = { 
/**
 * So many are new.
 */
added: number, 
/**
 * So many stood there already, or had nothing that could be kept.
 */
skipped: number, };

export type Invitation = { 
/**
 * The id, for taking it back.
 */
id: string, 
/**
 * The name to fill in.
 */
name?: string, 
/**
 * How many accounts may still be made.
 */
usesLeft: number, 
/**
 * When it ends.
 */
expiresAt: number, };

export type InvitationSecret = { 
/**
 * The secret.
 */
secret: string, };

export type InvitePeople = { 
/**
 * Whom.
 */
people: Array<string>, };

export type Invited = { 
/**
 * The name to fill in, when it is meant for somebody.
 */
name?: string, };

export type Invitee = { 
/**
 * Who.
 */
account: string, 
/**
 * What became of it.
 */
answer: InviteeAnswer, };

export type InviteeAnswer = "waiting" | "coming" | "notNow" | "noAnswer" | "unreachable";

export type JoinRoom = { 
/**
 * The name to show to others. Those who are signed in may leave it out.
 */
name?: string, };

export type Knocker = { 
/**
 * Who.
 */
person: string, 
/**
 * The name that was given.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * As what.
 */
role: Role, 
/**
 * Since when, in milliseconds since 1970.
 */
since: number, };

export type Lobby = "off" | "guests" | "everyone";

export type MadeAppPassword = { 
/**
 * What is kept of it.
 */
appPassword: AppPassword, 
/**
 * The password: 43 letters, digits, `-` and `_`.
 */
password: string, };

export type MadeHook = { 
/**
 * As it is.
 */
hook: Hook, 
/**
 * The secret that signs, shown this once; absent where an API key signs. Its key is the id of the webhook.
 */
secret?: string, };

export type Mark = { 
/**
 * Whose device.
 */
identity: string, 
/**
 * What makes the connection bad.
 */
cause?: Cause, 
/**
 * Why nobody hears the open microphone.
 */
unheard?: Unheard, 
/**
 * Whether there was no room for pictures as large as it shows them.
 */
smaller?: boolean, };

export type MarkRead = { 
/**
 * The last line that I have read. What was read before stays so.
 */
message: string, };

export type MarkVoicemail = { 
/**
 * Whether I have heard it.
 */
heard: boolean, };

export type Me = { 
/**
 * The account.
 */
account: AccountView, 
/**
 * Whether it administers the server.
 */
admin: boolean, 
/**
 * Whether it may make rooms.
 */
mayCreate: boolean, 
/**
 * Whether it has a password; those with a passkey need none.
 */
hasPassword: boolean, };

export type Measured = { 
/**
 * On which of my devices.
 */
identity: string, 
/**
 * How long that was, in milliseconds.
 */
span: number, 
/**
 * The part of the sound played that was made up, in thousandths.
 */
concealed: number, 
/**
 * For how long pictures stood still that should not, in milliseconds.
 */
frozen: number, 
/**
 * The part of the pictures that came and were not drawn, in thousandths.
 */
dropped: number, 
/**
 * The part of the time in which my pictures were made smaller since the computer could not do more, in thousandths.
 */
strained: number, };

export type MeetingState = { 
/**
 * Counts the changes of this meeting; a smaller number than the last is older.
 */
number: number, 
/**
 * Who I am.
 */
me: string, 
/**
 * What I am here.
 */
role: Role, 
/**
 * What the room lets people do.
 */
policy: Policy, 
/**
 * Everybody who is in, in order of coming.
 */
people: Array<Attendee>, 
/**
 * Raised hands, the first raised first.
 */
hands: Array<Hand>, 
/**
 * Who is shown large to everybody who did not choose otherwise.
 */
spotlight?: string, 
/**
 * Whether a host paused everything: then only those who lead may do what `policy` speaks of.
 */
paused: boolean, 
/**
 * Who waits at the door, for those who lead; empty for others.
 */
waiting: Array<Knocker>, 
/**
 * Whose connection is bad, or whose open microphone nobody hears.
 */
marks: Array<Mark>, 
/**
 * Who was asked in and has not come, for those who lead; empty for others. Who did not take it is told of for a few minutes.
 */
invited?: Array<Invitee>, };

export type Member = { 
/**
 * Who.
 */
account: AccountView, 
/**
 * As what.
 */
role: Role, };

export type Message = { 
/**
 * The id, `MS_...`; sorts by time.
 */
id: string, 
/**
 * Who wrote it.
 */
from: string, 
/**
 * The name that was shown then.
 */
name: string, 
/**
 * To whom alone, when not to everybody.
 */
to?: string, 
/**
 * When, in milliseconds since 1970.
 */
at: number, 
/**
 * What, as Markdown; may be empty beside a file.
 */
text: string, 
/**
 * The line that it answers.
 */
replyTo?: string, 
/**
 * Whether it was changed afterwards.
 */
edited: boolean, 
/**
 * The file that came with it.
 */
file?: File, 
/**
 * Reactions to it, in order of first use.
 */
reactions: Array<Reaction>, 
/**
 * What was done to the conversation, in place of a text.
 */
deed?: Deed, };

export type Minute = { 
/**
 * What the participant sent and did not come.
 */
lostUp: number, 
/**
 * What was sent to the participant and did not come.
 */
lostDown: number, 
/**
 * By how much the way of sound to it swings, at worst.
 */
jitter: number, 
/**
 * There and back, where that is known.
 */
roundTrip?: number, 
/**
 * The layers wanted that there was no room for.
 */
missing: number, 
/**
 * For how many seconds pictures were held back for want of room.
 */
paused: number, 
/**
 * How late the server's media thread was.
 */
late: number, 
/**
 * How often the connection of the media or of the signals broke.
 */
reconnects: number, 
/**
 * For how many seconds nobody heard the open microphone.
 */
unheard: number, 
/**
 * Over what it came, last.
 */
way?: Way, 
/**
 * What the client measured, where it said so.
 */
client?: Felt, };

export type MissedCalls = { 
/**
 * How many calls I have missed and not looked at.
 */
count: number, 
/**
 * How many messages that were spoken for me I have not heard.
 */
unheard: number, };

export type MyPresence = { 
/**
 * That.
 */
chosen: Chosen, 
/**
 * A word beside it, of at most 100 characters; empty for none.
 */
note: string, };

export type MyRoom = { 
/**
 * The room.
 */
room: Room, 
/**
 * What I am in it.
 */
role: Role, 
/**
 * Who has to be let in.
 */
lobby: Lobby, 
/**
 * How many are in now.
 */
count: number, 
/**
 * The first of them.
 */
present: Array<Present>, 
/**
 * Whether it is kept among my rooms. A meeting that was only begun is not: it goes some weeks after it was last used,
 * unless something was written or given in it.
 */
listed: boolean, 
/**
 * Since when somebody is in, when somebody is.
 */
since?: number, };

export type NewAccount = { 
/**
 * The name to sign in with: 2 to 64 letters, digits, dots, dashes, underscores, or an e-mail address.
 */
name: string, 
/**
 * The name to show; the one to sign in with when absent.
 */
displayName?: string, 
/**
 * At least 10 characters.
 */
password: string, 
/**
 * The invitation that allows it, from the link.
 */
invitation?: string, };

export type NewAppPassword = { 
/**
 * What to call it.
 */
name: string, };

export type NewContact = { 
/**
 * Who of this server that is; absent for a card, which then needs a name.
 */
account?: string, 
/**
 * The rest.
 */
entry: ChangeContact, };

export type NewConversation = { 
/**
 * With whom.
 */
people: Array<string>, 
/**
 * What the group is called.
 */
name?: string, };

export type NewHook = { 
/**
 * Where it is: an address of `https`, of at most 500 characters.
 */
address: string, 
/**
 * Whether it is told what happens in rooms.
 */
rooms: boolean, 
/**
 * Whether it is told of calls.
 */
calls: boolean, 
/**
 * The API key that signs; absent: a secret of its own does.
 */
apiKey?: string, };

export type NewInvitation = { 
/**
 * The name to fill in, when it is meant for somebody.
 */
name?: string, 
/**
 * How many accounts may be made with it, 1 to 1000; 1 when absent.
 */
uses?: number, 
/**
 * For how many days it is good, 1 to 365; 7 when absent.
 */
days?: number, };

export type NewPasskey = { 
/**
 * What to call it.
 */
name: string, 
/**
 * What the browser made, by its `toJSON`.
 */
credential: unknown, };

export type NewsItem = { 
/**
 * What it is called, as plain text.
 */
title: string, 
/**
 * What its feed calls itself, or the host that it comes from.
 */
source: string, 
/**
 * Where it is to be read: an address of the web.
 */
link: string, 
/**
 * When it came out, when the feed says so.
 */
at?: number, };

export type Notify = { 
/**
 * What to tell it: 1 to 4,000 bytes.
 */
message: string, };

export type On = { 
/**
 * Which.
 */
device: string, 
/**
 * What it is called in the list of my devices; empty when nothing is known.
 */
name: string, };

export type Onward = { "to": "nobody" } | { "to": "person", 
/**
 * Whom.
 */
person: string, } | { "to": "voicemail" };

export type Party = { 
/**
 * Who.
 */
account: string, 
/**
 * The name that is shown.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * Whether it was they who placed the call.
 */
caller: boolean, 
/**
 * How far they are.
 */
stage: Stage, 
/**
 * Who of the parties was called and lets such calls ring them.
 */
forwarder?: string, 
/**
 * How often they were called, where that was more than once: who did not come may be called again.
 */
times?: number, 
/**
 * On how many of their devices it rings. Told to whoever called them alone.
 */
devices: number, 
/**
 * What they said when declining. Told to whoever called them alone.
 */
reply?: string, };

export type Passkey = { 
/**
 * The id, for removing it.
 */
id: string, 
/**
 * What its owner calls it.
 */
name: string, 
/**
 * When it was made.
 */
createdAt: number, };

export type PasskeyOptions = { 
/**
 * What `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` takes.
 */
options: unknown, };

export type PastCall = { 
/**
 * The call as it is now, or was at its end.
 */
call: Call, 
/**
 * Whether I was called, did not answer, and have not looked since.
 */
missed: boolean, };

export type PastMeeting = { 
/**
 * When it began, in milliseconds since 1970; names it in its room.
 */
began: number, 
/**
 * When somebody was last seen in it.
 */
until: number, 
/**
 * Who was in, in order of coming.
 */
people: Array<Attended>, 
/**
 * What was bad. The longest first.
 */
troubles: Array<Trouble>, };

export type PlaceCall = { 
/**
 * Whom.
 */
people: Array<string>, 
/**
 * Whether I mean to show myself.
 */
video: boolean, 
/**
 * From which of my devices.
 */
device: string, 
/**
 * Whether to ring those too who are in a call.
 */
anyway: boolean, };

export type Policy = { 
/**
 * Whether people without an account may come in.
 */
guests: boolean, 
/**
 * Who has to be let in.
 */
lobby: Lobby, 
/**
 * Whether nobody new may come in, not even to knock.
 */
locked: boolean, 
/**
 * Whether members and guests may speak.
 */
microphone: boolean, 
/**
 * Whether members and guests may show themselves.
 */
camera: boolean, 
/**
 * Whether members and guests may share their screen.
 */
share: boolean, 
/**
 * Whether members and guests may write.
 */
chat: boolean, 
/**
 * Whether those who come later see what was written before they came.
 */
history: boolean, };

export type Presence = "available" | "busy" | "inCall" | "away" | "doNotDisturb" | "offline";

export type Present = { 
/**
 * The identity, by which somebody who comes and goes is told from another.
 */
identity: string, 
/**
 * The name to show.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, };

export type Problem = { 
/**
 * The stable code; see [`crate::Refusal::code`].
 */
code: string, 
/**
 * One sentence for a person, which says what to do.
 */
message: string, 
/**
 * How many seconds to wait before the next try, when it was one too many.
 */
wait?: number, };

export type PushView = { 
/**
 * The server's key for push services, a point of P-256 in base64url: `applicationServerKey` of a subscription.
 */
key: string, 
/**
 * Whether this browser is woken.
 */
on: boolean, };

export type PutPush = { 
/**
 * Where its push service is to be told: an address of https on a public host.
 */
endpoint: string, 
/**
 * The browser's public key, a point of P-256 in base64url.
 */
p256dh: string, 
/**
 * The secret that it shares, 16 bytes in base64url.
 */
auth: string, 
/**
 * Which of the person's devices it is, as it says on the event socket.
 */
device: string, };

export type RateMeeting = { 
/**
 * From 1, which is bad, to 5.
 */
stars: number, 
/**
 * What was not good.
 */
reasons: Array<Reason>, };

export type Ratings = { 
/**
 * How many gave one star, two, and so on to five.
 */
stars: Array<number>, 
/**
 * How many found the sound not good.
 */
sound: number, 
/**
 * How many found the pictures not good.
 */
picture: number, 
/**
 * How many found a shared screen not good.
 */
share: number, 
/**
 * How many found the connection not good.
 */
connection: number, };

export type Reach = "machine" | "network" | "everywhere";

export type Reachable = { 
/**
 * Who.
 */
account: string, 
/**
 * How.
 */
presence: Presence, 
/**
 * Since when, in milliseconds since 1970; 0 of whoever is hidden.
 */
since: number, 
/**
 * A word that they wrote beside it.
 */
note?: string, 
/**
 * Whether they have chosen not to show me how they are to be found, whether they are here or not: then they are `offline` in
 * any case, and that says nothing.
 */
hidden?: boolean, };

export type Reaction = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * Who.
 */
people: Array<string>, };

export type Reason = "sound" | "picture" | "share" | "connection";

export type Record = { 
/**
 * When the minute began, in milliseconds since 1970.
 */
at: number, 
/**
 * When the meeting began, in milliseconds since 1970.
 */
began: number, 
/**
 * Whose device.
 */
identity: string, 
/**
 * Who.
 */
person: string, 
/**
 * The name that was shown.
 */
name: string, 
/**
 * How many seconds of it the participant was in.
 */
seconds: number, 
/**
 * What made it bad for the longest time, where it was bad for long enough to be told.
 */
bad?: Cause, 
/**
 * For how many seconds.
 */
badFor: number, 
/**
 * The numbers.
 */
minute: Minute, };

export type Recorded = { 
/**
 * How long it is, in milliseconds.
 */
ms: number, 
/**
 * Whether it waits to be sent: what is shorter than a second was forgotten.
 */
kept: boolean, };

export type Recording = { 
/**
 * Which.
 */
id: string, 
/**
 * The media token.
 */
token: string, 
/**
 * The most that is recorded, in seconds.
 */
seconds: number, 
/**
 * How long the greeting of whoever the message is for is, in milliseconds, where they have one of their own: it is played
 * first. `GET /api/v1/calls/{id}/greeting` has its sound.
 */
greeting?: number, };

export type RenameConversation = { 
/**
 * What it is called from now on.
 */
name: string, };

export type Report = { 
/**
 * Who I am.
 */
me: string, 
/**
 * From when on I was in, in milliseconds since 1970.
 */
from: number, 
/**
 * Until when.
 */
until: number, 
/**
 * What was bad: of me all, of others what I will have noticed. The longest first.
 */
troubles: Array<Trouble>, };

export type ResetPassword = { 
/**
 * The secret from the link.
 */
secret: string, 
/**
 * The new password, at least 10 characters.
 */
password: string, };

export type Role = "owner" | "host" | "member" | "guest";

export type Room = { 
/**
 * The id, `RM_...`.
 */
id: string, 
/**
 * The short code in the link, such as `bolu-kesi-dafo`.
 */
code: string, 
/**
 * What people call it.
 */
title: string, 
/**
 * What it is for; may be empty.
 */
description: string, 
/**
 * When it was made, in milliseconds since 1970.
 */
createdAt: number, };

export type RoomInvitation = { 
/**
 * The code of its room.
 */
code: string, 
/**
 * What the room is called; empty when nobody gave it a name.
 */
title: string, 
/**
 * Who asks.
 */
by: string, 
/**
 * The name of whoever asks, as the meeting shows it.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * Until when it is kept open, in milliseconds since 1970.
 */
until: number, };

export type RoomView = { 
/**
 * The room.
 */
room: Room, 
/**
 * Who is in, in order of joining; at most the first eight. Nobody when the one who asks would have to wait: the lobby shows no faces.
 */
present: Array<Present>, 
/**
 * How many are in.
 */
count: number, 
/**
 * With how many devices the one who asks is in now.
 */
here: number, 
/**
 * What the one who asks is here.
 */
role: Role, 
/**
 * What would happen on joining.
 */
door: Door, 
/**
 * The policy, for those who lead.
 */
policy?: Policy, };

export type SecretLink = { 
/**
 * The path of the link; the secret stands after `#`, which browsers do not send.
 */
path: string, 
/**
 * When it ends.
 */
expiresAt: number, };

export type SeenBy = "everyone" | "contacts" | "nobody";

export type ServerView = { 
/**
 * What the server is called; "Parlor" until somebody says otherwise.
 */
name: string, 
/**
 * Whether it was set up. Until then it makes no rooms and no accounts.
 */
setUp: boolean, 
/**
 * Whether anybody may make an account; with an invitation it is always possible.
 */
signUp: boolean, 
/**
 * Who may make rooms.
 */
create: Create, 
/**
 * How it looks.
 */
branding: Branding, 
/**
 * The version of the program.
 */
version: string, };

export type SetUp = { 
/**
 * The one-time code that the server printed.
 */
code: string, 
/**
 * What to call the server.
 */
serverName: string, 
/**
 * The administrator.
 */
account: NewAccount, 
/**
 * Who may make rooms.
 */
create: Create, 
/**
 * Whether anybody may make an account.
 */
signUp: boolean, };

export type SetUpCode = { 
/**
 * The code.
 */
code: string, };

export type SignIn = { 
/**
 * The name to sign in with.
 */
name: string, 
/**
 * The password.
 */
password: string, };

export type Stage = { "is": "dialing" } | { "is": "ringing" } | { "is": "connecting" } | { "is": "active" } | { "is": "held" } | { "is": "ended", 
/**
 * Why.
 */
why: Why, };

export type Ticket = { 
/**
 * The media token, good for ten minutes to enter with and renewed over the socket.
 */
token: string, 
/**
 * The identity in that token.
 */
identity: string, 
/**
 * Who that is; all devices of one person share it.
 */
person: string, 
/**
 * The room that it opens.
 */
room: Room, };

export type Trial = { 
/**
 * After how many seconds the rooms end, whoever is in.
 */
seconds: number, 
/**
 * How the address that this was asked at is protected.
 */
certificate: Certificate, 
/**
 * How many days the certificate is good for, where the server has one.
 */
certificateDays?: number, 
/**
 * The ways, one of each kind.
 */
ways: Array<TrialWay>, };

export type TrialOver = "any" | "udp" | "tcp" | "relay";

export type TrialWay = { 
/**
 * Over what.
 */
over: TrialOver, 
/**
 * The media token of the client that sends.
 */
sender: string, 
/**
 * The media token of the client that receives.
 */
receiver: string, 
/**
 * The addresses that clients are told to try, each as `host:port`; those of a relay stand in their credentials.
 */
addresses: Array<string>, 
/**
 * From how far the best of them can be reached.
 */
reach: Reach, 
/**
 * Whether the server has this way for whoever asked. Behind a reverse proxy there is no relay.
 */
offered: boolean, };

export type Trouble = { 
/**
 * Whose.
 */
person: string, 
/**
 * The name that was shown.
 */
name: string, 
/**
 * What.
 */
cause: Cause, 
/**
 * From when on, in milliseconds since 1970.
 */
from: number, 
/**
 * Until when.
 */
until: number, 
/**
 * For how many seconds in all: it may have come and gone in between.
 */
seconds: number, };

export type Unheard = "blocked" | "silent" | "untaken";

export type UsePasskey = { 
/**
 * What the browser answered, by its `toJSON`.
 */
credential: unknown, };

export type Visibility = { 
/**
 * Those; beside myself.
 */
seenBy: SeenBy, };

export type Voicemail = { 
/**
 * Which.
 */
id: string, 
/**
 * Who spoke it.
 */
from: string, 
/**
 * The name that is shown.
 */
name: string, 
/**
 * Where their picture is, if they have one.
 */
avatar?: string, 
/**
 * When it was sent, in milliseconds since 1970.
 */
at: number, 
/**
 * How long it is, in milliseconds.
 */
ms: number, 
/**
 * Whether I have heard it.
 */
heard: boolean, };

export type Way = "udp" | "tcp" | "turn";

export type Why = "declined" | "busy" | "doNotDisturb" | "noAnswer" | "unreachable" | "cancelled" | "hungUp" | "lost" | "over" | "failed" | "merged" | "transferred" | "forwarded" | "voicemail";

export type WriteMessage = { 
/**
 * What, as Markdown, at most 4,000 bytes; may be empty beside a file.
 */
text: string, 
/**
 * To whom alone, when not to everybody.
 */
to?: string, 
/**
 * The line that it answers.
 */
replyTo?: string, 
/**
 * A file that I gave to this room before.
 */
file?: string, };
