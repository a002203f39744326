// The way into a room: looking it up, pre-join, join, refusals, and back in after leaving.

import { say, type Text } from '../i18n/text';
import type { RoomView } from '../proto/api.gen';
import type { Effect } from './effect';
import { isCallOver } from './calling/calling';
import type { Event } from './event';
import { closeAll, withSource } from './devices';
import { enter, nameOf, withEntry } from './enter';
import { isUnanswered, RETRY, waits } from './network';
import { openSignIn } from './pages/sign/page';
import { enterRoom, leaveFor, POLL_MS } from './start';
import { CALM, type Capture, type RoomPage, type State } from './state';
import { calledText, windowTitle } from './title';
import { andThen, announce, isCurrent, stay, toast, withPhase, type Step } from './step';

type EntryEvent = Extract<Event, {
  type: 'room/found' | 'room/unknown' | 'room/failed' | 'room/again' | 'room/copy' | 'door/sign-in' | 'join' | 'name' | 'rejoin' | 'join/refused' | 'join/unknown';
}>;

/** With more people than this in the room, one comes in muted. */
const QUIET_ABOVE = 5;

export function entry(state: State, event: EntryEvent): Step {
  switch (event.type) {
    case 'room/found':
      return found(state, event.code, event.view);
    case 'room/unknown':
      return unknown(state, event.code);
    case 'room/failed': {
      const page = state.page;
      if (page.at === 'start' || page.at === 'home') {
        return page.asked === event.code ? stay({ ...state, page: { ...page, ...CALM, trouble: event.text } }) : stay(state);
      }
      if (page.at !== 'room' || !isSameCode(page.code, event.code)) return stay(state);
      // Who is in is asked again later; a failure then changes nothing on the page.
      if (page.phase.is === 'prejoin' || page.phase.is === 'shut') return [state, [POLL]];
      if (page.phase.is !== 'looking' && !waits(state)) return stay(state);
      const unreachable = closeAll(withPhase(state, page, { is: 'unreachable', text: event.text }));
      return isUnanswered(event.text) ? andThen(unreachable, (now) => [now, [RETRY]]) : unreachable;
    }
    case 'room/again': {
      const page = state.page;
      if (page.at !== 'room') return stay(state);
      return [withPhase(state, page, { is: 'looking' }), [{ type: 'room/look', code: page.code }]];
    }
    case 'room/copy':
      return [state, [{ type: 'copy', code: event.code }]];
    case 'door/sign-in': {
      const page = state.page;
      if (page.at !== 'room' || page.phase.is !== 'shut') return stay(state);
      const [signIn, effects] = openSignIn({ to: 'room', code: page.code });
      return leaveFor(state, signIn, [{ type: 'go', route: { to: 'sign-in' }, replace: false }, ...effects]);
    }
    case 'name': {
      const settled: State = { ...state, settings: { ...state.settings, name: event.name } };
      const page = settled.page;
      if (page.at !== 'room' || page.phase.is !== 'prejoin') return stay(settled);
      return stay(withPhase(settled, page, { ...page.phase, nameMissing: false }));
    }
    case 'join':
      return join({ ...state, arrival: event.arrival ?? 'alone' }, event.video);
    case 'rejoin':
      return rejoin(state);
    case 'join/refused':
      return isCurrent(state, event) ? refused(state, event.text) : stay(state);
    case 'join/unknown': {
      const page = state.page;
      if (page.at !== 'room' || page.phase.is === 'meeting' || !isCurrent(state, event)) return stay(state);
      return andThen(closeAll(withPhase(state, page, { is: 'unknown' })), (now) => [now, [{ type: 'title', title: null }, { type: 'quit' }]]);
    }
  }
}

const POLL: Effect = { type: 'timer', timer: { name: 'poll' }, ms: POLL_MS };

function found(state: State, code: string, view: RoomView): Step {
  const page = state.page;
  if (page.at === 'start' || page.at === 'home') {
    if (page.asked !== code) return stay(state);
    const next = door(state, view, { at: 'room', code: view.room.code, fresh: false, phase: { is: 'looking' } });
    return [next[0], [{ type: 'go', route: { to: 'room', code: view.room.code }, replace: false }, ...next[1]]];
  }
  if (page.at !== 'room' || !isSameCode(page.code, code)) return stay(state);
  if (page.phase.is === 'prejoin') {
    // On the way in already, its answer says what counts.
    if (isShut(view) && page.phase.entry.state !== 'busy') return shut(state, view, page);
    return [withPhase(state, page, { ...page.phase, view }), [POLL]];
  }
  if (page.phase.is === 'shut') return isShut(view) ? shut(state, view, page) : opened(state, view, page);
  if (page.phase.is !== 'looking' && !waits(state)) return stay(state);
  if (page.code === view.room.code) return door(state, view, page);
  // The address shows the code as the server writes it, so that it is copied in its plain form.
  const go: Effect = { type: 'go', route: { to: 'room', code: view.room.code }, replace: true };
  const [next, effects] = door(state, view, { ...page, code: view.room.code });
  return [next, [go, ...effects]];
}

const isShut = ({ door }: RoomView): boolean => door !== 'open' && door !== 'knock';

/** Doors that may open while somebody stands before them. */
const mayOpen = ({ door }: RoomView): boolean => door === 'locked' || door === 'full';

/** Before the mirror, or before a closed door. */
const door = (state: State, view: RoomView, page: RoomPage): Step => (isShut(view) ? shut(state, view, page) : prejoin(state, view, page));

function shut(state: State, view: RoomView, page: RoomPage): Step {
  return andThen(closeAll(withPhase(state, page, { is: 'shut', view })), (now) =>
    [now, [windowTitle(now, view.room.title), ...(mayOpen(view) ? [POLL] : [])]]);
}

/** The door that somebody waited at opens: that is said, and heard. */
function opened(state: State, view: RoomView, page: RoomPage): Step {
  const text = say('rooms.door.opened', { title: calledText(view.room.title) });
  return andThen(prejoin(state, view, page), (now) => {
    const [told, effects] = toast(announce(now, text), text);
    return [told, [{ type: 'devices/tone', speaker: state.devices.speaker.chosen }, ...effects]];
  });
}

function prejoin(state: State, view: RoomView, page: RoomPage): Step {
  const quiet = view.count > QUIET_ABOVE && state.devices.microphone.wanted;
  const settled = quiet ? withSource(state, 'microphone', { wanted: false }) : state;
  return enterRoom(
    settled,
    { ...page, phase: { is: 'prejoin', view, entry: { state: 'idle' }, nameMissing: false, quiet } },
    [],
  );
}

function unknown(state: State, code: string): Step {
  const page = state.page;
  if (page.at === 'start' || page.at === 'home') {
    if (page.asked !== code) return stay(state);
    return stay({ ...state, page: { ...page, ...CALM, codeWrong: say('code.unknown', { code }) } });
  }
  if (page.at !== 'room' || !isSameCode(page.code, code)) return stay(state);
  // Join will say it, if the room is really gone.
  if (page.phase.is === 'prejoin') return [state, [POLL]];
  if (page.phase.is !== 'looking' && page.phase.is !== 'shut' && !waits(state)) return stay(state);
  return closeAll(withPhase(state, page, { is: 'unknown' }));
}

/** Refused at the door, one stands before the mirror again; refused on the way back, there is no mirror to stand before. */
function refused(state: State, text: Text): Step {
  const page = state.page;
  const next = withEntry(state, { state: 'refused', text });
  if (page.at !== 'room') return stay(next);
  if (page.phase.is === 'left' || page.phase.is === 'entering') return closeAll(next);
  // The door may have closed meanwhile: then it says so itself, with what to do.
  return page.phase.is === 'prejoin' ? [next, [{ type: 'room/look', code: page.code }]] : stay(next);
}

function join(state: State, video: boolean): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'prejoin' || page.phase.entry.state === 'busy') return stay(state);
  if (nameOf(state) === '') {
    return stay(withPhase(state, page, { ...page.phase, nameMissing: true }));
  }
  // A second device hears the first: its microphone stays off, until it is switched on in there.
  const off: readonly Capture[] = [
    ...(video || !state.devices.camera.wanted ? [] : ['camera'] as const),
    ...(state.arrival === 'beside' && state.devices.microphone.wanted ? ['microphone'] as const : []),
  ];
  const without = off.reduce((now, kind) => withSource(now, kind, { wanted: false, state: 'closed', used: null }), state);
  const [next, effects] = enter(without, null);
  return [next, off.length === 0 ? effects : [{ type: 'devices/close', kinds: off }, ...effects]];
}

function rejoin(state: State): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'left' || page.phase.entry.state === 'busy') return stay(state);
  if (nameOf(state) === '') {
    return [withPhase(state, page, { is: 'looking' }), [{ type: 'room/look', code: page.code }]];
  }
  // Nobody is left there to talk to.
  if (isCallOver(state)) return stay(state);
  // The other device took it over: this one takes it back.
  return enter({ ...state, arrival: page.phase.why === 'elsewhere' ? 'move' : 'alone' }, null);
}

/** Whether two codes lead to the same room: the server reads them without regard to case and dashes. */
const isSameCode = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (code: string): string => code.replaceAll('-', '').toLowerCase();
