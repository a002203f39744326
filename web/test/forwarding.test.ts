import { describe, expect, it } from 'vitest';
import { forwarderOf, meantOf, mineOf, namesOf, otherOf, partiesOf, takerOf } from '../src/core/calling/calling';
import { endWords, forwardedWords, stageWords } from '../src/core/calling/words';
import { wishes, type Wishes, type WishesEvent } from '../src/core/pages/account/wishes';
import { outcomeOf, wayOf } from '../src/core/pages/calls/page';
import type { Wish } from '../src/core/part';
import { mayLeave } from '../src/core/voicemail/offer';
import { FORWARDING } from '../src/i18n/forwarding';
import type { Call, CallWishes, Party, Stage, Why } from '../src/proto/api.gen';
import { isCall } from '../src/proto/decode';

const ended = (why: Why): Stage => ({ is: 'ended', why });
const party = (account: string, name: string, stage: Stage, change: Partial<Party> = {}): Party => ({ account, name, caller: false, stage, devices: 0, ...change });
const ANN = party('AC_1', 'Ann', { is: 'connecting' }, { caller: true });
const MIA = party('AC_2', 'Mia', ended('forwarded'));
const MAX = party('AC_3', 'Max', { is: 'ringing' }, { forwarder: 'AC_2', devices: 1 });
const call = (change: Partial<Call>): Call => ({ id: 'CA_1', code: 'a-call', video: false, outgoing: false, began: 1_000, stage: { is: 'dialing' }, others: [], ...change });

/** As the caller, the one who forwards and the one who takes over see it. */
const caller = (max: Partial<Party> = {}, change: Partial<Call> = {}): Call => call({ outgoing: true, stage: { is: 'connecting' }, others: [MIA, { ...MAX, ...max }], ...change });
const forwards = (max: Partial<Party> = {}): Call => call({ stage: ended('forwarded'), others: [ANN, { ...MAX, ...max }] });
const takes = (change: Partial<Call> = {}): Call => call({ forwarder: 'AC_2', stage: { is: 'ringing' }, others: [ANN, MIA], ...change });
const over = { stage: ended('over'), ended: 9_000 } as const;

const text = (one: Call): unknown => outcomeOf({ call: one, missed: false }).text;

describe('a forwarded call', () => {
  it('is read as the server tells it', () => {
    expect(isCall(caller()) && isCall(forwards()) && isCall(takes())).toBe(true);
    expect(isCall({ ...takes(), forwarder: 7 })).toBe(false);
  });

  it('says to the caller who forwards to whom, and how far that is', () => {
    expect(forwardedWords(caller())).toMatchObject({ key: 'calling.forwarded', args: { from: 'Mia', name: 'Max' } });
    expect(stageWords(caller())).toMatchObject({ key: 'calling.ringing.other', args: { n: 1 } });
    expect(otherOf(caller())?.name).toBe('Max');
    expect(takerOf(caller(), 'AC_2')?.name).toBe('Max');
    expect(forwardedWords(call({ others: [ANN] }))).toBeNull();
  });

  it('says to whoever takes over by whom it comes', () => {
    expect(forwarderOf(takes())?.name).toBe('Mia');
    expect(partiesOf(takes()).map(({ name }) => name)).toEqual(['Ann']);
    expect(forwarderOf(call({ others: [ANN] }))).toBeUndefined();
  });

  it('is about whoever was called: that is who is called again', () => {
    expect(meantOf(caller()).map(({ name }) => name)).toEqual(['Mia']);
    expect(meantOf(forwards()).map(({ name }) => name)).toEqual(['Ann']);
    expect(meantOf(takes()).map(({ name }) => name)).toEqual(['Ann']);
    expect(namesOf(caller({ stage: ended('noAnswer') }, over))).toBe('Mia');
    expect(mineOf(forwards())?.name).toBe('Max');
    expect(mineOf(takes())).toBeUndefined();
  });

  it('came to what it came to with the other', () => {
    expect(endWords(caller({ stage: ended('unreachable') }, over), null).title).toMatchObject({ key: 'calling.why.unreachable', args: { name: 'Max' } });
    expect(endWords(caller({ stage: ended('declined'), reply: 'later' }, over), null)).toMatchObject({ title: { key: 'calling.why.declined', args: { name: 'Max' } }, reply: 'later' });
    expect(mayLeave(caller({ stage: ended('noAnswer') }, over))).toBe(true);
    expect(mayLeave(caller({ stage: ended('hungUp') }, { ...over, answered: 2_000 }))).toBe(false);
    expect(mayLeave(caller())).toBe(false);
  });

  it('stands in the history of all three', () => {
    expect(text(caller({ stage: ended('busy') }, over))).toMatchObject({ key: 'past.was-busy', args: { name: 'Max' } });
    const talked = outcomeOf({ call: caller({ stage: ended('hungUp') }, { ...over, answered: 2_000 }), missed: false });
    expect(talked).toMatchObject({ text: { key: 'past.forwarded', args: { name: 'Max' } }, lasted: 7_000 });
    expect(text(forwards({ stage: ended('hungUp') }))).toMatchObject({ key: 'past.forwarded', args: { name: 'Max' } });
    expect(wayOf(forwards({ stage: ended('hungUp') }))).toBe('in');
    expect(wayOf(forwards())).toBe('in');
    for (const why of ['noAnswer', 'declined', 'unreachable'] as const) expect(wayOf(forwards({ stage: ended(why) }))).toBe('missed');
    expect(wayOf(takes({ stage: ended('noAnswer') }))).toBe('missed');
  });
});

describe('a call that goes to a message', () => {
  const told = call({ outgoing: true, ...over, others: [party('AC_2', 'Mia', ended('voicemail'))] });
  it('says so to both, and offers to speak one', () => {
    expect(endWords(told, null).title).toMatchObject({ key: 'calling.why.voicemail', args: { name: 'Mia' } });
    expect(mayLeave(told)).toBe(true);
    const mine = call({ stage: ended('voicemail'), ended: 9_000, others: [ANN] });
    expect(wayOf(mine)).toBe('missed');
    expect(outcomeOf({ call: mine, missed: true }).text.key).toBe('past.missed.voicemail');
  });
});

/** The part, told one thing after the other. */
function acted(...events: readonly WishesEvent[]): { readonly state: Wishes; readonly asked: readonly Wish<WishesEvent>[] } {
  let [state, asked] = wishes.begin;
  for (const event of events) [state, asked] = wishes.update(state, event);
  return { state, asked };
}

describe('what I wish of calls to me', () => {
  const NONE: CallWishes = { always: { to: 'nobody' }, busy: { to: 'nobody' }, unanswered: { to: 'nobody' }, favourites: false };
  const read: WishesEvent = { type: 'read', result: { ok: true, value: NONE } };

  it('is read with those to whom a call could go', () => {
    expect(acted().asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET me/calls', 'GET people']);
    const none = acted({ type: 'forward', when: 'busy', to: { to: 'voicemail' } });
    expect([none.state.wishes, none.asked]).toEqual([null, []]);
    expect(acted({ type: 'read', result: { ok: true, value: { ...NONE, busy: { to: 'the moon' } } } }).state.trouble).not.toBeNull();
  });

  it('is kept whole with each change', () => {
    const { state, asked } = acted(read, { type: 'pick', when: 'busy' }, { type: 'forward', when: 'busy', to: { to: 'person', person: 'AC_9' } }, { type: 'favourites', on: true });
    expect(state.picking).toBeNull();
    expect(asked.map(({ method, path, body }) => [`${method} ${path}`, body])).toEqual([
      ['PUT me/calls', { ...NONE, busy: { to: 'person', person: 'AC_9' }, favourites: true }],
    ]);
  });

  it('is read again when it could not be kept', () => {
    const kept = acted(read, { type: 'favourites', on: true }, { type: 'kept', result: { ok: true, value: null } });
    expect([kept.state.kept, kept.asked]).toEqual([true, []]);
    const failed = acted(read, { type: 'favourites', on: true }, { type: 'kept', result: { ok: false, problem: 'offline' } });
    expect([failed.state.kept, failed.state.trouble !== null, failed.asked.map(({ path }) => path)]).toEqual([false, true, ['me/calls']]);
  });

  it('has the same words in both languages', () => {
    expect(Object.keys(FORWARDING.fr)).toEqual(Object.keys(FORWARDING.en));
  });
});
