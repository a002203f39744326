// Who I am, and what the server is: asked once at the start, and kept true afterwards.

import { ask, codeOf, problemText, type Answered } from './calls';
import type { Effect } from './effect';
import { isUnanswered, RETRY } from './network';
import type { Event } from './event';
import { openPage } from './pages/open';
import type { Route } from './route';
import { newsOver } from './meeting/news';
import { leaveFor, visit } from './start';
import type { Page, State } from './state';
import { andThen, stay, toast, type Step } from './step';
import type { Me, ServerView } from '../proto/api.gen';

type SessionEvent = Extract<Event, { type: 'begin' | 'sign-out' }> | Answered<'server' | 'me' | 'session/close'>;

export function session(state: State, event: SessionEvent): Step {
  switch (event.type) {
    case 'begin': {
      const page: Page = state.page.at === 'waiting' ? { ...state.page, trouble: null } : state.page;
      return [{ ...state, page }, [ask({ name: 'server' }), ask({ name: 'me' })]];
    }
    case 'sign-out':
      return state.session.is === 'known' ? [state, [ask({ name: 'session/close' })]] : stay(state);
    case 'answer':
      return answer(state, event);
  }
}

function answer(state: State, event: Answered<'server' | 'me' | 'session/close'>): Step {
  switch (event.name) {
    case 'server': {
      if (!event.result.ok) return unreachable(state, event.result.problem);
      return withServer(state, event.result.value);
    }
    case 'me': {
      if (event.result.ok) return settle({ ...state, session: { is: 'known', me: event.result.value } });
      const code = codeOf(event.result.problem);
      if (code === 'sign_in_first' && state.session.is === 'known') return lapsed(state);
      if (code === 'sign_in_first' || code === 'not_set_up') return settle({ ...state, session: { is: 'nobody' } });
      return unreachable(state, event.result.problem);
    }
    case 'session/close': {
      // Signed out elsewhere meanwhile: nothing is left to close.
      if (!event.result.ok && codeOf(event.result.problem) !== 'sign_in_first') return toast(state, problemText(event.result.problem), 'trouble');
      return visit({ ...state, session: { is: 'nobody' }, myRooms: null }, { to: 'start' });
    }
  }
}

/** What the server says of itself now. */
export const withServer = (state: State, server: ServerView): Step =>
  andThen([{ ...state, server }, [{ type: 'brand', name: server.name, branding: server.branding }]], settle);

function unreachable(state: State, problem: Parameters<typeof problemText>[0]): Step {
  const page = state.page;
  const trouble = problemText(problem);
  const again = isUnanswered(trouble) ? [RETRY] : [];
  return page.at === 'waiting' ? [{ ...state, page: { ...page, trouble } }, again] : stay(state);
}

/** Opens the page that waited for what is known now. */
function settle(state: State): Step {
  const page = state.page;
  if (page.at === 'waiting') {
    const [opened, effects] = openPage(state, page.route);
    return opened.at === 'waiting' ? stay(state) : [{ ...state, page: opened }, [...go(page.route, opened), ...effects]];
  }
  // Nothing can be done on a server that is not set up; its meeting pages do not wait for this answer.
  if (state.server?.setUp === false && page.at !== 'setup') return visit(state, { to: 'setup', code: '' }, true);
  // Whoever administers no more has nothing to do in the console.
  if (page.at === 'console' && state.session.is === 'known' && !state.session.me.admin) return visit(state, { to: 'start' }, true);
  return stay(state);
}

/** The address says what is shown, where that is not what was asked for. */
function go(asked: Route, opened: Page): readonly Effect[] {
  if (opened.at === 'setup') return asked.to === 'setup' ? [] : [{ type: 'go', route: { to: 'setup', code: '' }, replace: true }];
  const home = opened.at === 'start' || (opened.at === 'home' && opened.part === 'home');
  return home && asked.to !== 'start' ? [{ type: 'go', route: { to: 'start' }, replace: true }] : [];
}

/** Somebody signed in, or has an account from now on. */
export const welcome = (state: State, me: Me, then: Route): Step => visit({ ...state, session: { is: 'known', me } }, then, true);

/** The session has ended without us: where it is needed, one signs in again and comes back. */
export function lapsed(state: State): Step {
  if (state.session.is !== 'known') return stay(state);
  const gone: State = { ...state, session: { is: 'nobody' }, myRooms: null };
  const route = needsSession(state.page);
  if (route === null) return newsOver(gone);
  const [page, effects] = openPage(gone, route);
  return leaveFor(gone, page, effects);
}

function needsSession(page: Page): Route | null {
  switch (page.at) {
    case 'home': return { to: page.part === 'home' ? 'start' : 'meetings' };
    case 'account': return { to: 'account' };
    case 'calls': return { to: 'calls', person: page.person ?? '' };
    case 'contacts': return { to: 'contacts' };
    case 'talks': return { to: 'talks', id: page.id };
    case 'console': return { to: 'console', tab: page.tab };
    case 'room-page': return { to: 'room-page', code: page.code };
    default: return null;
  }
}
