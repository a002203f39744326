/** WCAG 2.2 AA as far as a machine can tell, on every screen, in both themes and on a small display. */

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import axe from 'axe-core';

import { breakDevices } from '../harness/devices.ts';
import { Person } from '../harness/person.ts';
import { settled } from '../harness/settled.ts';
import { FirefoxTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const SIGHTS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

for (const sight of SIGHTS) {
  test(`no violation, ${sight.colorScheme} at ${sight.viewport.width}`, async ({ server, chromium, person }) => {
    const tab = await chromium(sight);
    const ada = new Person('Ada', tab);

    await test.step('start', async () => {
      await tab.goto(`${server.url}/`);
      await ada.sees('button', 'New meeting');
      await expectClean(tab.page);
    });

    const link = `${server.url}/r/${await server.createRoom()}`;
    await test.step('pre-join', async () => {
      await tab.goto(link);
      await ada.sees('button', 'Join');
      await expectClean(tab.page);
      await ada.allowDevices();
      await expectClean(tab.page);
    });

    await test.step('meeting', async () => {
      await ada.enter();
      const ben = await person('Ben', 'chromium');
      await ben.join(link);
      await ada.expectPictureOf('Ben');
      await expectClean(tab.page);
      await ben.tab.press('button', 'Share');
      await ada.expectPictureOf('Ben', 'share');
      await expectClean(tab.page);
    });

    await test.step('after leaving', async () => {
      await ada.leave();
      await expectClean(tab.page);
    });

    await test.step('a device error', async () => {
      const other = await chromium(sight);
      await breakDevices(other.page, { error: 'NotAllowedError', message: 'Permission denied' });
      await other.goto(link);
      await new Person('Eve', other).allowDevices();
      await expectClean(other.page);
    });
  });
}

test('Firefox: no violation on start and in the meeting', async ({ server, person }) => {
  const fay = await person('Fay', 'firefox');
  await fay.tab.goto(`${server.url}/`);
  await fay.sees('button', 'New meeting');
  await expectCleanFirefox(fay);
  await fay.startMeeting(server.url);
  await expectCleanFirefox(fay);
});

async function expectClean(page: Page): Promise<void> {
  // Colours in the middle of a fade are nobody's choice.
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(told).toEqual([]);
}

/** `axe` by hand, since its driver is for Playwright. */
async function expectCleanFirefox({ tab }: Person): Promise<void> {
  if (!(tab instanceof FirefoxTab)) {
    throw new Error('this is for Firefox');
  }
  await tab.page.evaluate(axe.source);
  const found = await tab.evaluate(runAxe, RULES);
  expect(found).toEqual([]);
}

/** Runs in the page. */
async function runAxe(rules: string[]): Promise<string[]> {
  type Outcome = { violations: { id: string }[] };
  const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Outcome> } };
  const { violations } = await axe.run({ runOnly: { type: 'tag', values: rules } });
  return violations.map((one) => one.id);
}
