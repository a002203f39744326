/** What stands around a meeting: faces of accounts, the lock that everybody sees, the page after it, the room's own page. */

import sharp from 'sharp';

import { makeRoom, signUp } from '../harness/account.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

test('faces, the lock, actions by name, who was in, and the chat on the page of the room', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  await signUp(ada.tab, server, 'ada-around', 'Ada');
  const face = await sharp({ create: { width: 200, height: 250, channels: 3, background: '#3a6ea5' } }).png().toBuffer();
  const sent = await ada.tab.evaluate(async (bytes) => {
    const body = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    return (await fetch('/api/v1/me/avatar', { method: 'PUT', headers: { 'content-type': 'image/png' }, body })).status;
  }, [...face]);
  expect(sent).toBe(200);
  const { code, link } = await makeRoom(ada.tab, server, 'Circle', { lobby: 'off' });
  await ada.join(link);
  await ben.join(link);
  await ben.expectInside();

  await test.step('an account has its face on the tile, for guests too', async () => {
    await ada.tab.press('button', 'Stop video');
    const drawn = ben.page().locator('[data-tile=camera] .cameo img[src^="/api/v1/accounts/"]');
    await expect(drawn).toBeVisible();
    expect(await drawn.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
  });

  await test.step('actions by name; and everybody sees the lock', async () => {
    await ada.page().keyboard.press('Control+k');
    await ada.page().keyboard.type('lock the room');
    await ada.page().keyboard.press('Enter');
    await expect(ben.page().getByRole('img', { name: 'The room is locked: nobody new comes in' })).toBeVisible();
  });

  await test.step('the page after it names who was in, and leads to the room, where the chat can be read', async () => {
    await ben.tab.press('button', 'Chat');
    await ben.tab.fill('Message everyone', 'Read me later');
    await ben.tab.press('button', 'Send');
    await ada.page().keyboard.press('Control+k');
    await ada.page().keyboard.type('leave');
    await ada.page().keyboard.press('Enter');
    await expect(ada.page().getByText('With Ben.')).toBeVisible();
    await ada.page().getByRole('link', { name: 'The page of this room: chat, files, members' }).click();
    await expect(ada.page()).toHaveURL(new RegExp(`/rooms/${code}$`));
    await expect(ada.page().getByRole('group', { name: 'Lines of the chat' })).toContainText('Read me later');
  });

  await test.step('and actions have names outside of meetings, too', async () => {
    await ada.page().keyboard.press('Control+k');
    await ada.page().keyboard.type('go to the meeting circle');
    await expect(ada.page().getByRole('option', { name: 'Go to the meeting Circle' })).toBeVisible();
    await ada.page().keyboard.press('Enter');
    await expect(ada.page()).toHaveURL(link);
  });
});
