// Home: what its events and the answers to its calls change.

import { say, speech, type Text } from '../../../i18n/text';
import type { Lobby, RoomView } from '../../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import type { Effect } from '../../effect';
import { visit } from '../../start';
import type { State } from '../../state';
import { andThen, announce, stay, toast, type Step } from '../../step';
import { LISTS, NOW_MS, type HomeEvent, type HomePage } from './page';

type Answer = Answered<'rooms' | 'rooms/now' | 'rooms/make' | 'room/delete'>;

export function home(state: State, event: HomeEvent | Answer): Step {
  const page = state.page;
  if (page.at !== 'home') return stay(state);
  if (event.type === 'answer') return answer(state, page, event);
  switch (event.type) {
    case 'home/again':
      return put(state, page, { listTrouble: null }, ...LISTS);
    case 'home/later': {
      if (page.making || page.busy !== 'no') return stay(state);
      const title = speech(state.settings.language)('home.later.title');
      return put(state, page, { making: true, card: null, trouble: null }, ask({ name: 'rooms/make', body: { title, listed: true } }));
    }
    case 'home/card-lobby':
      return cardLobby(state, page, event.lobby);
    case 'home/card-close':
      return put(state, page, { card: null });
    case 'home/keep':
      return [state, [ask({ name: 'room/change', code: event.code, body: { listed: true } })]];
    case 'home/forget':
      if (event.code === null || page.forgetting !== event.code) return put(state, page, { forgetting: event.code });
      return put(state, page, { forgetting: null }, ask({ name: 'room/delete', code: event.code }));
    case 'home/draft':
      return put(state, page, { draft: event.open ? { title: '', busy: false, wrong: null } : null });
    case 'home/draft-title':
      return page.draft ? put(state, page, { draft: { ...page.draft, title: event.title, wrong: null } }) : stay(state);
    case 'home/draft-send': {
      const { draft } = page;
      if (!draft || draft.busy) return stay(state);
      const title = draft.title.trim();
      if (title === '') return put(state, page, { draft: { ...draft, wrong: say('home.draft.missing') } });
      return put(state, page, { draft: { ...draft, busy: true, wrong: null } }, ask({ name: 'rooms/make', body: { title, listed: true } }));
    }
  }
}

const put = (state: State, page: HomePage, change: Partial<HomePage>, ...effects: readonly Effect[]): Step =>
  [{ ...state, page: { ...page, ...change } }, effects];

function answer(state: State, page: HomePage, event: Answer): Step {
  switch (event.name) {
    case 'rooms':
      if (!event.result.ok) return put(state, page, { listTrouble: problemText(event.result.problem) });
      return put(state, page, { rooms: event.result.value, listTrouble: null });
    case 'rooms/now':
      // What goes on is asked again anyway; a failure in between changes nothing.
      return event.result.ok ? put(state, page, { now: event.result.value }) : stay(state);
    case 'room/delete': {
      const again: Step = [state, [ask({ name: 'rooms' })]];
      if (event.result.ok || codeOf(event.result.problem) === 'room_unknown') return andThen(again, (now) => good(now, 'rooms.deleted'));
      const text = problemText(event.result.problem);
      return andThen(again, (now) => toast(announce(now, text), text, 'trouble'));
    }
    case 'rooms/make':
      return event.result.ok ? made(state, page, event.result.value) : notMade(state, page, problemText(event.result.problem));
  }
}

function made(state: State, page: HomePage, view: RoomView): Step {
  if (page.draft?.busy === true) return visit(state, { to: 'room-page', code: view.room.code });
  if (!page.making) return stay(state);
  const next = put(state, page, { making: false, card: view }, ask({ name: 'rooms' }));
  return andThen(next, (now) => stay(announce(now, say('meeting.ready'))));
}

function notMade(state: State, page: HomePage, text: Text): Step {
  if (page.draft?.busy === true) return put(state, page, { draft: { ...page.draft, busy: false, wrong: text } });
  return page.making ? put(state, page, { making: false, trouble: text }) : stay(state);
}

/** Shown at once; the answer takes it back when it was not kept. */
function cardLobby(state: State, page: HomePage, lobby: Lobby): Step {
  const view = page.card;
  if (!view?.policy || view.policy.lobby === lobby) return stay(state);
  const policy = { ...view.policy, lobby };
  // Only what was chosen: the rest may have been changed elsewhere since.
  return put(state, page, { card: { ...view, policy } }, ask({ name: 'room/change', code: view.room.code, body: { policy: { lobby } } }));
}

/** How the change of the card's room went; the page about a room has changes of its own. */
export function cardChanged(state: State, event: Answered<'room/change'>): Step {
  const page = state.page;
  if (page.at === 'home' && event.call.body.listed === true) return kept(state, event);
  if (page.at !== 'home' || page.card?.room.code !== event.call.code || event.result.ok) return stay(state);
  const text = problemText(event.result.problem);
  // What is kept now is not known for sure: the switch goes, the room's own page tells.
  const { policy: _unsure, ...view } = page.card;
  return andThen(put(state, page, codeOf(event.result.problem) === 'room_unknown' ? { card: null } : { card: view }), (now) =>
    toast(announce(now, text), text, 'trouble'));
}

function good(state: State, key: 'home.recent.kept' | 'rooms.deleted'): Step {
  const text = say(key);
  return toast(announce(state, text), text);
}

function kept(state: State, event: Answered<'room/change'>): Step {
  const again: Step = [state, [ask({ name: 'rooms' })]];
  if (event.result.ok) return andThen(again, (now) => good(now, 'home.recent.kept'));
  const text = problemText(event.result.problem);
  return andThen(again, (now) => toast(announce(now, text), text, 'trouble'));
}

/** The timer to look again rang. */
export function lookAgain(state: State): Step {
  if (state.page.at !== 'home') return stay(state);
  return [state, [ask({ name: 'rooms/now' }), { type: 'timer', timer: { name: 'poll' }, ms: NOW_MS }]];
}
