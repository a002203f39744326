/** Rooms of one's own: made at home, kept on their page, and entered by doors of every kind. */

import { call, makeRoom, signUp } from '../harness/account.ts';
import { connections } from '../harness/counts.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

test('a room is made at home, renamed, described, given members and deleted', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const page = ada.page();
  await signUp(ada.tab, server, 'ada-of-rooms', 'Ada');
  await signUp((await person('Ben', 'chromium')).tab, server, 'ben-of-rooms', 'Ben');

  await test.step('made', async () => {
    await ada.expectWords(/You have no rooms yet\./, true);
    await page.getByRole('button', { name: 'New room' }).first().click();
    await ada.tab.press('button', 'Create');
    await ada.expectWords(/Type a title\./, true);
    await ada.tab.fill('Title of the room', 'Reading circle');
    await ada.tab.press('button', 'Create');
    await ada.sees('heading', 'Reading circle');
  });

  await test.step('renamed and described', async () => {
    await ada.tab.fill('Title', 'Reading group');
    await ada.tab.fill('Description', 'One book a month.');
    await ada.tab.press('button', 'Save');
    await ada.sees('heading', 'Reading group');
  });

  await test.step('with a member', async () => {
    await ada.tab.fill('Name to sign in with', 'nobody-here');
    await ada.tab.press('button', 'Add');
    await ada.expectWords(/Nobody signs in here as nobody-here\./, true);
    await ada.tab.fill('Name to sign in with', 'ben-of-rooms');
    await ada.tab.press('button', 'Add');
    await ada.sees('button', 'Role of Ben');
    await ada.tab.press('button', 'Role of Ben');
    await ada.tab.press('menuitemradio', 'Co-host');
    const path = `rooms/${new URL(page.url()).pathname.split('/').at(-1) ?? ''}`;
    await expect
      .poll(async () => JSON.stringify((await call(ada.tab, 'GET', `${path}/members`)).body))
      .toMatch(/"name":"ben-of-rooms".*"role":"host"/);
  });

  await test.step('found again at home and among all meetings', async () => {
    await ada.tab.press('link', 'Home');
    await expect(page.getByRole('link', { name: /^Reading group/ })).toBeVisible();
    await ada.tab.press('link', 'Meetings');
    await page.getByRole('link', { name: /^Reading group/ }).click();
    await ada.sees('heading', 'Reading group');
    await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('One book a month.');
  });

  await test.step('deleted', async () => {
    const code = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await ada.tab.press('button', 'Delete the room');
    await ada.tab.press('button', 'Delete for good');
    await ada.expectWords(/The room is deleted\./, true);
    await ada.tab.goto(`${server.url}/r/${code}`);
    await ada.sees('heading', 'There is no room here');
  });
});

test('a meeting starts in one press and is ready to share, or is prepared for later', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  await signUp(ada.tab, server, 'ada-of-now', 'Ada');
  await ada.tab.press('button', 'New meeting: now or for later');
  await ada.tab.press('menuitem', 'For later');
  await ada.sees('heading', 'Your meeting is ready');
  await ada.tab.press('button', 'QR code');
  await expect(ada.page().getByRole('img', { name: /^QR code of the link/ })).toBeVisible();
  await ada.tab.press('button', 'Close');

  const link = await ada.startMeeting(server.url);
  await ada.sees('heading', 'Your meeting is ready');
  await expect(ada.page().getByRole('link', { name: 'E-mail' })).toHaveAttribute('href', new RegExp(encodeURIComponent(link)));
  const gus = await person('Gus', 'chromium');
  await gus.knock(link);
  await ada.expectWords(/Gus is at the door/, true);
  await ada.tab.press('button', 'Admit');
  await gus.expectInside();
  await ada.expectTiles(['Ada', 'Gus']);
});

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a guest comes in by a name in two steps, and in one when remembered, in ${engine}`, async ({ server, person }) => {
    const ada = await person('Ada', 'chromium');
    const gus = await person('Gus', engine);
    await signUp(ada.tab, server, `ada-and-guest-${engine}`, 'Ada');
    const { link } = await makeRoom(ada.tab, server, 'Open house', { lobby: 'off' });
    await ada.join(link);
    await gus.join(link);
    await gus.expectPictureOf('Ada');
    await gus.leave();

    await gus.tab.goto(link);
    await gus.sees('button', 'Join');
    const name = await gus.tab.evaluate(() => document.querySelector<HTMLInputElement>('#name')?.value, undefined);
    expect(name).toBe('Gus');
    await gus.tab.press('button', 'Join');
    await gus.expectInside();
    await ada.expectTiles(['Ada', 'Gus']);
  });
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`whoever comes early waits, and goes in when a host lets them, in ${engine}`, async ({ server, person }) => {
    const ada = await person('Ada', 'chromium');
    const gus = await person('Gus', engine);
    await signUp(ada.tab, server, `ada-at-the-door-of-${engine}`, 'Ada');
    const { link } = await makeRoom(ada.tab, server, 'Lobby', { lobby: 'guests' });

    await test.step('early, with nobody in', async () => {
      await gus.knock(link);
      await gus.sees('heading', 'Waiting for someone to let you in');
      await gus.expectWords(/Nobody is in yet who could let you in\./, true);
    });

    await test.step('a host comes', async () => {
      await ada.join(link);
      await ada.expectWords(/Gus is at the door/, true);
      await gus.expectWords(/Those inside know that you are here\./, true);
      expect(await connections(gus), 'whoever waits has no connection for media at all').toBe(0);
      await ada.tab.press('button', 'Admit');
      await gus.expectInside();
      await gus.expectPictureOf('Ada');
      await ada.expectPictureOf('Gus');
    });

    const hal = await person('Hal', 'chromium');
    await test.step('somebody is sent away, and asks again', async () => {
      await hal.knock(link);
      await ada.expectWords(/Hal is at the door/, true);
      await ada.tab.press('button', 'Deny');
      await hal.sees('heading', 'You were not let in');
      expect(await connections(hal)).toBe(0);
      await hal.tab.press('button', 'Ask again');
      await hal.sees('heading', 'Waiting for someone to let you in');
    });

    await test.step('all who wait are let in at once', async () => {
      const ivy = await person('Ivy', 'chromium');
      await ivy.knock(link);
      await ada.expectWords(/with 1 other/, true);
      await ada.tab.press('button', 'See all');
      await ada.sees('button', 'Admit Ivy');
      await ada.sees('button', 'Admit Hal');
      await ada.tab.press('button', 'Admit all');
      await hal.expectInside();
      await ivy.expectInside();
      await ada.expectTiles(['Ada', 'Gus', 'Hal', 'Ivy']);
    });
  });
}

test('a closed door says why, and opens when its owner opens it', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  await signUp(ada.tab, server, 'ada-of-doors', 'Ada');
  const { link, code } = await makeRoom(ada.tab, server, 'Study', { lobby: 'off' });
  await ada.tab.goto(`${server.url}/rooms/${code}`);
  const guests = ada.page().getByRole('switch', { name: /^Guests may come in/ });
  const locked = ada.page().getByRole('switch', { name: /^Locked/ });

  await test.step('no guests', async () => {
    await guests.click();
    await expect(guests).toHaveAttribute('aria-checked', 'false');
    await ada.expectWords(/Only people with an account here come in by this link\./, true);
    await gus.tab.goto(link);
    await gus.sees('heading', 'This room is for members');
  });

  await test.step('who has an account signs in and comes back to the door', async () => {
    const bea = await person('Bea', 'chromium');
    await signUp(bea.tab, server, 'bea-of-doors', 'Bea');
    await call(bea.tab, 'DELETE', 'session');
    await bea.tab.goto(link);
    await bea.tab.press('button', 'Sign in');
    await bea.tab.fill('Name or e-mail', 'bea-of-doors');
    await bea.tab.fill('Password', 'a password for the tests');
    await bea.page().locator('form').getByRole('button', { name: 'Sign in', exact: true }).click();
    await bea.expectWords(/You join as Bea/, true);
  });

  await test.step('locked, until it is not', async () => {
    await guests.click();
    await locked.click();
    await expect(locked).toHaveAttribute('aria-checked', 'true');
    await gus.tab.goto(link);
    await gus.sees('heading', 'This room is locked');
    await locked.click();
    await gus.sees('button', 'Join');
  });

  await test.step('a wrong code', async () => {
    await gus.tab.goto(`${server.url}/r/bolu-kesi-zzzz`);
    await gus.sees('heading', 'There is no room here');
  });
});
