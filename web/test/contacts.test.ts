import { describe, expect, it } from 'vitest';
import { found } from '../src/core/pages/contacts/page';
import { bad, good, Play, signedIn } from './helpers';

describe('contacts', () => {
  it('are found by any part of the name, without accents, and never show me', () => {
    const people = [{ account: 'AC_1', name: 'Ines' }, { account: 'AC_4', name: 'Léa' }, { account: 'AC_2', name: 'Ben' }];
    expect(found(people, '', 'AC_1', 'en').map(({ name }) => name)).toEqual(['Ben', 'Léa']);
    expect(found(people, 'lea ', 'AC_1', 'en').map(({ name }) => name)).toEqual(['Léa']);
    expect(found(people, 'ines', 'AC_1', 'en')).toEqual([]);
  });

  it('are asked for when the page opens, and again when that failed', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'contacts' } });
    expect(play.asked('call')?.call.name).toBe('people');
    play.on(bad('people', { name: 'people' }, 'offline'));
    expect(play.state.page).toMatchObject({ at: 'contacts', people: null, trouble: { key: 'trouble.network' } });
    play.on({ type: 'contacts/again' });
    expect(play.asked('call')?.call.name).toBe('people');
    play.on(good('people', { name: 'people' }, [{ account: 'AC_2', name: 'Ben' }]), { type: 'contacts/search', search: 'b' });
    expect(play.state.page).toMatchObject({ people: [{ name: 'Ben' }], trouble: null, search: 'b' });
  });
});
