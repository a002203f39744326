import { describe, expect, it } from 'vitest';
import { contrast, parse, shades } from '../src/core/brand';
import { PEOPLE_AT_ONCE } from '../src/core/pages/console/update';
import type { ConsoleTab } from '../src/core/route';
import { say } from '../src/i18n/text';
import type { AccountRow } from '../src/proto/api.gen';
import { bad, good, me, Play, SERVER, signedIn } from './helpers';

const row = (id: string, change: Partial<AccountRow> = {}): AccountRow => ({
  account: { id, name: id.toLowerCase(), displayName: id }, admin: false, mayCreate: false, disabled: false, createdAt: 0, ...change,
});
const at = (tab: ConsoleTab): Play => new Play(signedIn({ admin: true })).on({ type: 'visit', route: { to: 'console', tab } });

describe('the settings of the server', () => {
  it('are saved together, and worn at once', () => {
    const play = at('settings').on({ type: 'console/form', change: { name: ' ' } }, { type: 'console/save' });
    expect(play.state.page).toMatchObject({ formWrong: { field: 'name' } });
    play.on({ type: 'console/form', change: { name: 'Library', accent: 'green' } }, { type: 'console/save' });
    expect(play.state.page).toMatchObject({ formWrong: { field: 'accent', text: say('console.accent.wrong') } });
    const body = { name: 'Library', create: 'invited', signUp: false, accent: '#aa3366' } as const;
    play.on({ type: 'console/form', change: { accent: '#AA3366', create: 'invited' } }, { type: 'console/save' });
    expect(play.asked('call')?.call).toEqual({ name: 'settings/change', body });
    const branding = { accent: '#aa3366' };
    play.on(good('settings/change', { name: 'settings/change', body }, { ...SERVER, name: 'Library', branding }));
    expect(play.asked('brand')).toMatchObject({ type: 'brand', branding });
    expect(play.state).toMatchObject({ server: { name: 'Library' }, page: { formBusy: false } });
  });

  it('carry a logo of a fit kind and size', () => {
    const play = at('settings').on({ type: 'console/logo', picture: { type: 'image/png', size: 9_000_000 } });
    expect(play.state.page).toMatchObject({ logoWrong: say('console.logo.large') });
    const picture = { type: 'image/png', size: 9_000 };
    play.on({ type: 'console/logo', picture });
    expect(play.asked('call')?.call).toEqual({ name: 'logo/put', picture });
    play.on(bad('logo/put', { name: 'logo/put', picture }, 'bad_file'));
    expect(play.state.page).toMatchObject({ logoBusy: false, logoWrong: say('problem.bad-file') });
  });
});

describe('the colour of the house', () => {
  it('can be read in every shade, whatever was picked', () => {
    for (const colour of ['000000', 'ffffff', 'ffff00', '1e5340', 'aa3366', '00ffff', '808080'].map((digits) => `#${digits}`)) {
      const house = shades(colour);
      expect(house).not.toBeNull();
      for (const theme of house ? [house.light, house.dark] : []) {
        for (const [text, ground] of [[theme.on, theme.accent], [theme.ink, theme.soft]]) {
          const [one, other] = [parse(text ?? ''), parse(ground ?? '')];
          expect(one && other && contrast(one, other), `${colour} ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
    expect(shades('green')).toBeNull();
  });
});

describe('people', () => {
  it('come page by page, and nobody twice', () => {
    const first = Array.from({ length: PEOPLE_AT_ONCE }, (_, index) => row(`AC_${index}`));
    const play = at('people').on(good('accounts', { name: 'accounts', after: null }, first));
    expect(play.state.page).toMatchObject({ morePeople: true });
    play.on({ type: 'console/more-people' });
    const last = `AC_${PEOPLE_AT_ONCE - 1}`;
    expect(play.asked('call')?.call).toEqual({ name: 'accounts', after: last });
    play.on(good('accounts', { name: 'accounts', after: last }, [row(last), row('AC_last')]));
    expect(play.state.page).toMatchObject({ morePeople: false });
    expect(play.state.page.at === 'console' && play.state.page.people?.length).toBe(PEOPLE_AT_ONCE + 1);
  });

  it('are changed as the server says, and never without an administrator', () => {
    const play = at('people').on(good('accounts', { name: 'accounts', after: null }, [row('AC_1', { admin: true }), row('AC_2')]));
    const call = { name: 'accounts/change', id: 'AC_1', body: { admin: false } } as const;
    play.on({ type: 'console/change', id: 'AC_1', change: { admin: false } });
    expect(play.asked('call')?.call).toEqual(call);
    const refused = new Play(play.state).on(bad('accounts/change', call, 'last_admin'));
    expect(refused.state.page).toMatchObject({ trouble: say('problem.last-admin') });
    play.on(good('accounts/change', call, row('AC_1')));
    expect(play.state.page).toMatchObject({ people: [{ admin: false }, { admin: false }] });
    // It was myself: what I may do now is asked for, and the console closes.
    expect(play.asked('call')?.call).toEqual({ name: 'me' });
    play.on(good('me', { name: 'me' }, me({ admin: false })));
    expect(play.state.page.at).toBe('home');
  });

  it('get a link for a new password, shown once', () => {
    const play = at('people').on(good('accounts', { name: 'accounts', after: null }, [row('AC_2')]), { type: 'console/reset', id: 'AC_2' });
    const call = { name: 'accounts/reset', id: 'AC_2' } as const;
    expect(play.asked('call')?.call).toEqual(call);
    play.on(good('accounts/reset', call, { path: '/reset#x', expiresAt: 9 }));
    expect(play.state.page).toMatchObject({ reset: { path: '/reset#x', account: 'AC_2' } });
    play.on({ type: 'console/copy', path: '/reset#x' });
    expect(play.asked('copy-path')).toEqual({ type: 'copy-path', path: '/reset#x' });
    expect(play.on({ type: 'console/close-link' }).state.page).toMatchObject({ reset: null });
  });
});

describe('invitations', () => {
  it('are made within their limits, shown once, and taken back', () => {
    const play = at('invitations').on(good('invitations', { name: 'invitations' }, []), { type: 'console/invite', change: { uses: '0' } }, { type: 'console/invite-send' });
    expect(play.state.page).toMatchObject({ trouble: say('console.invite.range', { uses: 1_000, days: 365 }) });
    const body = { uses: 5, days: 7, name: 'Ben' };
    play.on({ type: 'console/invite', change: { uses: '5', name: 'Ben ' } }, { type: 'console/invite-send' });
    expect(play.asked('call')?.call).toEqual({ name: 'invitations/make', body });
    play.on(good('invitations/make', { name: 'invitations/make', body }, { path: '/invite#s', expiresAt: 1 }));
    expect(play.state.page).toMatchObject({ made: { path: '/invite#s' }, invite: { name: '', busy: false } });
    expect(play.asked('call')?.call).toEqual({ name: 'invitations' });
    play.on(good('invitations', { name: 'invitations' }, [{ id: 'i1', usesLeft: 5, expiresAt: 1 }]), { type: 'console/invitation-remove', id: 'i1' });
    play.on(good('invitations/delete', { name: 'invitations/delete', id: 'i1' }, null));
    expect(play.state.page).toMatchObject({ invitations: [] });
  });
});
