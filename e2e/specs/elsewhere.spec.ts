/** One person with two devices: the second stands beside the first without a sound, or takes its place. Then: how was it? */

import { call, makeRoom, signIn, signUp } from '../harness/account.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

test('the same account on two devices: beside the first in silence, then in its place', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  const second = await person('Ada', 'firefox');
  await signUp(ada.tab, server, 'ada-twice', 'Ada');
  const { link } = await makeRoom(ada.tab, server, 'Two devices', { lobby: 'off' });
  await ada.join(link);
  await gus.join(link);
  await signIn(second.tab, server, 'ada-twice');

  await test.step('beside the first: no microphone, no sound, until it is asked for', async () => {
    await second.tab.goto(link);
    await second.allowDevices();
    await second.sees('button', 'Move here');
    await second.tab.press('button', 'Add this device');
    await second.expectInside();
    await second.expectWords(/This device is silent/, true);
    await second.sees('button', 'Unmute');
    await expect.poll(() => second.tab.evaluate(sounds, undefined), { timeout: MEDIA_PATIENCE }).toEqual({ heard: 0, hushed: 2 });
    await ada.sees('button', 'Mute');
    await second.tab.press('button', 'Hear the others here');
    await expect.poll(() => second.tab.evaluate(sounds, undefined), { timeout: MEDIA_PATIENCE }).toEqual({ heard: 2, hushed: 0 });
    await second.expectWords(/This device is silent/, false);
  });

  await test.step('in its place: the first is told that I went on elsewhere, and may take the meeting back', async () => {
    await second.tab.goto(link);
    await second.allowDevices();
    await second.tab.press('button', 'Move here');
    await second.expectInside();
    await ada.sees('heading', 'You joined from another window');
    await gus.expectTiles(['Ada', 'Gus']);
    await ada.tab.press('button', 'Rejoin');
    await ada.expectInside();
    await second.sees('heading', 'You joined from another window');
    await gus.expectTiles(['Ada', 'Gus']);
  });
});

test('how it was is asked once, answered by keys, and counted for the owner', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  const keys = new Keyboard(gus);
  await signUp(ada.tab, server, 'ada-who-is-rated', 'Ada');
  const { code, link } = await makeRoom(ada.tab, server, 'How it was', { lobby: 'off' });
  await ada.join(link);
  await gus.join(link);
  await gus.expectTiles(['Ada', 'Gus']);
  await gus.leave();

  await test.step('stars, reasons where it was not good, and thanks', async () => {
    await gus.expectWords(/How was it\?/, true);
    await keys.to('radio', '1 star: bad');
    await keys.press(' ', 'ArrowRight');
    await keys.expectAt('radio', '2 stars: poor');
    await gus.expectWords(/What was not good\?/, true);
    await keys.to('button', 'Sound');
    await keys.press(' ');
    await keys.to('button', 'Send');
    await keys.press('Enter');
    await gus.expectWords(/Thank you\./, true);
    expect((await call(ada.tab, 'GET', `rooms/${code}/ratings`)).body).toEqual({ stars: [0, 1, 0, 0, 0], sound: 1, picture: 0, share: 0, connection: 0 });
  });

  await test.step('not twice of the same meeting', async () => {
    await gus.tab.press('button', 'Rejoin');
    await gus.expectInside();
    await gus.expectTiles(['Ada', 'Gus']);
    await gus.leave();
    // By the time that another page knows, his own says all that it has to say.
    await ada.expectTiles(['Ada']);
    await gus.expectWords(/How was it\?/, false);
  });

  await test.step('the owner reads numbers', async () => {
    await ada.tab.goto(`${server.url}/rooms/${code}`);
    await ada.expectWords(/2\.0 of 5 stars, from 1 answer/, true);
    await ada.expectWords(/Not good: Sound \(1\)/, true);
  });
});

/** Runs in the page: how many sounds of others play, and how many are silenced. */
function sounds(): { heard: number; hushed: number } {
  const all = [...document.querySelectorAll('audio')];
  return { heard: all.filter(({ muted }) => !muted).length, hushed: all.filter(({ muted }) => muted).length };
}
