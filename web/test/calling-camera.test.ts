// Somebody shows a picture in a call that began without: it is said, once.

import { describe, expect, it } from 'vitest';
import type { Call } from '../src/proto/api.gen';
import { good, inside, person, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const call = (video: boolean): Call => ({
  id: 'CL_1', code: 'call-room', video, outgoing: false, began: 1_000, answered: 2_000, stage: { is: 'active' },
  others: [{ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 }],
});
const ben = (camera: string | null, identity = 'AC_2~1') => person(identity, { name: 'Ben', camera });
const mine = person('AC_1~1', { camera: 'mine' });

/** In a call with Ben, who is there already, with his camera as it is. */
const talking = (video: boolean, camera: string | null = null): Play => {
  const state = signedIn();
  return new Play({ ...state, calling: { ...state.calling, device: MINE } }).on(
    { type: 'told', event: { event: 'calls', number: 1, calls: [{ ...call(video), stage: { is: 'ringing' } }] } },
    { type: 'calling/answer', id: 'CL_1', video: false },
    good('calls/act', { name: 'calls/act', id: 'CL_1', act: { act: 'answer', device: MINE, hold: false } }, null),
    { type: 'call/entered', title: 'Call', me: 'AC_1~1', people: [mine, ben(camera)], soundBlocked: false, at: 5_000 },
  );
};
const people = (...others: readonly ReturnType<typeof ben>[]) => ({ type: 'call/people', people: [mine, ...others] } as const);
const TEXT = { key: 'calling.camera.on', args: { name: 'Ben' } };

describe('a camera that comes on in a call', () => {
  it('is said and shown, once of each person, whatever page they come back with', () => {
    const play = talking(false).on(people(ben('picture')));
    expect(play.said).toEqual(TEXT);
    expect(play.state.toast?.text).toEqual(TEXT);
    const { count } = play.state;
    play.on(people(ben(null)), people(ben('picture')), people(ben('picture', 'AC_2~2')));
    expect(play.state.count).toBe(count);
  });

  it('is no news where it was on when I came, where pictures were meant, and of myself', () => {
    for (const play of [talking(false, 'picture').on(people(ben('picture'))), talking(true).on(people(ben('picture'))), talking(false).on(people(ben(null)))]) {
      expect(play.state.toast).toBeNull();
      expect(play.said?.key).not.toBe(TEXT.key);
    }
  });

  it('is no news in a meeting', () => {
    const play = inside('ben').on({ type: 'call/people', people: [person('me'), person('ben', { camera: 'picture' })] });
    expect(play.state.toast).toBeNull();
  });
});
