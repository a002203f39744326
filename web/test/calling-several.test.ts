import { describe, expect, it } from 'vitest';
import { callHere, heldBy, heldCalls } from '../src/core/calling/calling';
import { soundOf } from '../src/core/calling/watch';
import { stageWords } from '../src/core/calling/words';
import type { Effect } from '../src/core/effect';
import type { Event } from '../src/core/event';
import { lineOf } from '../src/core/meeting/line';
import type { Call, CallAct, Party } from '../src/proto/api.gen';
import { bad, good, person, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const party = (account: string, name: string, stage: Party['stage'] = { is: 'active' }): Party => ({ account, name, caller: true, stage, devices: 0 });
const ON = { device: MINE, name: '' };
const ben = (change: Partial<Call> = {}): Call =>
  ({ id: 'CL_1', code: 'first-room', video: false, outgoing: false, began: 1_000, answered: 2_000, stage: { is: 'active' }, on: ON, others: [party('AC_2', 'Ben')], ...change });
const cleo = (change: Partial<Call> = {}): Call =>
  ({ id: 'CL_2', code: 'second-room', video: false, outgoing: false, began: 3_000, stage: { is: 'dialing' }, others: [party('AC_3', 'Cleo', { is: 'connecting' })], ...change });
const HELD: Partial<Call> = { stage: { is: 'held' }, held: 4_000 };

let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });
const acts = (effects: readonly Effect[]): readonly CallAct[] =>
  effects.flatMap((effect) => (effect.type === 'call' && effect.call.name === 'calls/act' ? [effect.call.act] : []));
const act = (done: CallAct, id: string) => ({ name: 'calls/act', id, act: done }) as const;
const entered = (play: Play): Play => play.on({ type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 });

/** Cleo was rung into the call with Ben so often, where that was more than once, and is in another. */
const busy = (times?: number): Event =>
  calls(ben({ others: [party('AC_2', 'Ben'), { ...party('AC_3', 'Cleo', { is: 'ended', why: 'busy' }), ...(times === undefined ? {} : { times }) }] }));

/** I talk to Ben. */
function talking(): Play {
  const state = signedIn();
  const { on: _, ...ringing } = ben({ stage: { is: 'dialing' } });
  const play = new Play({ ...state, calling: { ...state.calling, device: MINE } });
  play.on(
    calls(ringing),
    { type: 'calling/answer', id: 'CL_1', video: false },
    good('calls/act', act({ act: 'answer', device: MINE, hold: false }, 'CL_1'), null),
  );
  return entered(play).on(calls(ben()));
}

/** Ben waits, and I talk to Cleo. */
const both = (): Play => entered(talking().on(
  calls(ben(), cleo()),
  { type: 'calling/answer', id: 'CL_2', video: false, keep: true },
  good('calls/act', act({ act: 'answer', device: MINE, hold: true }, 'CL_2'), null),
)).on(
  calls(ben(HELD), cleo({ stage: { is: 'active' }, answered: 5_000, on: ON, others: [party('AC_3', 'Cleo')] })),
);

describe('a call on hold', () => {
  it('is no trouble of anybody’s line, though nothing comes', () => {
    const silent = person('AC_2~1', { name: 'Ben', connection: 'lost' });
    const play = talking();
    expect(lineOf(play.state, silent)?.level).toBe('lost');
    expect(lineOf(play.on(calls(ben(HELD))).state, silent)).toBeNull();
    expect(lineOf(play.on(calls(ben({ others: [party('AC_2', 'Ben', { is: 'held' })] }))).state, silent)).toBeNull();
    const third = party('AC_3', 'Cleo', { is: 'held' });
    expect(lineOf(play.on(calls(ben({ others: [party('AC_2', 'Ben'), third] }))).state, silent)?.level, 'another has it on hold').toBe('lost');
  });

  it('is put on hold and resumed by the same key, and stays where it is', () => {
    const play = talking().on({ type: 'calling/hold' });
    expect(acts(play.effects)).toEqual([{ act: 'hold' }]);
    play.on(calls(ben(HELD)));
    expect(play.said?.key).toBe('calling.held.mine');
    play.on({ type: 'calling/hold' });
    expect(acts(play.effects)).toEqual([{ act: 'resume', device: MINE }]);
    play.on(good('calls/act', act({ act: 'resume', device: MINE }, 'CL_1'), null), calls(ben()));
    expect(play.said?.key).toBe('calling.resumed');
    expect(callHere(play.state)?.id).toBe('CL_1');
  });

  it('goes on waiting when I go to another page, and is ended from there', () => {
    const play = talking().on(calls(ben(HELD)), { type: 'visit', route: { to: 'contacts' } });
    expect(acts(play.effects)).toEqual([]);
    expect(heldCalls(play.state).map(({ id }) => id)).toEqual(['CL_1']);
    play.on({ type: 'calling/end', id: 'CL_1' });
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
  });

  it('sounds and says so at the other end, and not where somebody else is there to talk to', () => {
    const held = ben({ others: [party('AC_2', 'Ben', { is: 'held' })] });
    const play = talking().on(calls(held));
    expect(soundOf(play.state)).toBe('hold');
    expect(play.said).toEqual({ key: 'calling.held.by', args: { name: 'Ben' } });
    expect(stageWords(held).key).toBe('calling.held.by');
    // Nobody asks me whether I am still there: I wait.
    expect(play.state.page).toMatchObject({ phase: { alone: { is: 'no' } } });
    play.on(calls(ben()));
    expect(soundOf(play.state)).toBeNull();
    expect(play.said?.key).toBe('calling.held.over');
    expect(heldBy(ben({ others: [party('AC_2', 'Ben', { is: 'held' }), party('AC_3', 'Cleo')] }))).toBeNull();
  });
});

describe('two calls', () => {
  it('are kept when the second is answered: the first waits, and is not ended', () => {
    const play = talking().on(calls(ben(), cleo()));
    expect(soundOf(play.state)).toBe('waiting');
    play.on({ type: 'calling/answer', id: 'CL_2', video: false, keep: true });
    expect(acts(play.effects)).toEqual([{ act: 'answer', device: MINE, hold: true }]);
    play.on(good('calls/act', act({ act: 'answer', device: MINE, hold: true }, 'CL_2'), null));
    expect(acts(play.effects)).toEqual([]);
    expect(play.asked('join')?.code).toBe('second-room');
  });

  it('are swapped: this window goes from the one room to the other, and ends neither', () => {
    const play = both();
    expect(heldCalls(play.state).map(({ id }) => id)).toEqual(['CL_1']);
    play.on({ type: 'calling/resume', id: 'CL_1' });
    expect(acts(play.effects)).toEqual([{ act: 'resume', device: MINE }]);
    play.on(good('calls/act', act({ act: 'resume', device: MINE }, 'CL_1'), null));
    expect(acts(play.effects)).toEqual([]);
    expect(play.asked('join')?.code).toBe('first-room');
  });

  it('become one: whoever is in the other goes over by itself', () => {
    const play = both().on({ type: 'calling/merge', id: 'CL_1' });
    expect(acts(play.effects)).toEqual([{ act: 'merge', with: 'CL_1' }]);
    const over = talking().on(calls(
      ben({ stage: { is: 'ended', why: 'merged' }, ended: 6_000 }),
      cleo({ stage: { is: 'connecting' }, on: ON, others: [party('AC_2', 'Ben'), party('AC_3', 'Cleo')] }),
    ));
    expect(acts(over.effects)).toEqual([]);
    expect(over.asked('join')?.code).toBe('second-room');
  });

  it('are over for whoever hung up in the one before it was told to be a part of the other', () => {
    const merged = [ben({ stage: { is: 'ended', why: 'merged' }, ended: 6_000 }), cleo({ stage: { is: 'connecting' }, on: ON })];
    const play = talking().on({ type: 'calling/end' }).on(calls(...merged));
    expect(play.asked('join')).toBeUndefined();
    expect(play.effects).toContainEqual({ type: 'call', call: { name: 'calls/act', id: 'CL_2', act: { act: 'end' } } });
    // Said once, however often it is told before it is done.
    play.on(calls(...merged));
    expect(acts(play.effects)).toEqual([]);
    // What it became may be told later than what it was.
    const late = talking().on({ type: 'calling/end' }).on(calls(ben({ stage: { is: 'ended', why: 'merged' }, ended: 6_000 })));
    expect(acts(late.effects)).toEqual([]);
    expect(acts(late.on(calls(...merged)).effects)).toEqual([{ act: 'end' }]);
  });

  it('leave one to go on with, when the other is over', () => {
    const play = both().on(calls(ben(HELD), cleo({ stage: { is: 'ended', why: 'over' }, ended: 6_000, answered: 5_000, on: ON })));
    expect(play.asked('call/leave')).toBeDefined();
    expect(heldCalls(play.state).map(({ id }) => id)).toEqual(['CL_1']);
    play.on(calls(ben({ stage: { is: 'ended', why: 'over' }, ended: 7_000 })));
    expect(play.said).toEqual({ key: 'calling.held.gone', args: { name: 'Ben' } });
  });

  it('say so when one cannot be gone on with', () => {
    const play = both().on({ type: 'calling/resume', id: 'CL_1' }, bad('calls/act', act({ act: 'resume', device: MINE }, 'CL_1'), 'call_over'));
    expect(play.said?.key).toBe('calling.over');
    expect(callHere(play.state)?.id).toBe('CL_2');
  });
});

describe('a call that is left to somebody', () => {
  it('is transferred to whoever is rung, and says where it came back from', () => {
    const play = talking().on({ type: 'calling/transfer', person: 'AC_3' });
    expect(acts(play.effects)).toEqual([{ act: 'transfer', person: 'AC_3' }]);
    play.on(calls(ben({ stage: { is: 'ended', why: 'transferred' }, others: [party('AC_2', 'Ben'), party('AC_3', 'Cleo', { is: 'ringing' })] })));
    expect(play.asked('call/leave')).toBeDefined();
    play.on({ type: 'call/over', attempt: play.state.attempt, why: 'left', at: 9_000 });
    expect(play.said?.key).toBe('calling.why.transferred');
    play.on(calls(ben({ stage: { is: 'dialing' }, returned: 'Cleo' })));
    expect(acts(play.effects)).toEqual([{ act: 'ring', device: MINE }]);
    expect(soundOf(play.state)).toBe('ring');
    play.on({ type: 'calling/answer', id: 'CL_1', video: false }, good('calls/act', act({ act: 'answer', device: MINE, hold: false }, 'CL_1'), null));
    expect(play.asked('join')?.code).toBe('first-room');
  });

  it('goes back to the one who waits when whoever was asked says no', () => {
    const asked = both();
    asked.on({ type: 'calling/ask', id: 'CL_1', person: 'AC_4' });
    asked.on(calls(ben(HELD), cleo({ stage: { is: 'ended', why: 'over' }, ended: 6_000, on: ON, outgoing: true, others: [party('AC_3', 'Cleo', { is: 'ended', why: 'declined' })] })));
    expect(acts(asked.effects)).toEqual([{ act: 'resume', device: MINE }]);
    expect(asked.said?.key).toBe('calling.why.declined');
  });

  it('tells why somebody who was rung into it did not come', () => {
    const play = talking().on(
      calls(ben({ others: [party('AC_2', 'Ben'), party('AC_3', 'Cleo', { is: 'ringing' })] })),
      calls(ben({ others: [party('AC_2', 'Ben'), party('AC_3', 'Cleo', { is: 'ended', why: 'busy' })] })),
    );
    expect(play.said).toEqual({ key: 'calling.why.busy', args: { name: 'Cleo' } });
  });

  it('says so each time when somebody is found busy again', () => {
    const play = talking();
    const told = (...events: readonly Event[]): number => {
      const before = play.state.toast?.id;
      play.on(...events);
      const { toast } = play.state;
      expect(toast?.text).toEqual({ key: 'calling.why.busy', args: { name: 'Cleo' } });
      return toast?.id === before ? 0 : 1;
    };
    expect(told(busy())).toBe(1);
    expect(told(busy()), 'nothing is new').toBe(0);
    expect(told(busy(2)), 'transferred to her again').toBe(1);
    expect(told(busy(2))).toBe(0);
    expect(told(busy(3))).toBe(1);
  });
});
