/** A server in a local network, with an authority of its own that browsers were told to trust. */

import { chromiumTab, firefoxTab, hasFirefox } from '../harness/browsers.ts';
import { doorInUse, leaveOnly } from '../harness/doors.ts';
import { Person } from '../harness/person.ts';
import { SecureServer, certutilMissing } from '../harness/secure.ts';
import type { Tab } from '../harness/tab.ts';
import { expect, skipOrFail, test as base } from '../harness/test.ts';

const test = base.extend<{ secure: SecureServer }>({
  secure: async ({}, use) => {
    skipOrFail(certutilMissing());
    const secure = await SecureServer.start();
    await use(secure);
    await secure.stop();
  },
});

test.describe.configure({ timeout: 240_000 });

test('who does not trust it yet reads over plain HTTP how to, and what to compare', async ({ secure }) => {
  const browser = await secure.chromium(false);
  const warned = await chromiumTab(browser);
  await expect(warned.goto(`${secure.url}/`), 'the browser warns').rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
  // In that tab the warning may still be on its way, and would come in between.
  const tab = await chromiumTab(browser);
  await tab.goto(secure.trustUrl);
  const fingerprint = await secure.fingerprint();
  const shown = await tab.evaluate(() => document.querySelector('.print')?.textContent ?? '', undefined);
  expect(shown.replace(/\s/g, ''), 'the fingerprint of the console').toBe(fingerprint);
  expect(await tab.evaluate(sumOf, '/trust/parlor-ca.crt'), 'the sum of the file').toBe(fingerprint);
  for (const system of ['Windows', 'macOS', 'iPhone', 'Android', 'Linux', 'Firefox']) {
    await expect(tab.page.getByText(system, { exact: false }).first()).toBeVisible();
  }
  await tab.page.getByText('Linux (Chrome', { exact: false }).click();
  await expect(tab.page.getByText('update-ca-certificates')).toBeVisible();
  await tab.page.getByRole('link', { name: 'Français' }).click();
  await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText('Faire confiance à ce serveur');
  expect(tab.violations()).toEqual([]);
  await browser.close();
});

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine} that trusts it opens the page without a warning and meets over TURN in TLS`, async ({ secure }) => {
    skipOrFail(engine === 'firefox' && !hasFirefox() ? 'there is no Firefox' : null);
    const chromium = await secure.chromium(true);
    const firefox = engine === 'firefox' ? await secure.firefox() : null;
    const tab: Tab = firefox ? await firefoxTab(firefox) : await chromiumTab(chromium);
    const link = await secure.createRoom(tab);
    await leaveOnly(tab, 'relay');
    const ada = new Person('Ada', tab);
    await ada.join(link);
    const ben = new Person('Ben', await chromiumTab(chromium));
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    await ada.expectSounds(1);
    await ben.expectPictureOf('Ada');
    await ben.expectSounds(1);
    expect(await doorInUse(tab), 'what carries media').toBe('relay');
    expect(await tab.evaluate(relays, undefined), 'which relay').toEqual([expect.stringMatching(/^turns:localhost:\d+\?transport=tcp$/)]);
    expect(tab.violations()).toEqual([]);
    await firefox?.close();
    await chromium.close();
  });
}

/** Runs in the page, which is a secure one on this machine also over plain HTTP. SHA-256 of a file. */
async function sumOf(path: string): Promise<string> {
  const bytes = await (await fetch(path)).arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...sum].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':');
}

/** Runs in the page. The addresses of the relays that the newest connection was told. */
function relays(): string[] {
  return (window.__connections.at(-1)?.getConfiguration().iceServers ?? []).flatMap((one) => one.urls);
}
