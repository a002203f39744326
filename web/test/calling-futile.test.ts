// A call that came to nothing: what its caller hears and reads.

import { describe, expect, it } from 'vitest';
import { endWords } from '../src/core/calling/words';
import type { Effect } from '../src/core/effect';
import type { Event } from '../src/core/event';
import type { Call, Party, Stage, Why } from '../src/proto/api.gen';
import type { CallNamed } from '../src/proto/calls';
import { good, person, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const ended = (why: Why): Stage => ({ is: 'ended', why });
const party = (change: Partial<Party> = {}): Party => ({ account: 'AC_2', name: 'Ben', caller: false, stage: { is: 'dialing' }, devices: 0, ...change });
/** I call Ben. */
const outgoing = (change: Partial<Call> = {}, other: Partial<Party> = {}): Call =>
  ({ id: 'CL_1', code: 'call-room', video: false, outgoing: true, began: 1_000, stage: { is: 'connecting' }, others: [party(other)], ...change });
/** Somebody calls me. */
const incoming = (change: Partial<Call> = {}): Call =>
  ({ ...outgoing(), outgoing: false, stage: { is: 'dialing' }, others: [party({ caller: true, stage: { is: 'active' } })], ...change });

const known = (): Play => {
  const state = signedIn();
  return new Play({ ...state, calling: { ...state.calling, device: MINE } });
};
let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });
const sounds = (effects: readonly Effect[]): readonly unknown[] => effects.flatMap((effect) => (effect.type === 'calling/sound' ? [effect.sound] : []));
const placing: CallNamed<'calls/place'> = { name: 'calls/place', body: { people: ['AC_2'], video: false, device: MINE, anyway: false } };
const entered = { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 } as const;
/** I called Ben, and wait in the room. */
const calling = (): Play => known().on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, outgoing()), entered);
const inCall = (): Play => known().on(
  calls(incoming()),
  { type: 'calling/answer', id: 'CL_1', video: false },
  good('calls/act', { name: 'calls/act', id: 'CL_1', act: { act: 'answer', device: MINE, hold: false } }, null),
  entered,
);

describe('a call that is placed', () => {
  it('that comes to nothing is followed by the busy tone, on the chosen speaker, once', () => {
    for (const why of ['busy', 'declined', 'doNotDisturb', 'unreachable', 'noAnswer'] as const) {
      const at = known();
      const play = new Play({ ...at.state, devices: { ...at.state.devices, speaker: { ...at.state.devices.speaker, chosen: 'headphones' } } });
      play.on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, outgoing({ ended: 1_000, stage: ended('over') }, { stage: ended(why) })));
      expect(play.asked('calling/sound')).toEqual({ type: 'calling/sound', sound: 'busy', speaker: 'headphones' });
      // A ring in between does not bring it back.
      play.on(calls(incoming({ id: 'CL_9', code: 'other', others: [party({ account: 'AC_3', name: 'Eve' })] })));
      expect(sounds(play.effects)).toEqual(['ring']);
      play.on(calls());
      expect(play.state.calling.outcome).not.toBeNull();
      expect(sounds(play.effects)).toEqual([null]);
    }
  });

  it('falls silent with the card, with another call, and where something is done about it', () => {
    const busy = outgoing({ ended: 1_000, stage: ended('over') }, { stage: ended('busy') });
    const at = (): Play => known().on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, busy));
    for (const event of [{ type: 'calling/close' }, { type: 'calling/place', people: ['AC_2'], video: false, anyway: true }, { type: 'overlay', show: 'voicemail' }] as const) {
      expect(sounds(at().on(event).effects)).toEqual([null]);
    }
    const again = at().on({ type: 'overlay', show: 'voicemail' }, { type: 'overlay', show: null });
    expect(sounds(again.effects)).toEqual([]);
  });

  it('is followed by the busy tone whatever lies over the page, but for the message that is left instead', () => {
    const busy = outgoing({ ended: 1_000, stage: ended('over') }, { stage: ended('busy') });
    for (const show of ['settings', 'help', 'palette'] as const) {
      const play = known().on({ type: 'calling/place', people: ['AC_2'], video: false }, { type: 'overlay', show }, good('calls/place', placing, busy));
      expect(sounds(play.effects), show).toEqual(['busy']);
    }
    const heard = known().on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, busy));
    expect(sounds(heard.on({ type: 'overlay', show: 'settings' }).effects)).toEqual([]);
  });

  it('is followed by the busy tone too where it rang first, whichever word comes first', () => {
    const rings = outgoing({}, { stage: { is: 'ringing' }, devices: 1 });
    const over = outgoing({ ended: 3_000, stage: ended('over') }, { stage: ended('noAnswer') });
    const list = calling().on(calls(rings), calls(over));
    expect(sounds(list.effects)).toEqual(['busy']);
    list.on({ type: 'call/over', why: 'left', at: 9_000 });
    expect(sounds(list.effects)).toEqual([]);
    const room = calling().on(calls(rings), { type: 'call/over', why: 'ended', at: 9_000 });
    expect(sounds(room.effects)).toEqual([null]);
    room.on(calls(over));
    expect(sounds(room.effects)).toEqual(['busy']);
    room.on({ type: 'home' });
    expect(sounds(room.effects)).toEqual([null]);
  });

  it('is not said to be busy where I gave up, where it goes to a message, or where somebody was there', () => {
    const gaveUp = calling().on({ type: 'calling/end' }, calls(outgoing({ ended: 3_000, stage: ended('hungUp') }, { stage: ended('declined') })));
    const message = calling().on(calls(outgoing({ ended: 3_000, stage: ended('over') }, { stage: ended('voicemail') })));
    const talked = calling().on(calls(outgoing({ ended: 3_000, answered: 2_000, stage: ended('over') }, { stage: ended('hungUp') })));
    const theirs = inCall().on(calls(incoming({ ended: 3_000, stage: ended('over'), others: [party({ stage: ended('hungUp') })] })));
    for (const play of [gaveUp, message, talked, theirs]) expect(sounds(play.effects)).not.toContain('busy');
  });

  it('to several says of all of them what became of it, and of nobody what is true of another', () => {
    const [ben, eve] = [party({ caller: false, stage: ended('declined'), reply: 'Later' }), party({ account: 'AC_3', name: 'Eve', caller: false, stage: ended('noAnswer') })];
    const over = outgoing({ ended: 3_000, stage: ended('over'), others: [ben, eve] });
    expect(endWords(over, null)).toEqual({ title: { key: 'calling.why.nobody', args: {} }, reply: null, lasted: null });
    // What was left to a message, or to somebody who did not take it either, was not taken.
    for (const others of [[ben, { ...eve, stage: ended('voicemail') }], [{ ...ben, stage: ended('forwarded') }, eve]]) expect(endWords({ ...over, others }, null).title.key).toBe('calling.why.nobody');
    // One who was forwarded is one.
    const taker = party({ account: 'AC_3', name: 'Eve', caller: false, forwarder: 'AC_2', stage: ended('busy') });
    expect(endWords({ ...over, others: [{ ...ben, stage: ended('forwarded') }, taker] }, null).title).toEqual({ key: 'calling.why.busy', args: { name: 'Eve' } });
  });

  it('to several is over where I gave up, and not connected where that was the reason', () => {
    const [ben, eve] = [party({ stage: ended('declined') }), party({ account: 'AC_3', name: 'Eve', stage: ended('cancelled') })];
    const words = (...others: readonly Party[]): string => endWords(outgoing({ ended: 3_000, stage: ended('hungUp'), others: [...others] }), null).title.key;
    expect(words({ ...ben, stage: ended('cancelled') }, eve)).toBe('calling.ended');
    expect(words(ben, eve)).toBe('calling.ended');
    // The server has not said yet what became of it.
    expect(words(ben, { ...eve, stage: { is: 'ringing' } })).toBe('calling.ended');
    expect(words({ ...ben, stage: ended('failed') }, { ...eve, stage: ended('failed') })).toBe('calling.why.failed');
    expect(words(ben, { ...eve, stage: ended('failed') })).toBe('calling.why.failed');
    expect(endWords(outgoing({ ended: 3_000, stage: ended('failed'), others: [{ ...ben, stage: ended('cancelled') }, eve] }), null).title.key).toBe('calling.why.failed');
  });
});
