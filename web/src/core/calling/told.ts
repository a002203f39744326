// What the event socket tells of people and calls.

import { say, type Text } from '../../i18n/text';
import type { Call, Contact, Reachable, Why } from '../../proto/api.gen';
import { ask, codeOf } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { andThen, announce, stay, toast, type Step } from '../step';
import type { Problem } from '../../proto/api.gen';
import { fetchCalls, wayOf } from '../pages/calls/page';
import { stillFree } from './awaiting';
import { BOOK, renamed } from './book';
import { callersOf, callHere, carded, countMissed, foremost, heldBy, inside, isHere, isOver, mineOf, namesOf, ringsHere, withCalling, type Calling, type Mine } from './calling';
import { declinedWords, elsewhereWords, endWords, forwardedWords, kindWords, stageWords, whyWords } from './words';
import { SAID } from './presence';
import { endOf, goOut, goOver } from './way';

/** So long the card says what became of a call. */
export const AFTERWORD_MS = 5_000;
/** A socket does not say why it was not opened. After so many losses in a row it is asked whether I am still signed in. */
const LOSSES = 3;

/** Whoever has the list of calls before them sees what came, too. */
const listAgain = ({ page }: State): Effect[] => (page.at === 'calls' && page.only !== 'voicemail' ? [fetchCalls(page)] : []);

/** A new line: I may have missed calls while there was none. A list that is on its way will have them. */
export const peopleTold = (state: State, people: readonly Reachable[], awaited: readonly Contact[]): Step =>
  andThen(countMissed(stillFree(withCalling(state, { people: Object.fromEntries(people.map((one) => [one.account, one])), awaited }))), (now) => [now, [SAID, BOOK, ...(now.page.at === 'calls' && now.page.calls === null ? [] : listAgain(now))]]);

export function presenceTold(state: State, person: Reachable): Step {
  const me = state.session.is === 'known' && state.session.me.account.id === person.account;
  // Perhaps I said something else of myself on another device.
  return [stillFree(withCalling(state, { people: { ...state.calling.people, [person.account]: person } })), me ? [SAID] : []];
}

/** The whole list came. An older one than the last changes nothing. */
export function callsTold(state: State, number: number, list: readonly Call[]): Step {
  const before = state.calling;
  const calls = list.map((call) => renamed(before, call));
  if (number < before.number || state.session.is !== 'known') return stay(state);
  const there = new Set(calls.map(({ id }) => id));
  // A call may ring a second time, when it comes back.
  const rings = new Set(calls.filter(ringsHere).map(({ id }) => id));
  const rang = new Set(before.calls.filter((call) => !ringsHere(call)).map(({ id }) => id));
  // What was pressed the first time is no answer to the second.
  const stands = (id: string): boolean => there.has(id) && !(rings.has(id) && rang.has(id));
  const told: State = withCalling(state, {
    number,
    calls,
    rung: before.rung.filter((id) => rings.has(id)),
    hushed: before.hushed.filter((id) => rings.has(id)),
    pressed: Object.fromEntries(Object.entries(before.pressed).filter(([id]) => stands(id))),
    mine: before.mine && refreshed(before.mine, calls),
  });
  const steps = [
    (now: State) => missed(now, before.calls), (now: State) => silenced(now, before.calls), (now: State) => ringing(now, before.calls), (now: State) => moved(now, before),
    (now: State) => dropped(now, before.calls),
  ];
  return steps.reduce((done, part) => andThen(done, part), stay(told));
}

const callerNames = (call: Call): string => callersOf(call).map(({ name }) => name).join(', ');

/** Calls that I missed since: the server counts them, and whoever looks at the list sees them. */
function missed(state: State, before: readonly Call[]): Step {
  // One that I forwarded is over for me before it is missed.
  const known = new Set(before.filter((call) => isOver(call) && wayOf(call) === 'missed').map(({ id }) => id));
  const fresh = state.calling.calls.filter((call) => !known.has(call.id) && wayOf(call) === 'missed');
  if (fresh.length === 0) return stay(state);
  return andThen(countMissed(state), (now) => [now, listAgain(now)]);
}

/** My call as it is now; one that was told once and is told no more was over a minute ago. */
function refreshed(mine: Mine, calls: readonly Call[]): Mine {
  const now = calls.find(({ id }) => id === mine.call.id);
  if (now !== undefined) return { ...mine, call: now, told: true };
  return mine.told && !isOver(mine.call) ? { ...mine, call: { ...mine.call, stage: { is: 'ended', why: 'over' } } } : mine;
}

/** Calls whose cards are shown: the server is told of each once on a line, since it forgets with the line that it rings here; it is said once. */
function ringing(state: State, before: readonly Call[]): Step {
  const { calling } = state;
  const fresh = carded(state).filter(({ id }) => !calling.rung.includes(id) && calling.pressed[id] === undefined);
  if (fresh.length === 0) return stay(state);
  const known = new Set(carded({ ...state, calling: { ...calling, calls: before, pressed: {} } }).map(({ id }) => id));
  const began = fresh.filter(({ id }) => !known.has(id));
  const rung = withCalling(state, { rung: [...calling.rung, ...fresh.map(({ id }) => id)], ...(began.length > 0 ? { afterword: null } : {}) });
  // The keys mean the one that is heard: of another they are not said.
  const first = foremost(rung)?.id;
  const said = began.reduce((now, call) => announce(now, say(call.id === first ? 'calling.in.said' : 'calling.in.said.too', { name: callerNames(call), kind: kindWords(call) })), rung);
  return [said, fresh.map(({ id }): Effect => ask({ name: 'calls/act', id, act: { act: 'ring', device: calling.device } }))];
}

/** Calls that ring here no more, though nothing was pressed in this window, or too late: it is said what became of them. */
function silenced(state: State, before: readonly Call[]): Step {
  const { calling } = state;
  return before.reduce((step, old) => {
    const now = calling.calls.find(({ id }) => id === old.id);
    const pressed = calling.pressed[old.id];
    if (!ringsHere(old) || now === undefined || ringsHere(now) || (pressed !== undefined && pressed !== 'refused') || isHere(state, old.id)) return step;
    return andThen(step, (next) => ceased(next, now));
  }, stay(state));
}

/** What became of a call that rang here, in words. */
export function ceased(state: State, call: Call): Step {
  if (call.declined !== undefined) {
    return call.declined.device === state.calling.device ? stay(state) : withAfterword(state, call, declinedWords(call));
  }
  if (call.on !== undefined) {
    // Another window of this browser took it: whoever sits here knows.
    return call.on.device === state.calling.device ? stay(state) : withAfterword(state, call, elsewhereWords(call));
  }
  if (call.stage.is !== 'ended' || call.stage.why === 'declined' || call.stage.why === 'busy' || call.stage.why === 'doNotDisturb') return stay(state);
  // It goes on in another call, which rings in its place.
  if (call.stage.why === 'merged') return stay(state);
  const text = call.stage.why === 'forwarded' ? say('past.forwarded', { name: mineOf(call)?.name ?? '' }) : say('calling.missed', { name: callerNames(call) });
  return toast(announce(state, text), text);
}

export const withAfterword = (state: State, call: Call, text: Text): Step => [
  announce(withCalling(state, { afterword: { call, text } }), text),
  [{ type: 'timer', timer: { name: 'afterword' }, ms: AFTERWORD_MS }],
];

/** Where this device is rung into when a call became part of another. */
export const mergedInto = ({ calling }: Pick<State, 'calling'>, call: Call): Call | undefined =>
  calling.calls.find((one) => one.stage.is === 'connecting' && one.on?.device === calling.device && one.id !== call.id);

/** The call that this window is in has come further, or is over. */
function moved(state: State, was: Calling): Step {
  const [before, { mine }] = [was.mine, state.calling];
  if (mine === null || before === null || callHere(state) === null) return stay(state);
  const { call } = mine;
  if (call.stage.is === 'ended' && call.stage.why === 'merged') {
    // Whoever talked to me took me into another of their calls.
    const into = mergedInto(state, call);
    // Whoever hung up at that moment meant the talk, whatever carries it; that was said where the last list had both.
    const said = isOver(before.call) && mergedInto({ calling: was }, before.call)?.id === into?.id;
    if (into) return mine.hungUp ? [state, said ? [] : [endOf(into)]] : goOver(state, into, true);
  }
  if (!isOver(call)) {
    const [held, holds] = [heldBy(before.call), heldBy(call)];
    if (held !== holds) return stay(announce(state, holds === null ? say('calling.held.over', { name: held ?? '' }) : say('calling.held.by', { name: holds })));
    if (before.call.stage.is !== call.stage.is && call.stage.is === 'held') return stay(announce(state, say('calling.held.mine')));
    if (before.call.stage.is === 'held') return stay(announce(state, say('calling.resumed')));
    // That it rings nowhere matters more than where it was sent on.
    const failed = refused(before.call, call);
    if (failed !== null) return toast(announce(state, failed), failed);
    const [known, forwarded] = [forwardedWords(before.call), forwardedWords(call)];
    if (forwarded !== null && known?.args['name'] !== forwarded.args['name']) return toast(announce(state, forwarded), forwarded);
    const [old, words] = [stageWords(before.call), stageWords(call)];
    const waits = call.answered === undefined && inside(state);
    return stay(waits && (old.key !== words.key || old.args['n'] !== words.args['n']) ? announce(state, words) : state);
  }
  const asks = state.calling.calls.find(({ id, stage }) => id === state.calling.asks && stage.is === 'held');
  if (asks && call.stage.is === 'ended' && call.stage.why !== 'transferred') {
    // Whoever was asked does not take the call: back to the one who waits.
    const { title } = endWords(call, null);
    const back: Effect = ask({ name: 'calls/act', id: asks.id, act: { act: 'resume', device: state.calling.device } });
    return andThen(toast(announce(state, title), title), (now) => [now, [back]]);
  }
  if (inside(state)) return goOut(state);
  // The room closed a moment before the reason came: the page says it now.
  const [old, words] = [endWords(before.call, null), endWords(call, null)];
  return stay(old.title.key === words.title.key ? state : announce(state, words.title));
}

/** Somebody was rung into the call and did not come: why, in words. */
function refused(before: Call, now: Call): Text | null {
  if (now.answered === undefined) return null;
  // Found busy twice looks the same, but for how often they were called.
  const known = new Set(before.others.map(({ account, stage, times }) => stage.is === 'ended' && `${account} ${times}`));
  const failed = now.others.find(({ account, stage, times }) => stage.is === 'ended' && NOT_COME.includes(stage.why) && !known.has(`${account} ${times}`));
  if (failed?.stage.is !== 'ended') return null;
  return failed.stage.why === 'noAnswer' ? say('calling.why.no-answer.of', { name: failed.name }) : whyWords(failed.stage.why, failed.name);
}

const NOT_COME: readonly Why[] = ['declined', 'busy', 'doNotDisturb', 'noAnswer', 'unreachable', 'failed', 'voicemail'];

/** Calls on hold whose others went. */
function dropped(state: State, before: readonly Call[]): Step {
  const over = before.find(({ id, stage, on }) => stage.is === 'held' && on?.device === state.calling.device && state.calling.mine?.call.id !== id
    && state.calling.calls.some((now) => now.id === id && now.stage.is === 'ended' && now.stage.why === 'over'));
  if (!over) return stay(state);
  const text = say('calling.held.gone', { name: namesOf(over) });
  return toast(announce(state, text), text);
}

/** A new line stands: its numbers begin anew, and nobody knows on it that anything rings here. */
export const callsUp = ({ calling, ...state }: State): State => ({ ...state, calling: { ...calling, number: 0, lost: 0, rung: [], asked: [], askedNumber: 0 } });

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
