/** Webhooks as administrators name them, and a receiver that is told. */

import { createHash, createHmac } from 'node:crypto';
import { createServer, type Server as Http } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signIn } from '../harness/account.ts';
import { ADMIN, Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 60_000 });

interface Told {
  readonly event: string;
  readonly token: string;
  readonly body: string;
}

/** A receiver, which answers 200 until it is told otherwise. */
class Receiver {
  readonly heard: Told[] = [];
  answers = 200;

  private constructor(private readonly http: Http, readonly address: string) {}

  static async start(): Promise<Receiver> {
    const http = createServer();
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const receiver = new Receiver(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}/told`);
    http.on('request', (request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const { event } = JSON.parse(body) as { event: string };
        receiver.heard.push({ event, body, token: request.headers.authorization ?? '' });
        answer.writeHead(receiver.answers).end();
      });
    });
    return receiver;
  }

  end(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise((done) => this.http.close(() => done()));
  }
}

/** As receivers of LiveKit look whether it is ours. */
function isOurs({ token, body }: Told, key: string, secret: string): boolean {
  const [head, claims, seal] = token.split('.');
  const signed = createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url');
  const said = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString('utf8')) as { iss: string; sha256: string };
  return signed === seal && said.iss === key && said.sha256 === createHash('sha256').update(body).digest('base64');
}

test('an administrator names a webhook, tests it, and reads what it was told', async ({ person }) => {
  const server = await Server.start({ PARLOR_OUTGOING_PRIVATE: 'true' });
  const receiver = await Receiver.start();
  try {
    const ada = await person('Ada', 'chromium');
    const page = ada.page();
    await signIn(ada.tab, server, ADMIN);
    await ada.tab.goto(`${server.url}/console/programs`);
    const hooks = page.getByRole('region', { name: 'Webhooks' });
    await expect(hooks.getByText('None yet.')).toBeVisible();

    const secret = await test.step('its secret is shown once', async () => {
      await ada.tab.press('button', 'Add the webhook');
      await expect(hooks.getByLabel('Address to tell')).toHaveAttribute('aria-invalid', 'true');
      await ada.tab.fill('Address to tell', receiver.address);
      await ada.tab.press('button', 'Add the webhook');
      const shown = (await page.locator('[data-secret-link]').textContent()) ?? '';
      expect(shown).toMatch(/^[\w-]{43}$/);
      await ada.tab.press('button', 'Close');
      await ada.expectWords(new RegExp(shown), false);
      return shown;
    });

    await test.step('a test arrives, signed, and stands in the log', async () => {
      await ada.tab.press('button', `Send a test: ${receiver.address}`);
      await expect.poll(() => receiver.heard.map(({ event }) => event)).toEqual(['test']);
      const key = /HK_[0-9a-z]{26}/.exec((await hooks.textContent()) ?? '')?.[0] ?? '';
      const [told] = receiver.heard;
      expect(told !== undefined && isOurs(told, key, secret)).toBe(true);
      await expect(hooks.getByRole('listitem').filter({ hasText: 'test' })).toContainText('Taken');
    });

    await test.step('a test that is not taken is given up, and the log says why', async () => {
      receiver.answers = 500;
      await ada.tab.press('button', `Send a test: ${receiver.address}`);
      await expect(hooks.getByRole('listitem').first()).toContainText('Its server does not take it.');
      await expect(hooks.getByRole('listitem').first()).toContainText('Given up');
    });

    await test.step('wide and narrow, light and dark', async () => {
      for (const [width, height] of [[1280, 800], [390, 844]] as const) {
        await page.setViewportSize({ width, height });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await hooks.scrollIntoViewIfNeeded();
          await page.screenshot({ path: test.info().outputPath(`${width}-${colorScheme}.png`), fullPage: true });
        }
      }
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    await test.step('what was given up is sent again', async () => {
      receiver.answers = 200;
      const before = receiver.heard.length;
      await hooks.getByRole('listitem').first().getByRole('button', { name: /^Send again/ }).click();
      await expect(hooks.getByRole('listitem').first()).toContainText('Taken');
      expect(receiver.heard.slice(before).map(({ body }) => body), 'the same, to the letter').toEqual([receiver.heard[before - 1]?.body]);
    });

    await test.step('410 switches it off', async () => {
      receiver.answers = 410;
      await ada.tab.press('button', `Send a test: ${receiver.address}`);
      await expect(hooks.getByText('Off: its server says that it is gone')).toBeVisible();
      await ada.tab.press('button', `Switch on: ${receiver.address}`);
      await expect(hooks.getByRole('button', { name: `Send a test: ${receiver.address}` })).toBeVisible();
    });

    await test.step('removed, it is told nothing more', async () => {
      await ada.tab.press('button', `Remove the webhook ${receiver.address}`);
      await expect(hooks.getByText('None yet.')).toBeVisible();
    });
  } finally {
    await receiver.end();
    await server.stop();
  }
});
