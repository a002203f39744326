import { describe, expect, it } from 'vitest';
import { HELD_MS } from '../src/core/held';
import { cast, type TileView } from '../src/core/selectors';
import type { Event } from '../src/core/event';
import { say } from '../src/i18n/text';
import { inside, person, type Play } from './helpers';

const RING = { type: 'timer', timer: { name: 'held' } } as const;
const held = (play: Play, ...who: readonly string[]): Event => ({
  type: 'call/people', attempt: play.state.attempt,
  people: [person('me'), ...['a', 'b', 'c'].map((id) => person(id, { camera: `v${id}`, cameraHeld: who.includes(id) }))],
});
const covered = (play: Play): readonly string[] => cast(play.state, play.meeting).others.filter((view: TileView) => view.held).map(({ key }) => key);
const three = (): Play => inside('a', 'b', 'c').on({ type: 'stage/seats', seats: 3 });

describe('a picture that the server holds back', () => {
  it('is covered when it has lasted for a moment, and said once for all', () => {
    const play = three();
    play.on(held(play, 'a', 'b'));
    expect(play.asked('timer')).toEqual({ type: 'timer', timer: { name: 'held' }, ms: HELD_MS });
    expect(covered(play)).toEqual([]);
    play.on(RING);
    expect(covered(play)).toEqual(['a', 'b']);
    expect(play.said).toEqual(say('meeting.held'));
    play.on({ type: 'timer', timer: { name: 'said' } }, held(play, 'a', 'b', 'c'), RING);
    expect(covered(play)).toEqual(['a', 'b', 'c']);
    expect(play.said).toBeUndefined();
    // Its picture keeps its place: what is nowhere would never be sent again.
    expect(cast(play.state, play.meeting).others[0]?.track).toBe('va');
  });

  it('goes on at once', () => {
    const play = three();
    play.on(held(play, 'a', 'b'), RING, held(play, 'b'));
    expect(covered(play)).toEqual(['b']);
    play.on(held(play));
    expect(covered(play)).toEqual([]);
    expect(play.on(RING).effects).toEqual([]);
  });

  it('for a blink is not worth a word', () => {
    const play = three();
    play.on(held(play, 'a'), held(play), RING);
    expect(covered(play)).toEqual([]);
    // One that came a moment before the time of another was up has a time of its own.
    play.on(held(play, 'a'), held(play, 'a', 'b'), RING);
    expect(covered(play)).toEqual(['a']);
    expect(play.asked('timer')?.timer).toEqual({ name: 'held' });
    play.on(RING);
    expect(covered(play)).toEqual(['a', 'b']);
  });

  it('is no matter where it is not on the screen, nor after the meeting', () => {
    const play = three().on({ type: 'stage/seats', seats: 1 }, { type: 'timer', timer: { name: 'let-go' } });
    play.on(held(play, 'c'));
    expect(play.asked('timer')).toBeUndefined();
    play.on(held(play, 'a'), { type: 'call/over', why: 'left', at: 5_000 });
    expect(play.effects).toContainEqual({ type: 'timer/stop', name: 'held' });
  });
});
