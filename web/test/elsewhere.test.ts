// What is answered late, when the person has gone elsewhere: no camera stays open unseen, no room hears of another.

import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { stageKind, cast } from '../src/core/selectors';
import { atDoor, fresh, inside, person, Play, ROOM, view } from './helpers';

const OTHER = { ...ROOM, id: 'RM_2', code: 'zuzu-lomo-pira', title: 'Another' };
const me = { title: ROOM.title, me: 'me', people: [person('me')], soundBlocked: false, at: 1_000 };

/** At the door of another room, after Join was pressed at the first. */
const gone = (): Play => atDoor().on(
  { type: 'join', video: true },
  { type: 'route', route: { to: 'room', code: OTHER.code } },
  { type: 'room/found', code: OTHER.code, view: { ...view(), room: OTHER } },
);

describe('a camera', () => {
  it('that is allowed only after one went in without it is closed again, and so is everything at the end', () => {
    const play = new Play(fresh({ name: 'Ines' })).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view() },
      { type: 'devices/allow' },
      { type: 'join', video: true },
      { type: 'call/entered', ...me },
    );
    expect(play.state.devices.camera).toMatchObject({ wanted: false, state: 'closed' });
    play.on({ type: 'devices/opened', kind: 'camera', id: 'c1' });
    expect(play.effects).toEqual([{ type: 'devices/close', kinds: ['camera'] }]);
    play.on({ type: 'call/over', why: 'left', at: 2_000 });
    expect(play.asked('devices/close')?.kinds).toEqual(['microphone', 'camera']);
  });

  it('does not open on the start page', () => {
    const play = new Play(fresh({ name: 'Ines' })).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view() },
      { type: 'devices/allow' },
      { type: 'devices/failed', kind: 'microphone', trouble: 'none' },
      { type: 'home' },
    );
    play.on({ type: 'devices/opened', kind: 'camera', id: 'c1' });
    expect(play.asked('devices/close')).toEqual({ type: 'devices/close', kinds: ['camera'] });
    expect(play.state.devices.camera.state).toBe('closed');
    play.on({ type: 'devices/permission', granted: true });
    expect(play.effects).toEqual([]);
    play.on({ type: 'devices/listed', list: [{ kind: 'microphone', id: 'm1', label: 'M' }] });
    expect(play.effects).toEqual([]);
  });

  it('is closed when one is not let back in, or the room is gone', () => {
    const back = inside('amara').on({ type: 'call/over', why: 'lost', at: 2_000 }, { type: 'rejoin' });
    back.on({ type: 'devices/opening', kinds: ['camera'] }, { type: 'devices/opened', kind: 'camera', id: 'c1' });
    expect(back.state.devices.camera.state).toBe('open');
    back.on({ type: 'join/refused', text: say('trouble.stopping') });
    expect(back.asked('devices/close')?.kinds).toContain('camera');
    expect(back.phase('left').entry.state).toBe('refused');
    const first = atDoor().on({ type: 'join', video: true }, { type: 'join/unknown' });
    expect(first.phase('unknown').is).toBe('unknown');
    expect(first.asked('devices/close')?.kinds).toEqual(['microphone', 'camera']);
    expect(first.state.devices.camera.state).toBe('closed');
  });
});

describe('an attempt to get in', () => {
  it('is given up by going elsewhere', () => {
    const play = atDoor().on({ type: 'join', video: true });
    const attempt = play.asked('join')?.attempt;
    expect(play.on({ type: 'home' }).asked('call/leave')).toEqual({ type: 'call/leave', attempt });
    const back = inside().on({ type: 'call/over', why: 'left', at: 2_000 }, { type: 'rejoin' });
    expect(back.on({ type: 'home' }).asked('call/leave')).toBeDefined();
    expect(atDoor().on({ type: 'home' }).asked('call/leave')).toBeUndefined();
  });

  it('never takes one into the room where one is now', () => {
    const play = gone().on({ type: 'call/entered', attempt: 1, ...me });
    expect(play.effects).toEqual([{ type: 'call/leave', attempt: 1 }]);
    expect(play.prejoin.view.room).toEqual(OTHER);
  });

  it('is not heard of at the door of another room', () => {
    const play = gone().on({ type: 'join/refused', attempt: 1, text: say('trouble.room-full') }, { type: 'join/unknown', attempt: 1 });
    expect(play.prejoin.entry).toEqual({ state: 'idle' });
  });

  it('ends no other meeting, and changes nothing in it', () => {
    const play = gone().on({ type: 'join', video: true }, { type: 'call/entered', ...me }, { type: 'call/share' });
    play.on(
      { type: 'call/shared', attempt: 1, sharing: false },
      { type: 'call/share-failed', attempt: 1, why: 'failed' },
      { type: 'call/people', attempt: 1, people: [] },
      { type: 'call/failed', attempt: 1, kind: 'camera', trouble: 'stopped' },
      { type: 'call/over', attempt: 1, why: 'left', at: 2_000 },
    );
    expect(play.meeting).toMatchObject({ sharing: 'asking', people: me.people });
    expect(play.state.toast).toBeNull();
  });

  it('that is over has no share any more that could fail', () => {
    const play = inside('amara').on({ type: 'call/share' });
    const attempt = play.state.attempt;
    play.on({ type: 'call/over', why: 'left', at: 2_000 }, { type: 'call/share-failed', attempt, why: 'failed' });
    expect(play.state.toast).toBeNull();
    expect(play.said).toEqual(say('left.left'));
  });
});

describe('an answer about a room', () => {
  it('reaches the page of that room alone', () => {
    const play = new Play(fresh()).on(
      { type: 'route', route: { to: 'room', code: OTHER.code } },
      { type: 'room/failed', code: ROOM.code, text: say('trouble.network') },
      { type: 'room/found', code: ROOM.code, view: view() },
    );
    expect(play.phase('looking').is).toBe('looking');
    const start = new Play(fresh()).on({ type: 'start/join', text: OTHER.code });
    start.on({ type: 'room/found', code: ROOM.code, view: view() }, { type: 'room/unknown', code: ROOM.code });
    expect(start.state.page).toMatchObject({ at: 'start', busy: 'checking', codeWrong: null });
  });

  it('that was asked for to make one takes nobody along who went elsewhere', () => {
    const play = new Play(fresh()).on({ type: 'start/new' }, { type: 'home' }, { type: 'room/made', room: ROOM });
    expect(play.state.page).toMatchObject({ at: 'start', busy: 'no' });
    expect(play.effects).toEqual([]);
  });

  it('is asked for again when it failed at the door', () => {
    const play = atDoor().on({ type: 'timer', timer: { name: 'poll' } }, { type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(play.asked('timer')?.timer).toEqual({ name: 'poll' });
  });
});

it('home leads nowhere from home', () => {
  expect(new Play(fresh()).on({ type: 'home' }).effects).toEqual([]);
});

it('a key pressed on the way in counts: what is open then is sent', () => {
  const play = atDoor().on({ type: 'devices/toggle', kind: 'camera' }, { type: 'join', video: true });
  play.on({ type: 'devices/toggle', kind: 'camera' });
  expect(play.asked('devices/open')?.open).toEqual([{ kind: 'camera', id: null }]);
  const early = new Play(play.state).on({ type: 'devices/opened', kind: 'camera', id: 'c1' }, { type: 'call/entered', ...me });
  expect(early.state.devices.camera).toMatchObject({ wanted: true, state: 'open' });
  const late = new Play(play.state).on({ type: 'call/entered', ...me }, { type: 'devices/opened', kind: 'camera', id: 'c1' });
  expect(late.state.devices.camera).toMatchObject({ wanted: false, state: 'closed' });
  expect(late.asked('devices/close')?.kinds).toEqual(['camera']);
});

it('sound that was blocked before one was in is known inside', () => {
  const play = atDoor().on({ type: 'join', video: true }, { type: 'call/entered', ...me, soundBlocked: true });
  expect(play.meeting.soundBlocked).toBe(true);
});

it('nobody moves beside a shared screen because somebody speaks', () => {
  const people = [person('me'), person('a', { share: 's1' }), person('b'), person('c')];
  const play = atDoor().on({ type: 'join', video: true }, { type: 'call/entered', ...me, people });
  expect(stageKind(play.meeting, cast(play.state, play.meeting))).toBe('share');
  play.on({ type: 'call/spoke', identity: 'c', at: 9_000 });
  expect(play.meeting).toMatchObject({ seats: ['a', 'b', 'c'], foremost: 'c', spoke: { c: 9_000 } });
});

it('the page stays open when more or fewer fit on it', () => {
  const play = inside('a', 'b', 'c', 'd', 'e').on({ type: 'stage/seats', seats: 2 }, { type: 'stage/page', page: 1 });
  expect(play.on({ type: 'stage/seats', seats: 3 }).meeting.page).toBe(1);
  expect(play.on({ type: 'stage/seats', seats: 9 }).meeting.page).toBe(0);
});
