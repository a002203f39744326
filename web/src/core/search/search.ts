// Looking for people, rooms and messages by what is typed. People and rooms are fetched once and looked through here; lines of
// conversations are looked for by the server, once somebody stops typing for a moment.

import type { Text } from '../../i18n/text';
import type { Contact, FoundLine, MyRoom } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import { isContact, isFoundLine, isMyRoom } from '../../proto/decode';
import { listOf } from '../../proto/shape';
import { problemText } from '../calls';
import { shaped, type Part, type Pause, type Turn, type Wish } from '../part';
import { fits, wordsOf } from './match';

/** What can be looked through. */
export type Shelf = 'people' | 'rooms' | 'lines';

export interface Search {
  readonly text: string;
  /** What is typed is the code or the link of a meeting, whatever it looks like. */
  readonly code: boolean;
  /** What was walked to, by its key; nothing: the first. */
  readonly at: string | null;
  /** Nothing until they came. */
  readonly people: readonly Contact[] | null;
  readonly rooms: readonly MyRoom[] | null;
  /** Lines of conversations, the last first. */
  readonly lines: readonly FoundLine[];
  /** Lines: nothing is looked for, will be in a moment, or is being looked for. */
  readonly looks: 'no' | 'soon' | 'now';
  /** What could not be looked through, and why. */
  readonly troubles: Readonly<Partial<Record<Shelf, Text>>>;
}

export type SearchEvent =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'walked'; readonly to: string }
  // the code of a meeting is to be typed
  | { readonly type: 'code' }
  // nothing was typed for a moment, after this
  | { readonly type: 'paused'; readonly find: string }
  | { readonly type: 'people' | 'rooms'; readonly result: Result<unknown> }
  | { readonly type: 'lines'; readonly find: string; readonly result: Result<unknown> }
  // what could not be fetched is asked for once more
  | { readonly type: 'again' };

/** As the server takes it, in characters: docs/limits.md. */
export const LONGEST = 100;
/** One letter stands in almost every line. */
const SHORTEST = 2;
/** Between two letters of somebody who types slowly; who waits for an answer hardly notices it. */
export const PAUSE_MS = 250;
/** Lines that are kept: more than are shown, so that some remain as one types on. */
const KEPT_LINES = 30;

type Moved = Turn<Search, SearchEvent>;

const fetchOf = (type: 'people' | 'rooms'): Wish<SearchEvent> => ({ method: 'GET', path: type, told: (result) => ({ type, result }) });
const linesOf = (find: string): Wish<SearchEvent> =>
  ({ method: 'GET', path: `conversations/lines?find=${encodeURIComponent(find)}`, told: (result) => ({ type: 'lines', find, result }) });
const pauseAfter = (find: string): Pause<SearchEvent> => ({ ms: PAUSE_MS, told: { type: 'paused', find } });

/** What is looked for in lines; nothing where that is not worth a question. */
export function lookedFor({ text, code }: Pick<Search, 'text' | 'code'>): string | null {
  const find = text.trim();
  return code || [...find].length < SHORTEST ? null : find;
}

export const search: Part<Search, SearchEvent> = {
  begin: [
    { text: '', code: false, at: null, people: null, rooms: null, lines: [], looks: 'no', troubles: {} },
    [fetchOf('people'), fetchOf('rooms')],
  ],
  update: (state, event): Moved => {
    switch (event.type) {
      case 'typed':
        return typed(state, [...event.text].slice(0, LONGEST).join(''));
      case 'walked':
        return [{ ...state, at: event.to }, []];
      case 'code':
        return [{ ...without(state, 'lines'), text: '', code: true, at: null, lines: [], looks: 'no' }, []];
      case 'paused':
        return state.looks === 'soon' && lookedFor(state) === event.find ? [{ ...state, looks: 'now' }, [linesOf(event.find)]] : [state, []];
      case 'people': {
        const came = shaped(event.result, listOf(isContact));
        return [came.ok ? { ...without(state, 'people'), people: came.value } : troubled(state, 'people', problemText(came.problem)), []];
      }
      case 'rooms': {
        const came = shaped(event.result, listOf(isMyRoom));
        return [came.ok ? { ...without(state, 'rooms'), rooms: came.value } : troubled(state, 'rooms', problemText(came.problem)), []];
      }
      case 'lines': {
        if (state.looks !== 'now' || lookedFor(state) !== event.find) return [state, []];
        const came = shaped(event.result, listOf(isFoundLine));
        const still: Search = { ...state, looks: 'no' };
        return [came.ok ? { ...without(still, 'lines'), lines: came.value.slice(0, KEPT_LINES) } : troubled(still, 'lines', problemText(came.problem)), []];
      }
      case 'again':
        return again(state);
    }
  },
};

function typed(state: Search, text: string): Moved {
  // Whoever takes back what was typed after having asked for a code looks for all again.
  const next: Search = { ...state, text, code: state.code && text !== '', at: null };
  const find = lookedFor(next);
  if (find === null) return [{ ...without(next, 'lines'), lines: [], looks: 'no' }, []];
  if (find === lookedFor(state)) return [next, []];
  const words = wordsOf(find);
  const lines = state.lines.filter(({ message }) => fits(`${message.text} ${message.file?.name ?? ''}`, words));
  return [{ ...without(next, 'lines'), lines, looks: 'soon' }, [], pauseAfter(find)];
}

function again(state: Search): Moved {
  const { troubles } = state;
  const find = troubles.lines === undefined ? null : lookedFor(state);
  const wishes = [
    ...(troubles.people === undefined ? [] : [fetchOf('people')]),
    ...(troubles.rooms === undefined ? [] : [fetchOf('rooms')]),
    ...(find === null ? [] : [linesOf(find)]),
  ];
  return [{ ...state, troubles: {}, looks: find === null ? state.looks : 'now' }, wishes];
}

const troubled = (state: Search, what: Shelf, why: Text): Search => ({ ...state, troubles: { ...state.troubles, [what]: why } });

function without(state: Search, what: Shelf): Search {
  const { [what]: gone, ...troubles } = state.troubles;
  return gone === undefined ? state : { ...state, troubles };
}
