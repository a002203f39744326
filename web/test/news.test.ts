// The event socket in a meeting: what happens when the server refuses, or ends my session.

import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import type { Problem } from '../src/proto/api.gen';
import { meetingState } from './beside';
import { bad, inside, me, ROOM, type Play } from './helpers';

const live = () => ({ type: 'told', event: { event: 'meeting', state: meetingState() } }) as const;
const refused = (code: string) => ({ type: 'told', event: { event: 'refused', problem: { code, message: '' } satisfies Problem } }) as const;
const rang = { type: 'timer', timer: { name: 'attend' }, at: 0 } as const;

/** In a meeting, with an account. */
const known = (): Play => {
  const play = inside('ben').on(live());
  play.state = { ...play.state, session: { is: 'known', me: me() } };
  return play;
};

describe('where the server refuses to tell of the meeting', () => {
  it('it is asked again, each time after a longer pause, until it does', () => {
    const play = inside('ben').on(live());
    const pauses = Array.from({ length: 7 }, () => {
      play.on(refused('too_often'));
      const pause = play.asked('timer')?.ms;
      play.on(rang);
      expect(play.asked('attend')).toEqual({ type: 'attend', code: ROOM.code });
      return pause;
    });
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    play.on(live(), rang);
    expect(play.asked('attend')).toBeUndefined();
    expect(play.on(refused('room_full')).asked('timer')).toMatchObject({ timer: { name: 'attend' }, ms: 2_000 });
  });

  it('the question is not asked any more after leaving', () => {
    const play = inside('ben').on(live(), refused('too_often'), { type: 'call/over', why: 'left', at: 2_000 });
    expect(play.effects).toContainEqual({ type: 'timer/stop', name: 'attend' });
    expect(play.on(rang).effects).toEqual([]);
  });
});

describe('who is signed out on another device', () => {
  it('is told so once, stays in the meeting, and the socket rests', () => {
    const play = known().on(refused('sign_in_first'));
    expect(play.asked('quit')).toBeDefined();
    expect(play.state.said.map(({ text }) => text)).toEqual([say('meeting.signed-out'), say('meeting.signed-out.text')]);
    expect(play.meeting.beside.news.signedOut).toBe(true);
    const { count } = play.state;
    play.on(refused('sign_in_first'), refused('too_often'), { type: 'line', up: false }, rang);
    expect(play.state.count).toBe(count);
    expect(play.effects).toEqual([]);
  });

  it('is noticed by a refused act, too', () => {
    const play = known().on(bad('act', { name: 'act', code: ROOM.code, act: { act: 'hand', up: true } }, 'sign_in_first'));
    expect(play.state.session).toEqual({ is: 'nobody' });
    expect(play.meeting.beside.news.signedOut).toBe(true);
  });

  it('is noticed when the socket does not open again, since that says no reason', () => {
    const play = known().on({ type: 'line', up: false }, { type: 'line', up: false });
    expect(play.asked('call')).toBeUndefined();
    play.on({ type: 'line', up: false });
    expect(play.asked('call')?.call).toEqual({ name: 'me' });
    play.on(bad('me', { name: 'me' }, 'sign_in_first'));
    expect(play.meeting.beside.news.signedOut).toBe(true);
    expect(play.asked('quit')).toBeDefined();
    const lost = known().on({ type: 'line', up: false }, { type: 'line', up: false }, { type: 'line', up: true }, { type: 'line', up: false });
    expect(lost.asked('call')).toBeUndefined();
  });

  it('signs in again and comes back to the room', () => {
    const play = known();
    expect(play.on({ type: 'news/sign-in' }).state.page.at).toBe('room');
    play.on(refused('sign_in_first'), { type: 'news/sign-in' });
    expect(play.state.page).toMatchObject({ at: 'sign-in', next: { to: 'room', code: ROOM.code } });
    expect(play.asked('call/leave')).toBeDefined();
    expect(play.asked('go')?.route).toEqual({ to: 'sign-in' });
  });
});
