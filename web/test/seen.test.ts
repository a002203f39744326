import { describe, expect, it } from 'vitest';
import { seen, type Seen, type SeenEvent } from '../src/core/pages/account/seen';
import { salon } from '../src/core/pages/home/salon';
import type { Wish } from '../src/core/part';
import { SALON } from '../src/i18n/salon';
import { SEEN } from '../src/i18n/seen';
import { isContact } from '../src/proto/decode';

/** The part after these, and what the last of them asked for. */
function acted(...events: readonly SeenEvent[]): { readonly state: Seen; readonly asked: readonly Wish<SeenEvent>[] } {
  let [state, asked] = seen.begin;
  for (const event of events) [state, asked] = seen.update(state, event);
  return { state, asked };
}

const read = (seenBy: unknown): SeenEvent => ({ type: 'read', result: { ok: true, value: { seenBy } } });

const wished = (value: unknown): boolean => salon.update(salon.begin[0], { type: 'wished', result: { ok: true, value } })[0].favourites;

describe('who sees whether I am reachable', () => {
  it('is read first, and nothing is kept before', () => {
    expect(acted().asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET me/visibility']);
    expect(acted({ type: 'choose', seenBy: 'nobody' })).toMatchObject({ state: { seenBy: null }, asked: [] });
    expect(acted(read('friends')).state).toMatchObject({ seenBy: null, trouble: { key: 'trouble.server' } });
  });

  it('is kept when it is another', () => {
    expect(acted(read('contacts'), { type: 'choose', seenBy: 'contacts' }).asked).toEqual([]);
    const { state, asked } = acted(read('contacts'), { type: 'choose', seenBy: 'nobody' });
    expect(state).toMatchObject({ seenBy: 'nobody', kept: false });
    expect(asked).toMatchObject([{ method: 'PUT', path: 'me/visibility', body: { seenBy: 'nobody' } }]);
    expect(acted(read('contacts'), { type: 'choose', seenBy: 'nobody' }, { type: 'kept', result: { ok: true, value: null } }).state.kept).toBe(true);
  });

  it('is read again when it could not be kept', () => {
    const failed = acted(read('contacts'), { type: 'choose', seenBy: 'nobody' }, { type: 'kept', result: { ok: false, problem: 'offline' } });
    expect([failed.state.kept, failed.state.trouble !== null, failed.asked.map(({ path }) => path)]).toEqual([false, true, ['me/visibility']]);
    expect(acted(read('everyone')).state.seenBy).toBe('everyone');
  });

  it('is known to home', () => {
    const [state] = salon.update(salon.begin[0], { type: 'seen', result: { ok: true, value: { seenBy: 'nobody' } } });
    expect([salon.begin[0].seenBy, state.seenBy]).toEqual(['everyone', 'nobody']);
    expect(salon.update(state, { type: 'seen', result: { ok: false, problem: 'offline' } })[0].seenBy).toBe('nobody');
  });

  it('is known to home, as who rings though nobody is to disturb me', () => {
    const none = { to: 'nobody' };
    expect([salon.begin[0].favourites, wished({ always: none, busy: none, unanswered: none, favourites: true }), wished({ favourites: true })]).toEqual([false, true, false]);
  });

  it('is said of others in the directory', () => {
    const people = [{ account: 'AC_1', name: 'Ann', hidden: true }, { account: 'AC_2', name: 'Bo' }];
    expect(people.every(isContact)).toBe(true);
    expect(isContact({ account: 'AC_1', name: 'Ann', hidden: 'yes' })).toBe(false);
  });

  it('has the same words in both languages', () => {
    for (const words of [SEEN, SALON]) expect(Object.keys(words.fr)).toEqual(Object.keys(words.en));
  });
});
