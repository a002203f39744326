// The page about a room: what its events and the answers to its calls change.

import { say, type Key, type Text } from '../../../i18n/text';
import type { ChangePolicy, Problem, RoomView } from '../../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import type { Effect } from '../../effect';
import { visit } from '../../start';
import type { State } from '../../state';
import { andThen, announce, stay, toast, type Step } from '../../step';
import { ASKING, askLines, linesCame, mayRead } from './history';
import { NEWCOMER, type AboutRoomEvent, type AboutRoomPage, type Words } from './page';

type Answer = Answered<'room/view' | 'room/change' | 'room/delete' | 'members' | 'members/put' | 'members/delete' | 'bans' | 'ratings' | 'meetings' | 'bans/delete' | 'messages'>;

export function aboutRoom(state: State, event: AboutRoomEvent | Answer): Step {
  const page = state.page;
  if (page.at !== 'room-page') return stay(state);
  if (event.type === 'answer') return event.call.code === page.code ? answer(state, page, event) : stay(state);
  switch (event.type) {
    case 'room-page/again':
      return put(state, page, { trouble: null }, ask({ name: 'room/view', code: page.code }));
    case 'room-page/words': {
      const now = page.words ?? wordsOf(page);
      return now ? put(state, page, { words: { ...now, ...event.change }, wordsWrong: null }) : stay(state);
    }
    case 'room-page/words-send':
      return rename(state, page);
    case 'room-page/policy':
      return newPolicy(state, page, event.change);
    case 'room-page/newcomer':
      return put(state, page, { newcomer: { ...page.newcomer, ...event.change, wrong: null } });
    case 'room-page/newcomer-send': {
      const { newcomer } = page;
      if (newcomer.busy) return stay(state);
      const account = newcomer.name.trim();
      if (account === '') return put(state, page, { newcomer: { ...newcomer, wrong: say('rooms.members.missing') } });
      return put(state, page, { newcomer: { ...newcomer, busy: true, wrong: null } }, ask({ name: 'members/put', code: page.code, account, role: newcomer.role }));
    }
    case 'room-page/member':
      return [state, [ask({ name: 'members/put', code: page.code, account: event.account, role: event.role })]];
    case 'room-page/member-remove':
      return [state, [ask({ name: 'members/delete', code: page.code, account: event.account })]];
    case 'room-page/lines': {
      const { history } = page;
      if (!history || history.state === 'asking' || history.state === 'shut') return stay(state);
      return put(state, page, { history: { ...history, state: 'asking' } }, askLines(page.code, history));
    }
    case 'room-page/pardon':
      return [state, [ask({ name: 'bans/delete', code: page.code, person: event.person })]];
    case 'room-page/delete':
      if (page.deleting === 'busy') return stay(state);
      if (event.step !== 'do') return put(state, page, { deleting: event.step === 'ask' ? 'asked' : 'no' });
      return page.deleting === 'asked' ? put(state, page, { deleting: 'busy' }, ask({ name: 'room/delete', code: page.code })) : stay(state);
  }
}

const put = (state: State, page: AboutRoomPage, change: Partial<AboutRoomPage>, ...effects: readonly Effect[]): Step =>
  [{ ...state, page: { ...page, ...change } }, effects];

const wordsOf = ({ view }: AboutRoomPage): Words | null => view && { title: view.room.title, description: view.room.description };

function rename(state: State, page: AboutRoomPage): Step {
  if (!page.words || page.wordsBusy) return stay(state);
  const body = { title: page.words.title.trim(), description: page.words.description.trim() };
  if (body.title === '') return put(state, page, { wordsWrong: say('home.draft.missing') });
  return put(state, page, { wordsBusy: true, wordsWrong: null }, ask({ name: 'room/change', code: page.code, body }));
}

/** Shown at once; the answer fetches it again when it was not kept. */
function newPolicy(state: State, page: AboutRoomPage, change: ChangePolicy): Step {
  const { view } = page;
  if (!view?.policy) return stay(state);
  const policy = { ...view.policy, ...change };
  // Only what was changed: the rest may have been changed in the meeting since.
  return put(state, page, { view: { ...view, policy } }, ask({ name: 'room/change', code: page.code, body: { policy: change } }));
}

function good(state: State, key: Extract<Key, 'account.saved' | 'rooms.deleted'>): Step {
  const text = say(key);
  return toast(announce(state, text), text);
}

function bad(state: State, text: Text): Step {
  return toast(announce(state, text), text, 'trouble');
}

/** A title or description is refused like any other text, but by its own measure. */
const wordsText = (problem: Problem | 'offline'): Text => {
  const code = codeOf(problem);
  return code === 'bad_name' || code === 'bad_text' ? say('rooms.words.wrong') : problemText(problem);
};

function answer(state: State, page: AboutRoomPage, event: Answer): Step {
  const { code } = page;
  const fetch: Effect = ask({ name: 'room/view', code });
  switch (event.name) {
    case 'room/view': {
      if (event.result.ok) return seen(state, page, event.result.value);
      const missing = codeOf(event.result.problem);
      if (missing === 'room_unknown' || missing === 'not_found') return put(state, page, { unknown: true, trouble: null });
      return put(state, page, { trouble: problemText(event.result.problem) });
    }
    case 'room/change': {
      const words = event.call.body.title !== undefined;
      if (!event.result.ok) {
        if (words) return put(state, page, { wordsBusy: false, wordsWrong: wordsText(event.result.problem) });
        const text = problemText(event.result.problem);
        return andThen([state, [fetch]], (now) => bad(now, text));
      }
      if (!words || !page.view) return stay(state);
      const next = put(state, page, { view: { ...page.view, room: event.result.value }, words: null, wordsBusy: false });
      return andThen(next, (now) => good(now, 'account.saved'));
    }
    case 'room/delete': {
      if (!event.result.ok && codeOf(event.result.problem) !== 'room_unknown') {
        const text = problemText(event.result.problem);
        return andThen(put(state, page, { deleting: 'no' }), (now) => bad(now, text));
      }
      return andThen(visit(state, { to: 'meetings' }, true), (now) => good(now, 'rooms.deleted'));
    }
    case 'members':
      return event.result.ok ? put(state, page, { members: event.result.value }) : bad(state, problemText(event.result.problem));
    case 'messages':
      return page.history ? put(state, page, { history: linesCame(page.history, event) }) : stay(state);
    case 'members/put': {
      const asked = page.newcomer.busy && event.call.account === page.newcomer.name.trim();
      if (event.result.ok) return put(state, page, asked ? { newcomer: NEWCOMER } : {}, ask({ name: 'members', code }));
      const text = memberText(event.result.problem, event.call.account);
      if (asked) return put(state, page, { newcomer: { ...page.newcomer, busy: false, wrong: text } });
      return andThen([state, [ask({ name: 'members', code })]], (now) => bad(now, text));
    }
    case 'ratings':
      return event.result.ok ? put(state, page, { ratings: event.result.value }) : bad(state, problemText(event.result.problem));
    case 'meetings':
      return event.result.ok ? put(state, page, { meetings: event.result.value }) : bad(state, problemText(event.result.problem));
    case 'bans':
      return event.result.ok ? put(state, page, { bans: event.result.value }) : bad(state, problemText(event.result.problem));
    case 'bans/delete': {
      const again: Step = [state, [ask({ name: 'bans', code })]];
      if (!event.result.ok && codeOf(event.result.problem) !== 'not_found') {
        const text = problemText(event.result.problem);
        return andThen(again, (now) => bad(now, text));
      }
      const name = page.bans?.find(({ person }) => person === event.call.person)?.name ?? '';
      const text = say('rooms.bans.pardoned', { name });
      return andThen(again, (now) => toast(announce(now, text), text));
    }
    case 'members/delete': {
      const again: Step = [state, [ask({ name: 'members', code })]];
      if (event.result.ok || codeOf(event.result.problem) === 'not_found') return again;
      const text = problemText(event.result.problem);
      return andThen(again, (now) => bad(now, text));
    }
  }
}

function memberText(problem: Problem | 'offline', account: string): Text {
  switch (codeOf(problem)) {
    case 'not_found': return say('rooms.members.unknown', { name: account });
    case 'not_allowed': return say('rooms.members.owner');
    default: return problemText(problem);
  }
}

function seen(state: State, page: AboutRoomPage, view: RoomView): Step {
  const leads = view.role === 'owner' || view.role === 'host';
  const { code } = view.room;
  const reads = page.history === null && mayRead(view);
  const change = { view, unknown: false, trouble: null, code, ...(reads ? { history: ASKING } : {}) };
  return put(state, page, change, ...(leads ? [ask({ name: 'members', code }), ask({ name: 'bans', code })] : []), ...(view.role === 'owner' ? [ask({ name: 'ratings', code }), ask({ name: 'meetings', code })] : []), ...(reads ? [askLines(code, ASKING)] : []));
}
