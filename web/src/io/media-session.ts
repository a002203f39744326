// The seam between Parlor and whatever carries sound and pictures. Nothing outside io/ knows what stands behind it.

import type { Digit } from '../core/calling/event';
import type { Capture, Ending, Kind, Person, Trouble } from '../core/state';
import type { Taking } from '../core/taking';
import type { Felt } from '../core/measuring';
import type { Dressing, ShareMode, Viewing } from '../core/viewing';
import type { End } from '../ports';

export interface Entrance {
  /** `ws:` or `wss:` address of the server. */
  readonly url: string;
  readonly token: string;
  /** What of these others is taken at once, until [MediaSession.take] says more. */
  readonly first: (people: readonly Person[]) => Taking;
}

/** What a session tells while it lasts. */
export interface MediaListener {
  people(people: readonly Person[]): void;
  /** The identities of all who speak now. */
  speaking(identities: readonly string[]): void;
  link(link: 'connected' | 'wavering'): void;
  soundBlocked(blocked: boolean): void;
  /** My share began or ended, by whatever hand. */
  shared(sharing: boolean): void;
  /** My share has sound, or no longer. */
  shareSounds(there: boolean): void;
  opened(kind: Capture, id: string | null): void;
  /** A device did not open, or what was sent of it ended by another hand than ours. */
  failed(kind: Capture, trouble: Trouble): void;
  /** A speaker could not be used; `used` is the one that plays, null the system's. */
  speakerFailed(used: string | null): void;
  /** My share is tuned for this. */
  tuned(mode: ShareMode): void;
  /** What was to be done to my sound or picture is not done; `ran` when it was until now. */
  undressed(dressing: Dressing, ran: boolean): void;
  /** What is done to my sound or picture takes more than this machine has. */
  strained(dressing: Dressing): void;
  /** The microphone that is sent, as the device gives it, for the meter. */
  microphone(track: MediaStreamTrack | null): void;
  /** Somebody else pressed a key of the keypad; nobody knows who where the identity is empty. */
  digit(identity: string, digit: Digit): void;
  /** What was measured of the last while. */
  measured(felt: Felt): void;
  /** Whether packets of my voice leave this browser, as was asked. */
  voice(sent: boolean): void;
  over(why: Ending): void;
}

export type ShareOutcome = 'shared' | 'cancelled' | 'refused-system' | 'unsupported' | 'failed';

/** One stay in one room. Whoever opens it ends it with [leave]; it may also end by itself and then says `over`. */
export interface MediaSession {
  /** Resolves once inside. */
  enter(entrance: Entrance): Promise<void>;
  /** Who is in now. */
  people(): readonly Person[];
  /** Who speaks: what is said of that on the way in is told to nobody. */
  speakers(): readonly string[];
  /** Whether the browser waits for a press before it plays sound. */
  soundBlocked(): boolean;
  /** Publishes a track that is open already; the session owns it from then on. */
  publish(kind: Capture, track: MediaStreamTrack): Promise<void>;
  turn(kind: Capture, on: boolean, id: string | null): Promise<void>;
  use(kind: Kind, id: string): Promise<void>;
  share(on: boolean): Promise<ShareOutcome>;
  /** Lets my share stand still, or go on. */
  pauseShare(on: boolean): Promise<void>;
  tuneShare(mode: ShareMode): Promise<void>;
  /** Lets the others hear my share, where it has sound. */
  soundShare(on: boolean): Promise<void>;
  /** How I like to see and hear from now on. */
  apply(viewing: Viewing): Promise<void>;
  /** Takes these of the others, of whatever they publish from now on too, and lets go of the rest. */
  take(taking: Taking): void;
  turnOnSound(): Promise<void>;
  /** Plays nothing of anybody, or everybody as set. */
  hush(on: boolean): void;
  /** Tries a broken line at once. */
  hurry(): void;
  /** Lets a key of the keypad sound here; `send`: I pressed it, for everybody. */
  press(key: { readonly digit: Digit; readonly send: boolean; readonly speaker: string | null }): void;
  /** Looks whether packets of my voice leave this browser; `voice` says so. */
  lookAtVoice(): void;
  attach(track: string, element: HTMLVideoElement): End;
  /** Ends the stay, also one that is only being entered. Never fails: `over` comes in any case, if one was inside. */
  leave(): Promise<void>;
}

/** Why a session could not begin. */
export class EntryError extends Error {
  readonly why: 'unreachable' | 'refused' | 'stopping' | 'no-media';

  constructor(why: EntryError['why'], message: string) {
    super(message);
    this.name = 'EntryError';
    this.why = why;
  }
}
