/** What is told in passing and can be read again, names in the chat, and all of it in the colours of the system. */

import { expect, test } from '../harness/test.ts';

test('toasts are kept in a list, names are completed by the keyboard, and nothing is told by a ground alone', async ({ server, person }) => {
  const link = `${server.url}/r/${await server.createRoom()}`;
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben Marlow', 'chromium');
  await ada.join(link);
  await ben.join(link);
  const page = ada.page();

  await test.step('the list of notices', async () => {
    await expect(page.locator('.toast', { hasText: 'Ben Marlow joined' })).toBeVisible();
    await ada.tab.press('button', 'More');
    await ada.tab.press('menuitem', 'Notices');
    const dialog = page.getByRole('dialog', { name: 'Notices' });
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Ben Marlow joined' })).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  await test.step('a name is completed, and stands out for whoever bears it', async () => {
    await ada.tab.press('button', 'Chat');
    const field = page.getByRole('textbox', { name: 'Message everyone' });
    await field.pressSequentially('hello @mar');
    await expect(page.getByRole('option', { name: 'Ben Marlow' })).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(field).toHaveValue('hello @Ben Marlow ');
    await expect(page.getByRole('option')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(field).toHaveValue('');
    await ben.tab.press('button', 'Chat, 1 unread line');
    await expect(ben.page().locator('.mention.me')).toHaveText('@Ben Marlow');
    await expect(ben.page().getByText('Mentions you')).toBeVisible();
    // The next line has names of its own; Escape closes the list, and only then the panel.
    await field.pressSequentially('@b');
    await expect(page.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
    await expect(field).toBeVisible();
  });

  await test.step('forced colours', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const outline = (name: string): Promise<string> =>
      page.getByRole('button', { name, exact: true }).evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(await outline('Chat'), 'the pressed key').toBe('solid');
    expect(await outline('Raise hand'), 'a key that is not').toBe('none');
    const tile = page.locator('[data-tile]').first();
    await tile.evaluate((element) => element.classList.add('speaking'));
    expect(await tile.evaluate((element) => getComputedStyle(element, '::before').borderTopWidth), 'speaking is a frame').toBe('4px');
    await page.screenshot({ path: test.info().outputPath('forced.png') });
  });
});
