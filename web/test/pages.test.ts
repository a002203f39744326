import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { State } from '../src/core/state';
import { ready } from '../src/core/trial/run';
import { speech, tongues } from '../src/i18n/text';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';
import AccountPage from '../src/ui/pages/account/AccountPage';
import ConsolePage from '../src/ui/pages/console/ConsolePage';
import SetupPage from '../src/ui/pages/setup/SetupPage';
import ResetPage from '../src/ui/pages/sign/ResetPage';
import SignInPage from '../src/ui/pages/sign/SignInPage';
import SignUpPage from '../src/ui/pages/sign/SignUpPage';
import TestPage from '../src/ui/pages/test/TestPage';
import { fresh, good, me, Play, SERVER, signedIn } from './helpers';

const PORTS = {
  attach: () => () => undefined,
  preview: () => () => undefined,
  level: () => () => undefined,
  speaking: () => () => undefined,
  smallWindow: () => () => undefined,
  everySecond: () => () => undefined,
  title: () => undefined,
  voicemail: () => ({ run: () => undefined, end: () => undefined }),
};

function pageOf({ page }: State): ReactElement {
  switch (page.at) {
    case 'setup': return createElement(SetupPage, { page });
    case 'sign-in': return createElement(SignInPage, { page });
    case 'sign-up': return createElement(SignUpPage, { page });
    case 'reset': return createElement(ResetPage, { page });
    case 'account': return createElement(AccountPage, { page });
    case 'console': return createElement(ConsolePage, { page });
    case 'test': return createElement(TestPage, { page });
    default: throw new Error(`not drawn here: ${page.at}`);
  }
}

function drawn(state: State, tongue: 'en' | 'fr' = 'en'): string {
  const store = createStore(state, () => () => undefined);
  return renderToStaticMarkup(
    createElement(HouseContext, { value: { store, ports: PORTS } }, createElement(SpeechContext, { value: speech(tongue) }, pageOf(state))),
  );
}

const admin = signedIn({ admin: true });
const setup: State = { ...fresh(), server: { ...SERVER, setUp: false }, page: { at: 'setup', step: { is: 'code', code: '', busy: false, wrong: null } } };
const code = 'ABCD';
const questions = new Play(setup).on({ type: 'setup/code', code }, { type: 'setup/check' }, good('setup/check', { name: 'setup/check', code }, null)).state;

const STATES: Readonly<Record<string, State>> = {
  'the code': setup,
  'the questions': questions,
  'set up': { ...admin, page: { at: 'setup', step: { is: 'done', run: ready('ways') } } },
  'a connection test': new Play(fresh()).on({ type: 'visit', route: { to: 'test', room: '' } }).state,
  'a connection test that failed': new Play(fresh()).on(
    { type: 'visit', route: { to: 'test', room: '' } },
    { type: 'test/begin', devices: false },
    { type: 'test/heard', run: 1, item: 'udp', outcome: { is: 'silent', seconds: 10 } },
    { type: 'test/over', run: 1 },
  ).state,
  'signing in': new Play(fresh()).on({ type: 'visit', route: { to: 'sign-in' } }).state,
  'signing up': new Play({ ...fresh(), server: { ...SERVER, signUp: true } }).on({ type: 'visit', route: { to: 'sign-up', secret: '' } }).state,
  'a new password': new Play(fresh()).on({ type: 'visit', route: { to: 'reset', secret: 'x' } }).state,
  'my account': new Play(signedIn()).on(
    { type: 'visit', route: { to: 'account' } },
    good('devices', { name: 'devices' }, [{ id: 'd', name: 'Firefox on Linux', since: 0, seen: 0, current: false }]),
    good('passkeys', { name: 'passkeys' }, [{ id: 'k', name: 'my laptop', createdAt: 0 }]),
  ).state,
  'the settings': new Play(admin).on({ type: 'visit', route: { to: 'console', tab: 'settings' } }).state,
  'the people': new Play(admin).on(
    { type: 'visit', route: { to: 'console', tab: 'people' } },
    good('accounts', { name: 'accounts', after: null }, [{ account: me().account, admin: true, mayCreate: true, disabled: false, createdAt: 0 }]),
  ).state,
  'the invitations': new Play(admin).on(
    { type: 'visit', route: { to: 'console', tab: 'invitations' } },
    good('invitations', { name: 'invitations' }, [{ id: 'i', usesLeft: 2, expiresAt: 0 }]),
    good('invitations/make', { name: 'invitations/make', body: {} }, { path: '/invite#s', expiresAt: 0 }),
  ).state,
};

describe.each(Object.entries(STATES))('%s', (_name, state) => {
  it('is drawn in every language, with one heading to land on, and every field with its label', () => {
    for (const { tongue } of tongues) {
      const html = drawn(state, tongue);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html.match(/data-landing/g)).toHaveLength(1);
      for (const [, id] of html.matchAll(/<input id="([^"]+)"/g)) expect(html).toContain(`for="${id}"`);
      expect(html).not.toMatch(/\{\w+\}/); // no gap is left open
    }
  });
});

/** The key that tests again, as it is drawn. */
const again = (state: State): string => /<button[^>]*>(?:(?!<\/button>).)*Test again/.exec(drawn(state))?.[0] ?? 'no key';

describe('the page of whoever has set the server up', () => {
  it('keeps the key that tests again where it is, whatever goes on', () => {
    const set = STATES['set up'] ?? fresh();
    const running = new Play(set).on({ type: 'test/begin', devices: false });
    expect(again(running.state)).toContain('aria-disabled="true"');
    // Nothing is promised before it is known.
    expect(drawn(running.state)).not.toContain('can meet now');
    running.on({ type: 'test/over', run: running.state.count });
    expect(again(running.state)).toContain('aria-disabled="false"');
  });
});

describe('what is offered', () => {
  it('is no passkey where the browser has none', () => {
    const state = STATES['signing in'] ?? fresh();
    expect(drawn(state)).toContain('Use a passkey');
    expect(drawn({ ...state, browser: { ...state.browser, passkeys: false } })).not.toContain('Use a passkey');
    const account = STATES['my account'] ?? fresh();
    const without = drawn({ ...account, browser: { ...account.browser, passkeys: false } });
    expect(without).not.toContain('Add a passkey');
    expect(without).toContain('This browser cannot make passkeys here.');
  });

  it('is no account where they come by invitation', () => {
    const closed = new Play(fresh()).on({ type: 'visit', route: { to: 'sign-up', secret: '' } }).state;
    expect(drawn(closed)).toContain('Accounts are made by invitation here.');
    expect(drawn(closed)).not.toContain('type="password"');
  });

  it('is the console to administrators alone', () => {
    expect(drawn(STATES['my account'] ?? fresh())).not.toContain('href="/console"');
    expect(drawn(STATES['the people'] ?? fresh())).toContain('href="/console"');
  });

  it('is never a tick for what was not tried', () => {
    const html = drawn(STATES['set up'] ?? fresh());
    expect(html).toContain('Waiting');
    expect(html).not.toMatch(/badge ok/);
  });
});
