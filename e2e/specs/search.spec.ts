/** The search above every page: people, rooms and messages are found and gone to with the keyboard, and on a small display by hand. */

import { call, makeRoom, signUp } from '../harness/account.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { Person } from '../harness/person.ts';
import { SIZES } from '../harness/picture.ts';
import { PASSWORD, type Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

const FIELD = 'Search people, rooms, messages';

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a person, a message and a room are found by keys, in ${engine}`, async ({ server, person }) => {
    const ada = await person('Ada', engine);
    const keys = new Keyboard(ada);
    const lea = await account(server, `search-lea-${engine}`, `Léa of ${engine}`);
    await signUp(ada.tab, server, `search-ada-${engine}`, 'Ada');
    const made = await call(ada.tab, 'POST', 'conversations', { people: [lea] });
    const { id } = made.body as { id: string };
    const said = await call(ada.tab, 'POST', `rooms/${id}/messages`, { text: `The copper kettle leaks, says ${engine}` });
    expect([made.status, said.status]).toEqual([201, 201]);
    await ada.tab.goto(`${server.url}/`);

    await test.step('it opens over the page, and Escape gives the focus back', async () => {
      await ada.tab.fill('Code or link', 'bolu');
      await keys.press('Control+k');
      await keys.expectAt('combobox', FIELD);
      await keys.press('Escape');
      await keys.expectAt('textbox', 'Code or link');
    });

    await test.step('somebody is found without their accent, and written to', async () => {
      await keys.press('Control+k');
      await keys.expectAt('combobox', FIELD);
      await keys.type(`lea of ${engine}`);
      await expect.poll(() => ada.tab.evaluate(chosen, undefined)).toContain(`Léa of ${engine}`);
      await keys.press('Enter');
      await ada.sees('textbox', `Message Léa of ${engine}`);
      expect(ada.tab.url()).toContain(`/chat/${id}`);
    });

    await test.step('a message is found by a word of it', async () => {
      await ada.tab.press('link', 'Home');
      await ada.sees('button', 'New meeting');
      await keys.press('Control+k');
      await keys.expectAt('combobox', FIELD);
      await keys.type('kettle');
      await expect.poll(() => ada.tab.evaluate(chosen, undefined)).toMatch(/copper kettle leaks/);
      await keys.press('Enter');
      await ada.expectWords(new RegExp(`copper kettle leaks, says ${engine}`), true);
      expect(ada.tab.url()).toContain(`/chat/${id}`);
    });

    await test.step('a code leads to its door', async () => {
      const { code } = await makeRoom(ada.tab, server, `Orchard of ${engine}`);
      await keys.press('Control+k');
      await keys.expectAt('combobox', FIELD);
      await keys.type(`${server.url}/r/${code}`);
      await expect.poll(() => ada.tab.evaluate(chosen, undefined)).toBe(`Join ${code}`);
      await keys.press('ArrowUp', 'Escape');
    });
  });
}

test('on a small display it is a button, and a press on what is found goes there', async ({ server, chromium }) => {
  const ada = new Person('Ada', await chromium({ viewport: SIZES.narrow }));
  await signUp(ada.tab, server, 'search-narrow', 'Ada');
  const { code } = await makeRoom(ada.tab, server, 'Narrow orchard');
  await ada.tab.press('button', FIELD);
  const page = ada.page();
  await page.getByRole('combobox', { name: FIELD }).fill('orchard narrow');
  const option = page.getByRole('option', { name: /^Narrow orchard/ });
  await expect(option).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing stands out').toBeLessThanOrEqual(SIZES.narrow.width);
  await option.click();
  await expect(page).toHaveURL(new RegExp(`/rooms/${code}$`));
});

/** Makes an account without signing anybody in; gives its id. */
async function account(server: Server, name: string, displayName: string): Promise<string> {
  const made = await fetch(`${server.url}/api/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, displayName, password: PASSWORD }),
  });
  expect(made.status).toBe(201);
  const { account: one } = (await made.json()) as { account: { id: string } };
  return one.id;
}

/** Runs in the page: what Enter would choose. */
function chosen(): string {
  const field = document.activeElement;
  const option = document.getElementById(field?.getAttribute('aria-activedescendant') ?? '');
  return option?.innerText ?? '';
}
