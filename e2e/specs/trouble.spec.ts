/** What may go wrong for a person, and what they are told. */

import type { Page } from '@playwright/test';

import { PLAIN_HOST } from '../harness/browsers.ts';
import { breakDevices, mendDevices, silenceMicrophone } from '../harness/devices.ts';
import { FAILURES } from '../harness/failures.ts';
import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { Relay } from '../harness/relay.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

for (const { what, prepare, happen, title, remedy, still } of FAILURES) {
  test(`camera and microphone: ${what}`, async ({ server, chromium, person }) => {
    const tab = await chromium();
    await prepare(tab.page);
    const link = `${server.url}/r/${await server.createRoom()}`;
    await tab.goto(link);
    const ada = new Person('Ada', tab);
    await ada.allowDevices();
    await happen?.(tab.page);
    for (const words of [title, remedy, still]) {
      await expect(tab.page.getByRole('main')).toContainText(words);
    }

    await test.step('one can go in all the same, and see the others', async () => {
      const ben = await person('Ben', 'chromium');
      await ben.join(link);
      await tab.fill('Your name', 'Ada');
      await tab.press('button', 'Join');
      await ada.expectInside();
      await ada.expectPictureOf('Ben');
      await ben.expectTiles(['Ada', 'Ben']);
    });
  });
}

test('a microphone that is silent in the call is told there', async ({ server, chromium }) => {
  const tab = await chromium();
  await silenceMicrophone(tab.page);
  const ada = new Person('Ada', tab);
  await ada.join(`${server.url}/r/${await server.createRoom()}`);
  await ada.expectWords(/Your microphone is on but silent/, true);
});

test('a page that is not secure says why it has no devices, and one can look on all the same', async ({
  server,
  chromium,
  person,
}) => {
  const code = await server.createRoom();
  const tab = await chromium();
  await tab.goto(`http://${PLAIN_HOST}:${new URL(server.url).port}/r/${code}`);
  await expect(tab.page.getByRole('main')).toContainText(
    'The browser gives cameras and microphones to secure pages only. Open this page by https.',
  );
  const ada = new Person('Ada', tab);
  await tab.fill('Your name', 'Ada');
  await tab.press('button', 'Join');
  await ada.expectInside();
  const ben = await person('Ben', 'chromium');
  await ben.join(`${server.url}/r/${code}`);
  await ada.expectPictureOf('Ben');
  await ada.expectSounds(1);
  await tab.press('button', 'Start video');
  await ada.expectWords(/The browser gives cameras to secure pages only/, true);
  await ada.sees('button', 'Start video');
});

test('a mended device is taken with one press', async ({ server, chromium }) => {
  const tab = await chromium();
  await breakDevices(tab.page, { error: 'NotReadableError', message: 'Device in use' });
  await tab.goto(`${server.url}/r/${await server.createRoom()}`);
  await askForDevices(tab.page);
  await expect(tab.page.getByRole('main')).toContainText('Another program holds your camera and microphone');
  await mendDevices(tab.page);
  await tab.press('button', 'Try again');
  await expect.poll(() => tab.page.locator('video').evaluateAll(moving), { timeout: MEDIA_PATIENCE }).toBeGreaterThan(0);
});

test('a camera alone that fails leaves the microphone', async ({ server, chromium, person }) => {
  const tab = await chromium();
  await breakDevices(tab.page, { error: 'NotReadableError', message: 'Device in use', only: 'video' });
  const link = `${server.url}/r/${await server.createRoom()}`;
  const ada = new Person('Ada', tab);
  await ada.join(link);
  const ben = await person('Ben', 'chromium');
  await ben.join(link);
  await ben.expectSounds(1);
});

test('a link that leads nowhere says so and leads back', async ({ server, chromium }) => {
  const tab = await chromium();
  await tab.goto(`${server.url}/r/nobo-dyis-here`);
  await expect(tab.page.getByRole('heading', { name: 'There is no room here' })).toBeVisible();
  await expect(tab.page.getByRole('main')).toContainText('nobo-dyis-here');
  await expect(tab.page.getByRole('textbox', { name: 'Your name' })).toHaveCount(0);
});

test('a page older than the server says to reload it', async ({ server, chromium }) => {
  const tab = await chromium();
  // What happens when the client was replaced since this page was opened: its later parts are not there any more.
  await tab.page.route('**/assets/livekit-session-*', (route) => route.fulfill({ status: 404, body: '' }));
  await tab.goto(`${server.url}/r/${await server.createRoom()}`);
  const ada = new Person('Ada', tab);
  await ada.allowDevices();
  await tab.fill('Your name', 'Ada');
  await tab.press('button', 'Join');
  await expect(tab.page.getByRole('main')).toContainText('This page is older than the server. Reload it');
});

for (const { what, typed, says } of [
  { what: 'nothing', typed: '', says: 'Type the code of the meeting, or paste its link.' },
  { what: 'no code', typed: 'what is this?', says: 'This is not a code.' },
  { what: 'another server', typed: 'https://elsewhere.example/r/bolu-kesi-dafo', says: 'This link leads to another server' },
  { what: 'an unknown code', typed: 'zuzu-zuzu-zuzu', says: 'No meeting has the code zuzu-zuzu-zuzu.' },
]) {
  test(`the start page refuses ${what} with the reason`, async ({ server, chromium }) => {
    const tab = await chromium();
    await tab.goto(`${server.url}/`);
    await tab.fill('Code or link', typed);
    await tab.press('button', 'Join');
    await expect(tab.page.getByText(says)).toBeVisible();
    expect(new URL(tab.url()).pathname).toBe('/');
  });
}

test('a cut socket shows as reconnecting and mends without a new seat', async ({ server, chromium, person }) => {
  const relay = await Relay.start(server.url);
  try {
    const code = await server.createRoom();
    const ada = new Person('Ada', await chromium());
    await ada.join(`${relay.url}/r/${code}`);
    const ben = await person('Ben', 'chromium');
    await ben.join(`${server.url}/r/${code}`);
    await ada.expectPictureOf('Ben');
    await ben.expectPictureOf('Ada');
    const seat = await ben.tile('Ada');

    relay.cut();
    await ada.expectWords(/Reconnecting/, true);
    relay.mend();
    await ada.expectWords(/Reconnecting/, false);
    await ada.expectPictureOf('Ben');
    await ben.expectPictureOf('Ada');
    expect((await ben.tile('Ada'))?.participant).toBe(seat?.participant);
  } finally {
    await relay.stop();
  }
});

test('a server that restarts is a pause, not an end', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const link = `${server.url}/r/${await server.createRoom()}`;
  const people = [new Person('Ada', await chromium()), new Person('Ben', await chromium())];
  for (const one of people) {
    await one.join(link);
  }
  await server.halt();
  for (const one of people) {
    await one.expectWords(/The server is restarting, back in a moment\./, true);
  }
  await server.resume();
  for (const one of people) {
    await one.expectWords(/Reconnecting|restarting/, false);
  }
  const [ada, ben] = people as [Person, Person];
  await ada.expectPictureOf('Ben');
  await ben.expectPictureOf('Ada');
  await ada.expectTiles(['Ada', 'Ben']);
});

test('what was on its way when the server stopped is sent when it is back', async ({ ownServer, chromium }) => {
  const server = await ownServer();
  const link = `${server.url}/r/${await server.createRoom()}`;
  const ada = new Person('Ada', await chromium());
  await ada.join(link);
  const ben = new Person('Ben', await chromium());
  const withheld = await withholdAnswers(ben.page());
  await ben.join(link);
  await expect.poll(withheld, 'the answers to camera and microphone that were withheld').toBe(2);
  await server.halt();
  for (const one of [ada, ben]) {
    await one.expectWords(/The server is restarting, back in a moment\./, true);
  }
  await server.resume();
  await ada.expectPictureOf('Ben');
  await ada.expectSounds(1);
  await ben.expectPictureOf('Ada');
  for (const key of ['Mute', 'Stop video']) {
    await ben.sees('button', key);
  }
});

test('the keyboard alone makes a meeting, joins, mutes and leaves', async ({ server, chromium }) => {
  const { page } = await chromium();
  await page.goto(`${server.url}/`);
  await tabTo('button', 'New meeting');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Your name' })).toBeVisible();
  await tabTo('textbox', 'Your name');
  await page.keyboard.type('Kay');
  await page.keyboard.press('Enter');
  const leave = page.getByRole('button', { name: 'Leave', exact: true });
  await expect(leave).toBeVisible({ timeout: MEDIA_PATIENCE });
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: 'Unmute', exact: true })).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
  await page.keyboard.press('v');
  await expect(page.getByRole('button', { name: 'Start video', exact: true })).toBeVisible();
  await tabTo('button', 'Leave');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'You left' })).toBeVisible();

  /** Presses Tab until the control has the focus, which every control must get sooner or later. */
  async function tabTo(role: 'button' | 'textbox', name: string): Promise<void> {
    const control = page.getByRole(role, { name, exact: true });
    await expect(control).toBeVisible();
    for (let presses = 0; presses < 60; presses += 1) {
      if (await control.evaluate((element) => element === document.activeElement)) {
        return;
      }
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached the ${role} '${name}'`);
  }
});

/**
 * Loses every answer of the server to an announced track, on the first socket of the page: what a server leaves undone
 * that stops just then. Gives the count of them.
 */
async function withholdAnswers(page: Page): Promise<() => number> {
  // Field 6 of a SignalResponse, `track_published`, as protobuf begins it.
  const trackPublished = (6 << 3) | 2;
  let sockets = 0;
  let withheld = 0;
  await page.routeWebSocket(/\/rtc/, (near) => {
    const far = near.connectToServer();
    sockets += 1;
    if (sockets > 1) {
      return;
    }
    far.onMessage((message) => {
      if (typeof message !== 'string' && message[0] === trackPublished) {
        withheld += 1;
      } else {
        near.send(message);
      }
    });
  });
  return () => withheld;
}

/** Where the page first says why it wants devices: agrees. */
async function askForDevices(page: Page): Promise<void> {
  const allow = page.getByRole('button', { name: 'Allow', exact: true });
  const answered = page.getByRole('button', { name: 'Try again', exact: true });
  await expect(allow.or(answered).first()).toBeVisible();
  if (await allow.isVisible()) {
    await allow.click();
  }
}

/** Runs in the page: how many of these show a moving picture. */
function moving(elements: (SVGElement | HTMLElement)[]): number {
  return elements.filter((one) => one instanceof HTMLVideoElement && one.videoWidth > 0 && !one.paused).length;
}
