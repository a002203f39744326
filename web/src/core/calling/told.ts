// What the event socket tells of people and calls.

import { say, type Text } from '../../i18n/text';
import type { Call, Reachable } from '../../proto/api.gen';
import { ask, codeOf } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { andThen, announce, stay, toast, type Step } from '../step';
import type { Problem } from '../../proto/api.gen';
import { callHere, inside, isOver, namesOf, ringsHere, withCalling, type Mine } from './calling';
import { elsewhereWords, endWords, kindWords, stageWords } from './words';
import { goOut } from './way';

/** So long the card says what became of a call. */
export const AFTERWORD_MS = 5_000;
/** A socket does not say why it was not opened. After so many losses in a row it is asked whether I am still signed in. */
const LOSSES = 3;

export const peopleTold = (state: State, people: readonly Reachable[]): Step =>
  stay(withCalling(state, { people: Object.fromEntries(people.map((one) => [one.account, one])) }));

export const presenceTold = (state: State, person: Reachable): Step =>
  stay(withCalling(state, { people: { ...state.calling.people, [person.account]: person } }));

/** The whole list came. An older one than the last changes nothing. */
export function callsTold(state: State, number: number, calls: readonly Call[]): Step {
  const before = state.calling;
  if (number < before.number || state.session.is !== 'known') return stay(state);
  const there = new Set(calls.map(({ id }) => id));
  const told: State = withCalling(state, {
    number,
    calls,
    rung: before.rung.filter((id) => there.has(id)),
    hushed: before.hushed.filter((id) => there.has(id)),
    pressed: Object.fromEntries(Object.entries(before.pressed).filter(([id]) => there.has(id))),
    mine: before.mine && refreshed(before.mine, calls),
  });
  const steps = [(now: State) => silenced(now, before.calls), (now: State) => ringing(now, before.calls), (now: State) => moved(now, before.mine)];
  return steps.reduce((done, part) => andThen(done, part), stay(told));
}

/** My call as it is now; one that was told once and is told no more was over a minute ago. */
function refreshed(mine: Mine, calls: readonly Call[]): Mine {
  const now = calls.find(({ id }) => id === mine.call.id);
  if (now !== undefined) return { ...mine, call: now, told: true };
  return mine.told && !isOver(mine.call) ? { ...mine, call: { ...mine.call, stage: { is: 'ended', why: 'over' } } } : mine;
}

/** Calls that ring: the server is told of each once on a line, since it forgets with the line that it rings here; it is said once. */
function ringing(state: State, before: readonly Call[]): Step {
  const { calling } = state;
  const fresh = calling.calls.filter((call) => ringsHere(call) && !calling.rung.includes(call.id) && calling.pressed[call.id] === undefined && calling.mine?.call.id !== call.id);
  if (fresh.length === 0) return stay(state);
  const known = new Set(before.filter(ringsHere).map(({ id }) => id));
  const began = fresh.filter(({ id }) => !known.has(id));
  const rung = withCalling(state, { rung: [...calling.rung, ...fresh.map(({ id }) => id)], ...(began.length > 0 ? { afterword: null } : {}) });
  const said = began.reduce((now, call) => announce(now, say('calling.in.said', { name: namesOf(call), kind: kindWords(call) })), rung);
  return [said, fresh.map(({ id }): Effect => ask({ name: 'calls/act', id, act: { act: 'ring', device: calling.device } }))];
}

/** Calls that ring here no more, though nothing was pressed in this window: it is said what became of them. */
function silenced(state: State, before: readonly Call[]): Step {
  const { calling } = state;
  return before.reduce((step, old) => {
    const now = calling.calls.find(({ id }) => id === old.id);
    if (!ringsHere(old) || now === undefined || ringsHere(now) || calling.pressed[old.id] !== undefined || calling.mine?.call.id === old.id) return step;
    return andThen(step, (next) => ceased(next, now));
  }, stay(state));
}

function ceased(state: State, call: Call): Step {
  if (call.on !== undefined) {
    // Another window of this browser took it: whoever sits here knows.
    return call.on.device === state.calling.device ? stay(state) : withAfterword(state, call, elsewhereWords(call));
  }
  if (call.stage.is !== 'ended' || call.stage.why === 'declined' || call.stage.why === 'busy' || call.stage.why === 'doNotDisturb') return stay(state);
  const text = say('calling.missed', { name: namesOf(call) });
  return toast(announce(state, text), text);
}

export const withAfterword = (state: State, call: Call, text: Text): Step => [
  announce(withCalling(state, { afterword: { call, text } }), text),
  [{ type: 'timer', timer: { name: 'afterword' }, ms: AFTERWORD_MS }],
];

/** The call that this window is in has come further, or is over. */
function moved(state: State, before: Mine | null): Step {
  const { mine } = state.calling;
  if (mine === null || before === null || callHere(state) === null) return stay(state);
  const { call } = mine;
  if (!isOver(call)) {
    const [was, words] = [stageWords(before.call), stageWords(call)];
    const waits = call.answered === undefined && inside(state);
    return stay(waits && (was.key !== words.key || was.args['n'] !== words.args['n']) ? announce(state, words) : state);
  }
  if (inside(state)) return goOut(state);
  // The room closed a moment before the reason came: the page says it now.
  const [was, words] = [endWords(before.call, null), endWords(call, null)];
  return stay(was.title.key === words.title.key ? state : announce(state, words.title));
}

/** A new line stands: its numbers begin anew, and nobody knows on it that anything rings here. */
export const callsUp = ({ calling, ...state }: State): State => ({ ...state, calling: { ...calling, number: 0, lost: 0, rung: [] } });

/** The line was lost, outside of meetings, which ask for themselves. */
export function callsLost(state: State): Step {
  if (state.session.is !== 'known') return stay(state);
  const lost = state.calling.lost + 1;
  const asks = lost % LOSSES === 0 && !inside(state);
  return [withCalling(state, { lost }), asks ? [ask({ name: 'me' })] : []];
}

/** The server does not take this page for one of mine. */
export const hereRefused = (state: State, problem: Problem): Step =>
  [state, codeOf(problem) === 'sign_in_first' && state.session.is === 'known' && !inside(state) ? [ask({ name: 'me' })] : []];
