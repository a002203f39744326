/** Whoever leads a meeting invites all who are reachable: one comes in past the lobby, one not now, and who is not to be disturbed hears nothing. */

import { call, makeRoom, signUp } from '../harness/account.ts';
import { atHome } from '../harness/calling.ts';
import { openPeople } from '../harness/hosting.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { keepWords, words } from '../harness/words.ts';

test.describe.configure({ timeout: 240_000 });

const CARD = '[data-asked-card]';

test('the owner invites all who are reachable, and reads what each of them says', async ({ server, person }) => {
  const ana = await person('Anabel', 'chromium');
  const bo = await person('Bodil', 'firefox');
  const cleo = await person('Cleophea', 'chromium');
  const dag = await person('Dagny', 'chromium');
  await keepWords(dag.tab);
  await atHome(server, bo, cleo, dag);
  await signUp(ana.tab, server, 'calls-anabel', 'Anabel');
  const quiet = await call(dag.tab, 'PUT', 'me/presence', { chosen: 'doNotDisturb', note: '' });
  expect(quiet.status).toBe(204);
  const room = await makeRoom(ana.tab, server, 'Standup', { lobby: 'everyone' });
  await ana.join(room.link);

  const dialog = ana.page().getByRole('dialog', { name: 'Invite people' });
  const row = (name: string) => dialog.getByRole('listitem').filter({ hasText: name });

  await test.step('the list has those who are reachable', async () => {
    await openPeople(ana);
    await ana.tab.press('button', 'Invite');
    await expect(row('Bodil')).toContainText('Available');
    await expect(row('Cleophea')).toContainText('Available');
    await expect(row('Dagny')).toHaveCount(0);
    await ana.page().setViewportSize({ width: 1280, height: 800 });
    await ana.page().screenshot({ path: test.info().outputPath('dialog.png') });
    // Others of this server may be there from other tests.
    await dialog.getByRole('searchbox').fill('Bodil');
    await expect(row('Cleophea')).toHaveCount(0);
    await dialog.getByRole('searchbox').fill('');
    await dialog.getByRole('button', { name: /^Invite all reachable/ }).click();
    await expect(row('Bodil')).toContainText('Invited');
    await expect(row('Cleophea')).toContainText('Invited');
  });

  await test.step('the card stands on their pages, and not on that of who is not to be disturbed', async () => {
    for (const one of [bo, cleo]) {
      await one.sees('button', 'Come in');
      await expect.poll(() => one.tab.evaluate(readTitle, undefined)).toMatch(/^Anabel invites you to Standup/);
    }
    const page = cleo.page();
    await expect(page.locator(CARD)).toContainText('Invites you to Standup');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: test.info().outputPath('card.png') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: test.info().outputPath('card-narrow.png') });
  });

  await test.step('one does not come now', async () => {
    await cleo.tab.press('button', 'Not now');
    await expect(cleo.page().locator(CARD)).toHaveCount(0);
    await expect(row('Cleophea')).toContainText('Not now');
    await ana.page().screenshot({ path: test.info().outputPath('answers.png') });
  });

  await test.step('one comes in past the lobby, in which everybody else would wait', async () => {
    await bo.tab.press('button', 'Come in');
    await bo.allowDevices();
    await bo.sees('button', 'Join');
    await expect(row('Bodil')).toContainText('Is coming');
    await bo.enter();
    await bo.expectTiles(['Anabel', 'Bodil']);
    await expect(row('Bodil')).toHaveCount(0, { timeout: MEDIA_PATIENCE });
    expect(await bo.tab.shows('button', 'Come in')).toBe(false);
  });

  await test.step('who is not to be disturbed was told nothing', async () => {
    expect(await dag.page().locator(CARD).count()).toBe(0);
    expect((await words(dag.tab)).filter((said) => said.includes('invites'))).toEqual([]);
  });
});

/** Runs in the page. */
function readTitle(): string {
  return document.title;
}
