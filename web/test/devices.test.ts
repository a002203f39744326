import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { cast, troubleOf } from '../src/core/selectors';
import { begin, type Device, type State } from '../src/core/state';
import { atDoor, fresh, inside, Play, ROOM, view } from './helpers';

const device = (kind: Device['kind'], id: string): Device => ({ kind, id, label: `${kind} ${id}` });

const door = (): Play => new Play(fresh({ name: 'Ines' })).on(
  { type: 'route', route: { to: 'room', code: ROOM.code } },
  { type: 'room/found', code: ROOM.code, view: view() },
);

describe('permission', () => {
  it('is asked only after it was said why', () => {
    const play = door();
    expect(play.asked('devices/look')).toBeDefined();
    play.on({ type: 'devices/permission', granted: false });
    expect(play.state.devices.permission).toBe('unasked');
    expect(play.effects).toEqual([]);
    play.on({ type: 'devices/allow' });
    expect(play.asked('devices/open')?.open.map(({ kind }) => kind)).toEqual(['microphone', 'camera']);
  });

  it('is not asked for again where it was given', () => {
    const play = door().on({ type: 'devices/permission', granted: true });
    expect(play.asked('devices/open')).toBeDefined();
  });

  it('may be passed by', () => {
    const play = door().on({ type: 'devices/permission', granted: false }, { type: 'devices/without' });
    expect(play.state.devices.camera.wanted).toBe(false);
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.state.devices.permission).toBe('asked');
  });
});

describe('trouble', () => {
  it('of both kinds alike is said once', () => {
    const play = door().on(
      { type: 'devices/allow' },
      { type: 'devices/failed', kind: 'microphone', trouble: 'refused-browser' },
      { type: 'devices/failed', kind: 'camera', trouble: 'refused-browser' },
    );
    expect(troubleOf(play.state)).toEqual({ of: 'both', trouble: 'refused-browser' });
    play.on({ type: 'devices/retry' });
    expect(play.asked('devices/open')?.open).toHaveLength(2);
    play.on({ type: 'devices/opened', kind: 'microphone', id: 'm1' }, { type: 'devices/failed', kind: 'camera', trouble: 'in-use' });
    expect(troubleOf(play.state)).toEqual({ of: 'camera', trouble: 'in-use' });
  });

  it('that nothing is there ends by itself when something is plugged in', () => {
    const play = door().on({ type: 'devices/allow' }, { type: 'devices/failed', kind: 'camera', trouble: 'none' });
    play.on({ type: 'devices/listed', list: [device('camera', 'c9')] });
    expect(play.asked('devices/open')?.open).toEqual([{ kind: 'camera', id: null }]);
  });

  it('of a silent microphone comes and goes', () => {
    const play = atDoor().on({ type: 'devices/silent', silent: true });
    expect(play.state.devices.microphone.trouble).toBe('silent');
    expect(troubleOf(play.state)).toBeNull(); // a picture is still a picture
    play.on({ type: 'devices/silent', silent: false });
    expect(play.state.devices.microphone.trouble).toBeNull();
  });

  it('in the call is told once and turns the key off', () => {
    const play = inside('amara').on({ type: 'call/failed', kind: 'camera', trouble: 'in-use' });
    expect(play.state.toast?.text).toEqual(say('trouble.camera.in-use'));
    expect(play.state.devices.camera.wanted).toBe(false);
  });
});

describe('unplugging', () => {
  const list = [device('microphone', 'm1'), device('microphone', 'm2'), device('camera', 'c1')];

  it('switches to another and says so, at the door and in the call', () => {
    const rest = list.slice(1);
    const words = say('device.unplugged.other', { gone: 'microphone m1', other: 'microphone m2' });
    const before = atDoor().on({ type: 'devices/listed', list }, { type: 'devices/listed', list: rest });
    expect(before.asked('devices/open')?.open).toEqual([{ kind: 'microphone', id: 'm2' }]);
    expect(before.state.toast?.text).toEqual(words);
    const during = inside('amara').on({ type: 'devices/listed', list }, { type: 'devices/listed', list: rest });
    expect(during.asked('call/device')).toEqual({ type: 'call/device', kind: 'microphone', id: 'm2' });
    expect(during.state.toast?.text).toEqual(words);
  });

  it('of the only camera turns it off and says what to do', () => {
    const play = inside('amara').on({ type: 'devices/listed', list }, { type: 'devices/listed', list: list.slice(0, 2) });
    expect(play.asked('call/switch')).toMatchObject({ kind: 'camera', on: false });
    expect(play.state.devices.camera).toMatchObject({ wanted: false, trouble: 'unplugged' });
    expect(play.state.toast?.text).toEqual(say('device.unplugged.none.camera'));
  });
});

describe('choice', () => {
  it('is remembered, and takes effect where the person is', () => {
    const before = atDoor().on({ type: 'devices/choose', kind: 'camera', id: 'c2' });
    expect(before.asked('devices/open')?.open).toEqual([{ kind: 'camera', id: 'c2' }]);
    expect(before.asked('remember')?.devices.camera.chosen).toBe('c2');
    const during = inside('amara').on({ type: 'devices/choose', kind: 'camera', id: 'c2' });
    expect(during.asked('call/device')).toEqual({ type: 'call/device', kind: 'camera', id: 'c2' });
  });

  it('to be off is a habit when made at the door, not when made in the call or by the house', () => {
    const before = atDoor().on({ type: 'devices/toggle', kind: 'camera' });
    expect(before.asked('remember')?.devices.habit).toEqual({ microphone: true, camera: false });
    const during = inside('amara').on({ type: 'devices/toggle', kind: 'camera' });
    expect(during.asked('remember')).toBeUndefined();
    expect(during.state.devices.habit.camera).toBe(true);
    const without = atDoor().on({ type: 'join', video: false });
    expect(without.asked('remember')?.devices.habit.camera).toBe(true);
  });

  it('of a device that is off turns it on', () => {
    const play = inside('amara').on({ type: 'devices/toggle', kind: 'camera' }, { type: 'devices/choose', kind: 'camera', id: 'c2' });
    expect(play.asked('call/switch')).toEqual({ type: 'call/switch', kind: 'camera', on: true, id: 'c2' });
  });
});

describe('a device that goes off by itself', () => {
  it('turns the key off in the call, and says so with what to do, once', () => {
    const play = inside('amara').on({ type: 'call/failed', kind: 'microphone', trouble: 'stopped' });
    expect(play.state.devices.microphone).toMatchObject({ wanted: false, state: 'closed' });
    expect(cast(play.state, play.meeting).mine?.muted).toBe(true);
    expect(play.state.said.map(({ text }) => text)).toEqual([say('trouble.microphone.stopped'), say('remedy.stopped.call')]);
    const told = play.state.toast;
    play.on({ type: 'call/failed', kind: 'microphone', trouble: 'stopped' });
    expect(play.state.toast).toBe(told);
  });

  it('is closed at the door', () => {
    const play = atDoor().on({ type: 'devices/failed', kind: 'camera', trouble: 'refused-browser' });
    expect(play.asked('devices/close')).toEqual({ type: 'devices/close', kinds: ['camera'] });
    expect(troubleOf(play.state)).toEqual({ of: 'camera', trouble: 'refused-browser' });
  });

  it('was not unplugged because the list may not be read any more', () => {
    const play = atDoor().on({ type: 'devices/listed', list: [device('camera', 'c1')] }, { type: 'devices/listed', list: [{ kind: 'camera', id: '', label: '' }] });
    expect(play.effects).toEqual([]);
    expect(play.state.toast).toBeNull();
  });
});

describe('one device after the other', () => {
  it('is opened: the old one goes first, and does not stay when the new one fails', () => {
    const play = atDoor().on({ type: 'devices/choose', kind: 'camera', id: 'c2' });
    expect(play.effects.map(({ type }) => type)).toEqual(['devices/close', 'devices/open', 'remember']);
    play.on({ type: 'devices/failed', kind: 'camera', trouble: 'in-use' });
    expect(play.asked('devices/close')?.kinds).toEqual(['camera']);
    const only = atDoor().on({ type: 'devices/listed', list: [device('camera', 'c1')] }, { type: 'devices/listed', list: [] });
    expect(only.asked('devices/close')?.kinds).toEqual(['camera']);
  });
});

const http = (): State => begin({
  browser: { ...fresh().browser, media: 'insecure' },
  settings: { ...fresh().settings, name: 'Ines' },
  chosen: { microphone: null, camera: null, speaker: null },
  wanted: { microphone: true, camera: true },
});

describe('a page that came by http', () => {
  it('has its keys off, and leaves the habit for a better place', () => {
    expect(http().devices.camera.wanted).toBe(false);
    expect(http().devices.habit).toEqual({ microphone: true, camera: true });
  });

  it('says so, at the door and inside, and does not send anybody to the plug', () => {
    const play = new Play(http()).on(
      { type: 'route', route: { to: 'room', code: ROOM.code } },
      { type: 'room/found', code: ROOM.code, view: view() },
      { type: 'devices/toggle', kind: 'camera' },
      { type: 'devices/failed', kind: 'camera', trouble: 'insecure' },
    );
    expect(troubleOf(play.state)).toEqual({ of: 'camera', trouble: 'insecure' });
    const during = inside('amara').on({ type: 'call/failed', kind: 'microphone', trouble: 'insecure' });
    expect(during.state.toast).toMatchObject({ text: say('trouble.microphone.insecure'), remedy: [say('remedy.insecure')] });
  });
});

describe('what is said of devices', () => {
  it('does not blame one that the meeting did not take', () => {
    const play = inside('amara').on({ type: 'call/failed', kind: 'camera', trouble: 'not-sent' });
    expect(play.state.toast).toMatchObject({ text: say('trouble.camera.not-sent'), remedy: [say('remedy.not-sent')] });
    expect(play.state.devices.camera.wanted).toBe(false);
  });

  it('tells that the speaker was unplugged also to those who do not see', () => {
    const play = inside('amara').on({ type: 'devices/choose', kind: 'speaker', id: 's1' });
    play.on({ type: 'devices/listed', list: [device('speaker', 's1')] }, { type: 'devices/listed', list: [] });
    expect(play.said).toEqual(say('device.unplugged.speaker'));
  });

  it('puts the tick back when a speaker cannot be used', () => {
    const play = inside('amara').on({ type: 'devices/choose', kind: 'speaker', id: 's2' }, { type: 'call/speaker-failed', used: 's1' });
    expect(play.state.devices.speaker.chosen).toBe('s1');
    expect(play.asked('remember')?.devices.speaker.chosen).toBe('s1');
    expect(play.said).toEqual(say('device.failed.speaker'));
  });
});
