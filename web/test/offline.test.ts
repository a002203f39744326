import { describe, expect, it } from 'vitest';
import { ask } from '../src/core/calls';
import { say } from '../src/i18n/text';
import { bad, fresh, good, me, Play, ROOM, SERVER, unasked, view } from './helpers';

const RETRY = { type: 'timer', timer: { name: 'retry' }, ms: 4_000 };
const rings = { type: 'timer', timer: { name: 'retry' } } as const;

describe('no answer', () => {
  it('is told on the page that waits, and asked again until one comes', () => {
    const play = new Play(unasked()).on({ type: 'route', route: { to: 'start' } }, { type: 'begin' });
    play.on(bad('server', { name: 'server' }, 'offline'), bad('me', { name: 'me' }, 'offline'));
    expect(play.state.page).toMatchObject({ at: 'waiting', trouble: say('trouble.network') });
    expect(play.effects).toContainEqual(RETRY);
    const before = play.state;
    play.on(rings);
    expect(play.state).toBe(before); // the words stay while it is asked
    expect(play.effects).toEqual([{ type: 'timer/stop', name: 'retry' }, ask({ name: 'server' }), ask({ name: 'me' })]);
    play.on(good('server', { name: 'server' }, SERVER), good('me', { name: 'me' }, me()));
    expect(play.state.page.at).toBe('home');
    expect(play.on(rings).effects).toEqual([]);
  });

  it('of the one call is asked for alone, when the other came', () => {
    const play = new Play(unasked()).on({ type: 'route', route: { to: 'start' } }, { type: 'begin' });
    play.on(good('server', { name: 'server' }, SERVER), bad('me', { name: 'me' }, 'offline'), { type: 'network', online: true });
    expect(play.effects).toEqual([{ type: 'timer/stop', name: 'retry' }, ask({ name: 'me' })]);
  });

  it('is another thing than an answer that says no', () => {
    const play = new Play(unasked()).on({ type: 'route', route: { to: 'start' } }, { type: 'begin' }, bad('server', { name: 'server' }, 'stopping'));
    expect(play.state.page).toMatchObject({ at: 'waiting', trouble: say('trouble.stopping') });
    expect(play.effects).toEqual([]);
    expect(play.on({ type: 'network', online: true }).effects).toEqual([]);
  });

  it('about a room is asked for again without leaving the words, and the room opens by itself', () => {
    const play = new Play(unasked()).on({ type: 'route', route: { to: 'room', code: ROOM.code } }, { type: 'begin' });
    play.on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(play.phase('unreachable').text).toEqual(say('trouble.network'));
    expect(play.effects).toContainEqual(RETRY);
    play.on({ type: 'network', online: false });
    expect(play.state.online).toBe(false);
    expect(play.effects).toEqual([]);
    play.on({ type: 'network', online: true });
    expect(play.phase('unreachable')).toBeDefined();
    expect(play.asked('room/look')).toEqual({ type: 'room/look', code: ROOM.code });
    play.on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') });
    expect(play.effects).toContainEqual(RETRY);
    expect(play.on({ type: 'room/found', code: ROOM.code, view: view() }).prejoin.view.room).toEqual(ROOM);
  });

  it('is waited for no longer once the person goes elsewhere', () => {
    const play = new Play(fresh()).on({ type: 'route', route: { to: 'room', code: ROOM.code } });
    play.on({ type: 'room/failed', code: ROOM.code, text: say('trouble.network') }, { type: 'visit', route: { to: 'start' } });
    expect(play.effects).toContainEqual({ type: 'timer/stop', name: 'retry' });
    expect(play.on(rings).effects).toEqual([]);
  });
});

describe('installing', () => {
  it('is offered where the browser offers it, and taken once', () => {
    const play = new Play(fresh()).on({ type: 'install' });
    expect(play.effects).toEqual([]);
    play.on({ type: 'install/offered', can: true });
    expect(play.state.installable).toBe(true);
    play.on({ type: 'install' });
    expect(play.effects).toEqual([{ type: 'install' }]);
    expect(play.state.installable).toBe(false);
  });
});
