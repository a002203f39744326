// On which device calls that come in ring.

import { describe, expect, it } from 'vitest';
import { RINGER } from '../src/i18n/ringer';
import type { Event } from '../src/core/event';
import type { Device } from '../src/core/state';
import type { Call } from '../src/proto/api.gen';
import type { CallNamed } from '../src/proto/calls';
import { fresh, good, person, Play, signedIn } from './helpers';

const speaker = (id: string): Device => ({ kind: 'speaker', id, label: id });
const ringing: Call = {
  id: 'CL_1', code: 'call-room', video: false, outgoing: false, began: 1_000, stage: { is: 'dialing' },
  others: [{ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 }],
};
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: 1, calls: [...list] } });
const told = calls(ringing);

/** At home, with a headset for everything but what rings. */
const home = (): Play => {
  const state = signedIn();
  return new Play({ ...state, devices: { ...state.devices, speaker: { chosen: 'headset' }, list: [speaker('headset'), speaker('desk')] } });
};

describe('what rings', () => {
  it('is the speaker, unless another was chosen, which sounds at once and is remembered', () => {
    expect(home().on(told).asked('calling/sound')).toMatchObject({ sound: 'ring', speaker: 'headset' });
    const chosen = home().on({ type: 'devices/ring-on', id: 'desk' });
    expect(chosen.asked('devices/tone')).toEqual({ type: 'devices/tone', speaker: 'desk' });
    expect(chosen.asked('remember')?.devices.ringer).toBe('desk');
    expect(chosen.on(told).asked('calling/sound')).toMatchObject({ sound: 'ring', speaker: 'desk' });
    expect(chosen.on({ type: 'devices/ring-on', id: null }).asked('calling/sound')).toMatchObject({ sound: 'ring', speaker: 'headset' });
  });

  it('is the speaker where the other is not there, and the other again when it is', () => {
    const play = home().on({ type: 'devices/ring-on', id: 'desk' }, { type: 'devices/listed', list: [speaker('headset')] }, told);
    expect(play.asked('calling/sound')).toMatchObject({ speaker: 'headset' });
    expect(play.on({ type: 'devices/listed', list: [speaker('headset'), speaker('desk')] }).asked('calling/sound')).toMatchObject({ speaker: 'desk' });
    // A browser that names no devices yet may have it.
    expect(home().on({ type: 'devices/ring-on', id: 'desk' }, { type: 'devices/listed', list: [speaker('')] }, told).asked('calling/sound')).toMatchObject({ speaker: 'desk' });
  });

  it('is the speaker in a call, where the next one is heard softly', () => {
    const entered = { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1')], soundBlocked: false, at: 5_000 } as const;
    const play = home().on({ type: 'devices/ring-on', id: 'desk' }, { type: 'calling/place', people: ['AC_3'], video: false });
    const own: Call = { ...ringing, id: 'CL_2', code: 'own-room', outgoing: true, stage: { is: 'connecting' }, others: [{ account: 'AC_3', name: 'Eve', caller: false, stage: { is: 'ringing' }, devices: 1 }] };
    const placing: CallNamed<'calls/place'> = { name: 'calls/place', body: { people: ['AC_3'], video: false, device: play.state.calling.device, anyway: false } };
    play.on(good('calls/place', placing, own), entered, calls(own, ringing));
    expect(play.asked('calling/sound')).toMatchObject({ sound: 'waiting', speaker: 'headset' });
  });

  it('can be chosen anywhere: what there is is read when the settings open', () => {
    expect(home().on({ type: 'overlay', show: 'settings' }).asked('devices/look')).toBeDefined();
    expect(new Play(fresh()).on({ type: 'overlay', show: 'settings' }).asked('devices/look')).toBeUndefined();
    expect(Object.keys(RINGER.fr)).toEqual(Object.keys(RINGER.en));
  });
});
