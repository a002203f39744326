// Talk while a key is held: muted people are heard for as long, and nobody stays open by it.

import { withSource } from './devices';
import type { State } from './state';
import { stay, type Step } from './step';

/** `on` while the key is held. Whoever presses it is muted; letting go mutes again, wherever the page has gone by then. */
export function talk(state: State, on: boolean): Step {
  const { microphone } = state.devices;
  if (microphone.wanted === on) return stay(state);
  const inCall = state.page.at === 'room' && state.page.phase.is === 'meeting';
  if (!inCall) return stay(on ? state : withSource(state, 'microphone', { wanted: false }));
  const next = withSource(state, 'microphone', on ? { wanted: true, trouble: null } : { wanted: false });
  return [next, [{ type: 'call/switch', kind: 'microphone', on, id: microphone.chosen }]];
}
