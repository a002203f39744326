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

/** How it is looked at, and the menus of the meeting that have a button there. */
const SIGHTS = [
  {
    sight: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    menus: ['Camera devices', 'Sound devices', 'More'],
  },
  { sight: { colorScheme: 'dark', viewport: { width: 390, height: 844 } }, menus: ['More'] },
] as const;

for (const { sight, menus } of SIGHTS) {
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
      await tab.page.getByRole('button', { name: /^Camera: / }).click();
      await expect(tab.page.getByRole('menu')).toBeVisible();
      await expectClean(tab.page);
      await tab.key('Escape');
      await expect(tab.page.getByRole('menu')).toHaveCount(0);
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

    for (const menu of menus) {
      await test.step(`the menu '${menu}'`, async () => {
        await tab.press('button', menu);
        await expect(tab.page.getByRole('menu', { name: menu, exact: true })).toBeVisible();
        await expectClean(tab.page);
        await tab.key('Escape');
        await expect(tab.page.getByRole('menu')).toHaveCount(0);
        await expect(tab.page.getByRole('button', { name: menu, exact: true })).toBeFocused();
      });
    }

    for (const dialog of ['Settings', 'Keyboard shortcuts']) {
      await test.step(`the dialog '${dialog}'`, async () => {
        await tab.press('button', 'More');
        await tab.page.getByRole('menuitem', { name: dialog }).click();
        await expect(tab.page.getByRole('dialog', { name: dialog })).toBeVisible();
        await expectClean(tab.page);
        await tab.key('Escape');
        await expect(tab.page.getByRole('dialog', { name: dialog })).toHaveCount(0);
      });
    }

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

test('Escape closes what is on top alone, and the focus goes back to where it came from', async ({
  server,
  chromium,
}) => {
  const tab = await chromium();
  const { page } = tab;
  const ada = new Person('Ada', tab);
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const menu = page.getByRole('menu');

  await test.step('settings on the start page', async () => {
    await tab.goto(`${server.url}/`);
    const opener = page.getByRole('button', { name: 'Settings', exact: true });
    for (const close of [() => tab.key('Escape'), () => tab.press('button', 'Close')]) {
      await opener.click();
      await expect(settings).toBeVisible();
      await close();
      await expect(settings).toHaveCount(0);
      await expect(opener).toBeFocused();
    }
  });

  await test.step('a menu within the settings', async () => {
    await tab.goto(`${server.url}/r/${await server.createRoom()}`);
    await ada.allowDevices();
    const opener = page.getByRole('button', { name: 'Settings', exact: true });
    await opener.click();
    const pick = settings.getByRole('button', { name: /^Camera: / });
    await pick.click();
    await expect(menu).toBeVisible();
    await expectClean(page);
    await tab.key('Escape');
    await expect(menu).toHaveCount(0);
    await expect(settings).toBeVisible();
    await expect(pick).toBeFocused();
    await tab.key('Escape');
    await expect(settings).toHaveCount(0);
    await expect(opener).toBeFocused();
  });

  await test.step('in the meeting, where a menu leads to it', async () => {
    await ada.enter();
    const more = page.getByRole('button', { name: 'More', exact: true });
    for (const dialog of ['Settings', 'Keyboard shortcuts']) {
      await more.focus();
      await page.keyboard.press('Enter');
      await expect(menu).toBeVisible();
      await page.getByRole('menuitem', { name: dialog }).press('Enter');
      await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
      await tab.key('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(more).toBeFocused();
    }
  });

  await test.step('the help by its key', async () => {
    const mute = page.getByRole('button', { name: 'Mute', exact: true });
    await mute.focus();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(help).toBeVisible();
    await tab.key('Escape');
    await expect(help).toHaveCount(0);
    await expect(mute).toBeFocused();
  });
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
