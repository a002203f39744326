// What a page does outside of itself: notices of the system, and the switch that lets this browser be woken. The browser is pretended.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '../src/core/calling/watch';
import { say } from '../src/i18n/text';
import { free, freeOver, push, show } from '../src/io/outside';
import { wokenHere } from '../src/io/woken-kept';

const KEY = 'AQID';
const ALERT: Alert = { id: 'CA_1', title: 'Ada calls', text: 'Voice call', answer: 'Answer', decline: 'Decline', tongue: 'fr', system: true };

interface Notice { readonly tag: string; readonly data: unknown; readonly close: () => void }
let notices: Notice[] = [];
let permission = 'default';
let granted = 'granted';
let service: 'there' | 'away' = 'there';
let subscription: { readonly options: object; readonly unsubscribe: () => Promise<boolean>; readonly toJSON: () => object } | null = null;
let worker = true;
let refused: string | null = null;
let woken = false;
const kept: Record<string, string> = {};
const sent: string[] = [];

const subscribed = (key: string): NonNullable<typeof subscription> => ({
  options: { applicationServerKey: Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0)).buffer },
  unsubscribe: () => {
    subscription = null;
    return Promise.resolve(true);
  },
  toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'P', auth: 'A' } }),
});

beforeEach(() => {
  [notices, permission, granted, service, subscription, worker, refused, woken] = [[], 'default', 'granted', 'there', null, true, null, false];
  sent.length = 0;
  const registration = {
    active: {},
    showNotification: (_: string, options: { readonly tag: string; readonly data: unknown }) => {
      const notice = { ...options, close: () => { notices = notices.filter((one) => one !== notice); } };
      notices = [...notices.filter(({ tag }) => tag !== options.tag), notice];
      return Promise.resolve();
    },
    getNotifications: ({ tag }: { readonly tag?: string } = {}) => Promise.resolve(notices.filter((one) => tag === undefined || one.tag === tag)),
    pushManager: {
      getSubscription: () => Promise.resolve(subscription),
      subscribe: ({ applicationServerKey }: { readonly applicationServerKey: string }) => {
        if (service === 'away') return Promise.reject(new DOMException('Registration failed', 'AbortError'));
        subscription = subscribed(applicationServerKey);
        return Promise.resolve(subscription);
      },
    },
  };
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve(worker ? registration : undefined) } });
  const asked = { get permission() { return permission; }, requestPermission: () => Promise.resolve(permission = granted) };
  vi.stubGlobal('Notification', asked);
  vi.stubGlobal('window', { Notification: asked });
  const storage: Record<string, string> = {};
  vi.stubGlobal('localStorage', { getItem: (key: string) => storage[key] ?? null, setItem: (key: string, value: string) => { storage[key] = value; } });
  vi.stubGlobal('caches', { open: () => Promise.resolve({ put: async (path: string, response: Response) => { kept[path] = await response.text(); } }) });
  vi.stubGlobal('fetch', (path: string, { method, body }: { readonly method: string; readonly body?: string }) => {
    sent.push(`${method} ${path}${body === undefined ? '' : ` ${body}`}`);
    if (method === 'GET') return Promise.resolve(new Response(JSON.stringify({ key: KEY, on: woken })));
    if (refused !== null) return Promise.resolve(new Response(JSON.stringify({ code: refused, message: '' }), { status: 422 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

const asks = (to: 'look' | 'renew' | 'on' | 'off', account = 'AC_1') => push({ type: 'push', to, account, device: 'd1', tongue: 'en' });
const is = (on: boolean, wrong: ReturnType<typeof say> | null = null) => ({ type: 'push', on, wrong });

describe('the switch', () => {
  it('subscribes this browser and tells the server how', async () => {
    expect(await asks('on')).toEqual(is(true));
    expect(sent).toEqual(['GET /api/v1/me/push', 'PUT /api/v1/me/push {"endpoint":"https://push.example/1","p256dh":"P","auth":"A","device":"d1"}']);
    expect(kept).toMatchObject({ '/tongue': 'en', '/device': 'd1' });
    woken = true;
    expect(await asks('look')).toEqual(is(true));
    expect(await asks('off')).toEqual(is(false));
    expect([sent.at(-1), subscription]).toEqual(['DELETE /api/v1/me/push', null]);
  });

  it('is off where either side knows nothing of it', async () => {
    woken = true;
    expect(await asks('look'), 'the browser lost it').toEqual(is(false));
    [subscription, permission] = [subscribed('BBBB'), 'granted'];
    expect(await asks('look'), 'of a server that was set up anew').toEqual(is(false));
    [subscription, permission] = [subscribed(KEY), 'denied'];
    expect(await asks('look'), 'no notice may be shown').toEqual(is(false));
  });

  it('says why it stays off', async () => {
    granted = 'denied';
    expect(await asks('on')).toEqual(is(false, say('notices.system.refused')));
    granted = 'granted';
    service = 'away';
    expect(await asks('on')).toEqual(is(false, say('account.wake.no-service')));
    service = 'there';
    refused = 'bad_setting';
    expect(await asks('on')).toEqual(is(false, say('account.wake.unreached')));
    refused = 'too_many';
    expect(await asks('on')).toEqual(is(false, say('problem.too-many')));
    worker = false;
    expect(await asks('on')).toEqual(is(false, say('account.wake.unable')));
    expect(await asks('look')).toEqual(is(false));
  });
});

describe('signing in again', () => {
  const put = 'PUT /api/v1/me/push {"endpoint":"https://push.example/1","p256dh":"P","auth":"A","device":"d1"}';

  it('switches on again what was on for that account, and nothing for another', async () => {
    await asks('on');
    // The session ended, and the server knows no more of this browser.
    sent.length = 0;
    expect(wokenHere('AC_2')).toBe(false);
    expect(await asks('look', 'AC_2')).toEqual(is(false));
    expect(sent).toEqual(['GET /api/v1/me/push']);
    expect(wokenHere('AC_1')).toBe(true);
    expect(await asks('renew')).toEqual(is(true));
    expect(sent.at(-1)).toBe(put);
    // Where nothing was lost nothing is said again.
    [woken, sent.length] = [true, 0];
    expect(await asks('renew')).toEqual(is(true));
    expect(sent).toEqual(['GET /api/v1/me/push']);
  });

  it('subscribes anew where the browser lost it, and asks nobody for what is forbidden now', async () => {
    await asks('on');
    [subscription, woken] = [null, true];
    expect(await asks('renew')).toEqual(is(true));
    expect([subscription === null, sent.at(-1)]).toEqual([false, put]);
    [permission, granted, sent.length] = ['default', 'granted', 0];
    expect(await asks('renew')).toEqual(is(false));
    expect([permission, sent]).toEqual(['default', ['GET /api/v1/me/push']]);
    [permission, refused, woken] = ['granted', 'too_many', false];
    expect(await asks('renew'), 'nobody asked for it just now').toEqual(is(false));
  });

  it('leaves off what was switched off', async () => {
    await asks('on');
    await asks('off');
    expect(wokenHere('AC_1')).toBe(false);
    sent.length = 0;
    expect(await asks('look')).toEqual(is(false));
    expect(sent).toEqual(['GET /api/v1/me/push']);
  });
});

describe('a call that comes in while the window is not in front', () => {
  it('is shown with both buttons, and taken away with what the worker has shown of it', async () => {
    await show(ALERT);
    expect(notices).toMatchObject([{ tag: 'CA_1', data: { kind: 'ring', call: 'CA_1' }, actions: [{ action: 'answer', title: 'Answer' }, { action: 'decline', title: 'Decline' }] }]);
    const missed: Notice = { tag: 'CA_0', data: { kind: 'missed', call: 'CA_0' }, close: () => { throw new Error('it was not looked at yet'); } };
    notices = [...notices, missed];
    await show(null);
    expect(notices).toEqual([missed]);
  });

  it('takes the place of another that was shown', async () => {
    await show(ALERT);
    await show({ ...ALERT, id: 'CA_2', title: 'Ben calls' });
    expect(notices).toMatchObject([{ tag: 'CA_2' }]);
  });
});

describe('somebody who is free', () => {
  it('is shown until that is true no longer', async () => {
    await free({ type: 'calling/free', title: 'Ben is free now', account: 'AC_2', tongue: 'en' });
    await free({ type: 'calling/free', title: 'Cleo is free now', account: 'AC_3', tongue: 'en' });
    await show(null);
    expect(notices.map(({ tag }) => tag)).toEqual(['free AC_2', 'free AC_3']);
    await freeOver('AC_2');
    expect(notices.map(({ tag }) => tag)).toEqual(['free AC_3']);
  });
});
