// Spotlight, pause, the way back to the lobby, handing over.

import { describe, expect, it } from 'vitest';
import { actions } from '../src/core/meeting/actions';
import { heir, heirs, leaving } from '../src/core/meeting/leading';
import { mayMove } from '../src/core/meeting/people';
import { beside, cast, line, stageKind } from '../src/core/selectors';
import { say, speech } from '../src/i18n/text';
import type { Attendee, Event as Told, MeetingState } from '../src/proto/api.gen';
import { isEvent } from '../src/proto/decode';
import { answered } from '../src/proto/calls';
import { meetingState } from './beside';
import { inside, person, ROOM, type Play } from './helpers';

const t = speech('en');
const told = (event: Told) => ({ type: 'told', event }) as const;
const live = (change: Partial<MeetingState> = {}) => told({ event: 'meeting', state: meetingState(change) });
const names = (play: Play): readonly string[] => actions(play.state).map(({ name }) => t.text(name));
const there = (play: Play) => cast(play.state, play.meeting);
const kind = (play: Play): string => stageKind(play.meeting, there(play));
const large = (play: Play): string | undefined => line(play.meeting, there(play)).large?.key;
const one = (name: string, change: Partial<Attendee> = {}): Attendee => ({ person: name, name, role: 'guest', identities: [name], ...change });
const as = (role: MeetingState['role']) => ({ live: meetingState({ role }) });
const row = (role: MeetingState['role'], who = 'x') => ({ role, me: false, person: who });
const THREE = [one('me'), one('a'), one('b'), one('c')];
const lit = (spotlight?: string, change: Partial<MeetingState> = {}) =>
  live({ people: THREE, ...(spotlight === undefined ? {} : { spotlight }), ...change });

describe('the spotlight', () => {
  it('makes somebody large for me, and marks them, until it is taken away', () => {
    const play = inside('a', 'b', 'c').on(lit(), lit('b'));
    expect([kind(play), large(play)]).toEqual(['speaker', 'b']);
    expect(there(play).others.map((view) => view.spotlit)).toEqual([false, true, false]);
    expect(play.said).toEqual(say('spotlight.on', { name: 'b' }));
    play.on({ type: 'call/spoke', identity: 'c', at: 5_000 });
    expect(large(play)).toBe('b');
    play.on(lit());
    expect(kind(play)).toBe('grid');
    expect(play.said).toEqual(say('spotlight.out'));
  });

  it('gives way to what I chose myself', () => {
    const play = inside('a', 'b', 'c').on(lit('b'), { type: 'stage/pin', key: 'a' });
    expect(large(play)).toBe('a');
    play.on({ type: 'stage/layout', layout: 'grid' });
    expect(kind(play)).toBe('grid');
    play.on({ type: 'stage/layout', layout: 'speaker' });
    expect(large(play)).toBe('b');
  });

  it('waits beside a screen, first in the strip', () => {
    const play = inside('a', 'b', 'c').on(lit('b'), { type: 'call/people', people: [person('me'), person('a', { share: 's' }), person('b'), person('c')] });
    expect(kind(play)).toBe('share');
    expect(beside(there(play)).map((view) => view.key)).toEqual(['b', 'a', 'c', 'me']);
  });

  it('on me is said to me, and leaves what I see as it is', () => {
    const play = inside('a', 'b', 'c').on(lit(), lit('me'));
    expect(kind(play)).toBe('grid');
    expect(there(play).mine?.spotlit).toBe(true);
    expect(play.state.toast?.text).toEqual(say('spotlight.on-me'));
  });

  it('is offered to those who lead, by name', () => {
    const host = inside('a', 'b', 'c').on(lit('a', { role: 'host' }));
    expect(names(host)).toEqual(expect.arrayContaining(['Spotlight b for everyone', 'Spotlight me for everyone', 'Take the spotlight away']));
    expect(names(host)).not.toContain('Spotlight a for everyone');
    expect(names(inside('a').on(lit('a'))).filter((name) => name.toLowerCase().includes('spotlight'))).toEqual([]);
  });
});

describe('a pause', () => {
  it('keeps everybody but hosts from everything, and is said', () => {
    const play = inside('ben').on(live(), live({ paused: true }));
    expect(play.said).toEqual(say('pause.title'));
    play.on({ type: 'devices/toggle', kind: 'microphone' });
    play.on({ type: 'devices/toggle', kind: 'microphone' });
    expect(play.state.toast?.text).toEqual(say('people.forbidden.microphone'));
    expect(play.asked('call/switch')).toBeUndefined();
    play.on(live());
    expect(play.said).toEqual(say('pause.over'));
    play.on({ type: 'devices/toggle', kind: 'microphone' });
    expect(play.asked('call/switch')).toMatchObject({ kind: 'microphone', on: true });
  });

  it('is told to who comes meanwhile, and hosts may go on, and end it', () => {
    const play = inside('ben').on(live({ paused: true, role: 'host' }));
    expect(play.said).toEqual(say('pause.title'));
    play.on({ type: 'call/share' });
    expect(play.asked('call/share')).toMatchObject({ on: true });
    expect(names(play)).toContain('Resume');
    expect(names(inside('ben').on(live({ role: 'host' })))).toContain('Pause everything');
  });
});

describe('moved to the lobby', () => {
  const waiting = told({ event: 'waiting', hostPresent: true, moved: true });

  it('the page turns into the one before the door by itself, and keeps its place there', () => {
    const play = inside('ben').on(live());
    const { attempt } = play.state;
    play.on(waiting);
    expect(play.phase('lobby')).toMatchObject({ title: ROOM.title, moved: true, hostPresent: true, since: 0, entry: { state: 'idle' } });
    expect(play.asked('call/leave')).toEqual({ type: 'call/leave', attempt });
    expect(play.asked('quit')).toBeUndefined();
    expect(play.state.said.map(({ text }) => text)).toEqual(expect.arrayContaining([say('lobby.moved')]));
    // The session's own word comes later, and is of an attempt that is over.
    play.on({ type: 'call/over', attempt, why: 'moved', at: 9_000 });
    expect(play.phase('lobby').moved).toBe(true);
    play.on(told({ event: 'admitted', ticket: { token: 't', identity: 'me', person: 'me', room: ROOM } }));
    expect(play.asked('join')).toMatchObject({ code: ROOM.code, ticket: { token: 't' } });
  });

  it('whichever word comes first', () => {
    const play = inside('ben').on(live(), { type: 'call/over', why: 'moved', at: 9_000 });
    expect(play.phase('lobby')).toMatchObject({ moved: true, since: 9_000 });
    expect(play.asked('quit')).toBeUndefined();
    play.on(told({ event: 'waiting', hostPresent: false, moved: true }));
    expect(play.phase('lobby')).toMatchObject({ moved: true, hostPresent: false, since: 9_000 });
  });

  it('has the camera before the mirror again', () => {
    const play = inside('ben').on(live());
    const on = play.state.devices.camera.wanted;
    play.on(waiting);
    expect(play.effects.map(({ type }) => type).filter((type) => type.startsWith('devices/'))).toEqual(['devices/close', ...(on ? ['devices/open'] : [])]);
  });

  it('is for those who do not lead, and have a door', () => {
    expect([mayMove(as('host'), row('guest')), mayMove(as('owner'), row('host')), mayMove(as('host'), row('owner'))]).toEqual([true, false, false]);
    expect([mayMove(as('member'), row('guest')), mayMove(as('owner'), row('member', '=bot'))]).toEqual([false, false]);
  });
});

describe('handing over', () => {
  const people = [one('me', { role: 'owner' }), one('a'), one('b', { role: 'member' })];

  it('is to the first with an account, who may be another', () => {
    const play = inside('a', 'b').on(live({ role: 'owner', people }));
    expect(heirs(play.meeting).map((next) => next.person)).toEqual(['a', 'b']);
    expect(heir(play.meeting)?.person).toBe('b');
    expect(leaving(play.meeting)).toEqual({ type: 'act', act: { act: 'handOver', person: 'b' } });
    expect(names(play)).toEqual(expect.arrayContaining(['Leave', 'Leave, and let a lead', 'Leave, and let b lead']));
  });

  it('is for the last who leads, on their last device', () => {
    const led = live({ role: 'owner', people: [...people, one('c', { role: 'host' })] });
    expect(leaving(inside('a', 'b', 'c').on(led).meeting)).toEqual({ type: 'call/leave' });
    const twice = live({ role: 'owner', people: [one('me', { role: 'owner', identities: ['me', 'me~2'] }), one('a')] });
    expect(heirs(inside('a').on(twice).meeting)).toEqual([]);
    expect(leaving(inside('ben').on(live()).meeting)).toEqual({ type: 'call/leave' });
    expect(leaving(inside().on(live({ role: 'owner', people: [one('me', { role: 'owner' })] })).meeting)).toEqual({ type: 'call/leave' });
  });

  it('keeps nobody in who has no network, and says why it was refused', () => {
    const act = { act: 'handOver', person: 'a' } as const;
    const call = { name: 'act', code: ROOM.code, act } as const;
    const play = inside('a', 'b').on(live({ role: 'owner', people }));
    play.on(answered('act', call, { ok: false, problem: { code: 'not_found', message: '' } }));
    expect(play.state.toast?.tone).toBe('trouble');
    expect(play.asked('call/leave')).toBeUndefined();
    play.on(answered('act', call, { ok: false, problem: 'offline' }));
    expect(play.asked('call/leave')).toBeDefined();
  });
});

describe('what the server tells of it', () => {
  it('is let through only whole', () => {
    expect(isEvent({ event: 'waiting', hostPresent: true, moved: true })).toBe(true);
    expect(isEvent({ event: 'waiting', hostPresent: true })).toBe(false);
    expect(isEvent({ event: 'meeting', state: meetingState({ spotlight: 'ben' }) })).toBe(true);
    expect(isEvent({ event: 'meeting', state: { ...meetingState(), paused: undefined } })).toBe(false);
  });
});
