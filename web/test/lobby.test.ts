import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import type { MeetingState, Ticket } from '../src/proto/api.gen';
import { atDoor, inside, person, ROOM, type Play } from './helpers';

const TICKET: Ticket = { token: 't', identity: 'guest~1', person: 'guest', room: ROOM };

const waiting = (): Play => atDoor().on({ type: 'join', video: true }, { type: 'join/waiting', hostPresent: true, at: 5_000 });

const meeting = (number: number, change: Partial<MeetingState> = {}): MeetingState => ({
  number,
  me: 'guest',
  role: 'member',
  policy: { guests: true, lobby: 'off', locked: false, microphone: true, camera: true, share: true, chat: true, history: true },
  people: [],
  hands: [],
  paused: false,
  waiting: [],
  marks: [],
  ...change,
});

describe('waiting at the door', () => {
  it('follows the room until somebody opens, then goes in with the ticket', () => {
    const play = waiting();
    expect(play.phase('lobby')).toMatchObject({ title: ROOM.title, since: 5_000, hostPresent: true, entry: { state: 'idle' } });
    expect(play.asked('attend')).toEqual({ type: 'attend', code: ROOM.code });
    expect(play.said).toEqual(say('lobby.waiting'));
    play.on({ type: 'told', event: { event: 'waiting', hostPresent: false, moved: false } });
    expect(play.phase('lobby').hostPresent).toBe(false);
    play.on({ type: 'told', event: { event: 'admitted', ticket: TICKET } });
    expect(play.asked('join')).toMatchObject({ ticket: TICKET, code: ROOM.code });
    expect(play.phase('lobby').entry).toEqual({ state: 'busy' });
    // Told once more, as after a line that was lost: one goes in once.
    play.on({ type: 'told', event: { event: 'admitted', ticket: TICKET } });
    expect(play.effects).toEqual([]);
    play.on({ type: 'call/entered', title: ROOM.title, me: TICKET.identity, people: [person(TICKET.identity)], soundBlocked: false, at: 6_000 });
    expect(play.meeting.live).toBeNull();
    expect(play.asked('attend')).toEqual({ type: 'attend', code: ROOM.code });
  });

  it('keeps the camera of the mirror, and sends nothing', () => {
    const play = waiting();
    expect(play.asked('devices/close')).toBeUndefined();
    expect(play.state.devices.camera.state).toBe('open');
    play.on({ type: 'devices/toggle', kind: 'camera' });
    expect(play.asked('devices/close')).toBeDefined();
    play.on({ type: 'devices/toggle', kind: 'camera' });
    expect(play.asked('devices/open')).toBeDefined();
  });

  it('may end with a no, after which one may ask again', () => {
    const play = waiting().on({ type: 'told', event: { event: 'denied' } });
    expect(play.phase('lobby').entry).toEqual({ state: 'refused', text: say('lobby.denied') });
    expect(play.asked('quit')).toBeDefined();
    play.on({ type: 'lobby/ask-again' });
    expect(play.asked('join')).toMatchObject({ ticket: null });
    expect(play.phase('lobby').entry).toEqual({ state: 'idle' });
    play.on({ type: 'join/refused', text: say('problem.locked') });
    expect(play.phase('lobby').entry).toEqual({ state: 'refused', text: say('problem.locked') });
  });

  it('asks again by itself where the server forgot, and goes on waiting', () => {
    const play = waiting().on({ type: 'told', event: { event: 'outside' } });
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'knock' } });
    play.on({ type: 'timer', timer: { name: 'knock' } });
    expect(play.asked('join')).toMatchObject({ ticket: null });
    play.on({ type: 'join/waiting', hostPresent: false, at: 60_000 });
    expect(play.phase('lobby')).toMatchObject({ since: 5_000, hostPresent: false });
    expect(play.asked('attend')).toBeDefined();
  });

  it('goes in when it is told of the meeting: somebody let me in meanwhile', () => {
    const play = waiting().on({ type: 'told', event: { event: 'meeting', state: meeting(1) } });
    expect(play.asked('join')).toMatchObject({ ticket: null });
    // The ticket may still come; then the attempt under way is given up for it.
    const { attempt } = play.state;
    play.on({ type: 'told', event: { event: 'admitted', ticket: TICKET } });
    expect(play.asked('call/leave')).toEqual({ type: 'call/leave', attempt });
    expect(play.asked('join')).toMatchObject({ ticket: TICKET, attempt: attempt + 1 });
  });

  it('is given up by leaving: nobody is taken in who went away', () => {
    const play = waiting().on({ type: 'lobby/leave' });
    expect(play.asked('quit')).toBeDefined();
    expect(play.phase('looking').is).toBe('looking');
    play.on({ type: 'told', event: { event: 'admitted', ticket: TICKET } });
    expect(play.effects).toEqual([]);
    const home = waiting().on({ type: 'home' });
    expect(home.asked('quit')).toBeDefined();
    expect(home.asked('devices/close')).toBeDefined();
  });

  it('also stands before the way back in', () => {
    const play = inside().on({ type: 'call/over', why: 'lost', at: 9_000 }, { type: 'rejoin' }, { type: 'join/waiting', hostPresent: true, at: 10_000 });
    expect(play.phase('lobby').title).toBe(ROOM.title);
  });
});

describe('the meeting, as the server tells it', () => {
  it('is followed from coming in to leaving', () => {
    const play = inside('ben').on({ type: 'told', event: { event: 'meeting', state: meeting(3) } });
    expect(play.meeting.live).toEqual(meeting(3));
    play.on({ type: 'told', event: { event: 'meeting', state: meeting(2, { role: 'owner' }) } });
    expect(play.meeting.live?.role).toBe('member'); // older
    play.on({ type: 'told', event: { event: 'meeting', state: meeting(4, { role: 'host' }) } });
    expect(play.meeting.live?.role).toBe('host');
    play.on({ type: 'call/over', why: 'left', at: 9_000 });
    expect(play.asked('quit')).toBeDefined();
  });

  it('begins anew with each line: a server that was restarted counts from one', () => {
    const play = inside('ben').on({ type: 'told', event: { event: 'meeting', state: meeting(30) } }, { type: 'line', up: false });
    expect(play.meeting.live?.number).toBe(30);
    play.on({ type: 'line', up: true }, { type: 'told', event: { event: 'meeting', state: meeting(1) } });
    expect(play.meeting.live?.number).toBe(1);
  });
});
