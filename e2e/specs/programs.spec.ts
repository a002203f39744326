/** Programs that attend, as their owner sees them; and home, which says who is reachable and what was missed. */

import { call, signUp } from '../harness/account.ts';
import { Program } from '../harness/program.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 60_000 });

test('a program comes in with an app password, is written to, and is let in no more', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const page = ada.page();
  await signUp(ada.tab, server, 'ada-of-programs', 'Ada');
  await ada.tab.goto(`${server.url}/account`);
  await ada.expectWords(/None of your programs attends now\./, true);

  const password = await test.step('it is shown once', async () => {
    await ada.tab.press('button', 'Make a password');
    await ada.tab.fill('What it is for', 'Door bell');
    await ada.tab.press('button', 'Make a password');
    await ada.sees('heading', 'The app password for Door bell');
    const shown = (await page.locator('[data-secret-link]').textContent()) ?? '';
    expect(shown).toMatch(/^[\w-]{43}$/);
    await ada.tab.press('button', 'Close');
    await ada.expectWords(new RegExp(shown), false);
    return shown;
  });

  const bell = await Program.attend(server.url, 'my_id=7&room=Hall', 'ada-of-programs', password);
  await test.step('what it said of itself is seen, and it is written to', async () => {
    await ada.expectWords(/my_id: 7 · room: Hall/, true);
    await ada.tab.press('button', 'A message to Door bell');
    await ada.tab.fill('A message to Door bell', 'Somebody is at the door');
    await ada.tab.press('button', 'Send');
    await ada.expectWords(/The message is on its way\./, true);
    await expect.poll(() => bell.heard.map(({ event, message }) => message ?? event)).toEqual(['attending', 'Somebody is at the door']);
  });

  await test.step('without its password it is there no more', async () => {
    await ada.tab.press('button', 'Remove the app password Door bell');
    await expect.poll(() => bell.isOpen()).toBe(false);
    await ada.expectWords(/None of your programs attends now\./, true);
    await expect(Program.attend(server.url, '', 'ada-of-programs', password)).rejects.toThrow('401');
  });
});

test('home says that I am reachable, who else is, and whose call I missed', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  await signUp(ada.tab, server, 'ada-of-salon', 'Ada of the salon');
  await signUp(ben.tab, server, 'ben-of-salon', 'Ben of the salon');
  await ada.sees('heading', 'You are reachable');
  await expect(ada.page().getByRole('img', { name: /Ben of the salon/ })).toBeVisible();

  await test.step('a call that nobody took is there until it was looked at', async () => {
    const people = (await call(ben.tab, 'GET', 'people?find=Ada%20of%20the%20salon')).body as { account: string }[];
    const placed = await call(ben.tab, 'POST', 'calls', { people: [people[0]?.account], device: 'elsewhere' });
    expect(placed.status).toBe(201);
    await ada.expectWords(/Ben of the salon/, true);
    await call(ben.tab, 'POST', `calls/${(placed.body as { id: string }).id}/acts`, { act: 'end' });
    const missed = ada.page().getByRole('region', { name: 'Missed', exact: true });
    await expect(missed.getByRole('listitem')).toHaveText(/^.*Ben of the salon/);
    await expect(missed.getByRole('button', { name: 'Call Ben of the salon back' })).toBeEnabled();
    await missed.getByRole('link', { name: 'All calls' }).click();
    await ada.sees('heading', 'Calls');
    await ada.tab.press('link', 'Home');
    await ada.sees('heading', 'You are reachable');
    await expect(missed).toBeHidden();
  });

  await test.step('and whoever wants quiet says so there', async () => {
    await ada.page().getByRole('button', { name: /^How others find you/ }).click();
    await ada.tab.press('menuitemradio', 'Do not disturb');
    await ada.sees('heading', 'You are not disturbed');
  });
});
