// Calls: what the person does about them, and how the server answers.

import { say } from '../../i18n/text';
import type { Call } from '../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../calls';
import { enter } from '../enter';
import type { State } from '../state';
import { announce, stay, toast, withPhase, type Step } from '../step';
import { callHere, isOver, ringsHere, withCalling } from './calling';
import type { CallingEvent } from './event';
import { withAfterword } from './told';
import { enterCall, hangUp } from './way';
import { elsewhereWords, endWords } from './words';

export function calling(state: State, event: CallingEvent | Answered<'calls/place' | 'calls/act'>): Step {
  switch (event.type) {
    case 'answer':
      return event.name === 'calls/place' ? placed(state, event) : acted(state, event);
    case 'calling/place':
      return place(state, event);
    case 'calling/answer':
      return onCard(state, event.id, (call) => [
        press(state, call.id, event.video ? 'video' : 'answer'),
        [ask({ name: 'calls/act', id: call.id, act: { act: 'answer', device: state.calling.device } })],
      ]);
    case 'calling/decline': {
      const reply = event.reply?.trim() ?? '';
      return onCard(state, event.id, (call) => [
        press(state, call.id, 'decline'),
        [ask({ name: 'calls/act', id: call.id, act: reply === '' ? { act: 'decline' } : { act: 'decline', reply } })],
      ]);
    }
    case 'calling/hush':
      if (state.calling.hushed.includes(event.id)) return stay(state);
      return [
        withCalling(state, { hushed: [...state.calling.hushed, event.id] }),
        event.elsewhere === true ? [] : [{ type: 'calling/hush', id: event.id }],
      ];
    case 'calling/end':
      return hangUp(state);
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

const press = (state: State, id: string, what: 'answer' | 'video' | 'decline'): State =>
  withCalling(state, { pressed: { ...state.calling.pressed, [id]: what } });

const unpress = (state: State, id: string): State =>
  withCalling(state, { pressed: Object.fromEntries(Object.entries(state.calling.pressed).filter(([other]) => other !== id)) });

function place(state: State, { people, video, anyway }: Extract<CallingEvent, { type: 'calling/place' }>): Step {
  if (state.calling.placing !== null || state.session.is !== 'known' || people.length === 0) return stay(state);
  return [
    withCalling(state, { placing: { people, video }, outcome: null }),
    [ask({ name: 'calls/place', body: { people: [...people], video, device: state.calling.device, anyway: anyway === true } })],
  ];
}

function placed(state: State, { call: asked, result }: Answered<'calls/place'>): Step {
  if (state.calling.placing === null) return stay(state);
  const next = withCalling(state, { placing: null });
  if (!result.ok) {
    const text = problemText(result.problem);
    return toast(announce(next, text), text, 'trouble');
  }
  // The socket may have told more of it already.
  const known = next.calling.calls.find(({ id }) => id === result.value.id);
  const call = known ?? result.value;
  const listed = known ? next : withCalling(next, { calls: [...next.calling.calls, call] });
  if (isOver(call)) return stay(announce(withCalling(listed, { outcome: call }), endWords(call, null).title));
  return enterCall(listed, call, asked.body.video);
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
      // Leaving the room says the same, only later.
      return stay(state);
    case 'decline': {
      if (result.ok || PAST.includes(codeOf(result.problem)) || !call || !ringsHere(call)) return stay(state);
      const text = problemText(result.problem);
      return toast(announce(unpress(state, id), text), text, 'trouble');
    }
    case 'answer': {
      const pressed = state.calling.pressed[id];
      if (!call || pressed === undefined || callHere(state)?.id === id) return stay(state);
      if (result.ok) return enterCall(unpress(state, id), call, pressed === 'video');
      const code = codeOf(result.problem);
      if (PAST.includes(code)) return withAfterword(gone(state, id), call, code === 'answered_elsewhere' ? elsewhereWords(call) : say('calling.over'));
      const text = problemText(result.problem);
      return toast(announce(unpress(state, id), text), text, 'trouble');
    }
  }
}

/** The server will say so in a moment; until then the card must not come back. */
const gone = (state: State, id: string): State => press(state, id, 'decline');
