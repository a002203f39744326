// Everything that can happen: what the person does, and what io/ reports back.

import type { Text } from '../i18n/text';
import type { Event as Told, Me, Reason, Room, RoomView } from '../proto/api.gen';
import type { Answered, Result } from '../proto/calls';
import type { AwaitingEvent } from './calling/awaiting';
import type { AskedEvent } from './calling/asked';
import type { BookEvent } from './calling/book';
import type { PresenceEvent } from './calling/presence';
import type { CallingEvent, Digit } from './calling/event';
import type { BesideEvent, ChatEvent, NoticesEvent } from './meeting/event';
import type { AccountEvent } from './pages/account/page';
import type { ConsoleEvent } from './pages/console/page';
import type { CallsEvent } from './pages/calls/page';
import type { ContactsEvent } from './pages/contacts/page';
import type { HomeEvent } from './pages/home/page';
import type { AboutRoomEvent } from './pages/room-page/page';
import type { SetupEvent } from './pages/setup/page';
import type { TalksEvent } from './talks/event';
import type { TestEvent } from './pages/test/page';
import type { SignEvent } from './pages/sign/page';
import type { Felt } from './measuring';
import type { ZoomWish } from './layout/zoom';
import type { Route } from './route';
import type { Deed, Slot } from './shortcuts';
import type {
  Arrival, Capture, Contrast, Device, Ending, Kind, Language, LayoutChoice, Overlay, Person, Theme, Trouble,
} from './state';
import type { Corner, Dressing, Saver, ShareMode } from './viewing';

export type { Route } from './route';

export type Event =
  // the first event of a visit: asks what the server is and who I am; again after a trouble
  | { readonly type: 'begin' }
  // the address changed, by the browser's own buttons
  | { readonly type: 'route'; readonly route: Route }
  // the person goes to a page of ours
  | { readonly type: 'visit'; readonly route: Route }
  | { readonly type: 'sign-out' }
  // how a call went, see `calls.ts`
  | Answered
  // how a passkey was made or used
  | { readonly type: 'passkey'; readonly to: 'sign-in'; readonly result: PasskeyResult<Me> }
  | { readonly type: 'passkey'; readonly to: 'add'; readonly result: PasskeyResult<null> }
  // whether this browser is woken for calls, and why not where that was wished for
  | { readonly type: 'push'; readonly on: boolean; readonly wrong: Text | null }
  // what the event socket tells, and whether it stands; that the server starts anew, where it said so
  | { readonly type: 'told'; readonly event: Told }
  | { readonly type: 'line'; readonly up: boolean; readonly restarting?: true }
  // beside the stage
  | BesideEvent
  | ChatEvent
  | NoticesEvent
  // calls
  | CallingEvent
  | PresenceEvent
  | BookEvent
  | AwaitingEvent
  | AskedEvent
  // pages
  | HomeEvent
  | AboutRoomEvent
  | SetupEvent
  | SignEvent
  | AccountEvent
  | ConsoleEvent
  | CallsEvent
  | ContactsEvent
  | TalksEvent
  | TestEvent
  // start page
  | { readonly type: 'start/new' }
  | { readonly type: 'start/join'; readonly text: string }
  | { readonly type: 'start/typed' }
  | { readonly type: 'home' }
  // rooms, as the server answers
  | { readonly type: 'room/made'; readonly room: Room }
  | { readonly type: 'room/not-made'; readonly text: Text }
  // `code` is what was asked for: an answer that comes late must not reach the page of another room
  | { readonly type: 'room/found'; readonly code: string; readonly view: RoomView }
  | { readonly type: 'room/unknown'; readonly code: string }
  | { readonly type: 'room/failed'; readonly code: string; readonly text: Text }
  | { readonly type: 'room/again' }
  // the link of a room is copied
  | { readonly type: 'room/copy'; readonly code: string }
  // the way in
  // `arrival`: what becomes of my other device, where one is in
  | { readonly type: 'join'; readonly video: boolean; readonly arrival?: Arrival }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'rejoin' }
  // `attempt` is the one of the effect `join` that it answers; those of an attempt that was given up change nothing
  | { readonly type: 'join/refused'; readonly attempt: number; readonly text: Text }
  | { readonly type: 'join/unknown'; readonly attempt: number }
  // somebody has to let me in
  | { readonly type: 'join/waiting'; readonly attempt: number; readonly hostPresent: boolean; readonly at: number }
  | { readonly type: 'lobby/leave' }
  // the door is for members alone: signs in, then comes back to it
  | { readonly type: 'door/sign-in' }
  | { readonly type: 'lobby/ask-again' }
  // devices at the door
  | { readonly type: 'devices/permission'; readonly granted: boolean }
  | { readonly type: 'devices/allow' }
  | { readonly type: 'devices/without' }
  | { readonly type: 'devices/retry' }
  | { readonly type: 'devices/toggle'; readonly kind: Capture }
  | { readonly type: 'devices/choose'; readonly kind: Kind; readonly id: string }
  /** Calls that come in ring there; nothing: where everything else is heard. */
  | { readonly type: 'devices/ring-on'; readonly id: string | null }
  | { readonly type: 'devices/opening'; readonly kinds: readonly Capture[] }
  | { readonly type: 'devices/opened'; readonly kind: Capture; readonly id: string | null }
  | { readonly type: 'devices/failed'; readonly kind: Capture; readonly trouble: Trouble }
  | { readonly type: 'devices/listed'; readonly list: readonly Device[] }
  | { readonly type: 'devices/silent'; readonly silent: boolean }
  | { readonly type: 'devices/tone' }
  // the meeting, as the session of an attempt tells it
  | CallEvent
  // the meeting, by the person
  | { readonly type: 'call/share' }
  | { readonly type: 'call/leave' }
  | { readonly type: 'call/turn-on-sound' }
  // this device plays sound from now on, though another of mine does
  | { readonly type: 'call/hear' }
  // the line is lost, and I do not want to wait for the next try
  | { readonly type: 'call/hurry' }
  | { readonly type: 'call/copy-link' }
  | { readonly type: 'call/invite'; readonly open: boolean }
  // I am still there, though alone
  | { readonly type: 'call/still-here' }
  // the key to talk is held, or let go
  | { readonly type: 'talk'; readonly on: boolean }
  // the stage
  | { readonly type: 'stage/layout'; readonly layout: LayoutChoice }
  | { readonly type: 'stage/seats'; readonly seats: number }
  | { readonly type: 'stage/page'; readonly page: number }
  // the strip shows these of its people
  | { readonly type: 'stage/strip'; readonly from: number; readonly to: number }
  | { readonly type: 'stage/corner'; readonly corner: Corner }
  | { readonly type: 'stage/show'; readonly share: string }
  | { readonly type: 'stage/fullscreen' }
  | { readonly type: 'stage/pip' }
  // makes a tile large for me, or lets it go
  | { readonly type: 'stage/pin'; readonly key: string }
  // the shared screen closer or farther; how far that is only its tile knows
  | { readonly type: 'stage/zoom'; readonly zoom: ZoomWish }
  // my habits of seeing and hearing
  | { readonly type: 'view/pip'; readonly open: boolean }
  | { readonly type: 'view/volume'; readonly identity: string; readonly volume: number }
  | { readonly type: 'view/hush'; readonly identity: string }
  | { readonly type: 'view/self'; readonly hidden: boolean }
  | { readonly type: 'view/saver'; readonly saver: Saver }
  | { readonly type: 'view/dress'; readonly dressing: Dressing; readonly on: boolean }
  // it is slow here, and I want it all the same
  | { readonly type: 'view/bear' }
  // my own share
  | { readonly type: 'share/pause' }
  | { readonly type: 'share/mode'; readonly mode: ShareMode }
  // its sound on or off
  | { readonly type: 'share/sound' }
  // how it was, after the meeting
  | { readonly type: 'rating/stars'; readonly stars: number }
  | { readonly type: 'rating/reason'; readonly reason: Reason }
  | { readonly type: 'rating/send' }
  // everywhere
  | { readonly type: 'overlay'; readonly show: Overlay | null }
  | { readonly type: 'settings/theme'; readonly theme: Theme }
  | { readonly type: 'settings/contrast'; readonly contrast: Contrast }
  | { readonly type: 'settings/language'; readonly language: Language }
  | { readonly type: 'settings/letter-keys'; readonly on: boolean }
  // a key for something, or none; whoever had it takes what this had
  | { readonly type: 'settings/key'; readonly deed: Deed; readonly slot: Slot; readonly key: string | null }
  // the keys of one thing, or of all, as they came
  | { readonly type: 'settings/keys-reset'; readonly deed: Deed | null }
  | { readonly type: 'settings/ask-alone'; readonly on: boolean }
  // this device has a network, or lost it
  | { readonly type: 'network'; readonly online: boolean }
  // the browser offers to install the client, or does so no more; and the person takes the offer
  | { readonly type: 'install/offered'; readonly can: boolean }
  | { readonly type: 'install' }
  | { readonly type: 'copied'; readonly done: boolean }
  // `at`: when it rang, in milliseconds since 1970
  | { readonly type: 'timer'; readonly timer: Timer; readonly at: number };

/** What the session that `attempt` began tells. */
export type CallEvent = { readonly attempt: number } & (
  | { readonly type: 'call/entered'; readonly title: string; readonly me: string; readonly people: readonly Person[]; readonly soundBlocked: boolean; readonly at: number }
  | { readonly type: 'call/people'; readonly people: readonly Person[] }
  | { readonly type: 'call/spoke'; readonly identity: string; readonly at: number }
  | { readonly type: 'call/fell-silent'; readonly identity: string }
  | { readonly type: 'call/link'; readonly link: 'connected' | 'wavering' }
  | { readonly type: 'call/sound'; readonly blocked: boolean }
  | { readonly type: 'call/opened'; readonly kind: Capture; readonly id: string | null }
  | { readonly type: 'call/failed'; readonly kind: Capture; readonly trouble: Trouble }
  | { readonly type: 'call/speaker-failed'; readonly used: string | null }
  | { readonly type: 'call/shared'; readonly sharing: boolean }
  | { readonly type: 'call/share-failed'; readonly why: 'refused-system' | 'unsupported' | 'failed' }
  | { readonly type: 'call/share-mode'; readonly mode: ShareMode }
  | { readonly type: 'call/share-sound'; readonly there: boolean }
  | { readonly type: 'call/talking'; readonly at: number }
  | { readonly type: 'call/undressed'; readonly dressing: Dressing; readonly ran: boolean }
  | { readonly type: 'call/strained'; readonly dressing: Dressing }
  | { readonly type: 'call/measured'; readonly felt: Felt }
  | { readonly type: 'call/voice'; readonly sent: boolean }
  | { readonly type: 'call/pressed'; readonly identity: string; readonly digit: Digit }
  | { readonly type: 'call/over'; readonly why: Ending; readonly at: number }
);

/** A timer that rang. A toast carries its number, so that an old timer does not close a new toast. */
export type Timer =
  | { readonly name: 'toast'; readonly id: number }
  | { readonly name: 'said' }
  | { readonly name: 'poll' }
  | { readonly name: 'turn' }
  | { readonly name: 'wavering' }
  /** The line has been lost for so long that something may be done about it. */
  | { readonly name: 'lost' }
  /** The last line was shown for long enough; the reactions are up. */
  | { readonly name: 'bubble'; readonly id: string }
  | { readonly name: 'risen' }
  /** The server no longer knows that I wait: it is asked again. */
  | { readonly name: 'knock' }
  /** Nobody has answered at the door. */
  | { readonly name: 'patience' }
  /** The server did not answer: it is asked again. */
  | { readonly name: 'retry' }
  /** Toasts that came a moment ago learn when that was. */
  | { readonly name: 'stamp' }
  /** I have been alone for long; I did not say that I am there. */
  | { readonly name: 'alone' }
  /** The meeting is over for a moment: why it was bad can be read. */
  | { readonly name: 'report' }
  /** The server refused to tell of the meeting: it is asked again. */
  | { readonly name: 'attend' }
  | { readonly name: 'alone-over' }
  /** The card has said for long enough what became of a call. */
  | { readonly name: 'afterword' }
  /** The last meeting that I was asked into has stood for as long as any does. */
  | { readonly name: 'asked' }
  /** Nobody has said for a while that they write; what I write may be said again. */
  | { readonly name: 'typing' }
  | { readonly name: 'typing-said' }
  /** Pictures have been off the screen for a while; others have been held back for one. */
  | { readonly name: 'let-go' }
  | { readonly name: 'held' };

/** `cancelled`: the person closed the browser's own dialog. */
export type PasskeyResult<T> = Result<T> | { readonly ok: false; readonly problem: 'cancelled' };
