/** The main job: people in both engines meet through Parlor's pages. */

import type { Page } from '@playwright/test';

import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

test('three people in two engines see and hear each other, share, leave, return, and a fourth joins', async ({
  server,
  person,
}) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  const fay = await person('Fay', 'firefox');
  const link = await test.step('Ada makes a meeting', () => ada.startMeeting(server.url));

  await test.step('the others open the link', async () => {
    await ben.join(link);
    await fay.join(link);
    for (const one of [ada, ben, fay]) {
      await one.expectTiles(['Ada', 'Ben', 'Fay']);
    }
  });

  await test.step('each sees and hears both others', () => expectAllMeet([ada, ben, fay]));

  await test.step('a muted microphone shows at the others', async () => {
    await ben.tab.press('button', 'Mute');
    await ben.sees('button', 'Unmute');
    for (const one of [ada, fay]) {
      await expectMark(one, 'Ben', true);
    }
    await ben.tab.press('button', 'Unmute');
    await ben.sees('button', 'Mute');
    for (const one of [ada, fay]) {
      await expectMark(one, 'Ben', false);
    }
  });

  await test.step('a stopped camera leaves the tile without a picture, and comes back', async () => {
    await ben.tab.press('button', 'Stop video');
    await ben.sees('button', 'Start video');
    await expect.poll(() => pictures(ada, 'Ben'), { timeout: MEDIA_PATIENCE }).toBe(0);
    await ben.tab.press('button', 'Start video');
    await ben.sees('button', 'Stop video');
    await ada.expectPictureOf('Ben');
    await fay.expectPictureOf('Ben');
  });

  await test.step('a screen with sound appears at the others', async () => {
    await ada.tab.press('button', 'Share');
    await ada.sees('button', 'Stop sharing');
    for (const one of [ben, fay]) {
      await expect.poll(() => one.tile('Ada', 'share'), { timeout: MEDIA_PATIENCE }).toBeDefined();
      await one.expectPictureOf('Ada', 'share');
      // Both microphones, and the sound of the screen.
      await one.expectSounds(3);
    }
    await ada
      .page()
      .getByRole('region', { name: 'Your shared screen' })
      .getByRole('button', { name: 'Stop sharing' })
      .click();
    for (const one of [ben, fay]) {
      await expect.poll(() => one.tile('Ada', 'share'), { timeout: MEDIA_PATIENCE }).toBeUndefined();
    }
  });

  await test.step('one leaves: the tile goes at the others', async () => {
    await ben.leave();
    for (const one of [ada, fay]) {
      await one.expectTiles(['Ada', 'Fay']);
    }
  });

  await test.step('and returns', async () => {
    await ben.join(link);
    for (const one of [ada, ben, fay]) {
      await one.expectTiles(['Ada', 'Ben', 'Fay']);
    }
    await expectAllMeet([ada, ben, fay]);
  });

  await test.step('a fourth opens the link and joins', async () => {
    const dot = await person('Dot', 'chromium');
    await dot.join(link);
    await expectAllMeet([ada, ben, fay, dot]);
  });
});

test('somebody in Firefox makes the meeting, and mutes there', async ({ server, person }) => {
  const fay = await person('Fay', 'firefox');
  const ada = await person('Ada', 'chromium');
  const link = await fay.startMeeting(server.url);
  await ada.join(link);
  await expectAllMeet([ada, fay]);
  await fay.tab.press('button', 'Mute');
  await expectMark(ada, 'Fay', true);
  await fay.leave();
  await ada.expectTiles(['Ada']);
});

test('one joins by the code on the start page, without video', async ({ server, person, chromium }) => {
  const ada = await person('Ada', 'chromium');
  const link = await ada.startMeeting(server.url);
  const code = new URL(link).pathname.replace('/r/', '');
  const tab = await chromium();
  const eve = new Person('Eve', tab);
  await tab.goto(`${server.url}/`);
  await tab.fill('Code or link', code);
  await tab.press('button', 'Join');
  await expect(tab.page).toHaveURL(link);
  await tab.fill('Your name', 'Eve');
  await tab.press('button', 'Join without video');
  await eve.expectInside();
  await eve.expectPictureOf('Ada');
  await ada.expectTiles(['Ada', 'Eve']);
  await ada.expectSounds(1);
  expect((await ada.tile('Eve'))?.track).toBe('');
  await closed(tab.page);
  await ada.expectTiles(['Ada']);
});

/** Everybody decodes every other's picture and hears as many sounds as there are others. */
async function expectAllMeet(people: Person[]): Promise<void> {
  for (const one of people) {
    for (const other of people) {
      if (other !== one) {
        await one.expectPictureOf(other.name);
      }
    }
    await one.expectSounds(people.length - 1);
  }
}

/** Whether somebody's tile says 'muted', in its name. */
async function expectMark(at: Person, of: string, muted: boolean): Promise<void> {
  await expect
    .poll(async () => /muted/i.test((await at.tile(of))?.name ?? ''), {
      message: `${at.name} sees that ${of} is ${muted ? '' : 'not '}muted`,
      timeout: MEDIA_PATIENCE,
    })
    .toBe(muted);
}

async function pictures(at: Person, of: string): Promise<number> {
  const tile = await at.tile(of);
  return tile === undefined || tile.track === '' ? 0 : 1;
}

/** A closed tab says nothing to anybody. */
async function closed(page: Page): Promise<void> {
  await page.close({ runBeforeUnload: false });
}
