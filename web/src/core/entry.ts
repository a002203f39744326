// The way into a room: looking it up, pre-join, join, refusals, and back in after leaving.

import { say, type Text } from '../i18n/text';
import type { RoomView } from '../proto/api.gen';
import type { Effect, Opening } from './effect';
import type { Event } from './event';
import { CAPTURES, closeAll, toOpen, withSource } from './devices';
import { enterRoom, POLL_MS } from './start';
import { START_PAGE, type Entry, type RoomPage, type State } from './state';
import { andThen, isCurrent, stay, withPhase, type Step } from './step';

type EntryEvent = Extract<Event, {
  type: 'room/found' | 'room/unknown' | 'room/failed' | 'room/again' | 'join' | 'name' | 'rejoin' | 'join/refused' | 'join/unknown';
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
      if (page.at === 'start') {
        return page.asked === event.code ? stay({ ...state, page: { ...START_PAGE, trouble: event.text } }) : stay(state);
      }
      if (!isSameCode(page.code, event.code)) return stay(state);
      // Who is in is asked again later; a failure then changes nothing on the page.
      if (page.phase.is === 'prejoin') return [state, [POLL]];
      if (page.phase.is !== 'looking') return stay(state);
      return stay(withPhase(state, page, { is: 'unreachable', text: event.text }));
    }
    case 'room/again': {
      const page = state.page;
      if (page.at !== 'room') return stay(state);
      return [withPhase(state, page, { is: 'looking' }), [{ type: 'room/look', code: page.code }]];
    }
    case 'name': {
      const settled: State = { ...state, settings: { ...state.settings, name: event.name } };
      const page = settled.page;
      if (page.at !== 'room' || page.phase.is !== 'prejoin') return stay(settled);
      return stay(withPhase(settled, page, { ...page.phase, nameMissing: false }));
    }
    case 'join':
      return join(state, event.video);
    case 'rejoin':
      return rejoin(state);
    case 'join/refused':
      return isCurrent(state, event) ? refused(state, event.text) : stay(state);
    case 'join/unknown': {
      const page = state.page;
      if (page.at !== 'room' || page.phase.is === 'meeting' || !isCurrent(state, event)) return stay(state);
      return andThen(closeAll(withPhase(state, page, { is: 'unknown' })), (now) => [now, [{ type: 'title', title: null }]]);
    }
  }
}

const POLL: Effect = { type: 'timer', timer: { name: 'poll' }, ms: POLL_MS };

function found(state: State, code: string, view: RoomView): Step {
  const page = state.page;
  if (page.at === 'start') {
    if (page.asked !== code) return stay(state);
    const next = prejoin(state, view, { at: 'room', code: view.room.code, fresh: false, phase: { is: 'looking' } });
    return [next[0], [{ type: 'go', route: { to: 'room', code: view.room.code }, replace: false }, ...next[1]]];
  }
  if (!isSameCode(page.code, code)) return stay(state);
  if (page.phase.is === 'prejoin') return [withPhase(state, page, { ...page.phase, view }), [POLL]];
  if (page.phase.is !== 'looking') return stay(state);
  if (page.code === view.room.code) return prejoin(state, view, page);
  // The address shows the code as the server writes it, so that it is copied in its plain form.
  const go: Effect = { type: 'go', route: { to: 'room', code: view.room.code }, replace: true };
  const [next, effects] = prejoin(state, view, { ...page, code: view.room.code });
  return [next, [go, ...effects]];
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
  if (page.at === 'start') {
    if (page.asked !== code) return stay(state);
    return stay({ ...state, page: { ...START_PAGE, codeWrong: say('code.unknown', { code }) } });
  }
  if (!isSameCode(page.code, code)) return stay(state);
  // Join will say it, if the room is really gone.
  if (page.phase.is === 'prejoin') return [state, [POLL]];
  if (page.phase.is !== 'looking') return stay(state);
  return stay(withPhase(state, page, { is: 'unknown' }));
}

function withEntry(state: State, next: Entry): State {
  const page = state.page;
  if (page.at !== 'room') return state;
  const phase = page.phase;
  if (phase.is === 'prejoin' || phase.is === 'left') return withPhase(state, page, { ...phase, entry: next });
  return state;
}

/** Refused at the door, one stands before the mirror again; refused on the way back, there is no mirror to stand before. */
function refused(state: State, text: Text): Step {
  const page = state.page;
  const next = withEntry(state, { state: 'refused', text });
  return page.at === 'room' && page.phase.is === 'left' ? closeAll(next) : stay(next);
}

function enter(state: State, page: RoomPage): Step {
  const open: readonly Opening[] = toOpen(state, CAPTURES);
  const attempt = state.attempt + 1;
  return [
    { ...withEntry(state, { state: 'busy' }), attempt },
    [
      {
        type: 'join',
        attempt,
        code: page.code,
        name: state.settings.name.trim(),
        open,
        speaker: state.devices.speaker.chosen,
      },
      { type: 'remember', settings: state.settings, devices: state.devices },
    ],
  ];
}

function join(state: State, video: boolean): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'prejoin' || page.phase.entry.state === 'busy') return stay(state);
  if (state.settings.name.trim() === '') {
    return stay(withPhase(state, page, { ...page.phase, nameMissing: true }));
  }
  if (video || !state.devices.camera.wanted) return enter(state, page);
  const without = withSource(state, 'camera', { wanted: false, state: 'closed', used: null });
  const [next, effects] = enter(without, page);
  return [next, [{ type: 'devices/close', kinds: ['camera'] }, ...effects]];
}

function rejoin(state: State): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'left' || page.phase.entry.state === 'busy') return stay(state);
  if (state.settings.name.trim() === '') {
    return [withPhase(state, page, { is: 'looking' }), [{ type: 'room/look', code: page.code }]];
  }
  return enter(state, page);
}

/** Whether two codes lead to the same room: the server reads them without regard to case and dashes. */
const isSameCode = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (code: string): string => code.replaceAll('-', '').toLowerCase();
