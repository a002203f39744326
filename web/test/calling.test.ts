import { describe, expect, it } from 'vitest';
import { callHere, foremost } from '../src/core/calling/calling';
import { soundOf } from '../src/core/calling/watch';
import { endWords, stageWords } from '../src/core/calling/words';
import { counted } from '../src/i18n/text';
import type { Effect } from '../src/core/effect';
import type { Event } from '../src/core/event';
import type { Call, CallAct, Party, Stage, Why } from '../src/proto/api.gen';
import type { CallNamed } from '../src/proto/calls';
import { bad, good, me, person, Play, signedIn, unasked } from './helpers';

const MINE = 'thisbrowser';
const ended = (why: Why): Stage => ({ is: 'ended', why });
const party = (change: Partial<Party> = {}): Party => ({ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0, ...change });
/** Ben calls. */
const incoming = (change: Partial<Call> = {}): Call =>
  ({ id: 'CL_1', code: 'call-room', video: false, outgoing: false, began: 1_000, stage: { is: 'dialing' }, others: [party()], ...change });
/** I call Ben. */
const outgoing = (change: Partial<Call> = {}, other: Partial<Party> = {}): Call =>
  incoming({ outgoing: true, stage: { is: 'connecting' }, others: [party({ caller: false, stage: { is: 'dialing' }, ...other })], ...change });

const known = (): Play => {
  const state = signedIn();
  return new Play({ ...state, calling: { ...state.calling, device: MINE } });
};
let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });
const acts = (effects: readonly Effect[]): readonly CallAct[] =>
  effects.flatMap((effect) => (effect.type === 'call' && effect.call.name === 'calls/act' ? [effect.call.act] : []));
const sounds = (effects: readonly Effect[]): readonly unknown[] => effects.flatMap((effect) => (effect.type === 'calling/sound' ? [effect.sound] : []));
const act = (done: CallAct, id = 'CL_1') => ({ name: 'calls/act', id, act: done }) as const;
const answer = act({ act: 'answer', device: MINE, hold: false });
const placing: CallNamed<'calls/place'> = { name: 'calls/place', body: { people: ['AC_2'], video: false, device: MINE, anyway: false } };

const inCall = (): Play => known().on(
  calls(incoming()),
  { type: 'calling/answer', id: 'CL_1', video: false },
  good('calls/act', answer, null),
  { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 },
);
/** I called Ben, and wait in the room. */
const calling = (call = outgoing()): Play => known().on(
  { type: 'calling/place', people: ['AC_2'], video: false },
  good('calls/place', placing, call),
  { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 },
);

const one = (account: string, presence: 'available' | 'away') => ({ account, presence, since: 0 });

describe('who is here', () => {
  it('is said when somebody is signed in, again when nobody has touched the device, and taken back', () => {
    const start = unasked();
    const play = new Play({ ...start, calling: { ...start.calling, device: MINE } }).on({ type: 'begin' });
    expect(play.asked('here')).toBeUndefined();
    play.on(good('me', { name: 'me' }, me()));
    expect(play.asked('here')).toEqual({ type: 'here', device: MINE, idle: false });
    // A browser that was to be woken was forgotten with the session before.
    expect(play.asked('push')).toEqual({ type: 'push', to: 'renew', account: 'AC_1', device: MINE, tongue: 'en' });
    play.on({ type: 'calling/idle', idle: true });
    expect(play.asked('here')).toEqual({ type: 'here', device: MINE, idle: true });
    expect(play.asked('push')).toBeUndefined();
    play.on({ type: 'calling/idle', idle: true });
    expect(play.asked('here')).toBeUndefined();
    play.on(calls(incoming()), good('session/close', { name: 'session/close' }, null));
    expect(play.asked('here/end')).toBeDefined();
    expect(play.state.calling.calls).toEqual([]);
    expect(play.state.calling.device).toBe(MINE);
  });

  it('is known by account, as the last word says', () => {
    const play = known().on(
      { type: 'told', event: { event: 'people', people: [one('AC_2', 'available'), one('AC_3', 'away')], awaited: [] } },
      { type: 'told', event: { event: 'presence', person: one('AC_3', 'available') } },
    );
    expect(play.state.calling.people['AC_3']?.presence).toBe('available');
    play.on({ type: 'told', event: { event: 'people', people: [one('AC_3', 'away')], awaited: [] } });
    expect(Object.keys(play.state.calling.people)).toEqual(['AC_3']);
  });

  it('is asked for after the line was lost for the third time', () => {
    const lost = { type: 'line', up: false } as const;
    const play = known().on(lost, lost);
    expect(play.effects).toEqual([]);
    play.on(lost);
    expect(play.asked('call')?.call.name).toBe('me');
  });
});

describe('a call that comes in', () => {
  it('rings once, whatever is told of it afterwards', () => {
    const play = known().on(calls(incoming()));
    expect(acts(play.effects)).toEqual([{ act: 'ring', device: MINE }]);
    expect(sounds(play.effects)).toEqual(['ring']);
    expect(play.asked('calling/alert')?.alert).toMatchObject({ id: 'CL_1', title: 'Ben calls', text: 'Voice call', system: false });
    expect(play.said?.key).toBe('calling.in.said');
    play.on(calls(incoming({ stage: { is: 'ringing' } })));
    expect(acts(play.effects)).toEqual([]);
    expect(sounds(play.effects)).toEqual([]);
    // A new line knows nothing of it, and its numbers begin anew: the server is told again, and nobody else.
    const { count } = play.state;
    play.on({ type: 'line', up: false }, { type: 'line', up: true }, { type: 'told', event: { event: 'calls', number: 1, calls: [incoming({ stage: { is: 'ringing' } })] } });
    expect(acts(play.effects)).toEqual([{ act: 'ring', device: MINE }]);
    expect(sounds(play.effects)).toEqual([]);
    expect(play.state.count).toBe(count);
  });

  it('is said to ring again when nobody heard it', () => {
    const play = known().on(calls(incoming()), bad('calls/act', act({ act: 'ring', device: MINE }), 'offline'), calls(incoming()));
    expect(acts(play.effects)).toEqual([{ act: 'ring', device: MINE }]);
  });

  it('is not brought back by a list that is older', () => {
    const play = known().on(calls(incoming()), calls());
    expect(foremost(play.state)).toBeNull();
    play.on({ type: 'told', event: { event: 'calls', number: number - 1, calls: [incoming()] } });
    expect(foremost(play.state)).toBeNull();
    expect(soundOf(play.state)).toBeNull();
  });

  it('falls silent with the press, and goes into its room when the server agrees: no mirror, no camera', () => {
    const play = known().on(calls(incoming({ video: true })), { type: 'calling/answer', id: 'CL_1', video: false });
    expect(acts(play.effects)).toEqual([{ act: 'answer', device: MINE, hold: false }]);
    expect(sounds(play.effects)).toEqual([null]);
    expect(play.state.page.at).not.toBe('room');
    play.on({ type: 'calling/answer', id: 'CL_1', video: true });
    expect(play.effects).toEqual([]);
    play.on(good('calls/act', answer, null));
    expect(play.phase('entering').title).toBe('Ben');
    // Loading the page again is no goodbye.
    expect(play.asked('join')).toMatchObject({ code: 'call-room', open: [{ kind: 'microphone' }], lasting: true });
    expect(play.asked('go')).toMatchObject({ route: { to: 'room', code: 'call-room' } });
    expect(foremost(play.state)).toBeNull();
    play.on({ type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 });
    expect(play.meeting.title).toBe('Ben');
    expect(play.said?.key).toBe('calling.connecting');
  });

  it('never rings after it was answered, also when an older word comes late', () => {
    const play = inCall().on(calls(incoming({ stage: { is: 'ringing' } })));
    expect(foremost(play.state)).toBeNull();
    expect(soundOf(play.state)).toBeNull();
    expect(acts(play.effects)).toEqual([]);
  });

  it('is answered with the camera where that was chosen', () => {
    const play = known().on(calls(incoming()), { type: 'calling/answer', id: 'CL_1', video: true }, good('calls/act', answer, null));
    expect(play.asked('join')?.open.map(({ kind }) => kind)).toEqual(['microphone', 'camera']);
  });

  it('goes within the same event when another device took it, and says where', () => {
    const play = known().on(calls(incoming()), calls(incoming({ stage: { is: 'connecting' }, on: { device: 'phone', name: 'Pixel' } })));
    expect(foremost(play.state)).toBeNull();
    expect(sounds(play.effects)).toEqual([null]);
    expect(play.asked('calling/alert')).toEqual({ type: 'calling/alert', alert: null });
    expect(play.state.calling.afterword?.text).toEqual({ key: 'calling.elsewhere', args: { device: 'Pixel' } });
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'afterword' }, ms: 5_000 });
    play.on({ type: 'timer', timer: { name: 'afterword' } });
    expect(play.state.calling.afterword).toBeNull();
  });

  it('goes within the same event when it was declined on another device, and says where', () => {
    const play = known().on(calls(incoming()), calls(incoming({ stage: ended('declined'), ended: 2_000, declined: { device: 'phone', name: 'Pixel' } })));
    expect(foremost(play.state)).toBeNull();
    expect(sounds(play.effects)).toEqual([null]);
    expect(play.state.calling.afterword?.text).toEqual({ key: 'calling.declined', args: { device: 'Pixel' } });
    expect(play.said?.key).toBe('calling.declined');
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'afterword' }, ms: 5_000 });
    const nameless = known().on(calls(incoming()), calls(incoming({ stage: ended('declined'), ended: 2_000, declined: { device: 'phone', name: '' } })));
    expect(nameless.state.calling.afterword?.text).toMatchObject({ args: { device: { key: 'calling.other-device' } } });
  });

  it('says nothing where another window of this browser took or declined it, or nobody knows where it was declined', () => {
    const here = known().on(calls(incoming()), calls(incoming({ stage: { is: 'connecting' }, on: { device: MINE, name: '' } })));
    const declinedHere = known().on(calls(incoming()), calls(incoming({ stage: ended('declined'), ended: 2_000, declined: { device: MINE, name: 'Laptop' } })));
    const declined = known().on(calls(incoming()), calls(incoming({ stage: ended('declined'), ended: 2_000 })));
    for (const play of [here, declinedHere, declined]) {
      expect(foremost(play.state)).toBeNull();
      expect(play.state.calling.afterword).toBeNull();
      expect(play.state.toast).toBeNull();
    }
  });

  it('is a missed call when the caller gives up, or nobody answers', () => {
    for (const why of ['cancelled', 'noAnswer', 'over', 'hungUp', 'failed'] as const) {
      const play = known().on(calls(incoming()), calls(incoming({ stage: ended(why), ended: 2_000 })));
      expect(play.state.toast?.text).toEqual({ key: 'calling.missed', args: { name: 'Ben' } });
      expect(play.said?.key).toBe('calling.missed');
    }
  });

  it('is declined, with a word or without, and comes back when that was not heard', () => {
    const play = known().on(calls(incoming()), { type: 'calling/decline', id: 'CL_1' });
    expect(acts(play.effects)).toEqual([{ act: 'decline', device: MINE }]);
    expect(foremost(play.state)).toBeNull();
    play.on(calls(incoming({ stage: ended('declined'), ended: 2_000 })));
    expect(play.state.toast).toBeNull();
    const word = known().on(calls(incoming()), { type: 'calling/decline', id: 'CL_1', reply: ' In 10 minutes ' });
    expect(acts(word.effects)).toEqual([{ act: 'decline', device: MINE, reply: 'In 10 minutes' }]);
    word.on(bad('calls/act', act({ act: 'decline', device: MINE, reply: 'In 10 minutes' }), 'offline'));
    expect(foremost(word.state)?.id).toBe('CL_1');
    expect(word.state.toast?.text.key).toBe('trouble.network');
  });

  it('says so when somebody was quicker, or the caller gave up in that moment', () => {
    const at = (): Play => known().on(calls(incoming()), { type: 'calling/answer', id: 'CL_1', video: false });
    const quicker = at().on(calls(incoming({ stage: { is: 'connecting' }, on: { device: 'phone', name: '' } })), bad('calls/act', answer, 'answered_elsewhere'));
    expect(quicker.state.calling.afterword?.text).toMatchObject({ key: 'calling.elsewhere', args: { device: { key: 'calling.other-device' } } });
    const over = at().on(bad('calls/act', answer, 'not_found'));
    expect(over.state.calling.afterword?.text.key).toBe('calling.over');
    expect(foremost(over.state)).toBeNull();
    const offline = at().on(bad('calls/act', answer, 'offline'));
    expect(foremost(offline.state)?.id).toBe('CL_1');
  });

  it('is silenced here and in the other windows, and goes on ringing', () => {
    const play = known().on(calls(incoming()), { type: 'calling/hush', id: 'CL_1' });
    expect(sounds(play.effects)).toEqual([null]);
    expect(play.asked('calling/hush')).toEqual({ type: 'calling/hush', id: 'CL_1' });
    expect(foremost(play.state)?.id).toBe('CL_1');
    const other = known().on(calls(incoming()), { type: 'calling/hush', id: 'CL_1', elsewhere: true });
    expect(sounds(other.effects)).toEqual([null]);
    expect(other.asked('calling/hush')).toBeUndefined();
  });

  it('rings softly into another call, which ends when the new one is answered', () => {
    const second = incoming({ id: 'CL_2', code: 'second', others: [party({ account: 'AC_3', name: 'Eve' })] });
    const play = inCall().on(calls(incoming({ stage: { is: 'active' }, answered: 5_000 }), second));
    expect(sounds(play.effects)).toEqual(['waiting']);
    play.on({ type: 'calling/answer', id: 'CL_2', video: false });
    // The first goes on until the second is really mine.
    expect(callHere(play.state)?.id).toBe('CL_1');
    play.on(good('calls/act', act({ act: 'answer', device: MINE, hold: false }, 'CL_2'), null));
    expect(callHere(play.state)?.id).toBe('CL_2');
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
    expect(play.asked('call/leave')).toBeDefined();
  });
});

describe('a call that is placed', () => {
  it('goes into its room at once, and says how far the other end is', () => {
    const play = calling();
    expect(callHere(play.state)?.id).toBe('CL_1');
    expect(play.said?.key).toBe('calling.dialing');
    play.on(calls(outgoing({}, { stage: { is: 'ringing' }, devices: 2 })));
    expect(play.said).toEqual(counted('calling.ringing', 2));
    expect(sounds(play.effects)).toEqual(['back']);
    play.on(calls(outgoing({}, { stage: { is: 'connecting' } })));
    expect(play.said?.key).toBe('calling.connecting');
    expect(sounds(play.effects)).toEqual([null]);
    play.on({ type: 'call/people', people: [person('AC_1-1'), person('AC_2-1', { name: 'Ben' })] });
    expect(play.state.toast).toBeNull();
  });

  it('is over at once where nobody can be reached, and may ring anyway', () => {
    const busy = outgoing({ ended: 1_000, stage: ended('over') }, { stage: ended('busy') });
    const play = known().on({ type: 'calling/place', people: ['AC_2'], video: true });
    expect(play.asked('call')?.call).toMatchObject({ name: 'calls/place', body: { people: ['AC_2'], video: true, device: MINE, anyway: false } });
    play.on({ type: 'calling/place', people: ['AC_2'], video: true });
    expect(play.effects).toEqual([]);
    play.on(good('calls/place', placing, busy));
    expect(play.state.page.at).toBe('start');
    expect(play.state.calling.outcome?.id).toBe('CL_1');
    expect(play.said).toEqual({ key: 'calling.why.busy', args: { name: 'Ben' } });
    play.on({ type: 'calling/place', people: ['AC_2'], video: true, anyway: true });
    expect(play.asked('call')?.call).toMatchObject({ body: { anyway: true } });
    expect(play.state.calling.outcome).toBeNull();
  });

  it('says what the server refused', () => {
    const play = known().on({ type: 'calling/place', people: ['AC_1'], video: false }, bad('calls/place', placing, 'own_number'));
    expect(play.state.toast?.text.key).toBe('problem.own-number');
    expect(play.state.calling.placing).toBeNull();
  });

  it('is not undone by a list from before it', () => {
    const play = calling().on(calls());
    expect(callHere(play.state)?.id).toBe('CL_1');
    expect(play.meeting).toBeDefined();
  });

  it('ends when the server forgot it', () => {
    const play = calling().on(calls(outgoing()), calls());
    expect(play.asked('call/leave')).toBeDefined();
    expect(acts(play.effects)).toEqual([]);
  });

  it('is over for both when I end it, said once', () => {
    const play = calling().on({ type: 'calling/end' });
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
    expect(play.asked('call/leave')).toBeDefined();
    play.on({ type: 'call/over', why: 'left', at: 9_000 });
    expect(play.phase('left').rating).toBeNull();
    expect(play.said?.key).toBe('calling.ended');
    play.on({ type: 'home' });
    expect(acts(play.effects)).toEqual([]);
  });

  it('ends on the way into its room too', () => {
    const play = known().on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, outgoing()), { type: 'calling/end' });
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
    expect(play.phase('left').why).toBe('left');
    const late = play.on({ type: 'call/entered', attempt: play.state.attempt - 1, title: 'Call', me: 'AC_1-1', people: [], soundBlocked: false, at: 0 });
    expect(late.asked('call/leave')).toBeDefined();
    expect(late.phase('left').why).toBe('left');
  });

  it('is hung up by going to another page, and the next door opens as by habit', () => {
    const play = calling().on({ type: 'visit', route: { to: 'contacts' } });
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
    expect(play.state.devices.camera.wanted).toBe(true);
    expect(callHere(play.state)).toBeNull();
    expect(play.state.calling.mine).toBeNull();
  });

  it('says why it could not go in, and tries again', () => {
    const play = known().on({ type: 'calling/place', people: ['AC_2'], video: false }, good('calls/place', placing, outgoing()));
    play.on({ type: 'join/refused', text: { key: 'trouble.network', args: {} } });
    expect(play.phase('entering').entry.state).toBe('refused');
    play.on({ type: 'calling/retry' });
    expect(play.asked('join')).toMatchObject({ code: 'call-room' });
  });

  it('leaves its room when it is over, and says why, whichever word comes first', () => {
    const over = outgoing({ ended: 3_000, stage: ended('over') }, { stage: ended('declined'), reply: 'In 10 minutes' });
    const list = calling().on(calls(over));
    expect(list.asked('call/leave')).toBeDefined();
    expect(acts(list.effects)).toEqual([]);
    list.on({ type: 'call/over', why: 'left', at: 9_000 });
    const room = calling().on({ type: 'call/over', why: 'ended', at: 9_000 }, calls(over));
    for (const play of [list, room]) {
      const call = callHere(play.state);
      expect(call && endWords(call, null)).toEqual({ title: { key: 'calling.why.declined', args: { name: 'Ben' } }, reply: 'In 10 minutes', lasted: null });
      expect(play.said?.key).toBe('calling.why.declined');
    }
  });

  it('joins the one that came at the same moment from the other end', () => {
    const play = known().on(calls(incoming()), { type: 'calling/place', people: ['AC_2'], video: false });
    play.on(calls(incoming({ stage: { is: 'connecting' }, on: { device: MINE, name: '' } })), good('calls/place', placing, incoming({ stage: { is: 'connecting' } })));
    expect(play.phase('entering').title).toBe('Ben');
    expect(foremost(play.state)).toBeNull();
  });

  it('is found again by its room, after the page was loaded anew', () => {
    const going = incoming({ stage: { is: 'active' }, answered: 5_000, on: { device: MINE, name: '' } });
    const view = { room: { id: 'RM_9', code: 'call-room', title: 'Call', description: '', createdAt: 0 }, role: 'member', door: 'open', count: 1, here: 0, present: [] } as const;
    const play = known().on(
      calls(going),
      { type: 'route', route: { to: 'room', code: 'call-room' } },
      { type: 'room/found', code: 'call-room', view: { ...view, present: [] } },
      { type: 'join', video: false },
      { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 },
    );
    expect(callHere(play.state)?.id).toBe('CL_1');
    play.on({ type: 'call/leave' });
    expect(acts(play.effects)).toEqual([{ act: 'end' }]);
  });
});

describe('the end of a call in words', () => {
  const cases: readonly (readonly [Why, string])[] = [
    ['declined', 'calling.why.declined'], ['busy', 'calling.why.busy'], ['doNotDisturb', 'calling.why.dnd'], ['noAnswer', 'calling.why.no-answer'],
    ['unreachable', 'calling.why.unreachable'], ['failed', 'calling.why.failed'], ['cancelled', 'calling.ended'], ['hungUp', 'calling.ended'], ['lost', 'calling.why.lost'], ['over', 'calling.ended'],
  ];
  it.each(cases)('%s', (why, key) => {
    expect(endWords(outgoing({ ended: 2_000 }, { stage: ended(why) }), null).title.key).toBe(key);
  });

  it('tells how long it lasted, and not why, where it was answered', () => {
    expect(endWords(outgoing({ answered: 1_000, ended: 61_000 }, { stage: ended('hungUp') }), 3)).toMatchObject({ title: { key: 'calling.ended' }, lasted: 60_000 });
    expect(endWords(outgoing({ answered: 1_000 }), 3).lasted).toBe(3);
  });

  it('says no more of the other end than is known', () => {
    expect(stageWords(outgoing({}, { stage: { is: 'ringing' }, devices: 1 }))).toEqual(counted('calling.ringing', 1));
    expect(stageWords(outgoing({}, { stage: { is: 'ringing' }, devices: 0 })).key).toBe('calling.ringing');
    expect(stageWords(incoming({ stage: { is: 'connecting' } })).key).toBe('calling.connecting');
  });
});

describe('notices of the system', () => {
  it('are asked for by the switch alone, and only stay where the browser allows them', () => {
    const play = known().on({ type: 'notices/system', on: true });
    expect(play.asked('notices/ask')).toBeDefined();
    expect(play.state.notices.system).toBe(false);
    play.on({ type: 'notices/allowed', allowed: false });
    expect(play.state.toast?.text.key).toBe('notices.system.refused');
    play.on({ type: 'notices/allowed', allowed: true }, calls(incoming()));
    expect(play.asked('calling/alert')?.alert?.system).toBe(true);
  });

  it('leave the ring to its own switch', () => {
    const play = known().on({ type: 'notices/sound', chime: 'ring', on: false }, calls(incoming()));
    expect(sounds(play.effects)).toEqual([]);
    expect(foremost(play.state)?.id).toBe('CL_1');
  });
});
