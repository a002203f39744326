import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { bad, good, me, Play, signedIn } from './helpers';

const HERE = { id: 'd1', name: 'Firefox on Linux', since: 0, seen: 0, current: true };
const THERE = { id: 'd2', name: 'Safari on iOS', since: 0, seen: 0, current: false };
const KEY = { id: 'k1', name: 'my laptop', createdAt: 0 };

const atAccount = (): Play => new Play(signedIn()).on(
  { type: 'visit', route: { to: 'account' } },
  good('devices', { name: 'devices' }, [HERE, THERE]),
  good('passkeys', { name: 'passkeys' }, [KEY]),
);

describe('my account', () => {
  it('fetches its lists when it opens', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'account' } });
    expect(play.effects).toEqual(expect.arrayContaining([{ type: 'call', call: { name: 'passkeys' } }, { type: 'call', call: { name: 'devices' } }]));
    expect(atAccount().state.page).toMatchObject({ devices: [HERE, THERE], passkeys: [KEY] });
    expect(play.on(bad('devices', { name: 'devices' }, 'offline')).state.page).toMatchObject({ trouble: say('trouble.network') });
  });

  it('changes the name', () => {
    const play = atAccount().on({ type: 'account/name', displayName: ' ' }, { type: 'account/name-send' });
    expect(play.state.page).toMatchObject({ nameWrong: say('trouble.name') });
    const call = { name: 'me/change', body: { displayName: 'Ines da Silva' } } as const;
    play.on({ type: 'account/name', displayName: 'Ines da Silva' }, { type: 'account/name-send' });
    expect(play.asked('call')?.call).toEqual(call);
    play.on(good('me/change', call, me({ account: { id: 'AC_1', name: 'ines', displayName: 'Ines da Silva' } })));
    expect(play.state).toMatchObject({ session: { me: { account: { displayName: 'Ines da Silva' } } }, page: { displayName: null, nameBusy: false } });
  });

  it('takes pictures, and nothing else', () => {
    const play = atAccount().on({ type: 'account/picture', picture: { type: 'text/html', size: 3 } });
    expect(play.state.page).toMatchObject({ pictureWrong: say('account.picture.kind') });
    play.on({ type: 'account/picture', picture: { type: 'image/gif', size: 3 } });
    expect(play.state.page).toMatchObject({ pictureWrong: say('account.picture.kind') });
    expect(play.asked('call')).toBeUndefined();
    // What the server takes at most, and one byte more.
    play.on({ type: 'account/picture', picture: { type: 'image/png', size: 5 * 1024 * 1024 + 1 } });
    expect(play.state.page).toMatchObject({ pictureWrong: say('account.picture.large') });
    const picture = { type: 'image/png', size: 3_000 };
    play.on({ type: 'account/picture', picture });
    expect(play.asked('call')?.call).toEqual({ name: 'avatar/put', picture });
    play.on(bad('avatar/put', { name: 'avatar/put', picture }, 'too_large'));
    expect(play.state.page).toMatchObject({ pictureBusy: false, pictureWrong: say('problem.too-large') });
    play.on({ type: 'account/picture', picture: { type: 'image/webp', size: 5 * 1024 * 1024 } });
    expect(play.asked('call')).toBeDefined();
    play.on(bad('avatar/put', { name: 'avatar/put', picture }, 'bad_file'));
    expect(play.state.page).toMatchObject({ pictureBusy: false, pictureWrong: say('problem.bad-file') });
    play.on({ type: 'account/picture-remove' }, good('avatar/delete', { name: 'avatar/delete' }, me()));
    expect(play.state.page).toMatchObject({ pictureBusy: false, pictureWrong: null });
  });

  it('changes the password with the one until now, and fetches the devices that are left', () => {
    const play = atAccount().on({ type: 'account/password-send' });
    expect(play.state.page).toMatchObject({ password: { wrong: { field: 'current' } } });
    play.on({ type: 'account/password', change: { current: 'old one', fresh: 'short' } }, { type: 'account/password-send' });
    expect(play.state.page).toMatchObject({ password: { wrong: { field: 'fresh' } } });
    const call = { name: 'me/password', body: { current: 'old one', new: 'a new long one' } } as const;
    play.on({ type: 'account/password', change: { fresh: 'a new long one' } }, { type: 'account/password-send' });
    expect(play.asked('call')?.call).toEqual(call);
    play.on(bad('me/password', call, 'wrong_password'));
    expect(play.state.page).toMatchObject({ password: { wrong: { field: 'current', text: say('account.password.current.wrong') } } });
    play.on({ type: 'account/password-send' }, good('me/password', call, null));
    expect(play.state.page).toMatchObject({ password: { current: '', fresh: '', busy: false } });
    expect(play.effects).toEqual(expect.arrayContaining([{ type: 'call', call: { name: 'devices' } }]));
    expect(play.said).toEqual(say('account.password.done'));
  });

  it('asks for no password until now where there is none', () => {
    const play = new Play(signedIn({ hasPassword: false })).on(
      { type: 'visit', route: { to: 'account' } },
      { type: 'account/password', change: { fresh: 'a new long one' } },
      { type: 'account/password-send' },
    );
    expect(play.asked('call')?.call).toMatchObject({ name: 'me/password' });
  });

  it('adds and removes passkeys', () => {
    const play = atAccount().on({ type: 'account/passkey-add' });
    expect(play.state.page).toMatchObject({ passkeyWrong: say('account.passkey.unnamed') });
    play.on({ type: 'account/passkey-name', name: 'key ' }, { type: 'account/passkey-add' });
    expect(play.asked('passkey')).toEqual({ type: 'passkey', to: 'add', name: 'key' });
    const declined = new Play(play.state).on({ type: 'passkey', to: 'add', result: { ok: false, problem: 'cancelled' } });
    expect(declined.state.page).toMatchObject({ passkeyBusy: false, passkeyWrong: null, passkeyName: 'key ' });
    play.on({ type: 'passkey', to: 'add', result: { ok: true, value: null } });
    expect(play.asked('call')?.call).toEqual({ name: 'passkeys' });
    play.on({ type: 'account/passkey-remove', id: 'k1' }, good('passkeys/delete', { name: 'passkeys/delete', id: 'k1' }, null));
    expect(play.state.page).toMatchObject({ passkeys: [] });
  });

  it('signs other devices out; one that is gone already is no trouble', () => {
    const play = atAccount().on({ type: 'account/device-remove', id: 'd2' });
    expect(play.asked('call')?.call).toEqual({ name: 'devices/delete', id: 'd2' });
    const gone = new Play(play.state).on(bad('devices/delete', { name: 'devices/delete', id: 'd2' }, 'not_found'));
    expect(gone.state.page).toMatchObject({ trouble: null });
    expect(gone.asked('call')?.call).toEqual({ name: 'devices' });
    play.on(good('devices/delete', { name: 'devices/delete', id: 'd2' }, null));
    expect(play.state.page).toMatchObject({ devices: [HERE] });
  });

  it('looks whether this browser is woken for calls, and switches it, with the reason when it cannot', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'account' } });
    const { device } = play.state.calling;
    expect(play.asked('push')).toEqual({ type: 'push', to: 'look', account: 'AC_1', device, tongue: 'en' });
    play.on({ type: 'account/wake', on: true });
    expect(play.asked('push'), 'nothing is known yet').toBeUndefined();
    play.on({ type: 'push', on: false, wrong: null }, { type: 'account/wake', on: true });
    expect(play.asked('push')).toMatchObject({ to: 'on' });
    expect(play.state.page).toMatchObject({ wakes: false, wakeBusy: true });
    const wrong = say('account.wake.no-service');
    play.on({ type: 'push', on: false, wrong });
    expect(play.state.page).toMatchObject({ wakes: false, wakeBusy: false, wakeWrong: wrong });
    play.on({ type: 'account/wake', on: true }, { type: 'push', on: true, wrong: null });
    expect(play.state.page).toMatchObject({ wakes: true, wakeWrong: null });
    play.on({ type: 'account/wake', on: false });
    expect(play.asked('push')).toMatchObject({ to: 'off' });
  });
});
