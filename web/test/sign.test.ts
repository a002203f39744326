import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { bad, fresh, good, me, Play, signedIn } from './helpers';

const visit = (to: 'sign-in'): Play => new Play(fresh()).on({ type: 'visit', route: { to } });
const open = { name: 'session/open', body: { name: 'ines', password: 'wrong' } } as const;

const invited = (): Play => new Play(fresh()).on({ type: 'visit', route: { to: 'sign-up', secret: 's3cret' } });

describe('signing in', () => {
  it('says that it was wrong, and not what; then lets one try again', () => {
    const play = visit('sign-in').on({ type: 'sign/in-send' });
    expect(play.state.page).toMatchObject({ trouble: say('sign.in.missing') });
    expect(play.asked('call')).toBeUndefined();
    play.on({ type: 'sign/in', change: { name: 'ines', password: 'wrong' } }, { type: 'sign/in-send' });
    expect(play.asked('call')?.call).toEqual(open);
    play.on({ type: 'sign/in-send' });
    expect(play.effects).toEqual([]); // pressed twice
    play.on(bad('session/open', open, 'wrong_password'));
    expect(play.state.page).toMatchObject({ at: 'sign-in', busy: 'no', trouble: say('problem.wrong-password') });
    expect(play.said).toEqual(say('problem.wrong-password'));
    play.on({ type: 'sign/in-send' }, bad('session/open', open, 'too_often'));
    expect(play.state.page).toMatchObject({ trouble: say('trouble.often') });
    play.on({ type: 'sign/in-send' }, good('session/open', open, me()));
    expect(play.state).toMatchObject({ session: { is: 'known' }, page: { at: 'home' } });
  });

  it('works with a passkey, which the person may also decline', () => {
    const play = visit('sign-in').on({ type: 'sign/in-passkey' });
    expect(play.asked('passkey')).toEqual({ type: 'passkey', to: 'sign-in' });
    play.on({ type: 'passkey', to: 'sign-in', result: { ok: false, problem: 'cancelled' } });
    expect(play.state.page).toMatchObject({ busy: 'no', trouble: null });
    play.on({ type: 'sign/in-passkey' }, { type: 'passkey', to: 'sign-in', result: { ok: false, problem: { code: 'passkey_refused', message: '' } } });
    expect(play.state.page).toMatchObject({ busy: 'no', trouble: say('problem.passkey-refused') });
    play.on({ type: 'sign/in-passkey' }, { type: 'passkey', to: 'sign-in', result: { ok: true, value: me() } });
    expect(play.state.page.at).toBe('home');
  });

  it('lets no late answer take somebody along who went elsewhere', () => {
    const play = visit('sign-in').on({ type: 'sign/in', change: { name: 'ines', password: 'wrong' } }, { type: 'sign/in-send' }, { type: 'home' });
    play.on(good('session/open', open, me()));
    expect(play.state.page.at).toBe('start');
  });
});

describe('signing up', () => {
  const body = { name: 'ben', password: 'long enough', displayName: 'Ben', invitation: 's3cret' };
  const check = { name: 'invitations/check', secret: 's3cret' } as const;

  it('reads the invitation, fills in its name, and makes the account', () => {
    const play = invited();
    expect(play.asked('call')?.call).toEqual(check);
    play.on(good('invitations/check', check, { name: 'Ben' }));
    expect(play.state.page).toMatchObject({ invitation: 'good', displayName: 'Ben' });
    play.on({ type: 'sign/up', change: { name: ' ben ', password: 'short' } }, { type: 'sign/up-send' });
    expect(play.state.page).toMatchObject({ wrong: { password: say('sign.password.short', { n: 10 }) } });
    play.on({ type: 'sign/up', change: { password: 'long enough' } }, { type: 'sign/up-send' });
    expect(play.asked('call')?.call).toEqual({ name: 'accounts/open', body });
    play.on(good('accounts/open', { name: 'accounts/open', body }, me()));
    expect(play.state).toMatchObject({ session: { is: 'known' }, page: { at: 'home' } });
  });

  it('puts what the server refused beside its field', () => {
    const play = invited().on(good('invitations/check', check, {}), { type: 'sign/up', change: { name: 'ben', password: 'long enough' } });
    for (const [code, field, key] of [
      ['name_taken', 'name', 'problem.name-taken'], ['weak_password', 'password', 'problem.weak-password'], ['bad_name', 'displayName', 'trouble.name'],
    ] as const) {
      play.on({ type: 'sign/up-send' }, bad('accounts/open', { name: 'accounts/open', body }, code));
      expect(play.state.page).toMatchObject({ busy: false, wrong: { [field]: say(key) }, trouble: null });
    }
    play.on({ type: 'sign/up-send' }, bad('accounts/open', { name: 'accounts/open', body }, 'bad_link'));
    expect(play.state.page).toMatchObject({ invitation: 'bad', trouble: say('problem.bad-link') });
  });

  it('says that a link is no longer good', () => {
    const play = invited().on(bad('invitations/check', check, 'bad_link'));
    expect(play.state.page).toMatchObject({ invitation: 'bad', trouble: say('problem.bad-link') });
  });
});

describe('a new password by link', () => {
  it('is set once, and then one signs in with it', () => {
    const play = new Play(signedIn()).on({ type: 'visit', route: { to: 'reset', secret: 'abc' } }, { type: 'sign/reset', password: 'short' }, { type: 'sign/reset-send' });
    expect(play.state.page).toMatchObject({ wrong: say('sign.password.short', { n: 10 }) });
    const body = { secret: 'abc', password: 'a new long one' };
    play.on({ type: 'sign/reset', password: body.password }, { type: 'sign/reset-send' });
    expect(play.asked('call')?.call).toEqual({ name: 'resets/use', body });
    const gone = new Play(play.state).on(bad('resets/use', { name: 'resets/use', body }, 'bad_link'));
    expect(gone.state.page).toMatchObject({ at: 'reset', state: 'asking', wrong: say('problem.bad-link') });
    play.on(good('resets/use', { name: 'resets/use', body }, null));
    expect(play.state).toMatchObject({ session: { is: 'nobody' }, page: { at: 'sign-in', notice: say('sign.reset.done') } });
  });
});
