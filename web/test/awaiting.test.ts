import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { missedBy } from '../src/core/calling/awaiting';
import type { Event } from '../src/core/event';
import type { State } from '../src/core/state';
import { say, speech } from '../src/i18n/text';
import { createStore } from '../src/store';
import { AwaitButton, Awaits } from '../src/ui/calling/AwaitButton';
import { FreeCard } from '../src/ui/calling/FreeCard';
import { HouseContext, SpeechContext } from '../src/ui/context';
import type { BookEntry, Call, Contact, Event as Told, Party, Presence, Stage, Why } from '../src/proto/api.gen';
import { bad, good, Play, signedIn } from './helpers';

const ended = (why: Why): Stage => ({ is: 'ended', why });
const party = (change: Partial<Party> = {}): Party => ({ account: 'AC_2', name: 'Ben', caller: false, stage: ended('busy'), devices: 0, ...change });
const outgoing = (other: Partial<Party> = {}, change: Partial<Call> = {}): Call =>
  ({ id: 'CA_1', code: 'call-room', video: false, outgoing: true, began: 1, ended: 2, stage: ended('over'), others: [party(other)], ...change });
const ben: Contact = { account: 'AC_2', name: 'Ben' };
const cat: Contact = { account: 'AC_3', name: 'Cat' };
const told = (event: Told): Event => ({ type: 'told', event });
const is = (presence: Presence, account = 'AC_2'): Event => told({ event: 'presence', person: { account, presence, since: 0 } });
const entry: BookEntry = { id: 'CO_1', account: 'AC_2', name: 'Benny', circle: '', phones: [], mails: [], favourite: false, blocked: false };

const play = (): Play => new Play(signedIn()).on(told({ event: 'people', people: [], awaited: [] }));
const free = (): Play => play().on(told({ event: 'awaited', people: [ben] }), is('available'), told({ event: 'free', person: ben }));

function drawn(state: State, element: ReturnType<typeof createElement>): string {
  const ports = {
    attach: () => () => undefined, preview: () => () => undefined, level: () => () => undefined, speaking: () => () => undefined,
    smallWindow: () => () => undefined, everySecond: () => () => undefined, title: () => undefined, voicemail: () => ({ run: () => undefined, end: () => undefined }),
  };
  const house = { store: createStore(state, () => () => undefined), ports };
  return renderToStaticMarkup(createElement(HouseContext, { value: house }, createElement(SpeechContext, { value: speech('en') }, element)));
}

describe('after a call that came to nothing', () => {
  it('whoever may be free later is waited for; who did not come has to come anew', () => {
    const anew = (why: Why): boolean | undefined => missedBy(outgoing({ stage: ended(why) }))?.anew;
    expect([anew('busy'), anew('doNotDisturb'), anew('noAnswer'), anew('unreachable'), anew('voicemail')]).toEqual([false, false, true, true, true]);
    expect([anew('declined'), anew('hungUp'), anew('lost')]).toEqual([undefined, undefined, undefined]);
    expect(missedBy(outgoing({}, { outgoing: false }))).toBeNull();
    expect(missedBy(outgoing({}, { answered: 1 }))).toBeNull();
    expect(missedBy(outgoing({}, { others: [party(), party({ account: 'AC_3', name: 'Cat' })] }))).toBeNull();
    expect(missedBy(outgoing({ stage: { is: 'ringing' } }))).toBeNull();
  });

  it('nobody is offered to wait for whoever does not show it, and who waits already may take it back', () => {
    const call = outgoing();
    const hides = (hidden: boolean): Event => told({ event: 'presence', person: { account: 'AC_2', presence: 'offline', since: 0, hidden } });
    const button = (one: Play): string => drawn(one.state, createElement(AwaitButton, { call }));
    expect(button(play().on(hides(true)))).toBe('');
    expect(button(play().on(hides(true), hides(false)))).toMatch(/Tell me when free/);
    expect(button(play().on(told({ event: 'awaited', people: [ben] }), hides(true)))).toMatch(/Don’t tell me/);
    expect(button(new Play(signedIn()).on(told({ event: 'people', people: [{ account: 'AC_2', presence: 'offline', since: 0, hidden: true }], awaited: [] })))).toBe('');
    // Whoever began to hide while it was pressed.
    const refused = play().on(bad('await', { name: 'await', account: 'AC_2', body: { anew: false } }, 'not_shown'));
    expect(refused.said).toEqual(say('problem.not-shown'));
  });

  it('one button asks, and takes it back', () => {
    const call = outgoing();
    const button = (state: State): string => drawn(state, createElement(AwaitButton, { call })) + drawn(state, createElement(Awaits, { call }));
    const one = play();
    expect(button(one.state)).toMatch(/Tell me when free/);
    expect(button(one.state)).not.toMatch(/You will be told/);
    one.on({ type: 'await', account: 'AC_2', anew: false });
    expect(one.asked('call')?.call).toEqual({ name: 'await', account: 'AC_2', body: { anew: false } });
    // What counts is what the server says.
    expect(button(one.state)).toMatch(/Tell me when free/);
    one.on(told({ event: 'awaited', people: [ben] }));
    expect(one.said).toEqual(say('calling.awaited', { name: 'Ben' }));
    expect(button(one.state)).toMatch(/You will be told when .*Ben.* is free/);
    expect(button(one.state)).toMatch(/Don’t tell me/);
    one.on({ type: 'await/no-more', account: 'AC_2' });
    expect(one.asked('call')?.call).toEqual({ name: 'await/no-more', account: 'AC_2' });
    one.on(told({ event: 'awaited', people: [] }));
    expect(button(one.state)).toMatch(/Tell me when free/);
  });

  it('a refusal is said', () => {
    const call = { name: 'await', account: 'AC_2', body: { anew: false } } as const;
    const one = play().on(good('await', call, null));
    expect(one.state.toast).toBeNull();
    expect(one.on(bad('await', call, 'too_many')).state.toast?.tone).toBe('trouble');
  });
});

describe('somebody for whom I waited', () => {
  it('is shown as free with a button, said, and told to the system', () => {
    const { state } = play().on(told({ event: 'awaited', people: [ben] }), is('available'));
    const one = new Play({ ...state, notices: { ...state.notices, system: true } }).on(told({ event: 'free', person: ben }));
    expect(one.said).toEqual(say('calling.free', { name: 'Ben' }));
    expect([one.state.calling.awaited, one.state.calling.free]).toEqual([[], [ben]]);
    expect(one.asked('calling/free')).toMatchObject({ account: 'AC_2', title: expect.stringContaining('Ben') });
    expect(one.asked('chime')?.chime).toBe('chat');
    const card = drawn(one.state, createElement(FreeCard, { person: ben }));
    expect(card).toMatch(/Ben.* is free now/);
    expect(card).toMatch(/Call .*Ben/);
    one.on({ type: 'calling/place', people: ['AC_2'], video: false });
    expect(one.state.calling.free).toEqual([]);
  });

  it('is shown in the place of the card with what became of the call', () => {
    const { state } = play().on(told({ event: 'awaited', people: [ben, cat] }), is('available'));
    const looking = { ...state, calling: { ...state.calling, outcome: outgoing() } };
    expect(new Play(looking).on(told({ event: 'free', person: ben })).state.calling).toMatchObject({ outcome: null, free: [ben] });
    expect(new Play(looking).on(told({ event: 'free', person: cat })).state.calling.outcome).not.toBeNull();
  });

  it('is called as in my book, and not by the system where that is not wished', () => {
    const start = free().state;
    const one = new Play({ ...start, calling: { ...start.calling, book: [entry] } });
    one.on(told({ event: 'free', person: ben }));
    expect(one.said).toEqual(say('calling.free', { name: 'Benny' }));
    expect(one.asked('calling/free')).toBeUndefined();
    expect(one.state.calling.free).toHaveLength(1);
  });

  it('is shown until the card is put away, or it is true no longer', () => {
    expect(free().on({ type: 'await/close', account: 'AC_2' }).state.calling.free).toEqual([]);
    expect(free().on(is('away', 'AC_3')).state.calling.free).toEqual([ben]);
    expect(free().on(is('inCall')).state.calling.free).toEqual([]);
    expect(free().on(told({ event: 'people', people: [], awaited: [cat] })).state.calling).toMatchObject({ awaited: [cat], free: [] });
    expect(free().on(is('inCall')).asked('calling/free-over')?.account).toBe('AC_2');
    expect(free().on(is('away', 'AC_3')).asked('calling/free-over')).toBeUndefined();
    const both = free().on(is('available', 'AC_3'), told({ event: 'free', person: cat }), is('busy'));
    expect(both.state.calling.free).toEqual([cat]);
  });
});
