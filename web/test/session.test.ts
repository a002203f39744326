import { describe, expect, it } from 'vitest';
import { pathOf, routeOf, type Route } from '../src/core/route';
import { say } from '../src/i18n/text';
import { bad, fresh, good, me, Play, ROOM, SERVER, signedIn, unasked, view } from './helpers';

const server = (change: Partial<typeof SERVER> = {}) => good('server', { name: 'server' }, { ...SERVER, ...change });
const nobody = bad('me', { name: 'me' }, 'sign_in_first');
const known = good('me', { name: 'me' }, me());

const begun = (route: Route): Play => new Play(unasked()).on({ type: 'route', route }, { type: 'begin' });

describe('addresses', () => {
  it('lead to pages, and are written as they were read', () => {
    const routes: readonly Route[] = [
      { to: 'start' }, { to: 'meetings' }, { to: 'setup', code: '' }, { to: 'setup', code: 'ABCD-EFGH-JKLM' }, { to: 'sign-in' },
      { to: 'sign-up', secret: '' }, { to: 'sign-up', secret: 'a/b#c' }, { to: 'reset', secret: 'x' }, { to: 'account' },
      { to: 'console', tab: 'settings' }, { to: 'console', tab: 'people' }, { to: 'console', tab: 'invitations' },
      { to: 'room-page', code: ROOM.code }, { to: 'room', code: 'Böse Räume' },
    ];
    for (const route of routes) {
      const [path = '', hash] = pathOf(route).split('#');
      expect(routeOf(path, hash)).toEqual(route);
    }
    expect(routeOf('/console/what')).toEqual({ to: 'console', tab: 'settings' });
    expect(routeOf('/nowhere/at/all')).toEqual({ to: 'start' });
    expect(routeOf('/r/%E0%A4%A')).toEqual({ to: 'room', code: '%E0%A4%A' });
  });
});

describe('the beginning of a visit', () => {
  it('asks what the server is and who I am, and waits for both', () => {
    const play = begun({ to: 'start' });
    expect(play.effects).toEqual([{ type: 'call', call: { name: 'server' } }, { type: 'call', call: { name: 'me' } }]);
    play.on(server());
    expect(play.state.page.at).toBe('waiting');
    expect(play.asked('brand')).toEqual({ type: 'brand', name: SERVER.name, branding: {} });
    expect(new Play(play.state).on(nobody).state.page.at).toBe('start');
    expect(new Play(play.state).on(known).state.page.at).toBe('home');
  });

  it('says when the server does not answer, and tries again', () => {
    const play = begun({ to: 'account' }).on(bad('me', { name: 'me' }, 'offline'));
    expect(play.state.page).toMatchObject({ at: 'waiting', trouble: say('trouble.network') });
    play.on({ type: 'begin' });
    expect(play.state.page).toMatchObject({ at: 'waiting', trouble: null });
    expect(play.on(known, server()).state.page.at).toBe('account');
  });

  it('leads to the set-up of a server that is new, wherever one wanted to go', () => {
    const unready = begun({ to: 'start' }).on(bad('me', { name: 'me' }, 'not_set_up'), server({ setUp: false }));
    expect(unready.state.page).toMatchObject({ at: 'setup', step: { is: 'code', code: '' } });
    expect(unready.asked('go')?.route).toEqual({ to: 'setup', code: '' });
    const link = begun({ to: 'setup', code: 'ABCD' }).on(nobody, server({ setUp: false }));
    expect(link.asked('call')?.call).toEqual({ name: 'setup/check', code: 'ABCD' });
    expect(link.asked('go')).toBeUndefined();
    const meeting = begun({ to: 'room', code: ROOM.code }).on(server({ setUp: false }), nobody);
    expect(meeting.state.page.at).toBe('setup');
  });

  it('does not hold up whoever comes for a meeting', () => {
    const play = new Play(unasked()).on({ type: 'route', route: { to: 'room', code: ROOM.code } });
    expect(play.asked('room/look')).toEqual({ type: 'room/look', code: ROOM.code });
    play.on({ type: 'begin' }, server(), nobody, { type: 'room/found', code: ROOM.code, view: view() });
    expect(play.phase('prejoin').view.count).toBe(0);
  });
});

describe('a session', () => {
  it('is asked for where it is needed, and leads on to where one wanted to go', () => {
    const play = begun({ to: 'console', tab: 'people' }).on(server(), nobody);
    expect(play.state.page).toMatchObject({ at: 'sign-in', next: { to: 'console', tab: 'people' } });
    const admin = good('session/open', { name: 'session/open', body: { name: 'ines', password: 'secret word' } }, me({ admin: true }));
    play.on({ type: 'sign/in', change: { name: ' ines ', password: 'secret word' } }, { type: 'sign/in-send' });
    expect(play.asked('call')?.call).toEqual({ name: 'session/open', body: { name: 'ines', password: 'secret word' } });
    play.on(admin);
    expect(play.state.page).toMatchObject({ at: 'console', tab: 'people' });
    expect(play.asked('go')).toMatchObject({ replace: true });
  });

  it('opens the console to administrators alone', () => {
    expect(new Play(signedIn()).on({ type: 'visit', route: { to: 'console', tab: 'settings' } }).state.page.at).toBe('home');
    expect(new Play(signedIn({ admin: true })).on({ type: 'visit', route: { to: 'console', tab: 'settings' } }).state.page.at).toBe('console');
  });

  it('ends when one signs out, and where the server says so', () => {
    const out = new Play(signedIn()).on({ type: 'sign-out' });
    expect(out.asked('call')?.call).toEqual({ name: 'session/close' });
    out.on(good('session/close', { name: 'session/close' }, null));
    expect(out.state).toMatchObject({ session: { is: 'nobody' }, page: { at: 'start' } });
    const lapsed = new Play(signedIn()).on({ type: 'visit', route: { to: 'account' } }, bad('devices', { name: 'devices' }, 'sign_in_first'));
    expect(lapsed.state).toMatchObject({ session: { is: 'nobody' }, page: { at: 'sign-in', next: { to: 'account' } } });
    const failed = new Play(signedIn()).on({ type: 'sign-out' }, bad('session/close', { name: 'session/close' }, 'offline'));
    expect(failed.state).toMatchObject({ session: { is: 'known' }, toast: { tone: 'trouble' } });
  });

  it('does not end where nobody was signed in', () => {
    const play = new Play(fresh()).on(bad('rooms', { name: 'rooms' }, 'sign_in_first'));
    expect(play.state.page.at).toBe('start');
  });
});

describe('home', () => {
  it('begins and joins meetings as the start page does', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'start' } });
    expect(play.state.page).toMatchObject({ at: 'home', part: 'home' });
    play.on({ type: 'start/join', text: '!' });
    expect(play.state.page).toMatchObject({ at: 'home', codeWrong: say('code.not-a-code') });
    play.on({ type: 'start/join', text: ROOM.code }, { type: 'room/found', code: ROOM.code, view: view() });
    expect(play.phase('prejoin').view.room).toEqual(ROOM);
    const made = new Play(signedIn()).on({ type: 'visit', route: { to: 'start' } }, { type: 'start/new' }, { type: 'room/made', room: ROOM });
    expect(made.phase('prejoin').view.role).toBe('owner');
    // The name of the account is enough to come in.
    expect(made.on({ type: 'join', video: true }).asked('join')).toMatchObject({ name: 'Ines', ticket: null });
  });
});
