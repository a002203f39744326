// Everything that the core can ask of the world. Effects are values; io/ carries them out and answers with events.

import type { Route, Timer } from './event';
import type { Capture, Devices, Kind, Settings } from './state';

export type Effect =
  | { readonly type: 'go'; readonly route: Route; readonly replace: boolean }
  | { readonly type: 'room/make' }
  | { readonly type: 'room/look'; readonly code: string }
  /** Gets a ticket, opens what is still to be opened, enters, and sends whatever is open then. */
  | { readonly type: 'join'; readonly attempt: number; readonly code: string; readonly name: string; readonly open: readonly Opening[]; readonly speaker: string | null }
  | { readonly type: 'devices/look' }
  | { readonly type: 'devices/open'; readonly open: readonly Opening[] }
  | { readonly type: 'devices/close'; readonly kinds: readonly Capture[] }
  | { readonly type: 'devices/tone'; readonly speaker: string | null }
  | { readonly type: 'call/switch'; readonly kind: Capture; readonly on: boolean; readonly id: string | null }
  | { readonly type: 'call/device'; readonly kind: Kind; readonly id: string }
  | { readonly type: 'call/share'; readonly on: boolean }
  | { readonly type: 'call/turn-on-sound' }
  /** Ends an attempt, whether it is inside or still on the way in. */
  | { readonly type: 'call/leave'; readonly attempt: number }
  | { readonly type: 'fullscreen' }
  | { readonly type: 'copy'; readonly code: string }
  | { readonly type: 'title'; readonly title: string | null }
  | { readonly type: 'dress'; readonly settings: Settings }
  | { readonly type: 'remember'; readonly settings: Settings; readonly devices: Devices }
  | { readonly type: 'timer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'timer/stop'; readonly name: Timer['name'] };

export interface Opening {
  readonly kind: Capture;
  readonly id: string | null;
}
