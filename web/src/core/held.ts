// Pictures that the server holds back because the line has no room for them beside the sound: noticed at once, shown when it lasts.

import { say } from '../i18n/text';
import { callHere } from './calling/calling';
import { shareKey } from './selectors';
import type { Meeting, State } from './state';
import { andThen, announce, inMeeting, stay, withMeeting, type Step } from './step';

export interface Held {
  /** Held back since a moment. By the key of the tile, as all here. */
  readonly young: readonly string[];
  /** For so long that it is shown. */
  readonly shown: readonly string[];
}

export const NONE_HELD: Held = { young: [], shown: [] };

/** Shorter than this it is not worth a word: while a line is measured pictures pause and go on. */
export const HELD_MS = 1_000;

/** Nothing passes in a call that somebody has on hold: that is said elsewhere, and it is not the line. */
function rests(state: State): boolean {
  const call = callHere(state);
  return call !== null && (call.stage.is === 'held' || call.others.some(({ stage }) => stage.is === 'held'));
}

/** What is held back now of that which is on the screen: what left it is paused anyway. */
function heldNow(state: State, { people, taken }: Meeting): readonly string[] {
  if (rests(state)) return [];
  const keys = people.flatMap(({ identity, cameraHeld, screenHeld }) => [...(cameraHeld ? [identity] : []), ...(screenHeld ? [shareKey(identity)] : [])]);
  return keys.filter((key) => key in taken.pictures && !taken.lingering.includes(key));
}

const meetingOf = ({ page }: State): Meeting | null => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase : null);

/** After every step: a picture that goes on is shown at once, one that stands still only after a while. */
export function watchHeld(before: State, step: Step): Step {
  const [state] = step;
  const [was, now] = [meetingOf(before), meetingOf(state)];
  if (!now) return was ? andThen(step, (over) => [over, [{ type: 'timer/stop', name: 'held' }]]) : step;
  if (was?.people === now.people && was.taken === now.taken && before.calling === state.calling) return step;
  const keys = heldNow(state, now);
  if (keys.length === 0 && now.held === NONE_HELD) return step;
  return andThen(step, (then) => settled(then, now.held.shown.filter((key) => keys.includes(key)), now.held.young.filter((key) => keys.includes(key)), keys));
}

/** The time is up for those that were young when it began. */
export function heldLong(state: State): Step {
  return inMeeting(state, (meeting) => {
    const { young, shown } = meeting.held;
    const first = shown.length === 0 && young.length > 0 && !rests(state);
    const keys = heldNow(state, meeting);
    const next = settled(state, [...shown, ...young].filter((key) => keys.includes(key)), [], keys);
    return first ? andThen(next, (then) => stay(announce(then, say('meeting.held')))) : next;
  });
}

/** Those that are neither shown nor young become young when no others are: so each waits for once to twice the time. */
function settled(state: State, shown: readonly string[], young: readonly string[], keys: readonly string[]): Step {
  if (young.length > 0) return stay(withMeeting(state, { held: { shown, young } }));
  const fresh = keys.filter((key) => !shown.includes(key));
  if (fresh.length > 0) return [withMeeting(state, { held: { shown, young: fresh } }), [{ type: 'timer', timer: { name: 'held' }, ms: HELD_MS }]];
  return stay(withMeeting(state, { held: shown.length > 0 ? { shown, young: [] } : NONE_HELD }));
}
