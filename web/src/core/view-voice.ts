// Whether somebody who is muted talks, as far as levels can tell, and what is said then.

import { say, type Key } from '../i18n/text';
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
  const key: Key = touched(state) ? 'meeting.you-are-muted.touch' : state.settings.letterKeys ? 'meeting.you-are-muted' : 'meeting.you-are-muted.ctrl';
  const text = { key, args: {} };
  return toast(announce(withMeeting(state, { reminded: at }), text), text, 'trouble');
}

/** My own line became weak while my camera is on: said once in a meeting. */
export function weakened(state: State, meeting: Meeting): Step {
  const me = meeting.people.find((person) => person.identity === meeting.me);
  if (meeting.warned || me?.connection !== 'weak' || !state.devices.camera.wanted) return stay(state);
  const text = say('meeting.weak');
  return toast(announce(withMeeting(state, { warned: true }), text), text, 'trouble');
}
