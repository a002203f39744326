import { describe, expect, it } from 'vitest';
import { averageOf, countOf } from '../src/core/pages/room-page/ratings';
import { say } from '../src/i18n/text';
import type { RateMeeting } from '../src/proto/api.gen';
import { bad, good, inside, ROOM, type Play } from './helpers';

const left = (at = 60_000): Play => inside('ben').on({ type: 'call/over', why: 'left', at });
const body: RateMeeting = { stars: 2, reasons: ['sound', 'connection'] };
const call = { name: 'rate', code: ROOM.code, body } as const;

const again = (play: Play, hours: number): Play => play
  .on({ type: 'rejoin' }, { type: 'call/entered', title: 'x', me: 'me', people: inside('ben').meeting.people, soundBlocked: false, at: 0 })
  .on({ type: 'call/over', why: 'left', at: 60_000 + hours * 3_600_000 });

describe('how a meeting was', () => {
  it('is asked once after a meeting with others, and answered with reasons where something was not good', () => {
    const play = left();
    expect(play.phase('left').rating).toEqual({ stars: 0, reasons: [], step: 'asked' });
    expect(play.asked('asked/keep')).toEqual({ type: 'asked/keep', asked: { [ROOM.code]: 60_000 } });
    expect(play.on({ type: 'rating/send' }).effects).toEqual([]); // nothing is chosen yet
    play.on({ type: 'rating/stars', stars: 2 }, { type: 'rating/reason', reason: 'sound' }, { type: 'rating/reason', reason: 'share' });
    play.on({ type: 'rating/reason', reason: 'share' }, { type: 'rating/reason', reason: 'connection' }, { type: 'rating/send' });
    expect(play.asked('call')?.call).toEqual(call);
    expect(play.on({ type: 'rating/send' }).effects).toEqual([]); // on its way
    play.on(good('rate', call, null));
    expect(play.phase('left').rating?.step).toBe('thanked');
    expect(play.said).toEqual(say('rating.thanks'));
  });

  it('needs no reasons where it was good', () => {
    const play = left().on({ type: 'rating/stars', stars: 1 }, { type: 'rating/reason', reason: 'sound' }, { type: 'rating/stars', stars: 5 }, { type: 'rating/send' });
    expect(play.asked('call')?.call).toEqual({ ...call, body: { stars: 5, reasons: [] } });
  });

  it('may be sent again where it did not arrive', () => {
    const play = left().on({ type: 'rating/stars', stars: 4 }, { type: 'rating/send' }).on(bad('rate', call, 'offline'));
    expect(play.phase('left').rating).toEqual({ stars: 4, reasons: [], step: 'asked' });
    expect(play.state.toast?.tone).toBe('trouble');
  });

  it('is not asked twice of the same meeting, nor where nobody else was, nor of who was sent away', () => {
    const play = left();
    expect(again(play, 1).phase('left').rating).toBeNull();
    expect(again(play, 24).phase('left').rating).not.toBeNull();
    expect(inside().on({ type: 'call/over', why: 'left', at: 0 }).phase('left').rating).toBeNull();
    for (const why of ['removed', 'elsewhere', 'alone', 'restarting'] as const) {
      expect(inside('ben').on({ type: 'call/over', why, at: 0 }).phase('left').rating).toBeNull();
    }
  });

  it('is counted for the owner', () => {
    expect([countOf({ stars: [0, 0, 1, 0, 1] }), averageOf({ stars: [0, 0, 1, 0, 1] }), averageOf({ stars: [0, 0, 0, 0, 0] })]).toEqual([2, 4, 0]);
  });
});
