// What the server answers over HTTP: each answer goes to the part that answers for its subject.

import { calling } from './calling/update';
import { asked } from './calling/asked';
import { book } from './calling/book';
import { awaiting } from './calling/awaiting';
import { presence } from './calling/presence';
import { codeOf, type Answered } from './calls';
import { assertNever } from './never';
import { acted } from './meeting/acts';
import { chatAnswered } from './meeting/chat-update';
import { account } from './pages/account/update';
import { administer } from './pages/console/update';
import { past } from './pages/calls/update';
import { contacts } from './pages/contacts/update';
import { cardChanged, home } from './pages/home/update';
import { aboutRoom } from './pages/room-page/update';
import { setup } from './pages/setup/update';
import { sign } from './pages/sign/update';
import { rate } from './rating';
import { reported } from './report';
import { lapsed, session } from './session';
import type { State } from './state';
import { andThen, stay, type Step } from './step';
import { talks } from './talks/update';

/** A session that ended without us is noticed at the first call that needs one. */
export function answered(state: State, event: Answered): Step {
  const out = event.name !== 'me' && !event.result.ok && codeOf(event.result.problem) === 'sign_in_first';
  return andThen(answerOf(state, event), (next) => (out ? lapsed(next) : stay(next)));
}

function answerOf(state: State, event: Answered): Step {
  switch (event.name) {
    case 'server':
    case 'me':
    case 'session/close':
      return session(state, event);
    case 'setup/check':
    case 'setup/finish':
      return setup(state, event);
    case 'session/open':
    case 'accounts/open':
    case 'invitations/check':
    case 'resets/use':
      return sign(state, event);
    case 'me/change':
    case 'me/password':
    case 'avatar/put':
    case 'avatar/delete':
    case 'devices':
    case 'devices/delete':
    case 'passkeys':
    case 'passkeys/delete':
      return account(state, event);
    case 'settings/change':
    case 'logo/put':
    case 'logo/delete':
    case 'accounts':
    case 'accounts/change':
    case 'accounts/reset':
    case 'invitations':
    case 'invitations/make':
    case 'invitations/delete':
      return administer(state, event);
    // home and the page about a room
    case 'rooms':
      return home(event.result.ok ? { ...state, myRooms: event.result.value } : state, event);
    case 'rooms/now':
    case 'rooms/make':
      return home(state, event);
    case 'room/change':
      return state.page.at === 'home' ? cardChanged(state, event) : aboutRoom(state, event);
    case 'room/delete':
      return state.page.at === 'home' ? home(state, event) : aboutRoom(state, event);
    case 'ratings':
    case 'meetings':
    case 'bans':
    case 'bans/delete':
    case 'room/view':
    case 'members':
    case 'members/put':
    case 'members/delete':
      return aboutRoom(state, event);
    case 'people':
      return andThen(state.page.at === 'talks' ? talks(state, event) : contacts(state, event), (now) => calling(now, event));
    case 'book':
    case 'book/add':
    case 'book/change':
    case 'book/remove':
    case 'book/import':
      return book(state, event);
    case 'presence':
    case 'presence/put':
      return presence(state, event);
    case 'await':
    case 'await/no-more':
      return awaiting(state, event);
    case 'calls/past':
    case 'calls/missed':
    case 'calls/looked':
      return past(state, event);
    case 'talks':
    case 'talks/make':
    case 'talks/view':
    case 'talks/rename':
    case 'talks/add':
    case 'talks/leave':
    case 'talks/read':
    case 'talks/typing':
    case 'talks/find':
      return talks(state, event);
    case 'asked/answer':
      return asked(state, event);
    case 'calls/place':
    case 'calls/act':
      return calling(state, event);
    // in a meeting
    case 'act':
      return acted(state, event);
    case 'rate':
      return rate(state, event);
    case 'report':
      return reported(state, event);
    // What is not taken is not said again: the next is newer.
    case 'measure':
      return stay(state);
    case 'messages':
      return state.page.at === 'room-page' ? aboutRoom(state, event) : chatAnswered(state, event);
    case 'messages/write':
    case 'messages/edit':
    case 'messages/delete':
    case 'reactions/put':
    case 'reactions/delete':
      return chatAnswered(state, event);
    default:
      return assertNever(event);
  }
}
