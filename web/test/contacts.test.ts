import { describe, expect, it } from 'vitest';
import { CHOICES } from '../src/core/calling/presence';
import { CALLED_AT_ONCE, groupOf, toggled } from '../src/core/calling/several';
import { placeActions } from '../src/core/pages/actions';
import { sections } from '../src/core/pages/contacts/page';
import type { BookEntry, Call } from '../src/proto/api.gen';
import { bad, good, Play, signedIn } from './helpers';

const entry = (change: Partial<BookEntry> = {}): BookEntry => ({ id: 'CO_1', name: '', circle: '', phones: [], mails: [], favourite: false, blocked: false, ...change });
const people = [{ account: 'AC_1', name: 'Ines' }, { account: 'AC_4', name: 'Léa' }, { account: 'AC_2', name: 'Ben' }, { account: 'AC_3', name: 'Cid' }];
const listed = (book: readonly BookEntry[], search = ''): readonly string[] =>
  sections(people, book, search, 'AC_1', 'en').map(({ of, name, lines }) => `${of}${name}: ${lines.map((line) => line.name).join(', ')}`);

describe('contacts', () => {
  it('are found by any part of what they are called, without accents, and never show me', () => {
    expect(listed([])).toEqual(['directory: Ben, Cid, Léa']);
    expect(listed([], 'lea ')).toEqual(['directory: Léa']);
    expect(listed([], 'ines')).toEqual([]);
    const called = entry({ account: 'AC_2', name: 'Benny', circle: 'Work', phones: ['+33 1'] });
    expect(listed([called], 'nny')).toEqual(['circleWork: Benny']);
    for (const by of ['ben', 'work', '+33']) expect(listed([called], by)).toEqual(['circleWork: Benny']);
  });

  it('stand by how much I like to hear them: favourites, my book by its groups, everybody else, and those whom I block', () => {
    const book = [
      entry({ account: 'AC_4', favourite: true, circle: 'Work' }),
      entry({ id: 'CO_2', name: 'Town hall' }),
      entry({ id: 'CO_3', name: 'Baker', circle: 'Shops' }),
      entry({ id: 'CO_4', account: 'AC_3', favourite: true, blocked: true }),
      // Nobody here any more, and never called anything.
      entry({ id: 'CO_5', account: 'AC_9' }),
    ];
    expect(listed(book)).toEqual(['favourites: Léa', 'book: Town hall', 'circleShops: Baker', 'directory: Ben', 'blocked: Cid']);
  });

  it('are asked for when the page opens, and again when that failed', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'contacts' } });
    const asked = (): readonly string[] => play.effects.flatMap((effect) => (effect.type === 'call' ? [effect.call.name] : []));
    expect(asked()).toEqual(['people', 'book']);
    play.on(bad('people', { name: 'people' }, 'offline'));
    expect(play.state.page).toMatchObject({ at: 'contacts', people: null, trouble: { key: 'trouble.network' } });
    play.on({ type: 'contacts/again' });
    expect(asked()).toEqual(['people', 'book']);
    play.on(good('people', { name: 'people' }, [{ account: 'AC_2', name: 'Ben' }]), { type: 'contacts/search', search: 'b' });
    expect(play.state.page).toMatchObject({ people: [{ name: 'Ben' }], trouble: null, search: 'b' });
  });
});

const ben = entry({ account: 'AC_2', name: 'Benny' });
const ringing: Call = {
  id: 'CA_1', code: 'room', video: false, outgoing: false, began: 1_000, stage: { is: 'dialing' },
  others: [{ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 }],
};

describe('several who are called at once', () => {
  it('are those of a group, favourites too, but not whom I block, cards, or whoever is not here', () => {
    const book = [
      entry({ account: 'AC_2', circle: 'Work' }),
      entry({ id: 'CO_2', account: 'AC_4', circle: 'Work', favourite: true }),
      entry({ id: 'CO_3', account: 'AC_3', circle: 'Work', blocked: true }),
      entry({ id: 'CO_4', name: 'Town hall', circle: 'Work', phones: ['+33 1'] }),
      entry({ id: 'CO_5', account: 'AC_9', circle: 'Work' }),
      entry({ id: 'CO_6', account: 'AC_1', circle: 'Work' }),
    ];
    expect(groupOf(people, book, 'Work', 'AC_1')).toEqual(['AC_2', 'AC_4']);
    expect(groupOf(people, book, 'Shops', 'AC_1')).toEqual([]);
  });

  it('are chosen and left out again, and never more than a call takes', () => {
    expect(toggled(toggled(toggled([], 'AC_2'), 'AC_3'), 'AC_2')).toEqual(['AC_3']);
    const all = Array.from({ length: CALLED_AT_ONCE }, (_, index) => `AC_${index}`);
    expect(toggled(all, 'AC_99')).toBe(all);
    expect(toggled(all, 'AC_0')).toHaveLength(CALLED_AT_ONCE - 1);
  });
});

describe('the phone book', () => {
  it('names people in calls, those included that ring already', () => {
    const play = new Play(signedIn()).on({ type: 'told', event: { event: 'calls', number: 1, calls: [ringing] } }, good('book', { name: 'book' }, [ben]));
    expect(play.state.calling.calls[0]?.others[0]?.name).toBe('Benny');
    play.on({ type: 'told', event: { event: 'calls', number: 2, calls: [{ ...ringing, stage: { is: 'ringing' } }] } });
    expect(play.state.calling.calls[0]?.others[0]?.name).toBe('Benny');
    play.on(
      { type: 'visit', route: { to: 'calls', person: '' } },
      good('calls/past', { name: 'calls/past', missed: false, person: null, before: null }, [{ call: ringing, missed: false }]),
    );
    expect(play.state.page).toMatchObject({ calls: [{ call: { others: [{ name: 'Benny' }] } }] });
  });

  it('takes somebody in once, and changes the entry afterwards', () => {
    const play = new Play(signedIn()).on(good('book', { name: 'book' }, []), { type: 'book/set', account: 'AC_2', name: 'Ben', entry: { favourite: true } });
    expect(play.asked('call')?.call).toEqual({ name: 'book/add', body: { account: 'AC_2', entry: { favourite: true } } });
    expect(play.said).toEqual({ key: 'book.favourite.said', args: { name: 'Ben' } });
    play.on(good('book/add', { name: 'book/add', body: { account: 'AC_2', entry: { favourite: true } } }, { ...ben, favourite: true }));
    play.on({ type: 'book/set', account: 'AC_2', name: 'Benny', entry: { blocked: true } });
    expect(play.asked('call')?.call).toEqual({ name: 'book/change', id: 'CO_1', body: { blocked: true } });
    expect(play.said?.key).toBe('book.blocked.said');
    play.on(bad('book/change', { name: 'book/change', id: 'CO_1', body: { blocked: true } }, 'offline'));
    expect(play.state.toast?.tone).toBe('trouble');
    expect(play.asked('call')?.call.name).toBe('book');
    play.on({ type: 'book/remove', id: 'CO_1' }, good('book/remove', { name: 'book/remove', id: 'CO_1' }, null));
    expect(play.state.calling.book).toEqual([]);
  });

  it('wants a name for a card, and says in the form what was wrong', () => {
    const play = new Play(signedIn()).on(good('book', { name: 'book' }, []), { type: 'book/edit', id: null, account: null }, { type: 'book/save', entry: { name: ' ' } });
    expect(play.effects).toEqual([]);
    expect(play.state.calling.editing?.wrong?.key).toBe('book.name.missing');
    play.on({ type: 'book/save', entry: { name: 'Town hall' } }, { type: 'book/save', entry: { name: 'Town hall' } });
    expect(play.effects).toEqual([]);
    const call = { name: 'book/add', body: { entry: { name: 'Town hall' } } } as const;
    play.on(bad('book/add', call, 'too_many'));
    expect(play.state.calling.editing).toMatchObject({ busy: false, wrong: { key: 'problem.too-many' } });
    play.on({ type: 'book/save', entry: { name: 'Town hall' } }, good('book/add', call, entry({ name: 'Town hall' })));
    expect(play.state.overlay).toBeNull();
    expect(play.state.calling).toMatchObject({ editing: null, book: [{ name: 'Town hall' }] });
  });

  it('says what became of a file', () => {
    const file = { size: 3, type: '' };
    const call = { name: 'book/import', file } as const;
    const play = new Play(signedIn()).on({ type: 'book/import', file }, { type: 'book/import', file });
    expect(play.effects).toEqual([]);
    play.on(good('book/import', call, { added: 2, skipped: 1 }));
    expect(play.state.toast?.text).toMatchObject({ key: 'book.imported.some.other', args: { n: 2, skipped: 1 } });
    expect(play.asked('call')?.call.name).toBe('book');
    play.on({ type: 'book/import', file }, good('book/import', call, { added: 0, skipped: 1 }));
    expect(play.state.toast?.text.key).toBe('book.imported.none');
  });
});

describe('what I say of myself', () => {
  it('may be that I am away, in every menu and by name', () => {
    const play = new Play(signedIn()).on(good('presence', { name: 'presence' }, { chosen: 'automatic', note: '' }));
    expect(CHOICES).toContain('away');
    const offered = placeActions(play.state).flatMap(({ events }) => events.flatMap((event) => (event.type === 'presence/choose' ? [event.chosen] : [])));
    expect(offered).toEqual(CHOICES);
    play.on({ type: 'presence/choose', chosen: 'away' });
    expect(play.asked('call')?.call).toEqual({ name: 'presence/put', body: { chosen: 'away', note: '' } });
    play.on(good('presence/put', { name: 'presence/put', body: { chosen: 'away', note: '' } }, null));
    expect(play.said).toEqual({ key: 'presence.said', args: { presence: { key: 'presence.away', args: {} } } });
  });

  it('is shown at once, kept with its note, and asked for again where it was not kept', () => {
    const play = new Play(signedIn()).on({ type: 'presence/choose', chosen: 'busy' });
    expect(play.effects).toEqual([]);
    play.on(good('presence', { name: 'presence' }, { chosen: 'automatic', note: 'Library' }), { type: 'presence/choose', chosen: 'busy' });
    const put = { name: 'presence/put', body: { chosen: 'busy', note: 'Library' } } as const;
    expect(play.asked('call')?.call).toEqual(put);
    expect(play.state.calling.said).toEqual(put.body);
    play.on(bad('presence/put', put, 'offline'));
    expect(play.asked('call')?.call.name).toBe('presence');
    play.on({ type: 'presence/note', note: '  Cellar ' });
    expect(play.asked('call')?.call).toEqual({ name: 'presence/put', body: { chosen: 'busy', note: 'Cellar' } });
    play.on({ type: 'told', event: { event: 'presence', person: { account: 'AC_1', presence: 'busy', since: 1 } } });
    expect(play.asked('call')?.call.name).toBe('presence');
    play.on({ type: 'told', event: { event: 'presence', person: { account: 'AC_2', presence: 'busy', since: 1 } } });
    expect(play.effects).toEqual([]);
  });
});
