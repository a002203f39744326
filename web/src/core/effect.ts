// Everything that the core can ask of the world. Effects are values; io/ carries them out and answers with events.

import type { Branding, Ticket } from '../proto/api.gen';
import type { Digit } from './calling/event';
import type { Alert, Sound } from './calling/watch';
import type { Call } from '../proto/calls';
import type { Timer } from './event';
import type { Given } from './meeting/chat';
import type { Chime, Notices } from './meeting/notices';
import type { Asked } from './rating';
import type { Route } from './route';
import type { Capture, Devices, Kind, Settings } from './state';
import type { Taking } from './taking';
import type { Scope } from './trial/run';
import type { ShareMode, Viewing } from './viewing';

export type Effect =
  | { readonly type: 'go'; readonly route: Route; readonly replace: boolean }
  /** A call to the REST API; answered by `answer`. */
  | { readonly type: 'call'; readonly call: Call }
  /** The browser's passkeys, with the calls around them; answered by `passkey`. */
  | { readonly type: 'passkey'; readonly to: 'sign-in' }
  | { readonly type: 'passkey'; readonly to: 'add'; readonly name: string }
  /** Opens the event socket where it is not open yet, and follows this room. */
  | { readonly type: 'attend'; readonly code: string }
  /** Follows no room any more. */
  | { readonly type: 'quit' }
  /** This window belongs to this device of mine: the event socket tells of people and of my calls, whatever page is shown. */
  | { readonly type: 'here'; readonly device: string; readonly idle: boolean }
  /** I am signed out. */
  | { readonly type: 'here/end' }
  /** What is heard of calls from now on, until it is nothing. */
  | { readonly type: 'calling/sound'; readonly sound: Sound | null; readonly speaker: string | null }
  /** The other windows of this browser let this call ring without a sound too. */
  | { readonly type: 'calling/hush'; readonly id: string }
  /** A call comes in: said in the title of the window, and by the system where it may; nothing when it is over. */
  | { readonly type: 'calling/alert'; readonly alert: Alert | null }
  /** Somebody for whom I waited is free: said by the system, where the window is not in front. */
  | { readonly type: 'calling/free'; readonly title: string; readonly account: string; readonly tongue: string }
  /** What the system shows of that is true no longer. */
  | { readonly type: 'calling/free-over'; readonly account: string }
  /** Asks the browser whether the system may show notices; answered by `notices/allowed`, with `wakes` as it is here. */
  | { readonly type: 'notices/ask'; readonly wakes?: true }
  /** Looks whether this browser is woken for calls of this account when no page is open, or switches that; answered by `push`. `renew` looks only where it was switched on. */
  | { readonly type: 'push'; readonly to: 'look' | 'renew' | 'on' | 'off'; readonly account: string; readonly device: string; readonly tongue: string }
  | { readonly type: 'room/make' }
  | { readonly type: 'room/look'; readonly code: string }
  /** Gets a ticket if it has none, opens what is still to be opened, enters, and sends whatever is open then. */
  | { readonly type: 'join'; readonly attempt: number; readonly code: string; readonly name: string; readonly ticket: Ticket | null; readonly open: readonly Opening[]; readonly speaker: string | null; readonly saver: Viewing['saver']; readonly lasting: boolean }
  /** Runs the connection test; told by `test/at`, `test/trial`, `test/heard` and `test/over`. */
  | { readonly type: 'test/run'; readonly run: number; readonly scope: Scope; readonly devices: boolean }
  | { readonly type: 'test/stop' }
  /** Gives the report of a run as a file, with the time and the name of the browser where the text has gaps for them. */
  | { readonly type: 'test/report'; readonly text: string }
  | { readonly type: 'devices/look' }
  | { readonly type: 'devices/open'; readonly open: readonly Opening[] }
  | { readonly type: 'devices/close'; readonly kinds: readonly Capture[] }
  | { readonly type: 'devices/tone'; readonly speaker: string | null }
  | { readonly type: 'call/switch'; readonly kind: Capture; readonly on: boolean; readonly id: string | null }
  | { readonly type: 'call/device'; readonly kind: Kind; readonly id: string }
  | { readonly type: 'call/share'; readonly on: boolean }
  | { readonly type: 'call/turn-on-sound' }
  /** Plays nothing of anybody, or everybody as I like to hear them. */
  | { readonly type: 'call/hush'; readonly on: boolean }
  /** The tone of a key of the keypad, through the chosen speaker; `send` for everybody in the call too. */
  | { readonly type: 'call/digit'; readonly digit: Digit; readonly send: boolean; readonly speaker: string | null }
  /** What of the others is taken from now on. */
  | { readonly type: 'call/take'; readonly taking: Taking }
  /** Looks whether my voice leaves this browser; answered by `call/voice`. */
  | { readonly type: 'call/look-at-voice' }
  /** Tries a broken line at once. */
  | { readonly type: 'call/hurry' }
  /** Ends an attempt, whether it is inside or still on the way in. */
  | { readonly type: 'call/leave'; readonly attempt: number }
  | { readonly type: 'fullscreen' }
  /** Opens the small window or closes it; where it can hold a picture alone, `key` is the tile whose picture that is. */
  | { readonly type: 'pip'; readonly on: boolean; readonly key: string | null }
  | { readonly type: 'share/pause'; readonly on: boolean }
  | { readonly type: 'share/mode'; readonly mode: ShareMode }
  | { readonly type: 'share/sound'; readonly on: boolean }
  /** Tells the session how I like to see and hear. */
  | { readonly type: 'view/apply'; readonly viewing: Viewing }
  | { readonly type: 'view/keep'; readonly viewing: Viewing }
  | { readonly type: 'asked/keep'; readonly asked: Asked }
  | { readonly type: 'notices/keep'; readonly notices: Notices }
  /** A sound, through the chosen speaker. */
  | { readonly type: 'chime'; readonly chime: Chime; readonly speaker: string | null }
  /** Sends a file to the room; told by `upload/sent` and `upload/done`. */
  | { readonly type: 'upload'; readonly code: string; readonly upload: number; readonly file: Given }
  /** Takes it back; all of them when it is null. */
  | { readonly type: 'upload/stop'; readonly upload: number | null }
  /** The link of a room, or a path of ours with what stands after its `#`. */
  | { readonly type: 'copy'; readonly code: string }
  | { readonly type: 'copy-path'; readonly path: string }
  | { readonly type: 'copy-text'; readonly text: string }
  | { readonly type: 'title'; readonly title: string | null }
  /** The browser's own question whether to install the client; answered by `install/offered`. */
  | { readonly type: 'install' }
  | { readonly type: 'dress'; readonly settings: Settings }
  /** Puts on the colours of the house, and its name. */
  | { readonly type: 'brand'; readonly name: string; readonly branding: Branding }
  | { readonly type: 'remember'; readonly settings: Settings; readonly devices: Devices }
  | { readonly type: 'timer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'timer/stop'; readonly name: Timer['name'] };

export interface Opening {
  readonly kind: Capture;
  readonly id: string | null;
}
