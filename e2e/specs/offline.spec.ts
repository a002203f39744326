/** Installing the client, and opening it without a server or without a network. */

import { createHash } from 'node:crypto';
import { createServer, type Server as Listener } from 'node:http';

import { ADMIN, PASSWORD } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import type { ChromiumTab, Tab } from '../harness/tab.ts';

/** A worker installs itself after the page has loaded, which a busy machine does when it finds the time. */
const PATIENCE = 60_000;

test('the manifest bears the name of the server, and its icons load', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const tab = await chromium();
  await tab.goto(server.url);
  const changed = await tab.page.evaluate(async ([name, password]) => {
    const headers = { 'content-type': 'application/json' };
    await fetch('/api/v1/session', { method: 'POST', headers, body: JSON.stringify({ name, password }) });
    return (await fetch('/api/v1/settings', { method: 'PATCH', headers, body: JSON.stringify({ name: 'Blue House' }) })).status;
  }, [ADMIN, PASSWORD] as const);
  expect(changed).toBe(200);

  // As the browser reads it: what it does not understand, it names.
  const client = await tab.context.newCDPSession(tab.page);
  await tab.page.reload();
  const read = await client.send('Page.getAppManifest');
  expect(read.errors).toEqual([]);
  const manifest = JSON.parse(read.data ?? '') as { name: string; icons: { src: string; sizes: string; type: string; purpose: string }[] };
  expect(manifest.name).toBe('Blue House');
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await tab.page.request.get(new URL(src, server.url).href);
    expect(icon.headers()['content-type'], src).toBe(type);
    const width = await tab.page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return image.naturalWidth;
    }, src);
    expect(sizes === 'any' || sizes === `${width}x${width}`, `${src} is ${width} wide`).toBe(true);
  }
});

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine}: without the server the page opens, says so, and goes on by itself`, async ({ ownServer, open }) => {
    const server = await ownServer();
    const room = `${server.url}/r/${await server.createRoom('Tuesday planning')}`;
    const tab = await open(engine);
    await tab.goto(room);
    await installed(tab);
    await server.halt();
    await tab.goto(room);
    await sees(tab, 'heading', 'The server does not answer');
    await server.resume();
    await sees(tab, 'heading', 'Tuesday planning');
  });
}

test('the start page tells a lost network from a silent server, in the language of the person', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const tab = await chromium({ locale: 'fr-FR' });
  await tab.goto(server.url);
  await installed(tab);
  await tab.context.setOffline(true);
  await tab.page.reload();
  await expect(tab.page.getByRole('heading', { name: 'Vous êtes hors ligne' })).toBeVisible();
  await expect(tab.page.getByRole('main')).toContainText('Vérifiez le câble, le Wi-Fi ou vos données mobiles.');
  await tab.context.setOffline(false);
  await expect(tab.page.getByRole('button', { name: 'Nouvelle réunion' })).toBeVisible();
});

test('what the API answers is never kept', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const tab = await chromium();
  await tab.goto(server.url);
  await installed(tab);
  await tab.page.reload();
  expect(await tab.page.evaluate(async () => (await fetch('/api/v1/server')).status)).toBe(200);
  expect(await tab.page.evaluate(async () => (await fetch('/healthz')).status)).toBe(200);
  const kept = await tab.page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain('/');
  expect(kept.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);
  await server.halt();
  for (const path of ['/api/v1/server', '/healthz', '/metrics']) {
    const answer = await tab.page.evaluate((asked) => fetch(asked).then(({ status }) => status, () => 'none'), path);
    expect(answer, path).toBe('none');
  }
});

test('a new version of the client replaces the old one, whole', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const front = await Front.before(server.url);
  try {
    const tab = await chromium();
    await tab.goto(front.url);
    await installed(tab);
    const [first] = await cacheNames(tab);
    front.renewed = true;
    await tab.page.reload();
    // A page of the first version was open: both are there, and the second one waits.
    await expect.poll(() => cacheNames(tab), { timeout: PATIENCE }).toHaveLength(2);
    // The next page may be quicker than the change, and then it still has the first one: it takes another.
    await expect(async () => {
      await tab.page.goto('about:blank');
      await tab.goto(front.url);
      expect(await cacheNames(tab)).not.toContain(first);
    }).toPass({ timeout: PATIENCE });
    expect(await cacheNames(tab)).toHaveLength(1);
    front.isDown = true;
    await tab.page.reload();
    await expect(tab.page.getByRole('heading', { name: 'The server does not answer' })).toBeVisible();
    expect(await tab.page.locator('meta[name=renewed]').count()).toBe(1);
  } finally {
    await front.stop();
  }
});

test('installing is offered where the browser offers it', async ({ server, chromium }) => {
  const tab = await chromium();
  await tab.goto(server.url);
  await tab.press('button', 'Settings');
  await expect(tab.page.getByRole('button', { name: 'Install Parlor' })).toHaveCount(0);
  await tab.press('button', 'Close');
  // Chromium makes the offer to people whom it has watched for a while; here its event comes from the test.
  await tab.page.evaluate(() => {
    const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: () => {
        document.body.dataset['asked'] = 'yes';
        return Promise.resolve();
      },
    });
    window.dispatchEvent(offer);
  });
  await tab.press('button', 'Settings');
  await tab.press('button', 'Install Parlor');
  await expect(tab.page.locator('body[data-asked=yes]')).toHaveCount(1);
  await expect(tab.page.getByRole('button', { name: 'Install Parlor' })).toHaveCount(0);
});

/** Waits until the worker of this page has kept what it keeps. */
async function installed(tab: Tab): Promise<void> {
  const active = (): Promise<boolean> =>
    tab.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated', undefined);
  await expect.poll(active, { message: 'the service worker is there', timeout: PATIENCE }).toBe(true);
}

async function sees(tab: Tab, role: Parameters<Tab['shows']>[0], name: string): Promise<void> {
  await expect.poll(() => tab.shows(role, name), { message: `the ${role} '${name}'`, timeout: PATIENCE }).toBe(true);
}

const cacheNames = (tab: ChromiumTab): Promise<string[]> => tab.page.evaluate(async () => (await caches.keys()).toSorted());

/** Stands before a server and passes everything on; once renewed, as one with another version of the client would. */
class Front {
  renewed = false;
  isDown = false;

  private constructor(
    private readonly listener: Listener,
    readonly url: string,
  ) {}

  static async before(target: string): Promise<Front> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const front = new Front(listener, `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    listener.on('request', (request, response) => {
      void front.answer(target, request.url ?? '/').then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(),
      );
    });
    return front;
  }

  async stop(): Promise<void> {
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private async answer(target: string, path: string): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
    if (this.isDown) {
      throw new Error('down');
    }
    const got = await fetch(target + path, { headers: { 'accept-encoding': 'identity' } });
    const headers: Record<string, string> = {};
    for (const name of ['content-type', 'cache-control', 'content-security-policy']) {
      headers[name] = got.headers.get(name) ?? '';
    }
    const body = Buffer.from(await got.arrayBuffer());
    return { status: got.status, headers, body: this.renewed ? await this.other(target, path, body) : body };
  }

  /** The page with a mark, and the worker that keeps this very page. */
  private async other(target: string, path: string, body: Buffer): Promise<Buffer> {
    const mark = (page: string): string => page.replace('<head>', '<head><meta name="renewed" content="yes">');
    if (path === '/') {
      return Buffer.from(mark(body.toString()));
    }
    if (path !== '/sw.js') {
      return body;
    }
    const page = await (await fetch(`${target}/`)).text();
    return Buffer.from(
      body.toString().replace(integrity(page), integrity(mark(page))).replace(/"version":"[^"]+"/, '"version":"renewed"'),
    );
  }
}

const integrity = (page: string): string => `sha256-${createHash('sha256').update(page).digest('base64')}`;
