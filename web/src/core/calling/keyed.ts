// A key of the keypad, pressed here or by somebody else: who hears it.

import { inMeeting, stay, type Step } from '../step';
import type { State } from '../state';
import { earOf } from '../viewing';
import { callHere, rests } from './calling';
import type { Digit } from './event';

/** I pressed one: it sounds here, and goes to everybody in the call. By `from` it was somebody else: it sounds here alone. */
export const keyed = (state: State, digit: Digit, from: string | null = null): Step => inMeeting(state, ({ hushed }) => {
  const call = callHere(state);
  // Nothing passes while a call rests; and whom I do not hear, I do not hear pressing keys.
  if (call === null || rests(call) || (from !== null && (hushed || earOf(state.viewing, from).hushed))) return stay(state);
  return [state, [{ type: 'call/digit', digit, send: from === null, speaker: state.devices.speaker.chosen }]];
});
