// The way into a room: looking it up, pre-join, join, refusals, and back in after leaving.

import { say } from '../i18n/text';
import type { RoomView } from '../proto/api.gen';
import type { Opening } from './effect';
import type { Event } from './event';
import { toOpen, withSource } from './devices';
import { enterRoom, POLL_MS } from './start';
import { START_PAGE, type Capture, type Entry, type RoomPage, type State } from './state';
import { stay, withPhase, type Step } from './step';

type EntryEvent = Extract<Event, {
  type: 'room/found' | 'room/unknown' | 'room/failed' | 'room/again' | 'join' | 'name' | 'rejoin' | 'join/refused' | 'join/unknown';
}>;

/** With more people than this in the room, one comes in muted. */
const QUIET_ABOVE = 5;

export function entry(state: State, event: EntryEvent): Step {
  switch (event.type) {
    case 'room/found':
      return found(state, event.view);
    case 'room/unknown':
      return unknown(state, event.code);
    case 'room/failed': {
      const page = state.page;
      if (page.at === 'start') return stay({ ...state, page: { ...START_PAGE, trouble: event.text } });
      // Who is in is asked again later; a failure then changes nothing on the page.
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
      return stay(withEntry(state, { state: 'refused', text: event.text }));
    case 'join/unknown': {
      const page = state.page;
      return page.at === 'room' ? stay(withPhase(state, page, { is: 'unknown' })) : stay(state);
    }
  }
}

function found(state: State, view: RoomView): Step {
  const page = state.page;
  if (page.at === 'start') {
    if (page.busy !== 'checking') return stay(state);
    const next = prejoin(state, view, { at: 'room', code: view.room.code, fresh: false, phase: { is: 'looking' } });
    return [next[0], [{ type: 'go', route: { to: 'room', code: view.room.code }, replace: false }, ...next[1]]];
  }
  if (!isSameCode(page.code, view.room.code)) return stay(state);
  if (page.phase.is === 'looking') return prejoin(state, view, page);
  if (page.phase.is !== 'prejoin') return stay(state);
  return [
    withPhase(state, page, { ...page.phase, view }),
    [{ type: 'timer', timer: { name: 'poll' }, ms: POLL_MS }],
  ];
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
    return stay({ ...state, page: { ...START_PAGE, codeWrong: say('code.unknown', { code }) } });
  }
  if (page.code !== code || page.phase.is !== 'looking') return stay(state);
  return stay(withPhase(state, page, { is: 'unknown' }));
}

function withEntry(state: State, next: Entry): State {
  const page = state.page;
  if (page.at !== 'room') return state;
  const phase = page.phase;
  if (phase.is === 'prejoin' || phase.is === 'left') return withPhase(state, page, { ...phase, entry: next });
  return state;
}

const CAPTURES: readonly Capture[] = ['microphone', 'camera'];

function enter(state: State, page: RoomPage): Step {
  const open: readonly Opening[] = toOpen(state, CAPTURES);
  const publish = CAPTURES.filter((kind) => state.devices[kind].wanted);
  return [
    withEntry(state, { state: 'busy' }),
    [
      {
        type: 'join',
        code: page.code,
        name: state.settings.name.trim(),
        open,
        publish,
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
