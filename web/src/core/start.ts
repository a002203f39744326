// Where the person is: the start page, and the way from one page to another.

import { say, type Text } from '../i18n/text';
import { readCode, type ReadCode } from './code';
import type { Effect } from './effect';
import type { Event, Route } from './event';
import { closeAll } from './devices';
import { START_PAGE, type RoomPage, type StartPage, type State } from './state';
import { stay, type Step } from './step';

type StartEvent = Extract<Event, { type: 'route' | 'home' | 'start/new' | 'start/join' | 'start/typed' | 'room/made' | 'room/not-made' }>;

const HOME: Route = { to: 'start' };

export function start(state: State, event: StartEvent): Step {
  switch (event.type) {
    case 'route':
      return follow(state, event.route);
    case 'home':
      if (state.page.at === 'start') return stay({ ...state, page: START_PAGE });
      return leaveFor(state, START_PAGE, [{ type: 'go', route: HOME, replace: false }]);
    case 'start/new':
      if (state.page.at !== 'start' || state.page.busy !== 'no') return stay(state);
      return [{ ...state, page: { ...START_PAGE, busy: 'making' } }, [{ type: 'room/make' }]];
    case 'start/join':
      return readTyped(state, event.text);
    case 'start/typed':
      if (state.page.at !== 'start' || state.page.codeWrong === null) return stay(state);
      return stay({ ...state, page: { ...state.page, codeWrong: null } });
    case 'room/made': {
      // Whoever went elsewhere meanwhile is not taken along by a late answer.
      if (state.page.at !== 'start' || state.page.busy !== 'making') return stay(state);
      const page: RoomPage = {
        at: 'room',
        code: event.room.code,
        fresh: true,
        phase: {
          is: 'prejoin',
          view: { room: event.room, present: [], count: 0 },
          entry: { state: 'idle' },
          nameMissing: false,
          quiet: false,
        },
      };
      return enterRoom(state, page, [{ type: 'go', route: { to: 'room', code: page.code }, replace: false }]);
    }
    case 'room/not-made':
      if (state.page.at !== 'start' || state.page.busy !== 'making') return stay(state);
      return stay({ ...state, page: { ...START_PAGE, trouble: event.text } });
  }
}

function wrongCode(read: Exclude<ReadCode, { is: 'code' }>): Text {
  switch (read.is) {
    case 'empty': return say('code.empty');
    case 'elsewhere': return say('code.elsewhere', { host: read.host });
    case 'no-room': return say('code.no-room');
    case 'not-a-code': return say('code.not-a-code');
  }
}

function readTyped(state: State, typed: string): Step {
  if (state.page.at !== 'start' || state.page.busy !== 'no') return stay(state);
  const read = readCode(typed, state.browser.origin);
  if (read.is !== 'code') {
    return stay({ ...state, page: { ...START_PAGE, codeWrong: wrongCode(read) } });
  }
  return [{ ...state, page: { ...START_PAGE, busy: 'checking', asked: read.code } }, [{ type: 'room/look', code: read.code }]];
}

/** The address changed, by a link or by the browser's own buttons. */
function follow(state: State, route: Route): Step {
  if (route.to === 'start') {
    if (state.page.at === 'start') return [state, [{ type: 'title', title: null }]];
    return leaveFor(state, START_PAGE, []);
  }
  if (state.page.at === 'room' && state.page.code === route.code) return stay(state);
  const page: RoomPage = { at: 'room', code: route.code, fresh: false, phase: { is: 'looking' } };
  return leaveFor(state, page, [{ type: 'room/look', code: route.code }]);
}

/** Goes to another page; a meeting is left first, also one that is only being entered. */
function leaveFor(state: State, page: StartPage | RoomPage, effects: readonly Effect[]): Step {
  const [closed, closing] = closeAll(state);
  return [
    { ...closed, page, overlay: null, attempt: state.attempt + 1 },
    [
      ...(isUnderWay(state) ? [{ type: 'call/leave', attempt: state.attempt } as const] : []),
      ...closing,
      { type: 'timer/stop', name: 'poll' },
      { type: 'title', title: null },
      ...effects,
    ],
  ];
}

function isUnderWay(state: State): boolean {
  if (state.page.at !== 'room') return false;
  const { phase } = state.page;
  return phase.is === 'meeting' || ((phase.is === 'prejoin' || phase.is === 'left') && phase.entry.state === 'busy');
}

/** How often pre-join asks again who is in. */
export const POLL_MS = 10_000;

/** Opens pre-join: looks whether devices may be opened without asking, and starts asking who is in. */
export function enterRoom(state: State, page: RoomPage, effects: readonly Effect[]): Step {
  const title = page.phase.is === 'prejoin' ? page.phase.view.room.title : null;
  return [
    { ...state, page },
    [
      ...effects,
      { type: 'title', title },
      { type: 'devices/look' },
      { type: 'timer', timer: { name: 'poll' }, ms: POLL_MS },
    ],
  ];
}
