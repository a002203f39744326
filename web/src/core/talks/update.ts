// Conversations: what the person does about them, and how the server answers.

import { say } from '../../i18n/text';
import { ask, codeOf, problemText, type Answered } from '../calls';
import type { Effect } from '../effect';
import { visit } from '../start';
import type { State } from '../state';
import { andThen, announce, stay, toast, type Step } from '../step';
import type { TalksEvent } from './event';
import { LIST, placed, talkOf, withTalks, type Draft, type TalksPage } from './talks';
import { talkLeft, talkTold } from './told';

type Answer = Answered<'people' | 'talks' | 'talks/make' | 'talks/view' | 'talks/rename' | 'talks/add' | 'talks/leave' | 'talks/read' | 'talks/typing' | 'talks/find'>;

export function talks(state: State, event: TalksEvent | Answer): Step {
  switch (event.type) {
    case 'answer':
      return answer(state, event);
    case 'talks/with':
      if (state.talks.opening !== null || state.session.is !== 'known') return stay(state);
      return [withTalks(state, { opening: event.account }), [ask({ name: 'talks/make', body: { people: [event.account] } })]];
    case 'talks/again':
      return [withTalks(state, { trouble: null }), [LIST]];
    case 'talks/front':
      return stay(state.talks.front === event.front ? state : withTalks(state, { front: event.front }));
    case 'talks/draft':
      return onPage(state, (page) => {
        const { kind } = event;
        if (kind === null) return put(state, page, { draft: null });
        const name = kind === 'rename' ? (talkOf(state, page.id)?.name ?? '') : '';
        const draft: Draft = { kind, people: null, find: '', picked: [], name, busy: false, wrong: null };
        return put(state, page, { draft }, ...(kind === 'rename' ? [] : [ask({ name: 'people' })]));
      });
    case 'talks/draft-name':
      return drafted(state, (draft) => ({ ...draft, name: event.name, wrong: null }));
    case 'talks/draft-find':
      return drafted(state, (draft) => ({ ...draft, find: event.text }));
    case 'talks/draft-pick':
      return drafted(state, (draft) => ({
        ...draft,
        wrong: null,
        picked: draft.picked.includes(event.account) ? draft.picked.filter((one) => one !== event.account) : [...draft.picked, event.account],
      }));
    case 'talks/draft-send':
      return onPage(state, (page) => (page.draft === null || page.draft.busy ? stay(state) : send(state, page, page.draft)));
    case 'talks/leave':
      return onPage(state, (page) => [state, page.id === null ? [] : [ask({ name: 'talks/leave', id: page.id })]]);
    case 'talks/search':
      return onPage(state, (page) => {
        const { search } = event;
        if (search === null) return put(state, page, { search: null });
        const only = search.only ? page.id : null;
        const kept = page.search?.only === only ? page.search : null;
        return put(state, page, { search: { text: search.text, only, busy: false, found: kept?.found ?? null, trouble: null } });
      });
    case 'talks/find':
      return onPage(state, (page) => {
        const { search } = page;
        const find = search?.text.trim() ?? '';
        if (!search || search.busy || find === '') return stay(state);
        return put(state, page, { search: { ...search, busy: true, trouble: null } }, ask({ name: 'talks/find', find, only: search.only }));
      });
  }
}

const onPage = (state: State, then: (page: TalksPage) => Step): Step => (state.page.at === 'talks' ? then(state.page) : stay(state));

const put = (state: State, page: TalksPage, change: Partial<TalksPage>, ...effects: readonly Effect[]): Step =>
  [{ ...state, page: { ...page, ...change } }, effects];

const drafted = (state: State, change: (draft: Draft) => Draft): Step =>
  onPage(state, (page) => (page.draft === null || page.draft.busy ? stay(state) : put(state, page, { draft: change(page.draft) })));

function send(state: State, page: TalksPage, draft: Draft): Step {
  const wrong = (text: Draft['wrong']): Step => put(state, page, { draft: { ...draft, wrong: text } });
  const busy = (effect: Effect): Step => put(state, page, { draft: { ...draft, busy: true, wrong: null } }, effect);
  const name = draft.name.trim();
  const people = [...draft.picked];
  if (draft.kind === 'rename') {
    if (page.id === null || name === '') return wrong(say('talks.name.missing'));
    return busy(ask({ name: 'talks/rename', id: page.id, body: { name } }));
  }
  if (people.length === 0) return wrong(say('talks.people.missing'));
  if (draft.kind === 'add') return page.id === null ? stay(state) : busy(ask({ name: 'talks/add', id: page.id, body: { people } }));
  if (people.length > 1 && name === '') return wrong(say('talks.name.missing'));
  return busy(ask({ name: 'talks/make', body: people.length === 1 && name === '' ? { people } : { people, name } }));
}

function answer(state: State, event: Answer): Step {
  switch (event.name) {
    case 'talks': {
      if (!event.result.ok) return stay(withTalks(state, { trouble: state.talks.list === null ? problemText(event.result.problem) : null }));
      // What was told meanwhile may be newer than the answer.
      const before = state.talks.list;
      const isKnown = (id: string): boolean => before?.some((one) => one.id === id) === true;
      const isStirred = (id: string): boolean => state.talks.stirred.includes(id);
      // I left it meanwhile.
      const isLeft = (id: string): boolean => before !== null && isStirred(id) && !isKnown(id);
      const { value } = event.result;
      const list = value.filter(({ id }) => !isLeft(id)).map((talk) => {
        const known = talkOf(state, talk.id);
        return known !== null && known.number > talk.number ? known : talk;
      });
      const there = new Set(list.map(({ id }) => id));
      // The one that is open may be one in which nothing was said yet; others began after the list was read.
      const others = before?.filter(({ id, last, name }) => !there.has(id) && (isStirred(id) || (last === undefined && name === undefined))) ?? [];
      // What was told while nothing was known is in no list yet, and what was read too early is asked for once more.
      const late = state.talks.stirred.some((id) => before === null || isKnown(id) !== value.some((one) => one.id === id));
      const next = withTalks(state, { list: [...list, ...others], trouble: null, stirred: [] });
      const here = state.page.at === 'talks' ? state.page.id : null;
      return [next, [...(late ? [LIST] : []), ...(here !== null && talkOf(next, here) === null ? [ask({ name: 'talks/view', id: here })] : [])]];
    }
    case 'talks/make': {
      const whom = event.call.body;
      const asked = state.talks.opening !== null && whom.name === undefined && whom.people[0] === state.talks.opening;
      const next = asked ? withTalks(state, { opening: null }) : state;
      if (!event.result.ok) return asked ? bad(next, problemText(event.result.problem)) : refused(next, event.result.problem);
      const { id } = event.result.value;
      const there = placed(next, event.result.value);
      return asked || drafting(state) ? visit(there, { to: 'talks', id }) : stay(there);
    }
    case 'talks/view':
      if (event.result.ok) return state.talks.list === null ? stay(state) : viewed(state, event.result.value);
      return codeOf(event.result.problem) === 'room_unknown' ? talkLeft(state, event.call.id) : stay(state);
    case 'talks/rename':
    case 'talks/add': {
      if (!event.result.ok) return refused(state, event.result.problem);
      const closed = onPage(state, (page) => put(state, page, { draft: null }));
      const { value } = event.result;
      return andThen(closed, (now) => talkTold(now, value));
    }
    case 'talks/leave':
      if (event.result.ok || codeOf(event.result.problem) === 'room_unknown') return talkLeft(state, event.call.id);
      return bad(state, problemText(event.result.problem));
    case 'talks/read':
    case 'talks/typing':
      // What is not taken is said again with the next line.
      return stay(state);
    case 'talks/find':
      return onPage(state, (page) => {
        const { search } = page;
        if (!search?.busy || search.text.trim() !== event.call.find || search.only !== event.call.only) return stay(search?.busy === true ? { ...state, page: { ...page, search: { ...search, busy: false } } } : state);
        const found = event.result.ok ? event.result.value : search.found;
        const done = put(state, page, { search: { ...search, busy: false, found, trouble: event.result.ok ? null : problemText(event.result.problem) } });
        return andThen(done, (now) => stay(event.result.ok ? announce(now, found?.length ? say('talks.found', { n: found.length }) : say('talks.found.none')) : now));
      });
    case 'people':
      return onPage(state, (page) => {
        if (page.draft === null) return stay(state);
        const { result } = event;
        return put(state, page, { draft: result.ok ? { ...page.draft, people: result.value } : { ...page.draft, wrong: problemText(result.problem) } });
      });
  }
}

/** As it is now, asked for because something was missed. */
function viewed(state: State, talk: NonNullable<ReturnType<typeof talkOf>>): Step {
  const known = talkOf(state, talk.id);
  return stay(known !== null && known.number > talk.number ? state : placed(state, talk));
}

const drafting = ({ page }: State): boolean => page.at === 'talks' && page.draft?.busy === true;

const bad = (state: State, text: ReturnType<typeof problemText>): Step => toast(announce(state, text), text, 'trouble');

function refused(state: State, problem: Parameters<typeof problemText>[0]): Step {
  const text = codeOf(problem) === 'too_many' ? say('talks.too-many') : problemText(problem);
  return onPage(state, (page) => (page.draft === null ? bad(state, text) : put(state, page, { draft: { ...page.draft, busy: false, wrong: text } })));
}
