// Doors that are closed, the wait at one, and the long wait in the lobby.

import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import type { Door, RoomView } from '../src/proto/api.gen';
import { nobody, known } from './home';
import { atDoor, ROOM, view, type Play } from './helpers';

const at = (door: Door): RoomView => ({ ...view(), door });
const found = (door: Door) => ({ type: 'room/found', code: ROOM.code, view: at(door) }) as const;
const link = (play: Play, door: Door): Play => play.on({ type: 'route', route: { to: 'room', code: ROOM.code } }, found(door));

const waiting = (): Play => {
  const play = link(nobody({ name: 'Jonas' }), 'knock').on({ type: 'join', video: true });
  return play.on({ type: 'join/waiting', attempt: play.state.attempt, hostPresent: false, at: 5_000 });
};

describe('a closed door', () => {
  it('is shown instead of the mirror, and nothing is opened before it', () => {
    for (const door of ['locked', 'full', 'membersOnly', 'removed'] as const) {
      const play = link(nobody(), door);
      expect(play.phase('shut').view.door).toBe(door);
      expect(play.asked('devices/look')).toBeUndefined();
      expect(play.asked('timer')?.timer.name).toBe(door === 'locked' || door === 'full' ? 'poll' : undefined);
    }
    expect(link(nobody(), 'knock').prejoin.view.door).toBe('knock');
  });

  it('is looked at again, and says and plays it when it opens', () => {
    const play = link(nobody(), 'locked').on({ type: 'timer', timer: { name: 'poll' } });
    expect(play.asked('room/look')).toEqual({ type: 'room/look', code: ROOM.code });
    play.on(found('locked'));
    expect(play.asked('timer')?.timer.name).toBe('poll');
    play.on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(play.asked('timer')?.timer.name).toBe('poll'); // one lost answer ends no wait
    play.on(found('knock'));
    const text = say('rooms.door.opened', { title: ROOM.title });
    expect(play.prejoin.view.door).toBe('knock');
    expect(play.said).toEqual(text);
    expect(play.state.toast?.text).toEqual(text);
    expect(play.asked('devices/tone')).toBeDefined();
  });

  it('says when the room is deleted meanwhile', () => {
    expect(link(nobody(), 'locked').on({ type: 'room/unknown', code: ROOM.code }).phase('unknown').is).toBe('unknown');
  });

  it('closes before somebody at the mirror, whose camera does not stay open unseen', () => {
    const play = atDoor().on(found('locked'));
    expect(play.phase('shut').view.door).toBe('locked');
    expect(play.asked('devices/close')?.kinds).toEqual(['microphone', 'camera']);
    expect(play.state.devices.camera.state).toBe('closed');
    const entering = atDoor().on({ type: 'join', video: true }, found('locked'));
    expect(entering.prejoin.entry.state).toBe('busy'); // the way in has an answer of its own
  });

  it('is looked at at once when joining was refused', () => {
    const play = atDoor().on({ type: 'join', video: true }, { type: 'join/refused', text: say('problem.locked') });
    expect(play.asked('room/look')).toBeDefined();
  });

  it('for members leads to signing in and back', () => {
    const play = link(nobody(), 'membersOnly').on({ type: 'door/sign-in' });
    expect(play.asked('go')?.route).toEqual({ to: 'sign-in' });
    expect(play.state.page).toMatchObject({ at: 'sign-in', next: { to: 'room', code: ROOM.code } });
  });

  it('is shown from home as well', () => {
    const play = known().on({ type: 'start/join', text: ROOM.code }, found('full'));
    expect(play.phase('shut').view.door).toBe('full');
    expect(play.asked('go')?.route).toEqual({ to: 'room', code: ROOM.code });
  });
});

describe('joining', () => {
  it('is one step for a guest whose name is remembered, and for those signed in', () => {
    for (const play of [nobody({ name: 'Jonas' }), known()]) {
      link(play, 'open').on({ type: 'join', video: true });
      expect(play.asked('join')?.name).toBe(play.state.session.is === 'known' ? 'Ines' : 'Jonas');
      expect(play.asked('remember')).toBeDefined();
    }
  });
});

describe('a long wait', () => {
  it('offers to ask again after ten minutes, and counts anew', () => {
    const play = waiting();
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'patience' }, ms: 600_000 });
    play.on({ type: 'lobby/ask-again' });
    expect(play.effects).toEqual([]); // not yet
    play.on({ type: 'timer', timer: { name: 'patience' } });
    expect(play.phase('lobby').late).toBe(true);
    expect(play.said).toEqual(say('lobby.late'));
    play.on({ type: 'lobby/ask-again' });
    expect(play.asked('join')).toMatchObject({ ticket: null, name: 'Jonas' });
    play.on({ type: 'join/waiting', attempt: play.state.attempt, hostPresent: true, at: 900_000 });
    expect(play.phase('lobby')).toMatchObject({ since: 900_000, late: false, hostPresent: true });
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'patience' }, ms: 600_000 });
  });

  it('does not begin anew when the server forgot it, and ends with the answer', () => {
    const play = waiting().on({ type: 'told', event: { event: 'outside' } }, { type: 'timer', timer: { name: 'knock' } });
    play.on({ type: 'join/waiting', attempt: play.state.attempt, hostPresent: true, at: 8_000 });
    expect(play.phase('lobby').since).toBe(5_000);
    expect(play.effects.some((effect) => effect.type === 'timer')).toBe(false);
    play.on({ type: 'told', event: { event: 'denied' } });
    expect(play.effects).toContainEqual({ type: 'timer/stop', name: 'patience' });
    play.on({ type: 'timer', timer: { name: 'patience' } });
    expect(play.phase('lobby')).toMatchObject({ late: false, entry: { state: 'refused' } });
  });

  it('is told when somebody comes who could open', () => {
    const play = waiting().on({ type: 'told', event: { event: 'waiting', hostPresent: true, moved: false } });
    expect(play.said).toEqual(say('lobby.host'));
    const { said } = play.state;
    play.on({ type: 'told', event: { event: 'waiting', hostPresent: true, moved: false } });
    expect(play.state.said).toBe(said);
  });

  it('ends at the door where the door says more', () => {
    for (const event of [
      { event: 'removed', mayReturn: false } as const,
      { event: 'refused', problem: { code: 'locked', message: '' } } as const,
    ]) {
      const play = waiting().on({ type: 'told', event });
      expect(play.phase('looking').is).toBe('looking');
      expect(play.asked('quit')).toBeDefined();
      play.on(found('removed'));
      expect(play.phase('shut').view.door).toBe('removed');
      expect(play.asked('devices/close')).toBeDefined();
    }
  });

  it('does not take in with an answer that comes after leaving', () => {
    const play = waiting();
    const { attempt } = play.state;
    play.on({ type: 'lobby/leave' }, { type: 'join/waiting', attempt, hostPresent: true, at: 6_000 });
    expect(play.phase('looking').is).toBe('looking');
  });
});
