// Which page an address leads to, for the one who asks, on this server.

import { waking } from '../calling/waking';
import type { Effect } from '../effect';
import type { Route } from '../route';
import { START_PAGE, type Page, type State } from '../state';
import { openAccount } from './account/page';
import { openConsole } from './console/page';
import { openCalls } from './calls/page';
import { openContacts } from './contacts/page';
import { openHome } from './home/page';
import { openAboutRoom } from './room-page/page';
import { openTalks } from '../talks/talks';
import { openSetup } from './setup/page';
import { openTest } from './test/page';
import { openReset, openSignIn, openSignUp } from './sign/page';

export type Opened = readonly [Page, readonly Effect[]];

export function openPage(state: Pick<State, 'server' | 'session' | 'calling' | 'settings'>, route: Route): Opened {
  const { server, session } = state;
  // A meeting is looked up at once: its code says enough.
  if (route.to === 'room' && server?.setUp !== false) {
    return [{ at: 'room', code: route.code, fresh: false, phase: { is: 'looking' } }, [{ type: 'room/look', code: route.code }]];
  }
  // Whoever cannot get in needs this most: it waits for nothing.
  if (route.to === 'test') return openTest(route.room);
  if (server === null || session.is === 'unknown') return [{ at: 'waiting', route, trouble: null }, []];
  if (!server.setUp) return openSetup(route.to === 'setup' ? route.code : '');
  const known = session.is === 'known' ? session.me : null;
  switch (route.to) {
    case 'sign-in': return known ? openHome('home') : openSignIn({ to: 'start' });
    case 'sign-up': return known ? openHome('home') : openSignUp(route.secret);
    case 'reset': return openReset(route.secret);
    case 'account': return known ? openAccount(waking(state, 'look')) : openSignIn(route);
    case 'calls': return known ? openCalls(route.person) : openSignIn(route);
    case 'contacts': return known ? openContacts() : openSignIn(route);
    case 'talks': return known ? openTalks(route.id) : openSignIn(route);
    case 'console': {
      if (!known) return openSignIn(route);
      return known.admin ? openConsole(route.tab, server) : openHome('home');
    }
    case 'meetings': return known ? openHome('meetings') : openSignIn(route);
    case 'room-page': return known ? openAboutRoom(route.code) : openSignIn(route);
    case 'room':
    case 'setup':
    case 'start': return known ? openHome('home') : [START_PAGE, []];
  }
}
