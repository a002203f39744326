// Whether somebody who is muted talks, as far as levels can tell, and what is said then.

import { say, type Text } from '../i18n/text';
import { keyOf, keyText, shownKey } from './shortcuts';
import type { Meeting, State } from './state';
import { announce, stay, toast, withMeeting, type Step } from './step';

/** Louder than this is a voice near the microphone, not a room: about -34 dB of full scale. */
const VOICE = 0.02;
/** Of the last looks so many must be loud: a cough or a key on the desk is over sooner. */
const LOOKS = 8;
const LOUD = 5;
/** The word is not repeated before this long. */
const AGAIN_MS = 30_000;

export interface Hearing {
  readonly loud: readonly boolean[];
  readonly talks: boolean;
}

export const SILENCE: Hearing = { loud: [], talks: false };

/** Takes in one more level (root of the mean square, 0 to 1). `talks` says that it has just become a voice. */
export function hear(before: Hearing, level: number): Hearing {
  const loud = [...before.loud, level >= VOICE].slice(-LOOKS);
  const talks = loud.filter(Boolean).length >= LOUD;
  return talks ? { loud: [], talks } : { loud, talks };
}

const touched = ({ browser }: State): boolean => browser.system === 'android' || browser.system === 'ios';

export function talking(state: State, meeting: Meeting, at: number): Step {
  if (state.devices.microphone.wanted || at - meeting.reminded < AGAIN_MS) return stay(state);
  const text = howToSpeak(state);
  return toast(announce(withMeeting(state, { reminded: at }), text), text, 'trouble');
}

/** What to press to be heard, as the keys are set. */
function howToSpeak(state: State): Text {
  const key = shownKey(state.settings, 'microphone');
  const hold = state.settings.letterKeys ? keyOf(state.settings.keys, 'talk', 'bare') : null;
  if (touched(state) || key === null) return say('meeting.you-are-muted.touch');
  return hold === null ? say('meeting.you-are-muted.ctrl', { key: keyText(key) }) : say('meeting.you-are-muted', { key: keyText(key), hold: keyText(hold) });
}

/** My own line became weak while my camera is on: said once in a meeting. */
export function weakened(state: State, meeting: Meeting): Step {
  const me = meeting.people.find((person) => person.identity === meeting.me);
  if (meeting.warned || me?.connection !== 'weak' || !state.devices.camera.wanted) return stay(state);
  const text = say('meeting.weak');
  return toast(announce(withMeeting(state, { warned: true }), text), text, 'trouble');
}
