/** The fixtures of all specs: one server and one browser of each engine per worker, people per test. */

import { writeFileSync } from 'node:fs';

import { expect, test as base, type Browser as Chromium, type BrowserContextOptions, type TestInfo } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { BareSite, Bystander, Cast } from './bare.ts';
import { chromiumProgram, chromiumTab, firefoxTab, hasFirefox, startChromium, startFirefox } from './browsers.ts';
import { MODEST, limitCamera } from './camera.ts';
import { Person } from './person.ts';
import { SdkPerson, prepareSdk } from './sdk.ts';
import { Server, type Settings } from './server.ts';
import type { ChromiumTab, Engine, Tab } from './tab.ts';

/** What lives as long as the worker. */
interface Lasting {
  server: Server;
  /** Whether Chromium is the one that people have, with notices of the system, or the same without what is around a page. */
  whole: boolean;
  chromiumBrowser: Chromium;
  /** Starts Firefox when it is first asked for. */
  firefoxBrowser: () => Promise<Firefox>;
  site: BareSite;
  /** Null when the SDK is there, else why it is not. */
  sdkMissing: string | null;
}

/** What lives as long as a test. */
interface Fresh {
  /** Opens a new Chromium of its own. */
  chromium: (options?: BrowserContextOptions) => Promise<ChromiumTab>;
  /** Opens a new tab in either engine. */
  open: (engine: Engine) => Promise<Tab>;
  /** Somebody at Parlor's own pages. */
  person: (name: string, engine: Engine) => Promise<Person>;
  /** Somebody at the bare page, in the room already. */
  bystander: (identity: string, engine: Engine) => Promise<Bystander>;
  /** Somebody at the Python SDK. */
  sdkPerson: (identity: string) => Promise<SdkPerson>;
  /** Drawn people who fill a meeting. */
  cast: Cast;
  /** A server of the test's own, for what would be in the way of other tests: `bare` is one at its first start, others have settings of their own. */
  ownServer: (how?: 'bare' | Settings) => Promise<Server>;
  /** A room name that no other test uses. */
  room: string;
}

export const test = base.extend<Fresh & { report: void }, Lasting>({
  server: [
    // Playwright wants an object pattern even where nothing is taken.
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  whole: [false, { option: true, scope: 'worker' }],
  chromiumBrowser: [
    async ({ whole }, use) => {
      const browser = await startChromium([], chromiumProgram(whole));
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  firefoxBrowser: [
    async ({}, use) => {
      let browser: Promise<Firefox> | undefined;
      await use(() => (browser ??= startFirefox()));
      await (await browser)?.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  site: [
    async ({}, use) => {
      const site = await BareSite.start();
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  sdkMissing: [
    async ({}, use) => {
      await use(prepareSdk());
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  report: [
    async ({ server }, use, info) => {
      await use();
      if (info.status !== info.expectedStatus) {
        await attach(info, 'server-log', server.log());
      }
    },
    { auto: true },
  ],
  chromium: async ({ chromiumBrowser }, use, info) => {
    const open: ChromiumTab[] = [];
    await use(async (options) => {
      const tab = await chromiumTab(chromiumBrowser, options);
      open.push(tab);
      return tab;
    });
    await reportAll(info, 'tab', open);
    await closeAll(open);
  },
  open: async ({ chromium, firefoxBrowser }, use, info) => {
    const open: Tab[] = [];
    await use(async (engine) => {
      if (engine === 'chromium') {
        return chromium();
      }
      skipOrFail(hasFirefox() ? null : 'there is no Firefox');
      const tab = await firefoxTab(await firefoxBrowser());
      open.push(tab);
      return tab;
    });
    await reportAll(info, 'firefox-tab', open);
    await closeAll(open);
  },
  person: async ({ open }, use) => {
    await use(async (name, engine) => {
      const tab = await open(engine);
      await tab.prepare(limitCamera, MODEST);
      return new Person(name, tab);
    });
  },
  bystander: async ({ open }, use) => {
    await use(async (identity, engine) => new Bystander(identity, await open(engine)));
  },
  sdkPerson: async ({ sdkMissing }, use) => {
    skipOrFail(sdkMissing === null ? null : `the Python SDK is not here: ${sdkMissing}`);
    const started: SdkPerson[] = [];
    await use(async (identity) => {
      const person = await SdkPerson.start(identity);
      started.push(person);
      return person;
    });
    await Promise.all(started.map((person) => person.stop()));
  },
  cast: async ({ open, site }, use) => {
    const cast = new Cast(await open('chromium'), site);
    await use(cast);
    await cast.end();
  },
  ownServer: async ({}, use, info) => {
    const started: Server[] = [];
    await use(async (how) => {
      const server = await (how === 'bare' ? Server.bare() : Server.start(how));
      started.push(server);
      return server;
    });
    for (const server of started) {
      if (info.status !== info.expectedStatus) {
        await attach(info, 'own-server-log', server.log());
      }
      await server.stop();
    }
  },
  room: async ({}, use, info) => {
    await use(`room-${info.testId}-${info.repeatEachIndex}`);
  },
});

export { expect };

/** Something that the test needs is missing: say so and skip; where everything must be tested, fail. */
export function skipOrFail(missing: string | null): void {
  if (missing === null) {
    return;
  }
  if (process.env['CI'] === 'true') {
    throw new Error(missing);
  }
  console.warn(`SKIPPED: ${missing}`);
  test.skip(true, missing);
}

/** Keeps a text beside the report of the test: whole, where the report on the console shows but its first lines. */
export async function attach(info: TestInfo, name: string, text: string): Promise<void> {
  const path = info.outputPath(`${name}.txt`);
  writeFileSync(path, text);
  await info.attach(name, { path, contentType: 'text/plain' });
}

/** Keeps what each of the pages can tell of a failure, when there was one. */
export async function reportAll(info: TestInfo, name: string, tabs: Tab[]): Promise<void> {
  if (info.status !== info.expectedStatus) {
    for (const [at, tab] of tabs.entries()) {
      await attach(info, `${name}-${at + 1}`, await tab.report());
    }
  }
}

/** Closes them; a page that did something against its policy fails the test, whatever the test was about. */
export async function closeAll(tabs: Tab[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.close()));
  expect(tabs.flatMap((tab) => tab.violations())).toEqual([]);
}
