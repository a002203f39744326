/** What those who lead do to the meeting as a whole: spotlight, the way back to the lobby, pause, handing over. */

import { expectFlow, expectStill, keepOpen } from '../harness/counts.ts';
import { control, meet, openPeople, withPerson } from '../harness/hosting.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { hanging } from '../harness/stage.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

test('one person is in the spotlight for everybody who did not choose otherwise', async ({ server, person }) => {
  const [ada, ben, cy] = [await person('Ada', 'chromium'), await person('Ben', 'chromium'), await person('Cy', 'chromium')];
  const { link } = await meet(server, [ada, ben, cy], 'ada-who-shines');

  await test.step('large for the others, and marked for all', async () => {
    await withPerson(ada, 'Ben', 'Spotlight for everyone');
    await expectLarge(ada, 'Ben');
    await expectLarge(cy, 'Ben');
    for (const one of [ada, ben, cy]) {
      await expectLit(one, 'Ben', true);
    }
    await ben.expectWords(/You are in the spotlight/, true);
  });

  await test.step("one's own choice wins", async () => {
    await withPerson(cy, 'Ada', 'Make large for me');
    await expectLarge(cy, 'Ada');
    await withPerson(cy, 'Ada', 'Make large for me');
    await expectLarge(cy, 'Ben');
  });

  await test.step('who comes later sees it too, and it ends when they leave', async () => {
    const dot = await person('Dot', 'chromium');
    await dot.join(link);
    await expectLarge(dot, 'Ben');
    await ben.leave();
    await expectLit(dot, 'Ben', false);
    await expect.poll(() => kind(dot), { timeout: MEDIA_PATIENCE }).toBe('grid');
  });

  await test.step('or when it is taken away', async () => {
    await withPerson(ada, 'Cy', 'Spotlight for everyone');
    await expectLit(cy, 'Cy', true);
    await withPerson(ada, 'Cy', 'Take the spotlight away');
    await expectLit(cy, 'Cy', false);
    await expect.poll(() => kind(ada), { timeout: MEDIA_PATIENCE }).toBe('grid');
  });
});

test('somebody is moved to the lobby and let in again, though the lobby is off', async ({ server, person }) => {
  const [ada, ben] = [await person('Ada', 'chromium'), await person('Ben', 'chromium')];
  await keepOpen(ben.tab);
  await meet(server, [ada, ben], 'ada-who-moves');
  await expectFlow(ben, 'both', 'before the move');
  await withPerson(ada, 'Ben', 'Move to the lobby');
  await ben.sees('heading', 'Waiting for someone to let you in');
  await ben.expectWords(/A host moved you to the lobby\./, true);
  await expectStill(ben, 'both', 'in the lobby');
  await ada.expectTiles(['Ada']);
  await openPeople(ada);
  await ada.tab.press('button', 'Admit Ben');
  await ben.expectInside();
  await ada.expectPictureOf('Ben');
});

test('everything is paused, and goes on', async ({ server, person }) => {
  const [ada, ben] = [await person('Ada', 'chromium'), await person('Ben', 'chromium')];
  const { link } = await meet(server, [ada, ben], 'ada-who-pauses');
  await expectFlow(ada, 'both', 'before the pause');
  await expectFlow(ben, 'both', 'before the pause');
  await control(ada, 'menuitemcheckbox', 'Pause everything');

  await test.step('nothing goes out, from hosts neither', async () => {
    for (const one of [ada, ben]) {
      await one.expectWords(/The meeting is paused/, true);
      await one.sees('button', 'Unmute');
      await one.sees('button', 'Start video');
      await expectStill(one, 'both', 'while all is paused');
    }
    await ben.tab.press('button', 'Unmute');
    await ben.expectWords(/Only hosts may speak at the moment\./, true);
    await ben.sees('button', 'Unmute');
    await ben.tab.press('button', 'Chat');
    await ben.expectWords(/Only hosts may write at the moment\./, true);
    expect(await ben.tab.shows('button', 'Resume')).toBe(false);
  });

  await test.step('hosts may say why', async () => {
    await ada.tab.press('button', 'Unmute');
    await expectFlow(ben, 'audio', 'when the host speaks');
  });

  const dot = await person('Dot', 'chromium');
  await test.step('whoever comes waits until it goes on, and comes in by themselves', async () => {
    await dot.knock(link);
    await dot.sees('heading', 'Waiting for someone to let you in');
    await ada.tab.press('button', 'Resume');
    await dot.expectInside();
  });

  await test.step('then all is as it was', async () => {
    await ben.tab.press('button', 'Unmute');
    await ben.tab.press('button', 'Start video');
    await expectFlow(ada, 'both', 'after the pause');
    await ben.sees('textbox', 'Message everyone');
    await ben.expectWords(/The meeting is paused/, false);
  });
});

test('the last who leads says who leads next, and leaves', async ({ server, person }) => {
  const [ada, ben, cy] = [await person('Ada', 'chromium'), await person('Ben', 'chromium'), await person('Cy', 'chromium')];
  await meet(server, [ada, ben, cy], 'ada-who-hands-over');
  await ada.tab.press('button', 'Leave');
  await ada.expectWords(/Ben will lead then/, true);
  await ada.tab.press('menuitem', 'Choose who leads, then leave');
  const dialog = ada.page().getByRole('dialog', { name: 'Who leads when you leave?' });
  await expect(dialog.getByRole('radio', { name: /Ben/ })).toBeChecked();
  await dialog.getByRole('radio', { name: /Cy/ }).check();
  await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
  await ada.sees('heading', 'You left');
  await cy.expectWords(/You are a host now\./, true);
  await cy.sees('button', 'Host controls');
  expect(await ben.tab.shows('button', 'Host controls')).toBe(false);
});

const kind = async (at: Person): Promise<string> => (await hanging(at.page())).kind;

/** Waits until the largest picture is that of somebody. */
async function expectLarge(at: Person, of: string): Promise<void> {
  const largest = async (): Promise<string | undefined> => {
    const { kind: drawn, tiles } = await hanging(at.page());
    const [first] = tiles.toSorted((one, other) => other.w * other.h - one.w * one.h);
    const tile = (await at.tiles()).find((one) => one.participant === first?.key);
    return drawn === 'speaker' ? tile?.name.split(/[,(]/)[0]?.trim() : drawn;
  };
  await expect.poll(largest, { message: `${at.name} sees ${of} large`, timeout: MEDIA_PATIENCE }).toBe(of);
}

/** Waits until the tile of somebody says that they are in the spotlight, or no tile does. */
async function expectLit(at: Person, of: string, lit: boolean): Promise<void> {
  const marked = async (): Promise<boolean> => (await at.tiles()).some((tile) => tile.name.startsWith(of) && tile.name.includes('In the spotlight'));
  await expect.poll(marked, { message: `${at.name} ${lit ? 'sees' : 'no longer sees'} ${of} in the spotlight`, timeout: MEDIA_PATIENCE }).toBe(lit);
}
