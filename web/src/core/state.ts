// The whole state of the client. Each subject is a union, so that what cannot be cannot be written down.

import type { Said, Text } from '../i18n/text';
import type { RoomView } from '../proto/api.gen';

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
  readonly list: readonly Device[];
  /** What was switched by hand at the door; it is the beginning of the next visit, unlike what a moment asked for. */
  readonly habit: Readonly<Record<Capture, boolean>>;
}

export type Theme = 'system' | 'light' | 'dark';
export type Contrast = 'system' | 'more';
export type Language = 'en' | 'fr';

/** What is remembered between visits, beside the devices. */
export interface Settings {
  readonly name: string;
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly language: Language;
  /** Whether bare letters, signs and the space bar act; some people's aids press them by themselves. */
  readonly letterKeys: boolean;
}

/** What this browser can do; read once at the start. */
export interface Browser {
  readonly family: 'chromium' | 'firefox' | 'safari' | 'other';
  readonly system: 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'other';
  /** Whether meetings can be held at all, and if not, why. */
  readonly media: 'yes' | 'insecure' | 'missing';
  readonly share: boolean;
  readonly fullscreen: boolean;
  readonly origin: string;
}

export type Entry =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'refused'; readonly text: Text };

export interface StartPage {
  readonly at: 'start';
  readonly busy: 'no' | 'making' | 'checking';
  /** The code that is being checked. */
  readonly asked: string | null;
  /** What is wrong with the code or link. */
  readonly codeWrong: Text | null;
  /** What went wrong on the way to the server. */
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
  | PreJoin
  | Meeting
  | Left;

export interface PreJoin {
  readonly is: 'prejoin';
  readonly view: RoomView;
  readonly entry: Entry;
  readonly nameMissing: boolean;
  /** So many are in that the microphone was switched off beforehand. */
  readonly quiet: boolean;
}

export interface Left {
  readonly is: 'left';
  readonly title: string;
  readonly why: LeaveReason;
  /** How long the stay was, in milliseconds. */
  readonly stayed: number;
  readonly entry: Entry;
}

export type LeaveReason = 'left' | 'ended' | 'elsewhere' | 'removed' | 'restarting' | 'lost';

/** A participant as the media session knows it. Track ids are names for pictures that `io/` holds. */
export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly microphone: boolean;
  readonly camera: string | null;
  readonly share: string | null;
  readonly connection: 'good' | 'weak' | 'lost';
}

export type LayoutChoice = 'auto' | 'grid' | 'speaker' | 'side';
export type Corner = 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end';

export interface Meeting {
  readonly is: 'meeting';
  readonly title: string;
  readonly me: string;
  /** When the stay began, in milliseconds since 1970. */
  readonly since: number;
  /** `wavering` is trouble that is too young to be spoken of. */
  readonly link: 'connected' | 'wavering' | 'reconnecting';
  readonly people: readonly Person[];
  /** The others, by seat: in order of joining, but for exchanges between pages. */
  readonly seats: readonly string[];
  readonly seatsOnPage: number;
  readonly page: number;
  readonly spoke: Readonly<Record<string, number>>;
  readonly swapped: number;
  /** Who spoke last, me excepted: the large picture of the speaker view. */
  readonly foremost: string | null;
  readonly layout: LayoutChoice;
  readonly corner: Corner;
  /** The share whose tab is open. */
  readonly shown: string | null;
  readonly sharing: 'no' | 'asking' | 'yes';
  readonly soundBlocked: boolean;
  /** The card with the link is open. */
  readonly inviting: boolean;
}

export type Page = StartPage | RoomPage;

export interface Toast {
  readonly id: number;
  readonly text: Text;
  /** What to do about it. */
  readonly remedy: readonly Text[];
  readonly tone: 'plain' | 'trouble';
}

export interface State {
  readonly page: Page;
  readonly devices: Devices;
  readonly settings: Settings;
  readonly browser: Browser;
  readonly toast: Toast | null;
  /**
   * Words for the polite live region, oldest first: what is said in the same moment is all there, and goes when it was heard.
   * Each stands in an element of its own, keyed by its `id`, in a region that is not atomic; remedies carry signs, as toasts do.
   */
  readonly said: readonly Said[];
  readonly overlay: 'help' | 'settings' | null;
  /** Counts toasts and announcements, so that each has a name of its own. */
  readonly count: number;
  /** Counts attempts to get in. It moves on when one ends, so that what is still told of it changes nothing. */
  readonly attempt: number;
}

/** What a visit begins with. */
export interface Beginning {
  readonly browser: Browser;
  readonly settings: Settings;
  readonly chosen: Readonly<Record<Kind, string | null>>;
  readonly wanted: Readonly<Record<Capture, boolean>>;
}

export const START_PAGE: StartPage = { at: 'start', busy: 'no', asked: null, codeWrong: null, trouble: null };

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
    page: START_PAGE,
    devices: {
      permission: 'unknown',
      microphone: source('microphone'),
      camera: source('camera'),
      speaker: { chosen: from.chosen.speaker },
      list: [],
      habit: from.wanted,
    },
    settings: from.settings,
    browser: from.browser,
    toast: null,
    said: [],
    overlay: null,
    count: 0,
    attempt: 0,
  };
}
