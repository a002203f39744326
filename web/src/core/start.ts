// Where the person is: the start page, and the way from one page to another.

import { say, type Text } from '../i18n/text';
import { readCode, type ReadCode } from './code';
import type { Effect } from './effect';
import type { Event } from './event';
import { closeAll } from './devices';
import type { HomePage } from './pages/home/page';
import { openPage } from './pages/open';
import type { Route } from './route';
import { CALM, type Page, type RoomPage, type StartPage, type State } from './state';
import { stay, type Step } from './step';
import { windowTitle } from './title';

type StartEvent = Extract<Event, { type: 'route' | 'visit' | 'home' | 'start/new' | 'start/join' | 'start/typed' | 'room/made' | 'room/not-made' }>;

export function start(state: State, event: StartEvent): Step {
  switch (event.type) {
    case 'route':
      return follow(state, event.route);
    case 'visit':
      return visit(state, event.route);
    case 'home':
      if (state.page.at === 'start' || state.page.at === 'home') return stay({ ...state, page: { ...state.page, ...CALM } });
      return visit(state, { to: 'start' });
    case 'start/new':
      return starting(state, (page) => [{ ...state, page: { ...page, ...CALM, busy: 'making' } }, [{ type: 'room/make' }]]);
    case 'start/join':
      return starting(state, (page) => readTyped(state, page, event.text));
    case 'start/typed':
      if ((state.page.at !== 'start' && state.page.at !== 'home') || state.page.codeWrong === null) return stay(state);
      return stay({ ...state, page: { ...state.page, codeWrong: null } });
    case 'room/made': {
      // Whoever went elsewhere meanwhile is not taken along by a late answer.
      if ((state.page.at !== 'start' && state.page.at !== 'home') || state.page.busy !== 'making') return stay(state);
      const page: RoomPage = {
        at: 'room',
        code: event.room.code,
        fresh: true,
        phase: {
          is: 'prejoin',
          // Whoever made it owns it; the look at the room that follows says the rest.
          view: { room: event.room, present: [], count: 0, here: 0, role: 'owner', door: 'open' },
          entry: { state: 'idle' },
          nameMissing: false,
          quiet: false,
        },
      };
      return enterRoom(state, page, [{ type: 'go', route: { to: 'room', code: page.code }, replace: false }]);
    }
    case 'room/not-made':
      if ((state.page.at !== 'start' && state.page.at !== 'home') || state.page.busy !== 'making') return stay(state);
      return stay({ ...state, page: { ...state.page, ...CALM, trouble: event.text } });
  }
}

export function wrongCode(read: Exclude<ReadCode, { is: 'code' }>): Text {
  switch (read.is) {
    case 'empty': return say('code.empty');
    case 'elsewhere': return say('code.elsewhere', { host: read.host });
    case 'no-room': return say('code.no-room');
    case 'not-a-code': return say('code.not-a-code');
  }
}

/** On the pages from which a meeting is begun or joined, unless one is being fetched already. */
function starting(state: State, then: (page: StartPage | HomePage) => Step): Step {
  const page = state.page;
  return (page.at === 'start' || page.at === 'home') && page.busy === 'no' ? then(page) : stay(state);
}

function readTyped(state: State, page: StartPage | HomePage, typed: string): Step {
  const read = readCode(typed, state.browser.origin);
  if (read.is !== 'code') {
    return stay({ ...state, page: { ...page, ...CALM, codeWrong: wrongCode(read) } });
  }
  return [{ ...state, page: { ...page, ...CALM, busy: 'checking', asked: read.code } }, [{ type: 'room/look', code: read.code }]];
}

/** The person goes to a page of ours; `replace` when the page before is none to come back to. */
export function visit(state: State, route: Route, replace = false): Step {
  if (state.page.at === 'room' && route.to === 'room' && state.page.code === route.code) return stay(state);
  const [page, effects] = openPage(state, route);
  return leaveFor(state, page, [{ type: 'go', route, replace }, ...effects]);
}

/** The address changed, by a link or by the browser's own buttons. */
function follow(state: State, route: Route): Step {
  const here = state.page;
  if (here.at === 'room' && route.to === 'room' && here.code === route.code) return stay(state);
  if ((here.at === 'start' || (here.at === 'home' && here.part === 'home')) && route.to === 'start') return [state, [{ type: 'title', title: null }]];
  return leaveFor(state, ...openPage(state, route));
}

/** Goes to another page; a meeting is left first, also one that is only being entered. */
export function leaveFor(state: State, page: Page, effects: readonly Effect[]): Step {
  const [closed, closing] = closeAll(state);
  return [
    { ...closed, page, overlay: null, kept: [], attempt: state.attempt + 1 },
    [
      ...(isUnderWay(state) ? [{ type: 'call/leave', attempt: state.attempt } as const, { type: 'quit' } as const] : []),
      ...closing,
      ...(state.page.at === 'test' || state.page.at === 'setup' ? [{ type: 'test/stop' } as const] : []),
      { type: 'timer/stop', name: 'poll' },
      { type: 'timer/stop', name: 'knock' },
      { type: 'timer/stop', name: 'patience' },
      { type: 'timer/stop', name: 'retry' },
      { type: 'timer/stop', name: 'attend' },
      { type: 'title', title: null },
      ...effects,
    ],
  ];
}

function isUnderWay(state: State): boolean {
  if (state.page.at !== 'room') return false;
  const { phase } = state.page;
  return phase.is === 'meeting' || phase.is === 'lobby' || phase.is === 'entering' || ((phase.is === 'prejoin' || phase.is === 'left') && phase.entry.state === 'busy');
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
      windowTitle(state, title),
      { type: 'devices/look' },
      { type: 'timer', timer: { name: 'poll' }, ms: POLL_MS },
    ],
  ];
}
