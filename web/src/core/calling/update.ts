// Calls: what the person does about them, and how the server answers.

import { say } from '../../i18n/text';
import type { Call, Problem } from '../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../calls';
import { enter } from '../enter';
import type { State } from '../state';
import { andThen, announce, stay, toast, withPhase, type Step } from '../step';
import { closed } from './awaiting';
import { renamed } from './book';
import { callHere, inCall, isHere, isOver, ringsHere, withCalling, type Pressed } from './calling';
import type { CallingEvent } from './event';
import { keyed } from './keyed';
import { ceased, mergedInto, withAfterword } from './told';
import { endOf, enterCall, goOver, hangUp } from './way';
import { elsewhereWords, endWords } from './words';

export function calling(state: State, event: CallingEvent | Answered<'calls/place' | 'calls/act' | 'people'>): Step {
  switch (event.type) {
    case 'answer':
      if (event.name === 'people') {
        const { result } = event;
        return stay(withCalling(state, result.ok ? { directory: result.value, directoryTrouble: null } : { directoryTrouble: problemText(result.problem) }));
      }
      return event.name === 'calls/place' ? placed(state, event) : acted(state, event);
    case 'calling/place':
      return place(state, event);
    case 'calling/answer':
      return onCard(state, event.id, (call) => [
        // Whoever answers waits no more for the call that was about to be placed.
        withCalling(press(state, call.id, event.keep === true ? 'keep' : event.video ? 'video' : 'answer'), { placing: null }),
        [ask({ name: 'calls/act', id: call.id, act: { act: 'answer', device: state.calling.device, hold: event.keep === true } })],
      ]);
    case 'calling/decline': {
      const reply = event.reply?.trim() ?? '';
      const { device } = state.calling;
      return onCard(state, event.id, (call) => [
        press(state, call.id, 'decline'),
        [ask({ name: 'calls/act', id: call.id, act: reply === '' ? { act: 'decline', device } : { act: 'decline', device, reply } })],
      ]);
    }
    case 'calling/gone':
      return toast(announce(state, say('calling.over')), say('calling.over'));
    case 'calling/hush':
      if (state.calling.hushed.includes(event.id)) return stay(state);
      return [
        withCalling(state, { hushed: [...state.calling.hushed, event.id] }),
        event.elsewhere === true ? [] : [{ type: 'calling/hush', id: event.id }],
      ];
    case 'calling/end': {
      const call = state.calling.calls.find(({ id }) => id === event.id);
      if (event.id === undefined || isHere(state, event.id)) return hangUp(state);
      return [state, call && !isOver(call) ? [endOf(call)] : []];
    }
    case 'calling/hold':
      return here(state, (call) => (call.stage.is === 'held' ? resume(state, call) : [state, [ask({ name: 'calls/act', id: call.id, act: { act: 'hold' } })]]));
    case 'calling/resume': {
      const call = state.calling.calls.find(({ id }) => id === event.id);
      return call?.stage.is === 'held' ? resume(state, call) : stay(state);
    }
    case 'calling/merge':
      return here(state, (call) => [press(state, event.id, 'merge'), [ask({ name: 'calls/act', id: call.id, act: { act: 'merge', with: event.id } })]]);
    case 'calling/press':
      return keyed(state, event.digit);
    case 'calling/add':
      return here(state, (call) => [state, [ask({ name: 'calls/act', id: call.id, act: { act: 'add', person: event.person } })]]);
    case 'calling/transfer':
      return here(state, (call) => [state, [ask({ name: 'calls/act', id: call.id, act: { act: 'transfer', person: event.person } })]]);
    case 'calling/people':
      return [withCalling(state, { directoryTrouble: null }), [ask({ name: 'people' })]];
    case 'calling/ask':
      return andThen(place(state, { type: 'calling/place', people: [event.person], video: false }), (now) => stay(withCalling(now, { asks: event.id })));
    case 'calling/back':
      return [press(state, event.id, 'back'), [ask({ name: 'calls/act', id: event.id, act: { act: 'resume', device: state.calling.device } })]];
    case 'calling/hand-over':
      return here(state, (call) => [press(state, event.id, 'merge'), [ask({ name: 'calls/act', id: event.id, act: { act: 'handOver', with: call.id } })]]);
    case 'calling/retry': {
      const { page } = state;
      if (page.at !== 'room' || page.phase.is !== 'entering' || page.phase.entry.state !== 'refused') return stay(state);
      return enter(withPhase(state, page, { ...page.phase, entry: { state: 'busy' } }), null);
    }
    case 'calling/close':
      return [withCalling(state, { outcome: null, afterword: null }), [{ type: 'timer/stop', name: 'afterword' }]];
    case 'calling/idle':
      return stay(state.calling.idle === event.idle ? state : withCalling(state, { idle: event.idle }));
  }
}

/** With a call that rings here, and about which nothing was pressed yet. */
function onCard(state: State, id: string, then: (call: Call) => Step): Step {
  const call = state.calling.calls.find((one) => one.id === id);
  return call && ringsHere(call) && state.calling.pressed[id] === undefined ? then(call) : stay(state);
}

/** With the call that this window is in. */
function here(state: State, then: (call: Call) => Step): Step {
  const call = inCall(state) ? callHere(state) : null;
  return call === null ? stay(state) : then(call);
}

const resume = (state: State, call: Call): Step =>
  [press(state, call.id, 'resume'), [ask({ name: 'calls/act', id: call.id, act: { act: 'resume', device: state.calling.device } })]];

const press = (state: State, id: string, what: Pressed): State =>
  withCalling(state, { pressed: { ...state.calling.pressed, [id]: what } });

const unpress = (state: State, id: string): State =>
  withCalling(state, { pressed: Object.fromEntries(Object.entries(state.calling.pressed).filter(([other]) => other !== id)) });

function place(state: State, { people, video, anyway }: Extract<CallingEvent, { type: 'calling/place' }>): Step {
  if (state.calling.placing !== null || state.session.is !== 'known' || people.length === 0) return stay(state);
  return [
    closed(withCalling(state, { placing: { people, video }, outcome: null }), people),
    [ask({ name: 'calls/place', body: { people: [...people], video, device: state.calling.device, anyway: anyway === true } })],
  ];
}

function placed(state: State, { call: asked, result }: Answered<'calls/place'>): Step {
  if (state.calling.placing === null) {
    // Another call was answered meanwhile: this one must not ring on.
    const unwanted = result.ok && !isOver(result.value) && state.session.is === 'known';
    return [state, unwanted ? [endOf(result.value)] : []];
  }
  const next = withCalling(state, { placing: null });
  // Nobody was asked after all.
  const unasked = withCalling(next, { asks: null });
  if (!result.ok) {
    const text = problemText(result.problem);
    return toast(announce(unasked, text), text, 'trouble');
  }
  // The socket may have told more of it already.
  const known = next.calling.calls.find(({ id }) => id === result.value.id);
  const call = known ?? renamed(next.calling, result.value);
  const listed = known ? next : withCalling(next, { calls: [...next.calling.calls, call] });
  if (isOver(call)) return stay(announce(withCalling(listed, { outcome: call, asks: null }), endWords(call, null).title));
  // Whoever calls somebody else has the one before on hold.
  return enterCall(listed, call, asked.body.video, { told: known !== undefined, keeps: inCall(state) });
}

/** Somebody else was quicker, or the call is over: there is nothing left to do about it. */
const PAST: readonly string[] = ['answered_elsewhere', 'call_over', 'not_found'];

function acted(state: State, { call: { id, act }, result }: Answered<'calls/act'>): Step {
  const call = state.calling.calls.find((one) => one.id === id);
  switch (act.act) {
    case 'ring':
      // Nobody heard that it rings here: said again with the next list.
      return stay(result.ok || codeOf(result.problem) !== 'offline' ? state : withCalling(state, { rung: state.calling.rung.filter((one) => one !== id) }));
    case 'end':
      // Leaving the room says the same, only later; a call on hold has none here.
      return result.ok || call?.stage.is !== 'held' || PAST.includes(codeOf(result.problem)) ? stay(state) : trouble(state, result.problem);
    case 'resume': {
      const keeps = state.calling.pressed[id] !== 'back';
      const next = withCalling(unpress(state, id), state.calling.asks === id ? { asks: null } : {});
      if (!result.ok) return trouble(next, result.problem);
      if (!call || isHere(next, id)) return stay(next);
      return isOver(call) ? tooFar(next, call, keeps) : goOver(next, call, keeps);
    }
    case 'merge':
    case 'handOver': {
      const next = unpress(unpress(state, id), act.with);
      return result.ok ? stay(withCalling(next, { asks: null })) : trouble(next, result.problem);
    }
    case 'hold':
    case 'add':
    case 'transfer':
      return result.ok ? stay(state) : trouble(state, result.problem);
    case 'decline': {
      if (result.ok || PAST.includes(codeOf(result.problem)) || !call || !ringsHere(call)) return stay(state);
      const text = problemText(result.problem);
      return toast(announce(unpress(state, id), text), text, 'trouble');
    }
    case 'answer': {
      const pressed = state.calling.pressed[id];
      if (!call || pressed === undefined || isHere(state, id)) return stay(state);
      if (result.ok) {
        const next = unpress(state, id);
        return isOver(call) ? tooFar(next, call, pressed === 'keep') : enterCall(next, call, pressed === 'video', { told: true, keeps: pressed === 'keep' });
      }
      const code = codeOf(result.problem);
      if (code === 'call_over') return tooLate(state, call, pressed);
      if (PAST.includes(code)) return withAfterword(gone(state, id), call, code === 'answered_elsewhere' ? elsewhereWords(call) : say('calling.over'));
      const text = problemText(result.problem);
      return toast(announce(unpress(state, id), text), text, 'trouble');
    }
  }
}

/** The server took an answer, and by the time that it says so the call is over, or became part of another. */
function tooFar(state: State, call: Call, keeps: boolean): Step {
  const into = call.stage.is === 'ended' && call.stage.why === 'merged' ? mergedInto(state, call) : undefined;
  if (into === undefined) return withAfterword(state, call, endWords(call, null).title);
  return isHere(state, into.id) ? stay(state) : goOver(state, into, keeps);
}

/** The server took no answer, since the call was over: it is said how, now or as soon as that is known. */
function tooLate(state: State, call: Call, pressed: Pressed): Step {
  if (ringsHere(call)) return stay(press(state, call.id, 'refused'));
  const next = unpress(state, call.id);
  if (call.stage.is === 'ended' && call.stage.why === 'merged') {
    // It rings on in another, and that is what was meant.
    const shares = (one: Call): boolean => one.others.some(({ account }) => call.others.some((other) => other.account === account));
    const into = next.calling.calls.find((one) => one.id !== call.id && ringsHere(one) && shares(one));
    if (into) return calling(next, { type: 'calling/answer', id: into.id, video: pressed === 'video', ...(pressed === 'keep' ? { keep: true } : {}) });
  }
  const said = ceased(next, call);
  return said[0] === next ? withAfterword(next, call, say('calling.over')) : said;
}

function trouble(state: State, problem: Problem | 'offline'): Step {
  const text = codeOf(problem) === 'call_over' ? say('calling.over') : problemText(problem);
  return toast(announce(state, text), text, 'trouble');
}

/** The server will say so in a moment; until then the card must not come back. */
const gone = (state: State, id: string): State => press(state, id, 'decline');
