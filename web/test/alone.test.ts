import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { meetingState } from './beside';
import { inside, person, type Play } from './helpers';

const rings = (name: 'alone' | 'alone-over', at = 400_000) => ({ type: 'timer', timer: { name }, at }) as const;
const STOPS = [{ type: 'timer/stop', name: 'alone' }, { type: 'timer/stop', name: 'alone-over' }];
const WAITS = { type: 'timer', timer: { name: 'alone' }, ms: 300_000 };

const joined = (play: Play): Play => play.on({ type: 'call/people', people: [person('me'), person('amara')] });
const left = (play: Play): Play => play.on({ type: 'call/people', people: [person('me')] });

describe('alone in a meeting', () => {
  it('is asked about after five minutes, said and heard', () => {
    const play = inside();
    expect(play.meeting.alone).toEqual({ is: 'quiet' });
    play.on(rings('alone'));
    expect(play.meeting.alone).toEqual({ is: 'asked', until: 460_000 });
    expect(play.state.said.map(({ text }) => text)).toEqual([say('alone.title'), say('alone.text')]);
    expect(play.asked('devices/tone')).toBeDefined();
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'alone-over' }, ms: 60_000 });
  });

  it('begins when the last one leaves, and ends when somebody comes', () => {
    const play = inside('amara');
    expect(play.meeting.alone).toEqual({ is: 'no' });
    left(play);
    expect(play.effects).toContainEqual(WAITS);
    play.on(rings('alone'));
    joined(play);
    expect(play.meeting.alone).toEqual({ is: 'no' });
    for (const stop of STOPS) expect(play.effects).toContainEqual(stop);
    // A bell that rang in the same moment changes nothing.
    expect(play.on(rings('alone-over')).asked('call/leave')).toBeUndefined();
  });

  it('begins anew with the answer', () => {
    const play = inside().on(rings('alone'), { type: 'call/still-here' });
    expect(play.meeting.alone).toEqual({ is: 'quiet' });
    expect(play.effects).toEqual([...STOPS, WAITS]);
    expect(play.on({ type: 'call/still-here' }).effects).toEqual([]);
  });

  it('without an answer is left, and the page after it says why', () => {
    const play = inside().on(rings('alone'), rings('alone-over'));
    expect(play.asked('call/leave')).toEqual({ type: 'call/leave', attempt: play.state.attempt });
    play.on({ type: 'call/over', why: 'left', at: 500_000 });
    expect(play.phase('left').why).toBe('alone');
    expect(play.said).toEqual(say('left.alone'));
    for (const stop of STOPS) expect(play.effects).toContainEqual(stop);
  });

  it('left by hand is a leaving like any other', () => {
    const play = inside().on(rings('alone'), { type: 'call/leave' }, { type: 'call/over', why: 'left', at: 500_000 });
    expect(play.phase('left').why).toBe('left');
  });

  it('is never asked about where that is switched off, from that moment on', () => {
    const play = inside().on(rings('alone'), { type: 'settings/ask-alone', on: false });
    expect(play.meeting.alone).toEqual({ is: 'no' });
    expect(play.asked('remember')?.settings.askAlone).toBe(false);
    left(joined(play));
    expect(play.meeting.alone).toEqual({ is: 'no' });
    play.on({ type: 'settings/ask-alone', on: true });
    expect(play.meeting.alone).toEqual({ is: 'quiet' });
  });

  it('is not, while somebody is at the door', () => {
    const play = inside().on(rings('alone'));
    play.on({ type: 'told', event: { event: 'meeting', state: meetingState({ number: 1, waiting: [{ person: 'g1', name: 'Gil', role: 'guest', since: 0 }] }) } });
    expect(play.meeting.alone).toEqual({ is: 'no' });
    play.on({ type: 'told', event: { event: 'meeting', state: meetingState({ number: 2, waiting: [] }) } });
    expect(play.meeting.alone).toEqual({ is: 'quiet' });
  });
});

describe('toasts', () => {
  it('are kept in a list with their time, also those that gave way to another', () => {
    const play = inside();
    joined(play);
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'stamp' }, ms: 0 });
    play.on({ type: 'timer', timer: { name: 'stamp' }, at: 7_000 });
    left(play).on({ type: 'timer', timer: { name: 'stamp' }, at: 9_000 });
    expect(play.state.kept.map(({ text, at }) => [text, at])).toEqual([
      [say('meeting.joined', { name: 'AMARA' }), 7_000], [say('meeting.left', { name: 'AMARA' }), 9_000],
    ]);
    play.on({ type: 'timer', timer: { name: 'toast', id: play.state.toast?.id ?? 0 } });
    expect(play.state.toast).toBeNull();
    expect(play.state.kept).toHaveLength(2);
    expect(play.on({ type: 'overlay', show: 'notices' }).state.overlay).toBe('notices');
  });

  it('are a hundred at most, the oldest go', () => {
    const play = inside();
    for (let n = 0; n < 60; n += 1) left(joined(play));
    expect(play.state.kept).toHaveLength(100);
    expect(play.state.kept.at(-1)?.text).toEqual(say('meeting.left', { name: 'AMARA' }));
  });

  it('stay with the room, and go with it', () => {
    const play = joined(inside()).on({ type: 'call/over', why: 'left', at: 2_000 });
    expect(play.state.kept).toHaveLength(1);
    expect(play.on({ type: 'home' }).state.kept).toEqual([]);
  });
});

describe('what is spoken and heard', () => {
  it('can be chosen for each: join, leave, being muted', () => {
    const play = inside().on(
      { type: 'notices/said', topic: 'join', on: false }, { type: 'notices/sound', chime: 'leave', on: false }, { type: 'timer', timer: { name: 'said' } },
    );
    joined(play);
    expect(play.said).toBeUndefined();
    expect(play.state.toast?.text).toEqual(say('meeting.joined', { name: 'AMARA' }));
    expect(play.asked('chime')?.chime).toBe('join');
    left(play);
    expect(play.said).toEqual(say('meeting.left', { name: 'AMARA' }));
    expect(play.asked('chime')).toBeUndefined();
  });

  it('includes a host who mutes me', () => {
    const muted = { type: 'told', event: { event: 'muted', what: 'microphone' } } as const;
    const play = inside().on(muted);
    expect(play.said).toEqual(say('people.muted.microphone'));
    expect(play.asked('chime')?.chime).toBe('muted');
    const quiet = inside().on({ type: 'notices/said', topic: 'muted', on: false }, { type: 'notices/sound', chime: 'muted', on: false }, muted);
    expect(quiet.said).toBeUndefined();
    expect(quiet.asked('chime')).toBeUndefined();
    expect(quiet.state.toast?.text).toEqual(say('people.muted.microphone'));
  });
});
