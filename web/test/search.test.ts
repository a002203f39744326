// The search: how what is typed is held against names, what is asked of the server and when, and what is found.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { best, folded, rankOf, wordsOf } from '../src/core/search/match';
import { everybody, results, unfound, type Row, type Shelves } from '../src/core/search/results';
import { LONGEST, PAUSE_MS, search, type Search, type SearchEvent } from '../src/core/search/search';
import type { Pause, Wish } from '../src/core/part';
import type { State } from '../src/core/state';
import { update } from '../src/core/update';
import { own } from '../src/i18n/own';
import { SEARCH } from '../src/i18n/search';
import { SEARCH_BUTTON } from '../src/i18n/search-button';
import { speech, type Tongue } from '../src/i18n/text';
import type { Contact, Conversation, FoundLine, Message, MyRoom } from '../src/proto/api.gen';
import ContactsPage from '../src/ui/pages/contacts/ContactsPage';
import SearchDialog, { Found } from '../src/ui/search/SearchDialog';
import { drawn } from './drawn';
import { good, Play, ROOM, signedIn } from './helpers';
import { myRoom } from './home';

/** The part, told one thing after the other. */
class Acted {
  state: Search = search.begin[0];
  wishes: readonly Wish<SearchEvent>[] = search.begin[1];
  pause: Pause<SearchEvent> | undefined;

  tell(...events: readonly SearchEvent[]): this {
    for (const event of events) [this.state, this.wishes, this.pause] = search.update(this.state, event);
    return this;
  }

  /** The pause after the last letter is over. */
  rest(): this {
    if (!this.pause) throw new Error('nothing is to happen');
    return this.tell(this.pause.told);
  }

  get asked(): readonly string[] {
    return this.wishes.map(({ method, path }) => `${method} ${path}`);
  }
}

const ok = (value: unknown) => ({ ok: true, value }) as const;
const refused = (code: string) => ({ ok: false, problem: { code, message: '' } }) as const;
const typed = (text: string): SearchEvent => ({ type: 'typed', text });

const PEOPLE: readonly Contact[] = [
  { account: 'AC_2', name: 'Léa Fontaine' },
  { account: 'AC_3', name: 'Cléa Roux' },
  { account: 'AC_4', name: 'Ben Leander' },
  { account: 'AC_1', name: 'Ines' },
];
const ROOMS: readonly MyRoom[] = [
  myRoom(),
  myRoom({ room: { ...ROOM, id: 'RM_2', code: 'choir', title: 'Chœur' }, count: 3 }),
];
const line = (id: string, text: string): Message => ({ id, from: 'AC_2', name: 'Léa Fontaine', at: 1_000, text, edited: false, reactions: [] });
const found = (id: string, text: string): FoundLine => ({ conversation: 'RM_7', message: line(id, text) });
const talk = (change: Partial<Conversation> = {}): Conversation =>
  ({ id: 'RM_7', number: 1, people: [{ account: 'AC_2', name: 'Léa Fontaine' }], at: 1_000, last: line('MS_1', 'Hello'), unread: 0, ...change });

/** People and rooms came. */
const there = (): Acted => new Acted().tell({ type: 'people', result: ok(PEOPLE) }, { type: 'rooms', result: ok(ROOMS) });

function shelvesOf(acted: Acted, tongue: Tongue = 'en', talks: readonly Conversation[] = [talk(), talk({ id: 'RM_8', name: 'Lead singers', at: 900 })]): Shelves {
  const { state } = new Play(signedIn()).on(
    { type: 'told', event: { event: 'people', people: [{ account: 'AC_2', presence: 'available', since: 0 }, { account: 'AC_3', presence: 'offline', since: 0, hidden: true }], awaited: [] } },
    good('talks', { name: 'talks' }, [...talks]),
    good('book', { name: 'book' }, []),
    { type: 'visit', route: { to: 'account' } },
  );
  return { state, search: acted.state, people: everybody(state, acted.state, tongue), t: speech(tongue), w: own(SEARCH, tongue) };
}
const gaps = (words: Readonly<Record<string, string>>) => Object.values(words).map((text) => text.match(/\{\w+\}/g)?.join());
const nothing = (): void => undefined;
/** Any page with the bar above it. */
function contacts(state: State): string {
  const [{ page, ...rest }] = update(state, { type: 'visit', route: { to: 'contacts' } });
  if (page.at !== 'contacts') throw new Error('not among the contacts');
  return drawn({ ...rest, page }, createElement(ContactsPage, { page }));
}
const rowsOf = (acted: Acted): readonly Row[] => results(shelvesOf(acted)).flatMap(({ rows }) => rows);
const listed = (acted: Acted): readonly string[] => results(shelvesOf(acted)).map(({ of, rows }) => `${of}: ${rows.map(({ name }) => name).join(', ')}`);
const row = (acted: Acted, name: string): Row => {
  const one = rowsOf(acted).find((each) => each.name === name);
  if (!one) throw new Error(`nothing is called ${name}, but ${rowsOf(acted).map((each) => each.name).join(', ')}`);
  return one;
};

describe('names', () => {
  it('are found without accents and capitals, and letters that are typed as two', () => {
    expect(folded('Cœur, Łódź, STRAẞE, Ærø')).toBe('coeur, lodz, strasse, aero');
    expect(rankOf('Léa Fontaine', wordsOf('LEA'))).toBe(0);
  });

  it('come with what begins so first, then words that begin so, then the rest; and no more than so many', () => {
    const all = ['Cléa Roux', 'Ben Leander', 'Léa Fontaine', 'Max'];
    expect(best('lea', all, (name) => [name], 9)).toEqual(['Léa Fontaine', 'Ben Leander', 'Cléa Roux']);
    expect(best('lea', all, (name) => [name], 2)).toEqual(['Léa Fontaine', 'Ben Leander']);
    expect(best('fon lea', all, (name) => [name], 9), 'words in whatever order').toEqual(['Léa Fontaine']);
    expect(best('lea max', all, (name) => [name], 9), 'every word counts').toEqual([]);
    expect(best('max', all, (name) => ['nobody', name], 9), 'any of its texts').toEqual(['Max']);
    const [town, am] = ['town', 'am'].map((text) => best(text, ['Max', 'Ida'], (name) => [name], 9, (name) => [`${name}@town.example`]));
    expect([town, am], 'what is beside the name, by its beginnings').toEqual([['Max', 'Ida'], []]);
  });
});

describe('what the search asks', () => {
  it('is people and rooms at once, and lines once nothing was typed for a moment', () => {
    const acted = new Acted();
    expect(acted.asked).toEqual(['GET people', 'GET rooms']);
    acted.tell(typed('h'));
    expect([acted.pause, acted.state.looks], 'one letter stands in almost every line').toEqual([undefined, 'no']);
    acted.tell(typed('ha'), typed('hall '));
    expect(acted.pause?.ms).toBe(PAUSE_MS);
    expect(acted.asked).toEqual([]);
    expect(acted.rest().asked).toEqual(['GET conversations/lines?find=hall']);
    expect(acted.tell({ type: 'lines', find: 'hall', result: ok([found('MS_2', 'the hall')]) }).state).toMatchObject({ looks: 'no', lines: [{ message: { id: 'MS_2' } }] });
    expect(acted.tell(typed('hall')).pause, 'the same with one space less').toBeUndefined();
  });

  it('goes by what is typed now: pauses and answers that are late change nothing', () => {
    const acted = new Acted().tell(typed('hall'));
    const late = acted.pause?.told;
    const due = acted.tell(typed('wall')).pause?.told;
    if (!late || !due) throw new Error('nothing is to happen');
    expect([acted.tell(late).asked, acted.state.looks]).toEqual([[], 'soon']);
    acted.tell(due, { type: 'lines', find: 'hall', result: ok([found('MS_2', 'the hall')]) });
    expect(acted.state).toMatchObject({ looks: 'now', lines: [] });
    acted.tell({ type: 'lines', find: 'wall', result: ok([found('MS_3', 'the wall'), found('MS_4', 'wall, again')]) }, typed('wall, ag'));
    expect(acted.state.lines.map(({ message }) => message.id), 'what still fits stays meanwhile').toEqual(['MS_4']);
    expect(acted.tell(typed('')).state).toMatchObject({ looks: 'no', lines: [] });
  });

  it('is bounded: what is typed, and what is kept', () => {
    const acted = new Acted().tell(typed('x'.repeat(LONGEST + 50))).rest();
    expect(acted.state.text).toHaveLength(LONGEST);
    const find = acted.state.text;
    acted.tell({ type: 'lines', find, result: ok(Array.from({ length: 50 }, (_, index) => found(`MS_${index}`, find))) });
    expect(acted.state.lines).toHaveLength(30);
    expect(rowsOf(acted)).toHaveLength(6);
  });

  it('says what failed, and asks for that again', () => {
    const acted = new Acted().tell({ type: 'people', result: refused('busy') }, { type: 'rooms', result: ok(ROOMS) }, typed('hall')).rest();
    acted.tell({ type: 'lines', find: 'hall', result: { ok: false, problem: 'offline' } });
    expect(Object.keys(acted.state.troubles)).toEqual(['people', 'lines']);
    expect(unfound(shelvesOf(acted)), 'what failed may be called that').toBeNull();
    expect(acted.tell({ type: 'again' }).asked).toEqual(['GET people', 'GET conversations/lines?find=hall']);
    acted.tell({ type: 'people', result: ok(PEOPLE) }, { type: 'lines', find: 'hall', result: ok([]) });
    expect(acted.state.troubles).toEqual({});
    expect(unfound(shelvesOf(acted))).toBe('Nothing here is called that, and no message says it.');
    expect(new Acted().tell({ type: 'people', result: ok([{ nobody: 1 }]) }).state.troubles.people?.key, 'an answer of another shape').toBe('trouble.server');
  });
});

describe('what is found', () => {
  it('is, with nothing typed, whom I wrote with, where I meet with those in use first, and what is begun most', () => {
    expect(listed(there())).toEqual([
      'people: Léa Fontaine',
      'rooms: Chœur, Tuesday planning',
      'commands: New meeting, New meeting for later, Join with a code or link, Calls, Contacts, Settings',
    ]);
  });

  it('is somebody with all that can be done, then others, and never me', () => {
    const acted = there().tell(typed('lea'));
    expect(listed(acted)[0]).toBe('people: Léa Fontaine, Call Léa Fontaine, Video call Léa Fontaine, Ben Leander, Cléa Roux');
    expect(listed(acted).at(-1)).toBe('messages: Lead singers');
    expect(row(acted, 'Léa Fontaine')).toMatchObject({ more: 'Available', does: 'Message', events: [{ type: 'talks/with', account: 'AC_2' }] });
    expect(row(acted, 'Cléa Roux').more, 'whoever hides is not said to be offline').toBe('Not shown');
    expect(row(acted, 'Video call Léa Fontaine').events).toEqual([{ type: 'calling/place', people: ['AC_2'], video: true }]);
    expect(listed(there().tell(typed('call clea')))).toEqual(['people: Call Cléa Roux, Video call Cléa Roux']);
    expect(listed(there().tell(typed('ines'))), 'nobody looks for themselves').toEqual([]);
  });

  it('is a room by its title or its code, with the way in', () => {
    const acted = there().tell(typed('choeur'));
    expect(listed(acted)).toEqual(['rooms: Chœur, Go to the meeting Chœur']);
    expect(row(acted, 'Chœur').events).toEqual([{ type: 'visit', route: { to: 'room-page', code: 'choir' } }]);
    expect(row(acted, 'Go to the meeting Chœur').events).toEqual([{ type: 'visit', route: { to: 'room', code: 'choir' } }]);
    expect(listed(there().tell(typed('go to the meeting tuesday')))).toEqual(['rooms: Go to the meeting Tuesday planning']);
  });

  it('is a code or a link, however it is written; a word is none', () => {
    for (const text of ['bolu-kesi-dafu', ' Bolu Kesi DAFU ', 'https://meet.example.org/r/bolu-kesi-dafu?x', 'meet.example.org/r/bolu-kesi-dafu']) {
      expect(rowsOf(there().tell(typed(text)))[0]).toMatchObject({ name: 'Join bolu-kesi-dafu', events: [{ type: 'visit', route: { to: 'room', code: 'bolu-kesi-dafu' } }] });
    }
    expect(listed(there().tell(typed('choir')))[0], 'a made-up code of a room of mine').toBe('join: Join choir');
    expect(listed(there().tell(typed('make that call'))).join()).not.toContain('Join');
    const elsewhere = there().tell(typed('https://other.example/r/bolu-kesi-dafu'));
    expect([rowsOf(elsewhere), unfound(shelvesOf(elsewhere))]).toEqual([[], 'This link leads to another server, other.example. Open it in the address line of the browser.']);
  });

  it('is any code where one is asked for, and why it is none', () => {
    const acted = there();
    expect(row(acted, 'Join with a code or link').stays).toBe(true);
    acted.tell({ type: 'code' });
    expect([rowsOf(acted), unfound(shelvesOf(acted))]).toEqual([[], 'Type the code of the meeting, or paste its link.']);
    expect(listed(acted.tell(typed('kitchen')))).toEqual(['join: Join kitchen']);
    expect(acted.pause, 'no message is looked for').toBeUndefined();
    expect(unfound(shelvesOf(acted.tell(typed('?!'))))).toContain('This is not a code.');
    expect(acted.tell(typed('')).state.code).toBe(false);
  });

  it('is what can be done, by its name', () => {
    expect(row(there().tell(typed('dark')), 'Dark theme').events).toEqual([{ type: 'settings/theme', theme: 'dark' }]);
    expect(row(there().tell(typed('sign out')), 'Sign out').events).toEqual([{ type: 'sign-out' }]);
  });

  it('is a line, with its conversation, who wrote it and when', () => {
    const acted = there().tell(typed('kettle')).rest();
    expect(unfound(shelvesOf(acted))).toBe('Looking through messages');
    acted.tell({ type: 'lines', find: 'kettle', result: ok([found('MS_5', 'the copper kettle')]) });
    expect(rowsOf(acted)).toEqual([expect.objectContaining({ name: 'Léa Fontaine', more: 'the copper kettle', at: 1_000, events: [{ type: 'visit', route: { to: 'talks', id: 'RM_7' } }] })]);
  });

  it('has a key of its own in every line, and leads somewhere', () => {
    for (const text of ['', 'a', 'e', 'lea', 'me']) {
      const acted = there().tell(typed(text));
      const rows = rowsOf(acted);
      expect(new Set(rows.map(({ key }) => key)).size, text).toBe(rows.length);
      for (const one of rows) {
        expect(one.stays || one.events.length > 0, one.name).toBe(true);
        one.events.reduce((state, event) => update(state, event)[0], shelvesOf(acted).state);
      }
    }
  });

  it('whoever I block, and cards, open their entries and are not called', () => {
    const acted = there().tell(typed('lea fon'));
    const shelves = shelvesOf(acted);
    const entry = { id: 'CT_1', account: 'AC_2', name: '', circle: '', phones: [], mails: [], favourite: false, blocked: true };
    const card = { ...entry, id: 'CT_2', name: 'Lea Fonda', phones: ['+33 1'], blocked: false };
    const { account: none, ...here } = card;
    expect(none).toBe('AC_2');
    const state = { ...shelves.state, calling: { ...shelves.state.calling, book: [entry, here] } };
    const rows = results({ ...shelves, state, people: everybody(state, acted.state, 'en') }).flatMap((group) => group.rows);
    expect(rows.map(({ name, more, events }) => [name, more, events[0]])).toEqual([
      ['Lea Fonda', '+33 1', { type: 'book/edit', id: 'CT_2', account: null }],
      ['Léa Fontaine', 'Blocked: cannot call you, and finds you offline', { type: 'book/edit', id: 'CT_1', account: 'AC_2' }],
    ]);
  });
});

describe('the words of the search', () => {
  it('are there in both languages, with the same gaps and in the voice of the house', () => {
    for (const { en, fr } of [SEARCH, SEARCH_BUTTON]) {
      expect(Object.keys(fr)).toEqual(Object.keys(en));
      expect(gaps(fr)).toEqual(gaps(en));
      for (const text of Object.values(en)) expect(text).not.toMatch(/!|oops|please/i);
      for (const text of Object.values(fr)) expect(text).not.toMatch(/[^\u202f][?!;:](?:\s|$)/);
    }
  });
});

/** What the dialog shows. */
const html = (acted: Acted, at = 0): string => {
  const shelves = shelvesOf(acted);
  const groups = results(shelves);
  return drawn(shelves.state, createElement(Found, { shelves, groups, rows: groups.flatMap(({ rows }) => rows), chosen: at, tell: nothing, onRun: nothing, onClose: nothing }));
};

describe('the dialog', () => {
  it('is a combobox whose list has named groups, with one line chosen', () => {
    const text = html(there().tell(typed('lea')), 1);
    const [, controls, active] = /role="combobox" aria-expanded="true" aria-controls="([^"]+)" aria-activedescendant="([^"]+)"/.exec(text) ?? [];
    expect(text).toContain(`id="${controls ?? '?'}" role="listbox" aria-label="Results"`);
    const groups = [...text.matchAll(/role="group" aria-labelledby="([^"]+)"><div id="\1" role="presentation"[^>]*>([^<]+)</g)];
    expect(groups.map((match) => match[2])).toEqual(['People', 'Messages']);
    expect(text.match(/aria-selected="true"/g)).toHaveLength(1);
    expect(text.slice(text.indexOf(`id="${active ?? '?'}"`))).toMatch(/^id="[^"]+" type="button" role="option" tabindex="-1" aria-selected="true"[^>]*>.*?Call Léa Fontaine/);
    expect(text).toContain('Results: 6');
  });

  it('says what is not found, and what failed with a way to try again', () => {
    const none = html(there().tell(typed('zzzz')).rest().tell({ type: 'lines', find: 'zzzz', result: ok([]) }));
    expect(none).toContain('aria-expanded="false"');
    expect(none).toContain('Nothing here is called that, and no message says it.');
    const failed = html(there().tell(typed('zzzz')).rest().tell({ type: 'lines', find: 'zzzz', result: refused('busy') }));
    expect(failed).toContain('Messages could not be searched.');
    expect(failed).toMatch(/<button[^>]*>Try again</);
    expect(failed).not.toContain('Nothing here');
  });

  it('opens from the button above the page, which tells its key', () => {
    const { state } = shelvesOf(there());
    const page = contacts(state);
    expect(page).toMatch(/aria-label="Search people, rooms, messages"[^>]*aria-keyshortcuts="Control\+K"/);
    expect(page).toContain('Ctrl K</kbd>');
    const mac = contacts({ ...state, browser: { ...state.browser, system: 'macos' } });
    expect(mac).toContain('⌘K</kbd>');
    expect(mac).toContain('aria-keyshortcuts="Meta+K"');
    expect(drawn(state, createElement(SearchDialog, { onClose: nothing }))).toContain('Search people, rooms, messages');
  });
});
