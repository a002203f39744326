// The way into the room of a call, and out of it: without pre-join, since whoever calls or answers has chosen already.

import type { Call } from '../../proto/api.gen';
import { ask } from '../calls';
import { CAPTURES, closeAll, withSource } from '../devices';
import { enter } from '../enter';
import { leaveFor } from '../start';
import type { Effect } from '../effect';
import type { Capture, Left, RoomPage, State } from '../state';
import { andThen, announce, stay, withPhase, type Step } from '../step';
import { callHere, inside, namesOf, withCalling } from './calling';
import { endWords } from './words';

/** How a call is gone into. */
interface Going {
  /** A list had it already. */
  readonly told: boolean;
  /** What was talked in here is put on hold, and else ended. */
  readonly keeps: boolean;
}

/** Goes into the room of a call; whatever was going on here is left. */
export function enterCall(state: State, call: Call, video: boolean, going: Going): Step {
  return enterWith(state, call, { microphone: state.devices.habit.microphone, camera: video }, going);
}

/** The same with microphone and camera as they are now: whoever only changes from one call to another goes on as they were. */
export const goOver = (state: State, call: Call, keeps: boolean): Step =>
  enterWith(state, call, { microphone: callHere(state) !== null ? state.devices.microphone.wanted : state.devices.habit.microphone, camera: state.devices.camera.wanted }, { told: true, keeps });

function enterWith(state: State, call: Call, wanted: Readonly<Record<Capture, boolean>>, { told, keeps }: Going): Step {
  const page: RoomPage = { at: 'room', code: call.code, fresh: false, phase: { is: 'entering', title: namesOf(call), entry: { state: 'busy' } } };
  const left = leaveFor(state, page, [{ type: 'go', route: { to: 'room', code: call.code }, replace: inside(state) }]);
  return andThen(left, (now) => {
    // The page that is left keeps its own call until it is hung up, see `watchCalling`.
    const mine = { call, told, hungUp: false, keeps };
    // However somebody wanted to come in at a door that is left: a call is come into to talk.
    return enter(withCalling(wanting({ ...now, arrival: 'alone' }, wanted), { mine, outcome: null, afterword: null, coming: null }), null);
  });
}

/** What is wanted of the devices from now on, as far as this browser gives any. */
export const wanting = (state: State, wanted: Readonly<Record<Capture, boolean>>): State =>
  CAPTURES.reduce((now, kind) => withSource(now, kind, { wanted: wanted[kind] && now.browser.media === 'yes' }), state);

export const endOf = (call: Call): Effect => ask({ name: 'calls/act', id: call.id, act: { act: 'end' } });

/** I end the call that this window is in. */
export function hangUp(state: State): Step {
  const call = callHere(state);
  const { mine } = state.calling;
  if (call === null || mine === null || !inside(state)) return stay(state);
  const effects: readonly Effect[] = mine.hungUp ? [] : [endOf(call)];
  return andThen([withCalling(state, { mine: { ...mine, hungUp: true } }), effects], goOut);
}

/** Leaves the room of a call; inside, the session says when it has. */
export function goOut(state: State): Step {
  const { page } = state;
  if (page.at !== 'room') return stay(state);
  const leave: Effect = { type: 'call/leave', attempt: state.attempt };
  if (page.phase.is === 'meeting') return [state, [leave]];
  if (page.phase.is !== 'entering') return stay(state);
  // It was never inside, so that nobody says that it is over.
  const left: Left = {
    is: 'left', title: page.phase.title, why: 'left', stayed: 0, barred: false, met: [], belongs: false, rating: null, report: null, entry: { state: 'idle' },
  };
  const [closed, closing] = closeAll(state);
  const out = withPhase({ ...closed, overlay: null, toast: null, attempt: state.attempt + 1 }, page, left);
  const call = callHere(out);
  return [call === null ? out : announce(out, endWords(call, null).title), [leave, ...closing, { type: 'quit' }, { type: 'title', title: null }]];
}
