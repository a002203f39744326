/** The sound of a share goes off and on while its picture goes on. */

import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

test('the sound of a share is switched off and on by who shares', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  await gus.join(await ada.startMeeting(server.url));
  await ada.tab.press('button', 'Share');
  await gus.expectPictureOf('Ada', 'share');
  // Ada's microphone, and the sound of her screen.
  await expectRising(gus, 2);

  await ada.sees('switch', 'Sound of the share');
  await ada.tab.press('switch', 'Sound of the share');
  await expectRising(gus, 1);
  await gus.expectPictureOf('Ada', 'share');

  // What is off stays off through a pause.
  await ada.tab.press('button', 'Pause');
  await ada.tab.press('button', 'Resume');
  await gus.expectPictureOf('Ada', 'share');
  await expectRising(gus, 1);
  await ada.tab.press('switch', 'Sound of the share');
  await expectRising(gus, 2);
});

/** Waits until so many sounds of others grow from one look to the next. */
async function expectRising(at: Person, count: number): Promise<void> {
  let before = new Map<string, number>();
  const rising = async (): Promise<number> => {
    const now = new Map((await at.inbound()).filter(({ kind }) => kind === 'audio').map(({ track, energy }) => [track, energy]));
    const grown = [...now].filter(([track, energy]) => energy > (before.get(track) ?? energy)).length;
    before = now;
    return grown;
  };
  await expect.poll(rising, { message: `${at.name} hears ${count}`, timeout: MEDIA_PATIENCE, intervals: [1_000] }).toBe(count);
}
