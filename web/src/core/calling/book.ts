// My phone book: what I call people, whom I like to hear and whom not, and cards of others.

import { counted, say, type Text } from '../../i18n/text';
import type { BookEntry, Call, ChangeContact } from '../../proto/api.gen';
import { ask, problemText, type Answered, type Picked } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { announce, stay, toast, type Step } from '../step';
import { withCalling, type Calling } from './calling';

export type BookEvent =
  // the form for a card (neither), for an entry, or for somebody who stands in none yet
  | { readonly type: 'book/edit'; readonly id: string | null; readonly account: string | null }
  | { readonly type: 'book/close' }
  | { readonly type: 'book/save'; readonly entry: ChangeContact }
  // somebody of this server: a favourite, blocked, or in the book at all; `name` is what they are called on the screen
  | { readonly type: 'book/set'; readonly account: string; readonly name: string; readonly entry: ChangeContact }
  | { readonly type: 'book/remove'; readonly id: string }
  | { readonly type: 'book/import'; readonly file: Picked };

/** The form that is open. */
export interface Editing {
  readonly id: string | null;
  readonly account: string | null;
  readonly busy: boolean;
  readonly wrong: Text | null;
}

/** As the server takes it. */
export const LONGEST = { name: 128, circle: 64, list: 1_000 } as const;

export const BOOK: Effect = ask({ name: 'book' });

type Answer = Answered<'book' | 'book/add' | 'book/change' | 'book/remove' | 'book/import'>;

export function book(state: State, event: BookEvent | Answer): Step {
  const { calling } = state;
  switch (event.type) {
    case 'answer':
      return answer(state, event);
    case 'book/edit':
      return stay({ ...withCalling(state, { editing: { id: event.id, account: event.account, busy: false, wrong: null } }), overlay: 'contact' });
    case 'book/close':
      return stay(closed(state));
    case 'book/save': {
      const { editing } = calling;
      if (editing === null || editing.busy) return stay(state);
      if (editing.account === null && (event.entry.name ?? '').trim() === '') return wrong(state, say('book.name.missing'));
      return [withCalling(state, { editing: { ...editing, busy: true, wrong: null } }), [keep(calling, editing.id, editing.account, event.entry)]];
    }
    case 'book/set': {
      const known = entryOf(calling, event.account);
      const { favourite, blocked } = event.entry;
      const { name } = event;
      const text = blocked !== undefined ? say(blocked ? 'book.blocked.said' : 'book.unblocked.said', { name })
        : favourite !== undefined ? say(favourite ? 'book.favourite.said' : 'book.unfavourite.said', { name }) : say('book.added.said', { name });
      return [announce(state, text), [keep(calling, known?.id ?? null, event.account, event.entry)]];
    }
    case 'book/remove':
      return [state, [ask({ name: 'book/remove', id: event.id })]];
    case 'book/import':
      return calling.importing ? stay(state) : [withCalling(state, { importing: true }), [ask({ name: 'book/import', file: event.file })]];
  }
}

const keep = (calling: Calling, id: string | null, account: string | null, entry: ChangeContact): Effect => {
  const known = id ?? (account === null ? null : entryOf(calling, account)?.id ?? null);
  if (known !== null) return ask({ name: 'book/change', id: known, body: entry });
  return ask({ name: 'book/add', body: account === null ? { entry } : { account, entry } });
};

const closed = (state: State): State =>
  ({ ...withCalling(state, { editing: null }), overlay: state.overlay === 'contact' ? null : state.overlay });

const wrong = (state: State, text: Text): Step =>
  stay(state.calling.editing === null ? state : withCalling(state, { editing: { ...state.calling.editing, busy: false, wrong: text } }));

function answer(state: State, event: Answer): Step {
  const { calling } = state;
  switch (event.name) {
    case 'book':
      return stay(event.result.ok ? withBook(state, event.result.value) : state);
    case 'book/add':
    case 'book/change': {
      const asked = calling.editing?.busy === true && state.overlay === 'contact';
      if (!event.result.ok) return asked ? wrong(state, problemText(event.result.problem)) : failed(state, problemText(event.result.problem));
      const entry = event.result.value;
      const others = (calling.book ?? []).filter(({ id }) => id !== entry.id);
      const next = withBook(state, [...others, entry].toSorted((one, other) => (one.id < other.id ? -1 : 1)));
      return stay(asked ? announce(closed(next), say('book.saved.said')) : next);
    }
    case 'book/remove': {
      if (!event.result.ok) return failed(state, problemText(event.result.problem));
      const { id } = event.call;
      return stay(announce(withBook(state, (calling.book ?? []).filter((entry) => entry.id !== id)), say('book.removed.said')));
    }
    case 'book/import': {
      const next = withCalling(state, { importing: false });
      if (!event.result.ok) return failed(next, problemText(event.result.problem));
      const { added, skipped } = event.result.value;
      const text = added === 0 ? say('book.imported.none') : skipped === 0 ? counted('book.imported', added) : counted('book.imported.some', added, { skipped });
      const [told, effects] = toast(announce(next, text), text);
      return [told, [...effects, BOOK]];
    }
  }
}

const failed = (state: State, text: Text): Step => {
  const [next, effects] = toast(announce(state, text), text, 'trouble');
  return [next, [...effects, BOOK]];
};

/** The book is this now; calls that are on the screen are called by it. */
function withBook(state: State, entries: readonly BookEntry[]): State {
  const { calls, mine, outcome, afterword } = state.calling;
  const named = (call: Call): Call => renamed({ book: entries }, call);
  return withCalling(state, {
    book: entries,
    calls: calls.map(named),
    mine: mine && { ...mine, call: named(mine.call) },
    outcome: outcome && named(outcome),
    afterword: afterword && { ...afterword, call: named(afterword.call) },
  });
}

/** My entry about somebody of this server. */
export const entryOf = ({ book: entries }: Pick<Calling, 'book'>, account: string): BookEntry | null =>
  entries?.find((entry) => entry.account === account) ?? null;

/** What I call somebody. */
export const calledBy = (calling: Pick<Calling, 'book'>, account: string, name: string): string => entryOf(calling, account)?.name || name;

/** A call with the names that I gave. */
export const renamed = (calling: Pick<Calling, 'book'>, call: Call): Call => {
  if (!call.others.some(({ account, name }) => calledBy(calling, account, name) !== name)) return call;
  return { ...call, others: call.others.map((party) => ({ ...party, name: calledBy(calling, party.account, party.name) })) };
};
