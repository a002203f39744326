/** Whoever leaves, leaves nothing open: no lamp of a camera, no microphone, no sound, no connection. */

import { answerPermission, delayPermission, questions } from '../harness/devices.ts';
import { Person } from '../harness/person.ts';
import { expectCaptured, expectNothingOpen, keepCount } from '../harness/remains.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

const BOTH = ['audio', 'video'];

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine}: nothing is left open after a meeting`, async ({ server, person }) => {
    const ada = await person('Ada', engine);
    await keepCount(ada.tab);
    const link = `${server.url}/r/${await server.createRoom()}`;
    await ada.join(link);
    const ben = await person('Ben', 'chromium');
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    await ben.expectPictureOf('Ada');
    await expectCaptured(ada.tab, BOTH, 'in the meeting');

    await test.step('a camera that was stopped is let go at once', async () => {
      await ada.tab.press('button', 'Stop video');
      await expectCaptured(ada.tab, ['audio'], 'without a camera');
      await ada.tab.press('button', 'Start video');
      await ben.expectPictureOf('Ada');
      await expectCaptured(ada.tab, BOTH, 'with the camera again');
    });

    await test.step('a shared screen as well', async () => {
      if (engine === 'chromium') {
        await ada.tab.press('button', 'Share');
        await ben.expectPictureOf('Ada', 'share');
      }
    });

    await ada.leave();
    await expectNothingOpen(ada.tab, 'after leaving');

    await test.step('nor after coming back and leaving once more', async () => {
      await ada.tab.press('button', 'Rejoin');
      await ada.expectInside();
      await ben.expectPictureOf('Ada');
      await ada.leave();
      await expectNothingOpen(ada.tab, 'after leaving again');
    });
  });

  test(`${engine}: nothing is open on the start page after pre-join`, async ({ server, person }) => {
    const ada = await person('Ada', engine);
    await keepCount(ada.tab);
    await ada.tab.goto(`${server.url}/r/${await server.createRoom()}`);
    await ada.allowDevices();
    await expectCaptured(ada.tab, BOTH, 'before the meeting');
    await ada.tab.press('link', 'Parlor, home');
    await ada.sees('button', 'New meeting');
    await expectNothingOpen(ada.tab, 'on the start page');
  });
}

test('the way back of the browser leaves a meeting whole', async ({ server, chromium }) => {
  const tab = await chromium();
  await keepCount(tab);
  const ada = new Person('Ada', tab);
  await ada.startMeeting(server.url);
  await expectCaptured(tab, BOTH, 'in the meeting');
  await tab.page.goBack();
  await ada.sees('button', 'New meeting');
  await expectNothingOpen(tab, 'on the start page');
});

test('home from the page after a meeting leaves nothing open', async ({ server, chromium }) => {
  const tab = await chromium();
  await keepCount(tab);
  const ada = new Person('Ada', tab);
  await ada.join(`${server.url}/r/${await server.createRoom()}`);
  await ada.leave();
  await tab.press('button', 'Home');
  await ada.sees('button', 'New meeting');
  await expectNothingOpen(tab, 'on the start page');
});

test('the tone of the speaker test leaves nothing open', async ({ server, chromium }) => {
  const tab = await chromium();
  await keepCount(tab);
  const ada = new Person('Ada', tab);
  await tab.goto(`${server.url}/r/${await server.createRoom()}`);
  await ada.allowDevices();
  await tab.press('button', 'Test the speaker');
  await tab.press('link', 'Parlor, home');
  await ada.sees('button', 'New meeting');
  await expectNothingOpen(tab, 'on the start page');
});

test.describe('while the browser still asks for camera and microphone', () => {
  let tab: ChromiumTab;
  let ada: Person;
  let link: string;

  test.beforeEach(async ({ server, chromium }) => {
    tab = await chromium();
    await delayPermission(tab.page);
    await keepCount(tab);
    ada = new Person('Ada', tab);
    link = `${server.url}/r/${await server.createRoom()}`;
    await tab.goto(link);
    await tab.press('button', 'Allow');
    await expectAsked(1);
  });

  test('one who joins is seen and heard once it is allowed, and leaves nothing open', async ({ person }) => {
    await knock();
    await answerPermission(tab.page);
    await ada.expectInside();
    const ben = await person('Ben', 'chromium');
    await ben.join(link);
    await ada.sees('button', 'Stop video');
    await ada.sees('button', 'Mute');
    await ben.expectPictureOf('Ada');
    await ben.expectSounds(1);
    await ada.leave();
    await expectNothingOpen(tab, 'after leaving');
  });

  test('one who went home opens nothing when it is allowed', async () => {
    await tab.press('link', 'Parlor, home');
    await ada.sees('button', 'New meeting');
    await answerPermission(tab.page);
    await expectSettled();
    await expectNothingOpen(tab, 'on the start page');
  });

  test('one who asked to join and went home opens nothing when it is allowed', async () => {
    await knock();
    await tab.press('link', 'Parlor, home');
    await ada.sees('button', 'New meeting');
    await answerPermission(tab.page);
    await expectSettled();
    await expectNothingOpen(tab, 'on the start page');
    await ada.sees('button', 'New meeting');
  });

  test('one who switched the camera off meanwhile does not open it', async ({ person }) => {
    await tab.key('v');
    await knock();
    await answerPermission(tab.page);
    await ada.expectInside();
    const ben = await person('Ben', 'chromium');
    await ben.join(link);
    await ben.expectSounds(1);
    await expectCaptured(tab, ['audio'], 'with the camera off');
    await ada.leave();
    await expectNothingOpen(tab, 'after leaving');
  });

  /** Presses Join, and waits until the server has said yes: from then on nothing but the browser's question is open. */
  async function knock(): Promise<void> {
    await tab.fill('Your name', 'Ada');
    const said = tab.page.waitForResponse('**/api/v1/rooms/*/join');
    await tab.press('button', 'Join');
    expect((await said).ok()).toBe(true);
  }

  async function expectAsked(count: number): Promise<void> {
    await expect.poll(() => questions(tab.page), 'the browser asks').toBe(count);
  }

  /** Waits until the page has got what it asked for, so that it had its chance to keep it. */
  async function expectSettled(): Promise<void> {
    await expect.poll(() => questions(tab.page), 'the question is answered').toBe(0);
  }
});
