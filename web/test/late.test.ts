// What was asked before something happened, and is answered after it.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { callersOf, calledToo, foremost } from '../src/core/calling/calling';
import { talkOf, unreadOf } from '../src/core/talks/talks';
import type { Event } from '../src/core/event';
import type { Call, Conversation, Message, Party, PastCall } from '../src/proto/api.gen';
import { IncomingCalls } from '../src/ui/calling/IncomingCalls';
import { bad, good, Play, signedIn } from './helpers';
import { drawn } from './drawn';

const UP: Event = { type: 'told', event: { event: 'people', people: [], awaited: [] } };
const ID = 'RM_7';
const line = (id: string): Message => ({ id, from: 'AC_2', name: 'Ben', at: 1_000, text: `line ${id}`, edited: false, reactions: [] });
const talk = (change: Partial<Conversation> = {}): Conversation => ({ id: ID, number: 1, people: [{ account: 'AC_2', name: 'Ben' }], at: 1_000, last: line('MS_1'), unread: 0, ...change });
const list = (...talks: Conversation[]): Event => good('talks', { name: 'talks' }, talks);
const writes = (conversation: string, account: string): Event => ({ type: 'told', event: { event: 'typing', conversation, account } });
const wrote = (number: number, id: string, conversation = ID): Event => ({ type: 'told', event: { event: 'line', conversation, number, message: line(id) } });
const names = (play: Play): readonly string[] => play.effects.flatMap((effect) => (effect.type === 'call' ? [effect.call.name] : []));

describe('a list of conversations that is late', () => {
  it('is asked for again when somebody wrote before anything was known', () => {
    const play = new Play(signedIn()).on(UP, wrote(2, 'MS_2'), list(talk()));
    expect(names(play)).toContain('talks');
    play.on(list(talk({ number: 2, last: line('MS_2'), unread: 1 })));
    expect(unreadOf(play.state)).toBe(1);
    expect(names(play)).toEqual([]);
  });

  it('takes away no group that began meanwhile, and brings back none that I left', () => {
    const play = new Play(signedIn()).on(UP, list(talk()), UP);
    play.on({ type: 'told', event: { event: 'conversation', conversation: talk({ id: 'RM_8', name: 'Choir' }) } }, { type: 'told', event: { event: 'conversationLeft', id: ID } }, list(talk()));
    expect(play.state.talks.list?.map(({ id }) => id)).toEqual(['RM_8']);
    expect(names(play)).toContain('talks');
    play.on(list(talk({ id: 'RM_8', name: 'Choir' })));
    expect(talkOf(play.state, 'RM_8')).not.toBeNull();
    expect(names(play)).toEqual([]);
  });
});

describe('whoever writes', () => {
  it('is forgotten when they stop, whoever else goes on writing elsewhere', () => {
    const over: Event = { type: 'timer', timer: { name: 'typing' }, at: 0 };
    const play = new Play(signedIn()).on(UP, list(talk(), talk({ id: 'RM_8' })), writes(ID, 'AC_2'));
    expect(play.effects).toContainEqual(expect.objectContaining({ type: 'timer', timer: { name: 'typing' } }));
    play.on(writes('RM_8', 'AC_3'));
    expect(play.effects, 'the span goes on').toEqual([]);
    play.on(over, writes('RM_8', 'AC_3'));
    expect(play.state.talks.typing).toEqual({ [ID]: ['AC_2'], RM_8: ['AC_3'] });
    play.on(over);
    expect(play.state.talks.typing).toEqual({ RM_8: ['AC_3'] });
    play.on(over);
    expect(play.state.talks.typing).toEqual({});
    expect(play.effects).toEqual([]);
  });
});

const ben: Party = { account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 };
const sia: Party = { account: 'AC_3', name: 'Sia', caller: false, stage: { is: 'ringing' }, devices: 0 };
const call = (change: Partial<Call> = {}): Call =>
  ({ id: 'CA_1', code: 'room', video: false, outgoing: false, began: 1_000, stage: { is: 'ringing' }, others: [ben, sia], ...change });
const calls = (number: number, ...all: Call[]): Event => ({ type: 'told', event: { event: 'calls', number, calls: all } });
const missed = call({ ended: 9_000, stage: { is: 'ended', why: 'cancelled' }, others: [{ ...ben, stage: { is: 'ended', why: 'over' } }, { ...sia, stage: { is: 'ended', why: 'cancelled' } }] });

describe('a call to several', () => {
  it('is of whoever calls; the others are called too', () => {
    const play = new Play(signedIn()).on(UP, calls(1, call()));
    const rings = foremost(play.state);
    expect(rings && [callersOf(rings).map(({ name }) => name), calledToo(rings).map(({ name }) => name)]).toEqual([['Ben'], ['Sia']]);
    const card = drawn(play.state, createElement(IncomingCalls));
    expect(card).toContain('Incoming call from Ben"');
    expect(card).toContain('Also calls Sia');
    expect(JSON.stringify(play.state.said)).not.toContain('Ben, Sia');
    play.on(calls(2, missed));
    expect(play.state.toast?.text).toMatchObject({ args: { name: 'Ben' } });
  });

  it('is of those who are in it, when somebody is rung into it', () => {
    const into = call({ others: [ben, { ...sia, stage: { is: 'active' } }] });
    expect([callersOf(into).length, calledToo(into).length]).toEqual([2, 0]);
  });
});

const past = (id: string, one = false): PastCall => ({ call: { ...missed, id }, missed: one });
const listed = (...all: PastCall[]): Event => good('calls/past', { name: 'calls/past', missed: false, person: null, before: null }, all);
const counted = (nth: number, count: number): Event => good('calls/missed', { name: 'calls/missed', nth }, { count, unheard: 0 });

describe('how many calls were missed', () => {
  it('is what was asked last, whatever is answered last', () => {
    const play = new Play(signedIn()).on(UP, calls(1, missed));
    expect(play.asked('call')?.call).toEqual({ name: 'calls/missed', nth: 2 });
    play.on(counted(2, 1), counted(1, 0));
    expect(play.state.calling.missed).toBe(1);
  });

  it('is no reason to hide a call from whoever looks at the list: it is fetched when one was missed', () => {
    const play = new Play(signedIn()).on(UP, { type: 'visit', route: { to: 'calls', person: '' } }, listed(past('CA_0')), calls(1, missed));
    expect(names(play)).toEqual(['calls/missed', 'calls/past']);
  });

  it('leaves those before them in the list', () => {
    const full = Array.from({ length: 100 }, (_, at) => past(`CA_${300 - at}`));
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'calls', person: '' } }, listed(...full), { type: 'past/more' });
    play.on(good('calls/past', { name: 'calls/past', missed: false, person: null, before: 'CA_201' }, [past('CA_200'), past('CA_199')]));
    play.on(listed(past('CA_301'), ...full.slice(0, 99)));
    const shown = play.state.page.at === 'calls' ? play.state.page.calls?.map((one) => one.call.id) : null;
    expect([shown?.length, shown?.[0], shown?.at(-1)]).toEqual([103, 'CA_301', 'CA_199']);
    expect(play.state.page).toMatchObject({ more: false });
  });
});

describe('what I say of myself', () => {
  it('is not overwritten by what was read before it was kept', () => {
    const put = { name: 'presence/put', body: { chosen: 'busy', note: '' } } as const;
    const play = new Play(signedIn()).on(good('presence', { name: 'presence' }, { chosen: 'automatic', note: '' }), { type: 'presence/choose', chosen: 'busy' });
    play.on(good('presence', { name: 'presence' }, { chosen: 'automatic', note: '' }));
    expect(play.state.calling.said?.chosen).toBe('busy');
    expect(names(play), 'another device may have said something since').toEqual(['presence']);
    play.on(good('presence/put', put, null), good('presence', { name: 'presence' }, { chosen: 'away', note: '' }));
    expect(play.state.calling.said?.chosen).toBe('away');
  });
});

describe('a call on hold', () => {
  it('that could not be ended is said to go on', () => {
    const end = { name: 'calls/act', id: 'CA_1', act: { act: 'end' } } as const;
    const play = new Play(signedIn()).on(UP, calls(1, call({ stage: { is: 'held' }, held: 4_000, on: { device: 'x', name: '' } })), bad('calls/act', end, 'offline'));
    expect(play.state.toast).not.toBeNull();
  });
});
