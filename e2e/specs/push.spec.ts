/** Calls outside of the page: a closed browser that is woken, and the notices of the system. The push service is a test's own. */

import type { Worker } from '@playwright/test';

import { call, signIn, signUp } from '../harness/account.ts';
import { firefoxTab, hasFirefox, startFirefox } from '../harness/browsers.ts';
import { atHome, dial } from '../harness/calling.ts';
import { MozillaPush } from '../harness/mozilla-push.ts';
import { PushService, type Told } from '../harness/push.ts';
import { Server } from '../harness/server.ts';
import { FirefoxTab, type ChromiumTab } from '../harness/tab.ts';
import { expect, skipOrFail, test } from '../harness/test.ts';

// The system's notices are none of the bare browser's.
test.use({ whole: true });

/** What is read of a notice. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

test('a browser whose page is closed is woken, and declines, answers and is told of missed calls', async ({ person, chromium }) => {
  const service = await PushService.start();
  const server = await Server.start({ PARLOR_PUSH_PRIVATE: 'true' });
  try {
    const ada = await person('Adabel', 'chromium');
    const ben = await chromium({ permissions: ['notifications'] });
    await atHome(server, ada);
    await signUp(ben, server, 'push-ben', 'Benedikt');
    const phone = await Phone.of(ben, server);

    await test.step('no push service is reached here, and the switch says so', async () => {
      await ben.goto(`${server.url}/account`);
      await ben.press('switch', 'Ring this browser when Parlor is closed');
      await expect(ben.page.getByText('This browser reaches no push service that could wake it.')).toBeVisible();
      await ben.page.screenshot({ path: test.info().outputPath('switch.png'), fullPage: true });
    });

    expect((await call(ben, 'PUT', 'me/push', service.subscription('phone'))).status).toBe(204);
    await ben.page.goto('about:blank');

    await test.step('it shows who calls, and declines', async () => {
      await dial(ada, 'Benedikt', 'Call', true);
      await ada.expectWords(/Calling…/, true);
      const ring = await next(service);
      expect(ring.text).not.toContain('Adabel');
      await phone.deliver(ring);
      await expect.poll(() => phone.shown()).toEqual([{ title: 'Adabel calls', body: 'Voice call', tag: ring.topic }]);
      await phone.press('decline');
      await ada.sees('heading', 'Benedikt declined');
      await phone.deliver(await next(service));
      expect(await phone.shown()).toEqual([]);
    });

    await test.step('a call that is given up is a missed one, told once', async () => {
      await ada.tab.press('button', 'Call again');
      const ring = await next(service);
      await phone.deliver(ring);
      await expect.poll(() => phone.shown()).toHaveLength(1);
      await ada.tab.press('button', 'End');
      await phone.deliver(await next(service));
      await expect.poll(() => phone.shown()).toEqual([{ title: 'Missed call from Adabel', body: '', tag: ring.topic }]);
    });

    await test.step('a page that is opened to answer goes into the call', async () => {
      await ada.tab.press('button', 'Call again');
      const ring = await next(service);
      await phone.deliver(ring);
      await expect.poll(async () => (await phone.shown()).map(({ title }) => title)).toContain('Adabel calls');
      // As the worker opens it: browsers let nobody do that but whoever presses the notice.
      await ben.page.goto(`${server.url}/#answer=${ring.topic}`);
      await expect(ben.page.getByRole('button', { name: 'End', exact: true })).toBeVisible();
      expect(new URL(ben.url()).hash).toBe('');
      await expect.poll(async () => (await phone.shown()).map(({ title }) => title)).not.toContain('Adabel calls');
      await ada.tab.press('button', 'End');
      await expect(ben.page.getByRole('heading', { name: 'Call ended' })).toBeVisible();
    });
  } finally {
    await server.stop();
    await service.stop();
  }
});

test('a page that is not in front shows calls by the system, with the same buttons, and no push is sent beside it', async ({ person, chromium }) => {
  const service = await PushService.start();
  const server = await Server.start({ PARLOR_PUSH_PRIVATE: 'true' });
  try {
    const ada = await person('Adabel', 'chromium');
    const ben = await chromium({ permissions: ['notifications'] });
    await ben.prepare(behind, undefined);
    await atHome(server, ada);
    await signUp(ben, server, 'push-ben', 'Benedikt');
    const phone = await Phone.of(ben, server);
    const device = await ben.evaluate(() => localStorage.getItem('parlor.device') ?? '', undefined);
    expect((await call(ben, 'PUT', 'me/push', service.subscription(device))).status).toBe(204);

    await dial(ada, 'Benedikt');
    await expect.poll(async () => (await phone.shown()).map(({ title }) => title)).toEqual(['Adabel calls']);
    await ada.tab.press('button', 'End');
    await expect.poll(() => phone.shown()).toEqual([]);

    await ada.tab.press('button', 'Call again');
    await expect.poll(() => phone.shown()).toHaveLength(1);
    await phone.press('answer');
    await expect(ben.page.getByRole('button', { name: 'End', exact: true })).toBeVisible();
    await expect.poll(() => phone.shown()).toEqual([]);
    expect(service.count, 'it was here all the time').toBe(0);
  } finally {
    await server.stop();
    await service.stop();
  }
});

test('whoever does not want to be told of calls by the browser is not asked again', async ({ server, chromium }) => {
  const ben = await chromium();
  await ben.prepare(subscribes, {});
  await signUp(ben, server, 'push-not-now', 'Benedikt');
  const offer = ben.page.getByRole('button', { name: 'Turn on' });
  await expect(offer).toBeVisible();
  await ben.page.getByRole('button', { name: 'Not now' }).click();
  await expect(offer).toHaveCount(0);
  await ben.page.reload();
  await expect(ben.page.getByRole('heading', { name: 'You are reachable' })).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test('a browser that was offered to tell of calls and is woken is so again when its person signs in anew', async ({ chromium }) => {
  const service = await PushService.start();
  const server = await Server.start({ PARLOR_PUSH_PRIVATE: 'true' });
  try {
    const ben = await chromium({ permissions: ['notifications'] });
    await ben.prepare(subscribes, service.subscription('here'));
    await signUp(ben, server, 'push-ben', 'Benedikt');
    await Phone.of(ben, server);
    const on = async (): Promise<unknown> => ((await call(ben, 'GET', 'me/push')).body as { readonly on: boolean }).on;

    await test.step('the card on home turns it on', async () => {
      await ben.page.getByRole('button', { name: 'Turn on' }).click();
      await expect(ben.page.getByText('This browser tells you when somebody calls.')).toBeVisible();
      await expect.poll(on, { message: 'this browser is woken' }).toBe(true);
    });

    await test.step('the session ends, another begins', async () => {
      expect((await call(ben, 'DELETE', 'session')).status).toBe(204);
      await signIn(ben, server, 'push-ben');
      await expect.poll(on, { message: 'this browser is woken again' }).toBe(true);
    });
  } finally {
    await server.stop();
    await service.stop();
  }
});

test('Firefox is woken by its own push client when Parlor is open in no tab, and is told of a missed call', async ({ person, ownServer }) => {
  skipOrFail(hasFirefox() ? null : 'there is no Firefox');
  const service = await MozillaPush.start();
  const firefox = await startFirefox(undefined, { ...service.preferences, ...NOTICES });
  try {
    const server = await ownServer({ PARLOR_PUSH_PRIVATE: 'true' });
    const ada = await person('Adabel', 'chromium');
    await atHome(server, ada);
    const ben = await firefoxTab(firefox);
    await ben.context.setPermission(server.url, { permission: { name: 'notifications' }, state: 'granted' });
    await signUp(ben, server, 'push-ben', 'Benedikt');
    await ben.evaluate(async () => void (await navigator.serviceWorker.ready), undefined);

    await test.step('the switch makes a subscription', async () => {
      await ben.goto(`${server.url}/account`);
      await turn(ben, true);
      expect(service.channels).toBe(1);
    });
    await ben.page.close();

    await test.step('it is woken and shows who calls', async () => {
      await dial(ada, 'Benedikt', 'Call', true);
      await opened(service, 1);
      await expect.poll(() => notices(ben, server)).toEqual([{ title: 'Adabel calls', body: 'Voice call', tag: service.carried[0]?.topic }]);
      // To be woken is not to ring.
      await ada.expectWords(/Calling…/, true);
    });

    await test.step('a call that is given up is a missed one', async () => {
      await ada.tab.press('button', 'End');
      await opened(service, 2);
      await expect.poll(() => notices(ben, server)).toEqual([{ title: 'Missed call from Adabel', body: '', tag: service.carried[0]?.topic }]);
      expect(service.carried.map(({ topic }) => topic)).toEqual(Array(2).fill(service.carried[0]?.topic));
    });

    await test.step('switched off, there is no browser to wake, and the caller is told at once', async () => {
      const again = new FirefoxTab(await ben.context.newPage(), ben.context);
      await again.goto(`${server.url}/account`);
      await turn(again, false);
      await expect.poll(() => service.channels).toBe(0);
      await again.page.close();
      await ada.tab.press('button', 'Home');
      await ada.tab.press('link', 'Contacts');
      await ada.expectWords(/Benedikt\s+Offline/, true);
      await dial(ada, 'Benedikt', 'Call', true);
      await ada.expectWords(/Benedikt has no device that could be reached/, true);
      expect(service.carried).toHaveLength(2);
    });
    expect(service.refused).toEqual([]);
  } finally {
    await firefox.close();
    await service.stop();
  }
});

/** Without a desktop Firefox shows notices by itself, and takes those away after a moment that do not ask to be pressed. */
const NOTICES = { 'alerts.useSystemBackend': false, 'dom.webnotifications.requireinteraction.enabled': true };

/** Turns the switch of the account page, and waits until it stands. */
async function turn(at: FirefoxTab, on: boolean): Promise<void> {
  await at.press('switch', 'Ring this browser when Parlor is closed');
  const stands = (): Promise<boolean> => at.evaluate(() => document.querySelector('[aria-labelledby="wake"]')?.getAttribute('aria-checked') === 'true', undefined);
  await expect.poll(stands).toBe(on);
}

/** So many messages came, and the browser opened the last and gave it to the worker, which did not throw. */
async function opened(service: MozillaPush, count: number): Promise<void> {
  await expect.poll(() => service.carried.map(({ code }) => code), { message: 'the browser opens what was sent' }).toEqual(Array(count).fill(100));
}

/** What the worker shows, read by a page of the server that is none of Parlor's, lies behind others, and is closed again. */
async function notices(of: FirefoxTab, server: Server): Promise<Shown[]> {
  const reader = await of.context.newPage({ background: true });
  try {
    await reader.goto(`${server.url}/healthz`);
    return await reader.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/');
      return ((await registration?.getNotifications()) ?? []).map(({ title, body, tag }) => ({ title, body, tag }));
    });
  } finally {
    await reader.close();
  }
}

async function next(service: PushService): Promise<Told> {
  const taken: { told?: Told | undefined } = {};
  await expect.poll(() => (taken.told ??= service.take()) !== undefined, { message: 'the push service is told' }).toBe(true);
  if (taken.told === undefined) {
    throw new Error('nothing was told');
  }
  return taken.told;
}

/** The service worker of a browser. */
class Phone {
  private constructor(
    private readonly tab: ChromiumTab,
    private readonly worker: Worker,
    private readonly registrationId: string,
    private readonly origin: string,
  ) {}

  static async of(tab: ChromiumTab, server: Server): Promise<Phone> {
    const devtools = await tab.context.newCDPSession(tab.page);
    const id = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(server.url));
        if (own !== undefined) {
          resolve(own.registrationId);
        }
      });
    });
    await devtools.send('ServiceWorker.enable');
    const ours = (): Worker | undefined => tab.context.serviceWorkers().find((one) => one.url().startsWith(server.url));
    await expect.poll(() => ours() !== undefined, { message: 'the service worker runs', timeout: 60_000 }).toBe(true);
    const worker = ours();
    if (worker === undefined) {
      throw new Error('no service worker');
    }
    const active = (): Promise<boolean> => worker.evaluate(() => (self as unknown as Scope).registration.active !== null);
    await expect.poll(active, { timeout: 60_000 }).toBe(true);
    return new Phone(tab, worker, await id, server.url);
  }

  /** Gives a push to the worker, as the browser does when its push service sends one. */
  async deliver({ text }: Told): Promise<void> {
    const devtools = await this.tab.context.newCDPSession(this.tab.page);
    await devtools.send('ServiceWorker.enable');
    await devtools.send('ServiceWorker.deliverPushMessage', { origin: this.origin, registrationId: this.registrationId, data: text });
    await devtools.detach();
  }

  shown(): Promise<Shown[]> {
    return this.worker.evaluate(async () => {
      const notices = await (self as unknown as Scope).registration.getNotifications();
      return notices.map(({ title, body, tag }) => ({ title, body, tag }));
    });
  }

  /** Presses a button of the newest notice. */
  press(action: 'answer' | 'decline'): Promise<void> {
    return this.worker.evaluate(async (pressed) => {
      const scope = self as unknown as Scope;
      const notification = (await scope.registration.getNotifications()).at(-1);
      // It is not the browser's own, so that it may not be waited for; all else is done.
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification, action: pressed }));
    }, action);
  }
}

/** What is used of a worker's scope, which has types of its own. */
interface Scope extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly NotificationEvent: new (type: string, init: object) => Event;
}

/** Runs in the page: its window is behind others, and its person wants to see calls all the same. */
function behind(): void {
  document.hasFocus = () => false;
  try {
    localStorage.setItem('parlor.notices', JSON.stringify({ system: true }));
  } catch {
    // about:blank has no storage
  }
}

/** Runs in the page: nobody was asked for notices yet, and a push service takes this browser. */
function subscribes(to: Record<string, string>): void {
  // about:blank has neither.
  if (!('serviceWorker' in navigator) || location.origin === 'null') return;
  let [permission, key]: [NotificationPermission, ArrayBuffer | null] = [localStorage.getItem('test.asked') === null ? 'default' : 'granted', null];
  Object.defineProperty(Notification, 'permission', { get: () => permission });
  Notification.requestPermission = () => {
    permission = 'granted';
    localStorage.setItem('test.asked', 'yes');
    return Promise.resolve(permission);
  };
  const subscription = (): PushSubscription => ({
    options: { applicationServerKey: key },
    unsubscribe: () => Promise.resolve(true),
    toJSON: () => ({ endpoint: to['endpoint'], keys: { p256dh: to['p256dh'], auth: to['auth'] } }),
  }) as unknown as PushSubscription;
  PushManager.prototype.getSubscription = () => Promise.resolve(key === null ? null : subscription());
  PushManager.prototype.subscribe = (options) => {
    const text = String(options?.applicationServerKey).replaceAll('-', '+').replaceAll('_', '/');
    key = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
    return Promise.resolve(subscription());
  };
}
