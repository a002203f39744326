// The whole state of the client. Each subject is a union, so that what cannot be cannot be written down.

import type { Said, Text, Tongue } from '../i18n/text';
import type { Me, MeetingState, MyRoom, Report, RoomView, ServerView } from '../proto/api.gen';
import type { Beside } from './meeting/beside';
import type { Alone } from './meeting/alone';
import type { Met } from './meeting/met';
import type { ZoomWish } from './layout/zoom';
import type { Held } from './held';
import { NOTICES, type Notices } from './meeting/notices';
import type { Person } from './participant';
import type { Stretch, Taken, Talk } from './taking';
import { VIEWING, type Corner, type Dressing, type ShareMode, type Viewing } from './viewing';
import { calm, type Calling } from './calling/calling';
import { QUIET, type Talks, type TalksPage } from './talks/talks';
import type { Browser } from './browser';

export type { Browser, Corner, Person };
import type { AccountPage } from './pages/account/page';
import type { CallsPage } from './pages/calls/page';
import type { ConsolePage } from './pages/console/page';
import type { ContactsPage } from './pages/contacts/page';
import type { HomePage } from './pages/home/page';
import type { AboutRoomPage } from './pages/room-page/page';
import type { SetupPage } from './pages/setup/page';
import type { ResetPage, SignInPage, SignUpPage } from './pages/sign/page';
import type { TestPage } from './pages/test/page';
import type { Asked, Rating } from './rating';
import type { Route } from './route';
import type { Keymap } from './shortcuts';

export type Kind = 'microphone' | 'camera' | 'speaker';
/** What can be captured, as against what only plays. */
export type Capture = 'microphone' | 'camera';

export interface Device {
  readonly kind: Kind;
  readonly id: string;
  /** Empty until the person has allowed the page to see devices. */
  readonly label: string;
}

/** Why a camera or microphone does not work; each has its own text and remedy. */
export type Trouble =
  | 'refused-browser' | 'refused-system' | 'in-use' | 'none' | 'unplugged' | 'silent' | 'failed'
  /** The page came by http, where browsers give no devices. */
  | 'insecure'
  /** It was on, and went off by another hand than the person's. */
  | 'stopped'
  /** It works, but the meeting did not take it. */
  | 'not-sent';

export interface Source {
  /** What the person wants; kept while a trouble lasts. */
  readonly wanted: boolean;
  readonly state: 'closed' | 'opening' | 'open';
  readonly trouble: Trouble | null;
  /** What the person picked, remembered between visits; null is the system's choice. */
  readonly chosen: string | null;
  /** What is really open. */
  readonly used: string | null;
}

export interface Devices {
  /** `unasked` until the browser has said yes or no, so that we first tell why. */
  readonly permission: 'unknown' | 'unasked' | 'asked';
  readonly microphone: Source;
  readonly camera: Source;
  readonly speaker: { readonly chosen: string | null };
  /** What rings for calls that come in, where that is not the speaker. */
  readonly ringer: string | null;
  readonly list: readonly Device[];
  /** What was switched by hand at the door; it is the beginning of the next visit, unlike what a moment asked for. */
  readonly habit: Readonly<Record<Capture, boolean>>;
}

export type Theme = 'system' | 'light' | 'dark';
/** `normal` keeps the usual colours where the system asks for more contrast. */
export type Contrast = 'system' | 'more' | 'normal';
export type Language = Tongue;

/** What is remembered between visits, beside the devices. */
export interface Settings {
  readonly name: string;
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly language: Language;
  /** Whether bare letters, signs and the space bar act; some people's aids press them by themselves. */
  readonly letterKeys: boolean;
  /** The keys that were changed. */
  readonly keys: Keymap;
  /** Whether I am asked if I am still there, after a while alone in a meeting. */
  readonly askAlone: boolean;
}

export type Entry =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'refused'; readonly text: Text };

/** A meeting that is begun or looked for, from the start page or from home. */
export interface Starting {
  readonly busy: 'no' | 'making' | 'checking';
  /** The code that is being checked. */
  readonly asked: string | null;
  /** What is wrong with the code or link. */
  readonly codeWrong: Text | null;
  /** What went wrong on the way to the server. */
  readonly trouble: Text | null;
}

/** The first page of those who are not signed in. */
export interface StartPage extends Starting {
  readonly at: 'start';
}

/** Until the server has said what it is and who I am. */
export interface WaitingPage {
  readonly at: 'waiting';
  /** Where to go then. */
  readonly route: Route;
  readonly trouble: Text | null;
}

export interface RoomPage {
  readonly at: 'room';
  readonly code: string;
  /** Whether this visit made the room: then its link is offered once inside. */
  readonly fresh: boolean;
  readonly phase: Phase;
}

export type Phase =
  | { readonly is: 'looking' }
  | { readonly is: 'unknown' }
  | { readonly is: 'unreachable'; readonly text: Text }
  | Shut
  | PreJoin
  | Lobby
  | Entering
  | Meeting
  | Left;

/** The room is there, and its door is closed to me: locked, full, for members alone, or to me for good. */
export interface Shut {
  readonly is: 'shut';
  readonly view: RoomView;
}

export interface PreJoin {
  readonly is: 'prejoin';
  readonly view: RoomView;
  readonly entry: Entry;
  readonly nameMissing: boolean;
  /** So many are in that the microphone was switched off beforehand. */
  readonly quiet: boolean;
}

/** Somebody has to let me in: the page attends the room and waits. */
export interface Lobby {
  readonly is: 'lobby';
  readonly title: string;
  /** Since when, in milliseconds since 1970; 0 until the server has taken the question. */
  readonly since: number;
  /** Whether anybody is in who could let me in. */
  readonly hostPresent: boolean;
  /** A host sent me here from inside. */
  readonly moved: boolean;
  /** Nobody has answered for so long that asking again makes sense. */
  readonly late: boolean;
  /** `idle` while I wait, `busy` on the way in, `refused` when the answer was no. */
  readonly entry: Entry;
}

/** On the way into the room of a call, which has no pre-join. */
export interface Entering {
  readonly is: 'entering';
  /** The names of the others. */
  readonly title: string;
  readonly entry: Entry;
}

export interface Left {
  readonly is: 'left';
  readonly title: string;
  readonly why: LeaveReason;
  /** How long the stay was, in milliseconds. */
  readonly stayed: number;
  /** I was removed for good: there is no way back. */
  readonly barred: boolean;
  /** Who else was in meanwhile, in order of coming. */
  readonly met: readonly Met[];
  /** I belong here, and may look at the room's own page. */
  readonly belongs: boolean;
  /** What is asked about it, and answered; nothing where it is not asked. */
  readonly rating: Rating | null;
  /** Why it was bad, as the server counted it; nothing until it came. */
  readonly report: Report | null;
  readonly entry: Entry;
}

/** `move`: my other devices leave; `beside`: they stay, and this one makes no sound. */
export type Arrival = 'alone' | 'move' | 'beside';

/** How a session ends; moved to the lobby, one waits there. */
export type Ending = LeaveReason | 'moved';
export type LeaveReason = 'left' | 'alone' | 'ended' | 'elsewhere' | 'removed' | 'restarting' | 'lost';

export type LayoutChoice = 'auto' | 'grid' | 'speaker' | 'side';

export interface Meeting {
  readonly is: 'meeting';
  readonly title: string;
  readonly me: string;
  /** When the stay began, in milliseconds since 1970. */
  readonly since: number;
  /** `wavering` is trouble that is too young to be spoken of, `lost` trouble that has lasted. */
  readonly link: 'connected' | 'wavering' | 'reconnecting' | 'lost';
  /** The server said that it starts anew, and has not been back since. */
  readonly restarting: boolean;
  readonly people: readonly Person[];
  /** Everybody else who was in since I came. */
  readonly met: readonly Met[];
  /** The others, by seat: in order of joining, but for exchanges between pages. */
  readonly seats: readonly string[];
  readonly seatsOnPage: number;
  readonly page: number;
  /** What the strip beside something large shows. */
  readonly stretch: Stretch;
  readonly talk: Talk;
  /** What of the others is taken. */
  readonly taken: Taken;
  readonly held: Held;
  readonly spoke: Readonly<Record<string, number>>;
  readonly swapped: number;
  /** Who spoke last, me excepted: the large picture of the speaker view. */
  readonly foremost: string | null;
  /** The others in the order of the speaker view, the large one first: whoever becomes large changes places with the one before. */
  readonly order: readonly string[];
  /** When the large picture changed last, and who waits to be next. */
  readonly turnedAt: number;
  readonly waiting: string | null;
  /** The tile that I made large for myself, by its key. */
  readonly pinned: string | null;
  readonly layout: LayoutChoice;
  /** What was last asked of the shared screen, numbered, so that the same can be asked again. */
  readonly zoom: { readonly wish: ZoomWish; readonly id: number } | null;
  readonly corner: Corner;
  /** The small window is open. */
  readonly pip: boolean;
  /** The share whose tab is open. */
  readonly shown: string | null;
  readonly sharing: 'no' | 'asking' | 'yes';
  readonly sharePaused: boolean;
  readonly shareMode: ShareMode;
  /** Whether my share has sound, and the others hear it. */
  readonly shareSound: 'none' | 'on' | 'off';
  /** When I was last told that I talk while muted. */
  readonly reminded: number;
  /** I was told that my line is weak. */
  readonly warned: boolean;
  /** Whether my voice leaves this browser, where the server gets nothing of it; nothing until that was looked at. */
  readonly voiceSent: boolean | null;
  /** What takes more than this machine has, until I say what to do about it. */
  readonly strained: Dressing | null;
  readonly soundBlocked: boolean;
  /** Another device of mine is in, and this one plays nothing, so that nothing echoes. */
  readonly hushed: boolean;
  /** Nobody else has been here for a while. */
  readonly alone: Alone;
  /** The card with the link is open. */
  readonly inviting: boolean;
  /** The meeting as the server last told it: roles, policy, hands, who waits. Nothing until it did. */
  readonly live: MeetingState | null;
  /** The number of the last state on this line; a smaller one is older. Each new line begins anew. */
  readonly told: number;
  /** The open panel, cards, reactions, the chat. */
  readonly beside: Beside;
}

export type Page = WaitingPage | StartPage | HomePage | RoomPage | AboutRoomPage | SetupPage | SignInPage | SignUpPage | ResetPage | AccountPage | ConsolePage | CallsPage | ContactsPage | TalksPage | TestPage;

/** Who I am here. */
export type Session =
  | { readonly is: 'unknown' }
  | { readonly is: 'nobody' }
  | { readonly is: 'known'; readonly me: Me };

export interface Toast {
  readonly id: number;
  readonly text: Text;
  /** What to do about it. */
  readonly remedy: readonly Text[];
  readonly tone: 'plain' | 'trouble';
}

/** A toast that was shown, for the list of them. */
export interface Kept extends Toast {
  /** When, in milliseconds since 1970; nothing in the moment in which it comes. */
  readonly at: number | null;
}

export interface State {
  readonly page: Page;
  /** What the server says of itself; nothing until it answered. */
  readonly server: ServerView | null;
  readonly session: Session;
  /** My rooms, as last told; nothing until they were asked for. */
  readonly myRooms: readonly MyRoom[] | null;
  /** Calls, and who can be called. */
  readonly calling: Calling;
  /** Conversations between people. */
  readonly talks: Talks;
  readonly devices: Devices;
  readonly settings: Settings;
  readonly viewing: Viewing;
  readonly notices: Notices;
  readonly browser: Browser;
  readonly toast: Toast | null;
  /** Every toast of this page, oldest first, so that none is missed. */
  readonly kept: readonly Kept[];
  /** Whether this device has a network, as far as the browser knows. */
  readonly online: boolean;
  /** The browser offers to install the client as an application. */
  readonly installable: boolean;
  /**
   * Words for the polite live region, oldest first: what is said in the same moment is all there, and goes when it was heard.
   * Each stands in an element of its own, keyed by its `id`, in a region that is not atomic; remedies carry signs, as toasts do.
   */
  readonly said: readonly Said[];
  readonly overlay: Overlay | null;
  /** Counts toasts and announcements, so that each has a name of its own. */
  readonly count: number;
  /** After which meetings it was asked how they were. */
  readonly asked: Asked;
  /** How I am coming in, where another device of mine is in already. */
  readonly arrival: Arrival;
  /** Counts attempts to get in. It moves on when one ends, so that what is still told of it changes nothing. */
  readonly attempt: number;
}

/** The dialogs that may lie over any page. */
export type Overlay = 'help' | 'settings' | 'palette' | 'notices' | 'note' | 'contact' | 'voicemail' | 'invite';

/** What a visit begins with. */
export interface Beginning {
  readonly browser: Browser;
  readonly settings: Settings;
  readonly chosen: Readonly<Record<Kind, string | null>> & { readonly ringer?: string | null };
  readonly wanted: Readonly<Record<Capture, boolean>>;
  readonly viewing?: Viewing;
  readonly notices?: Notices;
  readonly asked?: Asked;
  readonly online?: boolean;
  readonly device?: string;
}

export const CALM: Starting = { busy: 'no', asked: null, codeWrong: null, trouble: null };
export const START_PAGE: StartPage = { at: 'start', ...CALM };

export function begin(from: Beginning): State {
  const source = (kind: Capture): Source => ({
    // Where no device can be had, the keys must not stand as if one were on; the habit stays for a better place.
    wanted: from.wanted[kind] && from.browser.media === 'yes',
    state: 'closed',
    trouble: null,
    chosen: from.chosen[kind],
    used: null,
  });
  return {
    page: { at: 'waiting', route: { to: 'start' }, trouble: null },
    server: null,
    session: { is: 'unknown' },
    myRooms: null,
    calling: calm(from.device ?? ''),
    talks: QUIET,
    devices: {
      permission: 'unknown',
      microphone: source('microphone'),
      camera: source('camera'),
      speaker: { chosen: from.chosen.speaker },
      ringer: from.chosen.ringer ?? null, list: [],
      habit: from.wanted,
    },
    settings: from.settings,
    viewing: from.viewing ?? VIEWING,
    notices: from.notices ?? NOTICES,
    browser: from.browser,
    toast: null,
    kept: [],
    online: from.online ?? true,
    installable: false,
    said: [],
    overlay: null,
    count: 0,
    asked: from.asked ?? {},
    arrival: 'alone',
    attempt: 0,
  };
}
