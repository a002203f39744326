/** What lies over a page takes the focus and gives it back, whatever it was opened and closed by. */

import { violations } from '../harness/axe.ts';
import { Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

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
    expect(await violations(page)).toEqual([]);
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
