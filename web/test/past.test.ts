import { describe, expect, it } from 'vitest';
import { outcomeOf, wayOf } from '../src/core/pages/calls/page';
import type { Call, PastCall, Stage, Why } from '../src/proto/api.gen';
import type { CallNamed } from '../src/proto/calls';
import { bad, good, Play, signedIn } from './helpers';

const ended = (why: Why): Stage => ({ is: 'ended', why });
const call = (mine: Why, theirs: Why, change: Partial<Call> = {}): Call => ({
  id: 'CA_1', code: 'room', video: false, outgoing: false, began: 1_000, ended: 70_000, stage: ended(mine),
  others: [{ account: 'AC_2', name: 'Ben', caller: change.outgoing !== true, stage: ended(theirs), devices: 0 }], ...change,
});
const past = (of: Call, missed = false): PastCall => ({ call: of, missed });
const asked = (change: Partial<CallNamed<'calls/past'>> = {}): CallNamed<'calls/past'> => ({ name: 'calls/past', missed: false, person: null, before: null, ...change });
const open = (): Play => new Play(signedIn()).on({ type: 'visit', route: { to: 'calls', person: '' } });

describe('a past call', () => {
  it('went out, came in, or was missed', () => {
    expect(wayOf(call('over', 'hungUp', { outgoing: true }))).toBe('out');
    expect(wayOf(call('hungUp', 'over'))).toBe('in');
    expect(wayOf(call('declined', 'over'))).toBe('in');
    for (const why of ['noAnswer', 'cancelled', 'unreachable', 'busy', 'doNotDisturb'] as const) expect(wayOf(call(why, 'over'))).toBe('missed');
    expect(wayOf({ ...call('over', 'over'), stage: { is: 'ringing' } })).toBe('in');
    // A transfer that came back rings at whoever placed the call.
    expect(wayOf(call('noAnswer', 'over', { outgoing: true, returned: 'AC_3' }))).toBe('missed');
    expect(wayOf(call('over', 'over', { outgoing: true, returned: 'AC_3' }))).toBe('out');
  });

  it('says why it ended, from where I stood', () => {
    const words = (of: Call): string => outcomeOf(past(of)).text.key;
    const out = { outgoing: true } as const;
    expect(words(call('over', 'declined', out))).toBe('calling.why.declined');
    expect(words(call('over', 'busy', out))).toBe('past.was-busy');
    expect(words(call('hungUp', 'cancelled', out))).toBe('past.gave-up');
    expect(words(call('over', 'noAnswer', out))).toBe('calling.why.no-answer');
    expect(words(call('cancelled', 'hungUp'))).toBe('past.missed.cancelled');
    expect(words(call('declined', 'over'))).toBe('past.declined');
    expect(outcomeOf(past(call('over', 'hungUp', { ...out, answered: 10_000 })))).toEqual({ text: { key: 'past.talked', args: {} }, lasted: 60_000 });
    expect(outcomeOf(past(call('over', 'lost', { answered: 10_000 })))).toMatchObject({ text: { key: 'past.lost' }, lasted: 60_000 });
    // Of several who were called, another answered: that is no talk of mine.
    expect(outcomeOf(past(call('noAnswer', 'over', { answered: 10_000 })))).toMatchObject({ text: { key: 'past.missed' }, lasted: null });
    const { ended: _on, ...going } = call('over', 'over');
    expect(words({ ...going, stage: { is: 'active' } })).toBe('past.now');
  });
});

describe('the page of calls', () => {
  it('asks for all, for the missed, and for those with one person, and takes no other answer', () => {
    const play = open();
    expect(play.asked('call')?.call).toEqual(asked());
    play.on({ type: 'past/only', only: 'missed' });
    expect(play.asked('call')?.call).toEqual(asked({ missed: true }));
    play.on(good('calls/past', asked(), [past(call('hungUp', 'over'))]));
    expect(play.state.page).toMatchObject({ calls: null });
    play.on({ type: 'past/only', only: 'all' }, { type: 'past/person', person: 'AC_2' });
    expect(play.asked('call')?.call).toEqual(asked({ person: 'AC_2' }));
    play.on(bad('calls/past', asked({ person: 'AC_2' }), 'offline'));
    expect(play.state.page).toMatchObject({ calls: null, trouble: { key: 'trouble.network' } });
    play.on({ type: 'past/again' });
    expect(play.asked('call')?.call).toEqual(asked({ person: 'AC_2' }));
  });

  it('goes on before the last, once', () => {
    const full = Array.from({ length: 100 }, (_, at) => past(call('hungUp', 'over', { id: `CA_${200 - at}` })));
    const play = open().on(good('calls/past', asked(), full), { type: 'past/more' });
    expect(play.asked('call')?.call).toEqual(asked({ before: 'CA_101' }));
    play.on({ type: 'past/more' });
    expect(play.effects).toEqual([]);
    play.on(good('calls/past', asked({ before: 'CA_101' }), [past(call('hungUp', 'over', { id: 'CA_101' })), past(call('hungUp', 'over', { id: 'CA_100' }))]));
    expect(play.state.page).toMatchObject({ more: false, fetching: false });
    expect(play.state.page.at === 'calls' && play.state.page.calls?.length).toBe(101);
  });

  it('says that the missed were looked at, when they are before me and not sooner', () => {
    const play = open().on(good('calls/missed', { name: 'calls/missed', nth: 0 }, { count: 2, unheard: 0 }));
    expect(play.state.calling.missed).toBe(2);
    expect(play.effects).toEqual([]);
    play.on(good('calls/past', asked(), [past(call('noAnswer', 'over'), true)]));
    expect(play.asked('call')?.call.name).toBe('calls/looked');
    play.on(good('calls/looked', { name: 'calls/looked' }, null));
    expect(play.state.calling.missed).toBe(0);
    // One more while I was not on the line: the list is fetched anew.
    play.on({ type: 'told', event: { event: 'people', people: [], awaited: [] } });
    expect(play.effects).toContainEqual({ type: 'call', call: asked() });
  });

  it('does not take what was counted before I looked for what is missed now', () => {
    const play = open().on(good('calls/past', asked(), [past(call('noAnswer', 'over'), true)]), good('calls/looked', { name: 'calls/looked' }, null));
    expect(play.asked('call')?.call).toEqual({ name: 'calls/missed', nth: 1 });
    // Asked for when the line came up, answered late.
    play.on(good('calls/missed', { name: 'calls/missed', nth: 0 }, { count: 2, unheard: 1 }));
    expect(play.state.calling.missed).toBe(0);
    play.on(good('calls/missed', { name: 'calls/missed', nth: 1 }, { count: 0, unheard: 1 }));
    expect(play.state.calling).toMatchObject({ missed: 0, unheard: 1 });
    expect(play.effects).toEqual([]);
  });

  it('counts on the rail what was missed: asked on each new line and when a call was missed, and gone when another device looked', () => {
    const play = new Play(signedIn()).on({ type: 'told', event: { event: 'people', people: [], awaited: [] } });
    expect(play.asked('call')?.call.name).toBe('calls/missed');
    play.on(good('calls/missed', { name: 'calls/missed', nth: 1 }, { count: 3, unheard: 0 }), { type: 'told', event: { event: 'callsLooked' } });
    expect(play.state.calling.missed).toBe(0);
    play.on({ type: 'told', event: { event: 'calls', number: 1, calls: [call('noAnswer', 'over')] } });
    expect(play.asked('call')?.call.name).toBe('calls/missed');
    play.on({ type: 'told', event: { event: 'calls', number: 2, calls: [call('noAnswer', 'over')] } });
    expect(play.asked('call')).toBeUndefined();
  });
});
