/** The connection test: everything passes where everything is open, and what is closed is named with what to do about it. */

import type { Browser as Chromium } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { chromiumTab, firefoxTab, hasFirefox } from '../harness/browsers.ts';
import { silenceMicrophone } from '../harness/devices.ts';
import { Lab, MEDIA_PORT, labMissing } from '../harness/lab.ts';
import { ChromiumTab, type Engine, type Tab } from '../harness/tab.ts';
import { closeAll, expect, skipOrFail, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** All that is tried takes some seconds each; where ways are closed, ten each. */
const PATIENCE = 120_000;

const ALL = ['browser', 'microphone', 'camera', 'socket', 'udp', 'tcp', 'relay', 'sending', 'receiving', 'return'];

const REMEDY = `UDP ${MEDIA_PORT} is not reachable from your browser. Open it in the firewall, or continue: calls will use TCP and be a little slower.`;

/** What each line says, by item. */
function verdicts(tab: Tab): Promise<Record<string, string>> {
  return tab.evaluate(
    () => Object.fromEntries([...document.querySelectorAll('[data-item]')].map((line) => [line.getAttribute('data-item'), line.getAttribute('data-verdict')])) as Record<string, string>,
    undefined,
  );
}

/** The words of one line. */
function words(tab: Tab, item: string): Promise<string> {
  return tab.evaluate((name) => document.querySelector(`[data-item="${name}"]`)?.textContent ?? '', item);
}

/** Runs the test, and waits for its end. */
async function run(tab: Tab, how: string): Promise<Record<string, string>> {
  await tab.press('button', how);
  await expect.poll(() => tab.shows('button', 'Download report'), { message: 'the test ends', timeout: PATIENCE }).toBe(true);
  return verdicts(tab);
}

/** Keeps what the page gives as a file. */
function keepFiles(): void {
  const native = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (thing: Blob | MediaSource) => {
    if (thing instanceof Blob) {
      void thing.text().then((text) => Reflect.set(window, 'given', text));
    }
    return native(thing);
  };
}

/** The report that the page gives. */
async function report(tab: Tab): Promise<string> {
  await tab.press('button', 'Download report');
  const given = (): Promise<string> => tab.evaluate(() => String(Reflect.get(window, 'given') ?? ''), undefined);
  await expect.poll(given, { message: 'the report' }).not.toBe('');
  return given();
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine}: everything passes on a server that is well, and the report says so`, async ({ server, open }) => {
    const tab = await open(engine);
    await tab.prepare(keepFiles, undefined);
    await tab.goto(`${server.url}/test`);
    const found = await run(tab, 'Start the test');
    expect(found).toEqual(Object.fromEntries(ALL.map((item) => [item, 'pass'])));
    expect(await tab.shows('heading', 'You can call')).toBe(true);
    expect(await words(tab, 'sending')).toMatch(/\d+p at \d+ frames/);
    const text = await report(tab);
    expect(text).toContain('[Pass] Direct, UDP');
    expect(text).toContain('[Pass] Coming back');
    expect(text, 'no secret').not.toMatch(/eyJ|access_token/);
  });

  test(`${engine}: what the network closes is named, and what is open passes`, async ({}) => {
    skipOrFail(engine === 'firefox' && !hasFirefox() ? 'there is no Firefox' : null);
    skipOrFail(await labMissing());
    const lab = await Lab.start('seed = 5\n[[client]]\nname = "phone"\n');
    const tabs: Tab[] = [];
    try {
      const tab = await openIn(lab, engine);
      tabs.push(tab);
      await lab.act('cut-udp phone');
      await tab.goto(`${lab.url}/test`);
      const cut = await run(tab, 'Test without camera and microphone');
      expect(cut).toMatchObject({ udp: 'fail', tcp: 'pass', relay: 'pass', sending: 'pass', receiving: 'pass', camera: 'skip' });
      expect(await words(tab, 'udp')).toContain(REMEDY);
      expect(await tab.shows('heading', 'You can call, with one weak spot')).toBe(true);
      await lab.act(`cut-port phone ${MEDIA_PORT}`);
      const relayed = await run(tab, 'Test again');
      expect(relayed).toMatchObject({ udp: 'fail', tcp: 'fail', relay: 'pass', sending: 'pass', receiving: 'pass' });
    } finally {
      await closeAll(tabs);
      await lab.stop();
    }
  });
}

test('a microphone that is on and silent fails, and camera and microphone are closed by whoever leaves', async ({ server, chromium }) => {
  const tab = await chromium();
  await silenceMicrophone(tab.page);
  await tab.page.addInitScript(keepDevices);
  await tab.goto(`${server.url}/test`);
  const found = await run(tab, 'Start the test');
  expect(found).toMatchObject({ microphone: 'fail', camera: 'pass', udp: 'pass', sending: 'pass', receiving: 'pass' });
  expect(await tab.shows('heading', 'Your connection is good, your devices are not')).toBe(true);
  await tab.press('button', 'Test again');
  await expect.poll(async () => (await verdicts(tab))['udp'], { message: 'the devices are open' }).toMatch(/running|pass/);
  expect(await tab.evaluate(openDevices, undefined)).toBe(2);
  await tab.press('button', 'Close');
  expect(await tab.evaluate(openDevices, undefined)).toBe(0);
});

test('the last page of the set-up tests the server by itself', async ({ ownServer, chromium }) => {
  const server = await ownServer('bare');
  const tab = await chromium();
  await tab.goto(`${server.url}/`);
  await tab.fill('Set-up code', await server.setUpCode());
  await tab.press('button', 'Continue');
  await tab.fill('Name to sign in with', 'ada');
  await tab.fill('Password', 'a password for the tests');
  await tab.press('button', 'Finish');
  const open = { web: 'pass', socket: 'pass', udp: 'pass', tcp: 'pass', relay: 'pass' };
  await expect.poll(() => verdicts(tab), { message: 'every door is open', timeout: PATIENCE }).toEqual(open);
  await expect(tab.page.getByText('5 open, 0 closed')).toBeVisible();
  // Whoever tests again keeps their place on the page.
  const again = tab.page.getByRole('button', { name: 'Test again' });
  await again.press('Enter');
  await expect(tab.page.getByText('5 open, 0 closed')).toHaveCount(0);
  await expect(again).toBeFocused();
  await expect.poll(() => verdicts(tab), { message: 'every door is open again', timeout: PATIENCE }).toEqual(open);
  await expect(again).toBeFocused();
});

test('the way there leads from a door and back to it, and the report is a file', async ({ server, chromium }) => {
  const code = await server.createRoom();
  const tab = await chromium();
  await tab.goto(`${server.url}/r/${code}`);
  await tab.press('link', 'Test my connection');
  await expect(tab.page.getByRole('heading', { name: 'Will a call work from here?' })).toBeFocused();
  await run(tab, 'Test without camera and microphone');
  const [file] = await Promise.all([tab.page.waitForEvent('download'), tab.press('button', 'Download report')]);
  expect(file.suggestedFilename()).toMatch(/^connection-test-[\d-]+\.txt$/);
  await tab.press('button', 'Close');
  await expect.poll(() => tab.url()).toBe(`${server.url}/r/${code}`);
});

/** Runs in the page: notes every track that it is given. */
function keepDevices(): void {
  const given: MediaStreamTrack[] = [];
  Reflect.set(window, 'devices', given);
  const { prototype } = MediaDevices;
  const ask = prototype.getUserMedia;
  prototype.getUserMedia = async function (constraints) {
    const stream = await ask.call(this, constraints);
    given.push(...stream.getTracks());
    return stream;
  };
}

/** Runs in the page: how many of them are open. */
function openDevices(): number {
  return (Reflect.get(window, 'devices') as MediaStreamTrack[]).filter(({ readyState }) => readyState === 'live').length;
}

async function openIn(lab: Lab, engine: Engine): Promise<Tab> {
  const tab = engine === 'chromium' ? await chromiumTab((await lab.chromium('phone')) as Chromium) : await firefoxTab((await lab.firefox('phone')) as Firefox);
  if (tab instanceof ChromiumTab) {
    tab.page.setDefaultTimeout(PATIENCE);
  }
  return tab;
}
