// Nobody else in the meeting: after a while I am asked whether I am still there, and without an answer I leave.

import { say } from '../../i18n/text';
import { inCall } from '../calling/calling';
import type { Effect } from '../effect';
import type { Meeting, State } from '../state';
import { andThen, announce, inMeeting, stay, withMeeting, type Step } from '../step';

export type Alone =
  | { readonly is: 'no' }
  /** The time runs. */
  | { readonly is: 'quiet' }
  /** I am asked; at `until`, in milliseconds since 1970, I leave. */
  | { readonly is: 'asked'; readonly until: number }
  /** I did not answer, and leave. */
  | { readonly is: 'over' };

export const NOT_ALONE: Alone = { is: 'no' };

/** So long nobody else is there before I am asked: a break for coffee is shorter. */
const QUIET_MS = 5 * 60_000;
/** And so long I have to answer: to come back from the next room. */
const ANSWER_MS = 60_000;

const STOP: readonly Effect[] = [{ type: 'timer/stop', name: 'alone' }, { type: 'timer/stop', name: 'alone-over' }];

const meetingOf = ({ page }: State): Meeting | null => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase : null);

/** Somebody at the door is company too: whoever leads is needed there. */
const isAlone = (meeting: Meeting): boolean => meeting.people.length <= 1 && (meeting.live?.waiting.length ?? 0) === 0;

/** After every step: begins to count when I am alone in a meeting (a call ends by itself, and on hold I wait for somebody), and stops when I am not, or may not be asked, or have left. */
export function watchAlone(before: State, step: Step): Step {
  const [state] = step;
  if (state === before) return step;
  const [was, now] = [meetingOf(before), meetingOf(state)];
  if (!now) return was && was.alone.is !== 'no' ? andThen(step, (next) => [next, STOP]) : step;
  const counts = state.settings.askAlone && isAlone(now) && !inCall(state);
  if (counts && now.alone.is === 'no') return andThen(step, quiet);
  if (!counts && now.alone.is !== 'no') return andThen(step, (next) => [withMeeting(next, { alone: NOT_ALONE }), STOP]);
  return step;
}

const quiet = (state: State): Step =>
  [withMeeting(state, { alone: { is: 'quiet' } }), [...STOP, { type: 'timer', timer: { name: 'alone' }, ms: QUIET_MS }]];

/** The time is up, at `at`: asked, said and heard. */
export function askStillThere(state: State, at: number): Step {
  return inMeeting(state, ({ alone }) => {
    if (alone.is !== 'quiet') return stay(state);
    const asked = withMeeting(state, { alone: { is: 'asked', until: at + ANSWER_MS } });
    return [announce(asked, say('alone.title'), say('alone.text')), [
      { type: 'devices/tone', speaker: state.devices.speaker.chosen },
      { type: 'timer', timer: { name: 'alone-over' }, ms: ANSWER_MS },
    ]];
  });
}

/** I am there: the time begins anew. */
export const stillHere = (state: State): Step => inMeeting(state, ({ alone }) => (alone.is === 'asked' ? quiet(state) : stay(state)));

/** No answer came. */
export const goneAlone = (state: State): Step =>
  inMeeting(state, ({ alone }) => (alone.is === 'asked'
    ? [withMeeting(state, { alone: { is: 'over' } }), [{ type: 'call/leave', attempt: state.attempt }]]
    : stay(state)));
