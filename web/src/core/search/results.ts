// What is found, in groups: somebody or a room by name with what can be done there, what can be done by its own name, lines that
// were written. With nothing typed it is whom one wrote with last, where one meets, and what is begun most.

import type { OwnSpeech } from '../../i18n/own';
import type { SearchWord } from '../../i18n/search';
import type { Key, Speech } from '../../i18n/text';
import type { MyRoom } from '../../proto/api.gen';
import { presenceOf } from '../calling/calling';
import { readCode } from '../code';
import type { Event } from '../event';
import { actions } from '../meeting/actions';
import { spoken } from '../meeting/chat-lines';
import { sections, type Listed } from '../pages/contacts/page';
import type { Route } from '../route';
import { wrongCode } from '../start';
import type { State } from '../state';
import { lineWords, nameOfTalk, onlyOther, talkOf } from '../talks/talks';
import { called } from '../title';
import { best, fits, wordsOf } from './match';
import type { Search } from './search';

/** What stands before a line. */
export type Sign =
  /** `known`: how they are to be found is shown. */
  | { readonly is: 'person'; readonly account: string | null; readonly name: string; readonly avatar: string | undefined; readonly known: boolean }
  | { readonly is: 'room' | 'group' | 'call' | 'video' | 'join' }
  /** Something to do, by the key of its name. */
  | { readonly is: 'deed'; readonly of: Key };

export interface Row {
  /** Tells it from all others, from one letter to the next. */
  readonly key: string;
  readonly sign: Sign;
  readonly name: string;
  /** A second line. */
  readonly more: string | null;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number | null;
  /** What Enter does, where the name does not say so. */
  readonly does: string | null;
  readonly events: readonly Event[];
  /** It is done in the search itself: the code is to be typed next. */
  readonly stays: boolean;
}

export interface Group {
  readonly of: 'join' | 'people' | 'rooms' | 'commands' | 'messages';
  readonly rows: readonly Row[];
}

/** What is looked through, and the words it is said in. */
export interface Shelves {
  readonly state: State;
  readonly search: Search;
  readonly people: readonly Listed[];
  readonly t: Speech;
  readonly w: OwnSpeech<SearchWord>;
}

/** Nobody looks through more of one kind; another letter finds the others. */
const MOST = { people: 6, rooms: 5, commands: 8, messages: 6 } as const;
/** With nothing typed, so that all kinds are seen without scrolling. */
const RECENT = { people: 4, rooms: 3 } as const;
/** Of how many that fit something is offered by its whole name, as "Call Léa". */
const MOST_DEEDS = 3;

/** What is begun most, in this order. */
const STARTERS: readonly Key[] = ['start.new', 'palette.later', 'frame.calls', 'frame.contacts', 'meeting.settings'];

const to = (route: Route): Event => ({ type: 'visit', route });

const PLAIN = { more: null, at: null, does: null, stays: false } as const;

/** Everybody who can be found by name, those whom I block last. Worth keeping: it is sorted by the rules of the language. */
export function everybody({ calling, session }: Pick<State, 'calling' | 'session'>, search: Pick<Search, 'people'>, tongue: string): readonly Listed[] {
  const me = session.is === 'known' ? session.me.account.id : null;
  return sections(search.people ?? calling.directory ?? [], calling.book ?? [], '', me, tongue).flatMap(({ lines }) => lines);
}

export function results(shelves: Shelves): readonly Group[] {
  const { search } = shelves;
  const text = search.text.trim();
  const groups = search.code ? [joins(shelves, true)] : text === '' ? recent(shelves) : found(shelves, text);
  return groups.filter(({ rows }) => rows.length > 0);
}

/** Why nothing is found, or not yet. */
export function unfound({ state, search, t, w }: Pick<Shelves, 'state' | 'search' | 't' | 'w'>): string | null {
  const read = readCode(search.text, state.browser.origin);
  const link = search.code || search.text.includes('/');
  if (link && read.is !== 'code') return t.text(wrongCode(read));
  if (search.looks !== 'no') return w('looking');
  // What could not be looked through may be called that.
  return Object.keys(search.troubles).length > 0 ? null : w('none');
}

function recent(shelves: Shelves): readonly Group[] {
  const { state, people } = shelves;
  const written = (state.talks.list ?? []).flatMap((talk) => (talk.last === undefined ? [] : (onlyOther(talk)?.account ?? [])));
  const mine = [
    ...written.flatMap((account) => people.find((one) => one.account === account) ?? []),
    ...people.filter(({ account, entry }) => entry?.favourite === true && account !== null && !written.includes(account)),
  ];
  const rooms = roomsOf(shelves);
  const busy = rooms.filter(({ count }) => count > 0);
  return [
    { of: 'people', rows: mine.filter(({ entry }) => entry?.blocked !== true).slice(0, RECENT.people).map((one) => personRow(shelves, one)) },
    { of: 'rooms', rows: [...busy, ...rooms.filter(({ count }) => count === 0)].slice(0, RECENT.rooms).map((one) => roomRow(shelves, one)) },
    { of: 'commands', rows: starters(shelves) },
  ];
}

function starters(shelves: Shelves): readonly Row[] {
  const all = deeds(shelves);
  const rows = STARTERS.flatMap((key) => all.find(({ sign }) => sign.is === 'deed' && sign.of === key) ?? []);
  const makes = rows.filter(({ key }) => key === 'do start.new' || key === 'do palette.later');
  return [...makes, codeRow(shelves), ...rows.filter((row) => !makes.includes(row))];
}

function found(shelves: Shelves, text: string): readonly Group[] {
  const { state, search, people, t } = shelves;
  const rooms = roomsOf(shelves);
  const titlesOf = ({ room }: MyRoom): readonly string[] => [called(t, room.title), room.code];
  const sure = joins(shelves, false);
  const talks = (state.talks.list ?? []).filter(({ name }) => name !== undefined);
  return [
    sure,
    { of: 'people', rows: withDeeds(text, best(text, people, namesOf, MOST.people, besideOf), people, namesOf, (one) => personRow(shelves, one), (one) => callRows(shelves, one)) },
    { of: 'rooms', rows: withDeeds(text, best(text, rooms, titlesOf, MOST.rooms), rooms, titlesOf, (one) => roomRow(shelves, one), (one) => goRows(shelves, one)) },
    { of: 'commands', rows: best(text, [...deeds(shelves), codeRow(shelves)], ({ name }) => [name], MOST.commands) },
    {
      of: 'messages',
      rows: [
        ...best(text, talks, ({ name }) => [name ?? ''], MOST_DEEDS).map((talk): Row =>
          ({ ...PLAIN, key: `talk ${talk.id}`, sign: { is: 'group' }, name: talk.name ?? '', more: shelves.w('group'), does: shelves.w('do.conversation'), events: [to({ to: 'talks', id: talk.id })] })),
        ...search.lines.slice(0, MOST.messages).map((line) => lineRow(shelves, line)),
      ],
    },
  ];
}

const namesOf = ({ name, own }: Listed): readonly string[] => (own === null ? [name] : [name, own]);
const besideOf = ({ entry }: Listed): readonly string[] => (entry === null ? [] : [entry.circle, ...entry.phones, ...entry.mails]);

/** `hits` by name: the first brings along all that can be done there. Where no name fits, what can be done may, as "call Léa" does. */
function withDeeds<T>(text: string, [first, ...others]: readonly T[], all: readonly T[], namesOfOne: (one: T) => readonly string[], row: (one: T) => Row, deedsOf: (one: T) => readonly Row[]): readonly Row[] {
  if (first !== undefined) return [row(first), ...deedsOf(first), ...others.map(row)];
  const words = wordsOf(text);
  // What was typed has a name in it: only then it is worth to write out what can be done there.
  const near = all.filter((one) => namesOfOne(one).some((name) => words.some((word) => fits(name, [word]))));
  return near.flatMap((one) => deedsOf(one).filter(({ name }) => fits(name, words))).slice(0, MOST_DEEDS);
}

function personRow({ state, t, w }: Shelves, { key, account, name, own, avatar, entry }: Listed): Row {
  if (account === null || entry?.blocked === true) {
    return {
      ...PLAIN, key: `entry ${key}`, sign: { is: 'person', account, name, avatar, known: false }, name,
      more: account === null ? ([...(entry?.phones ?? []), ...(entry?.mails ?? [])][0] ?? null) : t('book.blocked.mark'),
      does: w('do.entry'), events: [{ type: 'book/edit', id: entry?.id ?? null, account }],
    };
  }
  const presence = t(`presence.${presenceOf(state, account)}`);
  const more = own === null ? presence : `${t('book.own', { name: own })} · ${presence}`;
  return {
    ...PLAIN, key: `person ${account}`, sign: { is: 'person', account, name, avatar, known: true }, name, more,
    does: w('do.message'), events: [{ type: 'talks/with', account }],
  };
}

function callRows({ t }: Shelves, { account, name, entry }: Listed): readonly Row[] {
  if (account === null || entry?.blocked === true) return [];
  return [
    { ...PLAIN, key: `call ${account}`, sign: { is: 'call' }, name: t('contacts.call', { name }), events: [{ type: 'calling/place', people: [account], video: false }] },
    { ...PLAIN, key: `video ${account}`, sign: { is: 'video' }, name: t('contacts.video', { name }), events: [{ type: 'calling/place', people: [account], video: true }] },
  ];
}

const roomsOf = ({ state, search }: Shelves): readonly MyRoom[] => search.rooms ?? state.myRooms ?? [];

const roomRow = ({ t, w }: Shelves, { room, count }: MyRoom): Row => ({
  ...PLAIN, key: `room ${room.code}`, sign: { is: 'room' }, name: called(t, room.title), more: count > 0 ? w('now', { n: String(count) }) : room.code,
  does: w('do.room'), events: [to({ to: 'room-page', code: room.code })],
});

const goRows = ({ t }: Shelves, { room }: MyRoom): readonly Row[] => [
  { ...PLAIN, key: `go ${room.code}`, sign: { is: 'join' }, name: t('palette.room.join', { title: called(t, room.title) }), events: [to({ to: 'room', code: room.code })] },
];

/** A code as servers make them; whoever makes up another types it where a code is asked for, or has its room among their own. */
const MADE = /^(?:[b-df-hj-np-tv-z][aeiou]){2}(?:-(?:[b-df-hj-np-tv-z][aeiou]){2}){2}$/;

/** `asked`: the code is all that is typed now. */
function joins(shelves: Shelves, asked: boolean): Group {
  const { state, search, w } = shelves;
  const read = readCode(search.text, state.browser.origin);
  if (read.is !== 'code') return { of: 'join', rows: [] };
  const { code } = read;
  const plain = asked || MADE.test(code) || search.text.includes('/') || roomsOf(shelves).some(({ room }) => room.code === code);
  const row: Row = { ...PLAIN, key: `join ${code}`, sign: { is: 'join' }, name: w('join.code', { code }), events: [to({ to: 'room', code })] };
  return { of: 'join', rows: plain ? [row] : [] };
}

const codeRow = ({ t }: Shelves): Row => ({ ...PLAIN, key: 'code', sign: { is: 'join' }, name: t('start.code.place'), events: [], stays: true });

/** All that can be done from here; rooms are found by their own names. */
function deeds({ state, t }: Shelves): readonly Row[] {
  return actions({ ...state, myRooms: null }).map(({ name, events }): Row => {
    const words = t.text(name);
    const gaps = Object.keys(name.args).length > 0;
    return { ...PLAIN, key: gaps ? `do ${name.key} ${words}` : `do ${name.key}`, sign: { is: 'deed', of: name.key }, name: words, events };
  });
}

function lineRow({ state, t, w }: Shelves, { conversation, message }: Search['lines'][number]): Row {
  const me = state.session.is === 'known' ? state.session.me.account.id : '';
  const talk = talkOf(state, conversation);
  const other = talk && onlyOther(talk);
  const name = talk ? nameOfTalk(talk) : message.name;
  return {
    key: `line ${message.id}`,
    sign: talk && other ? { is: 'person', account: other.account, name: other.name, avatar: other.avatar, known: false } : { is: 'group' },
    name: typeof name === 'string' ? name : t.text(name),
    // Between two people it is plain who wrote what I did not.
    more: other && message.from !== me ? spoken(message) : t.text(lineWords(message, me)),
    at: message.at,
    does: w('do.conversation'),
    events: [to({ to: 'talks', id: conversation })],
    stays: false,
  };
}
