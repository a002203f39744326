import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { atDoor, fresh, person, Play, ROOM, view } from './helpers';

describe('the start page', () => {
  it('makes a room, goes there, and offers its link once inside', () => {
    const play = new Play(fresh({ name: 'Ines' })).on({ type: 'start/new' });
    expect(play.asked('room/make')).toBeDefined();
    play.on({ type: 'start/new' });
    expect(play.effects).toEqual([]); // pressed twice: made once
    play.on({ type: 'room/made', room: ROOM });
    expect(play.asked('go')).toEqual({ type: 'go', route: { to: 'room', code: ROOM.code }, replace: false });
    expect(play.asked('title')?.title).toBe('Tuesday planning');
    play.on(
      { type: 'join', video: true },
      { type: 'call/entered', title: ROOM.title, me: 'me', people: [person('me')], soundBlocked: false, at: 0 },
    );
    expect(play.meeting.inviting).toBe(true);
    play.on({ type: 'call/people', people: [person('me'), person('amara')] });
    expect(play.meeting.inviting).toBe(false);
  });

  it('says what is wrong with a code, without asking the server', () => {
    const play = new Play(fresh()).on({ type: 'start/join', text: 'https://other.example/r/abc-def' });
    expect(play.effects).toEqual([]);
    expect(play.state.page).toMatchObject({ codeWrong: say('code.elsewhere', { host: 'other.example' }) });
    play.on({ type: 'start/typed' });
    expect(play.state.page).toMatchObject({ codeWrong: null });
  });

  it('asks the server for a good code before going there', () => {
    const play = new Play(fresh()).on({ type: 'start/join', text: 'Bolu Kesi Dafo' });
    expect(play.asked('room/look')).toEqual({ type: 'room/look', code: ROOM.code });
    const unknown = new Play(play.state).on({ type: 'room/unknown', code: ROOM.code });
    expect(unknown.state.page).toMatchObject({ at: 'start', busy: 'no', codeWrong: say('code.unknown', { code: ROOM.code }) });
    play.on({ type: 'room/found', code: ROOM.code, view: view(2) });
    expect(play.asked('go')?.route).toEqual({ to: 'room', code: ROOM.code });
    expect(play.prejoin.view.count).toBe(2);
  });

  it('keeps what went wrong with the server apart from what is wrong with the code', () => {
    const play = new Play(fresh()).on({ type: 'start/new' }, { type: 'room/not-made', text: say('trouble.network') });
    expect(play.state.page).toMatchObject({ at: 'start', busy: 'no', codeWrong: null, trouble: say('trouble.network') });
  });
});

describe('a link', () => {
  it('leads to pre-join, to a page that says so, or to a way to try again', () => {
    const link = new Play(fresh()).on({ type: 'route', route: { to: 'room', code: ROOM.code } });
    expect(link.asked('room/look')).toBeDefined();
    expect(new Play(link.state).on({ type: 'room/unknown', code: ROOM.code }).phase('unknown').is).toBe('unknown');
    const failed = new Play(link.state).on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(failed.phase('unreachable').text).toEqual(say('trouble.network'));
    failed.on({ type: 'room/again' });
    expect(failed.asked('room/look')).toBeDefined();
  });

  it('is read without regard to case and dashes, as the server reads it', () => {
    for (const code of [ROOM.code.toUpperCase(), ROOM.code.replaceAll('-', '')]) {
      const link = new Play(fresh()).on({ type: 'route', route: { to: 'room', code } });
      expect(link.on({ type: 'room/found', code, view: view() }).prejoin.view).toEqual(view());
      expect(link.asked('go')).toEqual({ type: 'go', route: { to: 'room', code: ROOM.code }, replace: true });
    }
  });

  it('polls who is in while the person stands at the door, and only then', () => {
    const play = atDoor().on({ type: 'timer', timer: { name: 'poll' } });
    expect(play.asked('room/look')).toBeDefined();
    play.on({ type: 'room/found', code: ROOM.code, view: view(3) });
    expect(play.prejoin.view.count).toBe(3);
    expect(play.asked('timer')?.timer.name).toBe('poll');
    play.on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(play.prejoin.view.count).toBe(3);
    play.on({ type: 'home' }, { type: 'timer', timer: { name: 'poll' } });
    expect(play.effects).toEqual([]);
  });

  it('lets people in muted where many are in', () => {
    const play = new Play(fresh({ name: 'Ines' })).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view(6) },
    );
    expect(play.prejoin.quiet).toBe(true);
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.state.devices.camera.wanted).toBe(true);
  });
});

describe('join', () => {
  it('needs a name and nothing else', () => {
    const play = new Play(fresh()).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view() },
      { type: 'devices/permission', granted: false },
      { type: 'join', video: true },
    );
    expect(play.prejoin.nameMissing).toBe(true);
    expect(play.asked('join')).toBeUndefined();
    play.on({ type: 'name', name: '  Ines ' });
    expect(play.prejoin.nameMissing).toBe(false);
    play.on({ type: 'join', video: true });
    // Nothing was asked yet: the devices are opened on the way in.
    expect(play.asked('join')).toMatchObject({
      code: ROOM.code,
      name: 'Ines',
      open: [{ kind: 'microphone', id: null }, { kind: 'camera', id: null }],
    });
    play.on({ type: 'join', video: true });
    expect(play.effects).toEqual([]); // pressed twice
  });

  it('closes the camera when one joins without video', () => {
    const play = atDoor().on({ type: 'join', video: false });
    expect(play.asked('devices/close')).toEqual({ type: 'devices/close', kinds: ['camera'] });
    expect(play.asked('join')).toMatchObject({ open: [] });
  });

  it('works with no device at all, and the keys then say so', () => {
    const play = new Play(fresh({ name: 'Ines' })).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view() },
      { type: 'devices/allow' },
      { type: 'devices/failed', kind: 'microphone', trouble: 'none' },
      { type: 'devices/failed', kind: 'camera', trouble: 'none' },
      { type: 'join', video: true },
      { type: 'call/entered', title: ROOM.title, me: 'me', people: [person('me')], soundBlocked: false, at: 0 },
    );
    expect(play.meeting.me).toBe('me');
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.state.devices.camera.wanted).toBe(false);
  });

  it('says why it was refused, and lets one try again', () => {
    const play = atDoor().on({ type: 'join', video: true }, { type: 'join/refused', text: say('trouble.room-full') });
    expect(play.prejoin.entry).toEqual({ state: 'refused', text: say('trouble.room-full') });
    play.on({ type: 'join', video: true });
    expect(play.asked('join')).toBeDefined();
  });

  it('leaves at once when the person went home while the connection was made', () => {
    const play = atDoor().on(
      { type: 'join', video: true },
      { type: 'home' },
      { type: 'call/entered', title: ROOM.title, me: 'me', people: [person('me')], soundBlocked: false, at: 0 },
    );
    expect(play.asked('call/leave')).toBeDefined();
    expect(play.state.page.at).toBe('start');
  });
});

const twice = (): Play => atDoor().on({ type: 'room/found', code: ROOM.code, view: { ...view(1), here: 1 } });
const arrived = (play: Play): Play => play.on({ type: 'call/entered', title: 'Tuesday planning', me: 'AC_1~b', people: [person('AC_1~b'), person('AC_1~a')], soundBlocked: false, at: 0 });

describe('a second device', () => {
  it('takes the meeting over: the others leave when it is in', () => {
    const play = twice().on({ type: 'join', video: true, arrival: 'move' });
    expect(play.asked('join')?.open.map(({ kind }) => kind)).toEqual([]);
    arrived(play);
    expect(play.asked('call')?.call).toEqual({ name: 'act', code: ROOM.code, act: { act: 'moveHere', identity: 'AC_1~b' } });
    expect(play.meeting.hushed).toBe(false);
    expect(play.asked('call/hush')).toBeUndefined();
  });

  it('stands beside the first without a sound, until it is to be heard', () => {
    const play = twice().on({ type: 'join', video: true, arrival: 'beside' });
    expect(play.asked('devices/close')?.kinds).toEqual(['microphone']);
    expect([play.state.devices.microphone.wanted, play.state.devices.camera.wanted]).toEqual([false, true]);
    arrived(play);
    expect(play.meeting.hushed).toBe(true);
    expect(play.asked('call/hush')?.on).toBe(true);
    expect(play.effects.some((effect) => effect.type === 'call' && effect.call.name === 'act')).toBe(false);
    expect(play.said).toEqual(say('meeting.beside.text'));
    play.on({ type: 'call/hear' });
    expect(play.meeting.hushed).toBe(false);
    expect(play.asked('call/hush')?.on).toBe(false);
    expect(play.on({ type: 'call/hear' }).asked('call/hush')).toBeUndefined();
  });

  it('that was left for another takes the meeting back', () => {
    const play = arrived(twice().on({ type: 'join', video: true })).on({ type: 'call/over', why: 'elsewhere', at: 0 }).on({ type: 'rejoin' });
    expect(arrived(play).asked('call')?.call).toMatchObject({ name: 'act', act: { act: 'moveHere' } });
  });
});
