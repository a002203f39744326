// Calls that meet something else: an answer that comes late, a list that is old, a door, a device that is refused.

import { describe, expect, it } from 'vitest';
import { callHere, foremost, isOver } from '../src/core/calling/calling';
import type { Effect } from '../src/core/effect';
import type { Event } from '../src/core/event';
import type { Call, CallAct, Party, Stage } from '../src/proto/api.gen';
import type { CallNamed } from '../src/proto/calls';
import { atDoor, bad, good, person, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const OVER: Stage = { is: 'ended', why: 'over' };
const party = (change: Partial<Party> = {}): Party => ({ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0, ...change });
const incoming = (change: Partial<Call> = {}): Call =>
  ({ id: 'CL_1', code: 'call-room', video: false, outgoing: false, began: 1_000, stage: { is: 'ringing' }, others: [party()], ...change });
const outgoing = (change: Partial<Call> = {}): Call =>
  incoming({ id: 'CL_2', code: 'other-room', outgoing: true, stage: { is: 'connecting' }, others: [party({ account: 'AC_3', name: 'Kim', caller: false, stage: { is: 'dialing' } })], ...change });

const known = (state = signedIn()): Play => new Play({ ...state, calling: { ...state.calling, device: MINE } });
let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });
const ends = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'call' && effect.call.name === 'calls/act' && effect.call.act.act === 'end' ? [effect.call.id] : []));
const act = (done: CallAct, id = 'CL_1') => ({ name: 'calls/act', id, act: done }) as const;
const answered = good('calls/act', act({ act: 'answer', device: MINE, hold: false }), null);
const placing: CallNamed<'calls/place'> = { name: 'calls/place', body: { people: ['AC_3'], video: false, device: MINE, anyway: false } };
const PLACE: Event = { type: 'calling/place', people: ['AC_3'], video: false };
const ANSWER: Event = { type: 'calling/answer', id: 'CL_1', video: false };
const entered = (...people: readonly string[]) =>
  ({ type: 'call/entered', title: 'Call', me: 'AC_1-1', people: ['AC_1-1', ...people].map((identity) => person(identity)), soundBlocked: false, at: 5_000 }) as const;

/** I talk to Kim, and Ben waits. */
const held = (): Play => known().on(
  calls(incoming()), ANSWER, answered, entered('AC_2-1'),
  calls(incoming({ stage: { is: 'active' } })),
  PLACE, good('calls/place', placing, outgoing()),
  calls(incoming({ stage: { is: 'held' } }), outgoing()),
  entered('AC_3-1'),
  calls(incoming({ stage: { is: 'held' } }), outgoing({ stage: { is: 'active' } })),
);

describe('a call that was placed', () => {
  it.each([['on the way in', []], ['inside', [entered()]]] as const)('goes on when a list from before it comes late: %s', (_, further) => {
    const play = known().on(PLACE, good('calls/place', placing, outgoing()), ...further, calls());
    expect(play.asked('call/leave')).toBeUndefined();
    expect(callHere(play.state)).toMatchObject({ id: 'CL_2' });
    expect(play.state.calling.mine && isOver(play.state.calling.mine.call)).toBe(false);
    // A list that had it says with its absence that it is over.
    play.on(calls(outgoing()), calls());
    expect(play.asked('call/leave')).toBeDefined();
  });

  it('is taken back when somebody else was answered before the server could say that it stands', () => {
    const play = known().on(PLACE, calls(incoming()), ANSWER, answered, entered('AC_2-1'));
    expect(callHere(play.state)?.id).toBe('CL_1');
    play.on(good('calls/place', placing, outgoing()));
    expect(ends(play.effects)).toEqual(['CL_2']);
    expect(play.asked('call/leave')).toBeUndefined();
    expect(callHere(play.state)?.id).toBe('CL_1');
    expect(play.meeting).toBeDefined();
  });
});

describe('a call that is answered', () => {
  it('says who is there', () => {
    const play = known().on(calls(incoming()), ANSWER, answered, entered('AC_2-1'));
    expect(play.said?.key).toBe('calling.talking.to');
  });

  it('says what helps where the browser gives no microphone', () => {
    const play = known().on(calls(incoming()), ANSWER, answered, { type: 'devices/failed', kind: 'microphone', trouble: 'refused-browser' }, entered('AC_2-1'));
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.state.toast?.text.key).toBe('trouble.microphone.refused-browser');
    expect(play.state.toast?.remedy.length).toBeGreaterThan(0);
  });

  it('is heard, however one wanted to come into the meeting whose door was left for it', () => {
    const door = { ...atDoor().state, session: signedIn().session };
    const play = known(door).on({ type: 'join', video: false, arrival: 'beside' }, calls(incoming()), ANSWER, answered, entered('AC_2-1'));
    expect(callHere(play.state)?.id).toBe('CL_1');
    expect(play.meeting.hushed).toBe(false);
  });

  it('cannot be come back to when it is over', () => {
    const play = known().on(calls(incoming()), ANSWER, answered, entered('AC_2-1'), { type: 'call/over', why: 'lost', at: 9_000 });
    expect(play.phase('left').why).toBe('lost');
    play.on(calls(incoming({ stage: OVER, ended: 9_000 })), { type: 'rejoin' });
    expect(play.asked('join')).toBeUndefined();
    expect(play.phase('left')).toBeDefined();
  });
});

/** I have pressed Answer, and the server has not said yet what came of it. */
const asks = (): Play => known().on(calls(incoming()), ANSWER);
const ended = (why: 'cancelled' | 'forwarded' | 'merged' | 'declined'): Call =>
  incoming({ stage: { is: 'ended', why }, ...(why === 'forwarded' ? { others: [party(), party({ account: 'AC_3', name: 'Kim', caller: false, forwarder: 'AC_1' })] } : {}) });
const tooLate = bad('calls/act', act({ act: 'answer', device: MINE, hold: false }), 'call_over');

describe('an answer that comes too late', () => {
  it('does not go into a call that is over by the time that the server says yes', () => {
    const play = asks().on(calls(incoming({ stage: { is: 'connecting' }, on: { device: MINE, name: '' } })), calls(incoming({ stage: OVER, ended: 2_000, answered: 1_500, on: { device: MINE, name: '' } })), answered);
    expect([play.state.page.at, play.state.calling.pressed]).toEqual(['start', {}]);
    expect(play.state.calling.afterword?.text.key).toBe('calling.ended');
  });

  it('goes into the call that it has become a part of', () => {
    const other = incoming({ id: 'CL_5', code: 'third-room', stage: { is: 'connecting' }, on: { device: MINE, name: '' } });
    const play = asks().on(calls(incoming({ stage: { is: 'ended', why: 'merged' } }), other), answered);
    expect(callHere(play.state)?.id).toBe('CL_5');
  });

  it('does not go on with a call that is over by the time that the server says yes', () => {
    const play = held().on({ type: 'calling/resume', id: 'CL_1' }, calls(incoming({ stage: OVER, ended: 9_000, answered: 1_500 }), outgoing({ stage: { is: 'active' } })),
      good('calls/act', act({ act: 'resume', device: MINE }), null));
    expect(callHere(play.state)?.id).toBe('CL_2');
    expect(play.state.calling.pressed).toEqual({});
  });

  it.each([['cancelled', 'calling.missed'], ['forwarded', 'past.forwarded']] as const)('says how the call was over, whatever comes first: %s', (why, key) => {
    const later = asks().on(tooLate);
    expect([foremost(later.state), later.state.calling.afterword]).toEqual([null, null]);
    expect(later.on(calls(ended(why))).said?.key).toBe(key);
    expect(later.state.calling.afterword).toBeNull();
    expect(asks().on(calls(ended(why)), tooLate).said?.key).toBe(key);
    expect(asks().on(calls(ended('declined')), tooLate).state.calling.afterword?.text.key).toBe('calling.over');
  });

  it('is said of one that was answered in a notice of the system', () => {
    const play = known().on(calls(), { type: 'calling/gone' });
    expect([play.said?.key, play.state.toast?.text.key]).toEqual(['calling.over', 'calling.over']);
  });

  it('answers the call that it rings on in', () => {
    const other = incoming({ id: 'CL_5', code: 'third-room', others: [party({ account: 'AC_4', name: 'Zoe' }), party({ caller: false })] });
    const play = asks().on(calls(ended('merged'), other), tooLate);
    expect(play.asked('call')?.call).toEqual(act({ act: 'answer', device: MINE, hold: false }, 'CL_5'));
    expect(play.state.calling.pressed).toEqual({ CL_5: 'answer' });
  });
});

describe('a call that is left for another', () => {
  it('is over when I go back, also where the server says first that it is on hold', () => {
    const back = good('calls/act', act({ act: 'resume', device: MINE }), null);
    const play = held().on(
      { type: 'calling/back', id: 'CL_1' },
      calls(incoming({ stage: { is: 'connecting' } }), outgoing({ stage: { is: 'held' } })),
      back,
    );
    expect(ends(play.effects)).toEqual(['CL_2']);
    expect(callHere(play.state)?.id).toBe('CL_1');
  });

  it('stays on hold when I only go on with the other', () => {
    const play = held().on(
      { type: 'calling/resume', id: 'CL_1' },
      calls(incoming({ stage: { is: 'connecting' } }), outgoing({ stage: { is: 'held' } })),
      good('calls/act', act({ act: 'resume', device: MINE }), null),
    );
    expect(ends(play.effects)).toEqual([]);
    expect(callHere(play.state)?.id).toBe('CL_1');
  });
});

describe('a call that becomes part of another', () => {
  const other = incoming({ id: 'CL_5', code: 'third-room', stage: { is: 'connecting' }, on: { device: MINE, name: '' } });
  const merged = (): Event => calls(incoming({ stage: { is: 'ended', why: 'merged' } }), other);
  it.each([
    ['the list first', []],
    ['the end of the room first', [{ type: 'call/over', why: 'ended', at: 9_000 } as const]],
  ] as const)('is gone over to as one was, whatever comes first: %s', (_, events) => {
    // The microphone is off in there, though I come in with it on by habit.
    const play = known().on(calls(incoming()), ANSWER, answered, entered('AC_2-1'));
    expect([play.state.devices.microphone.wanted, play.state.devices.habit.microphone]).toEqual([false, true]);
    play.on(...events, merged());
    expect(callHere(play.state)?.id).toBe('CL_5');
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.asked('join')?.open.map(({ kind }) => kind)).toEqual([]);
  });
});

describe('a call that comes again', () => {
  it('rings, whatever was pressed the first time', () => {
    const declined: Stage = { is: 'ended', why: 'declined' };
    const play = known().on(calls(incoming()), { type: 'calling/decline', id: 'CL_1' }, calls(incoming()));
    expect(foremost(play.state)).toBeNull();
    play.on(calls(incoming({ stage: declined })), calls(incoming({ stage: { is: 'dialing' } })));
    expect(foremost(play.state)?.id).toBe('CL_1');
  });
});

describe('what became of a call', () => {
  it('stays until it is put away, whatever was shown beside it', () => {
    const busy = outgoing({ ended: 2_000, stage: OVER, others: [party({ account: 'AC_3', name: 'Kim', stage: { is: 'ended', why: 'busy' } })] });
    const play = known().on(
      calls(incoming()),
      calls(incoming({ stage: { is: 'connecting' }, on: { device: 'phone', name: 'Pixel' } })),
      PLACE,
      good('calls/place', placing, busy),
      { type: 'timer', timer: { name: 'afterword' }, at: 0 },
    );
    expect(play.state.calling.afterword).toBeNull();
    expect(play.state.calling.outcome?.id).toBe('CL_2');
    play.on({ type: 'calling/close' });
    expect(play.state.calling.outcome).toBeNull();
  });
});

const asksMissed = (play: Play): boolean =>
  play.effects.some((effect) => effect.type === 'call' && effect.call.name === 'calls/missed');
const forwarded = (stage: Stage): Call =>
  incoming({ stage: { is: 'ended', why: 'forwarded' }, others: [party(), party({ account: 'AC_3', name: 'Kim', caller: false, forwarder: 'AC_1', stage })] });

describe('a call that I forwarded', () => {
  it('is counted as missed once whoever took it over does not answer, and not before', () => {
    const play = known().on(calls(forwarded({ is: 'ringing' })));
    expect(asksMissed(play)).toBe(false);
    play.on(calls(forwarded({ is: 'ended', why: 'noAnswer' })));
    expect(asksMissed(play)).toBe(true);
    play.on(calls(forwarded({ is: 'ended', why: 'noAnswer' })));
    expect(asksMissed(play)).toBe(false);
  });

  it('is not counted where they talked', () => {
    const play = known().on(calls(forwarded({ is: 'ringing' })), calls(forwarded({ is: 'active' })), calls(forwarded(OVER)));
    expect(asksMissed(play)).toBe(false);
  });
});

const kim = party({ account: 'AC_3', name: 'Kim', caller: false, stage: { is: 'dialing' } });
const zoe = (stage: Stage): Party => party({ account: 'AC_4', name: 'Zoe', caller: false, forwarder: 'AC_3', stage });
const talk = (...more: readonly Party[]): Call => incoming({ answered: 2_000, stage: { is: 'active' }, others: [party(), ...more] });

describe('somebody who is rung into a call', () => {
  it('and forwards to whom nobody reaches: that matters more than where it was sent on', () => {
    const play = known().on(calls(incoming()), ANSWER, answered, entered('AC_2-1'), calls(talk(kim)));
    const gone: Party = { ...kim, stage: { is: 'ended', why: 'forwarded' } };
    play.on(calls(talk(gone, zoe({ is: 'ended', why: 'unreachable' }))));
    expect(play.said).toMatchObject({ key: 'calling.why.unreachable', args: { name: 'Zoe' } });
  });

  it('and forwards to whom it rings for: that is said', () => {
    const play = known().on(calls(incoming()), ANSWER, answered, entered('AC_2-1'), calls(talk(kim)), calls(talk({ ...kim, stage: { is: 'ended', why: 'forwarded' } }, zoe({ is: 'dialing' }))));
    expect(play.said).toMatchObject({ key: 'calling.forwarded', args: { from: 'Kim', name: 'Zoe' } });
  });
});
