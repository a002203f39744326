/** Pictures of the way in and of the meeting, for docs/screens and the README: two sizes, two themes, drawn people. */

import { copyFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { PLAIN_HOST } from '../harness/browsers.ts';
import { becomeFace } from '../harness/devices.ts';
import { FAILURES } from '../harness/failures.ts';
import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { expectNoToast, expectPictures, FOLDER, picture, portrait, SIZES } from '../harness/picture.ts';
import { Relay } from '../harness/relay.ts';
import { expect, test } from '../harness/test.ts';

/** Who comes in, in this order. Guest 1 has no camera. */
const CAST = [
  { name: 'Jonas', face: 'jonas', speaks: true },
  { name: 'Mei', face: 'mei', speaks: false },
  { name: 'Amara', face: 'amara', speaks: false },
  { name: 'Karim', face: 'karim', speaks: false },
  { name: 'Léa', face: 'lea', speaks: false },
  { name: 'Tomas', face: 'tomas', speaks: false },
  { name: 'Paul', face: 'paul', speaks: false },
  { name: 'Guest 1', face: null, speaks: false },
];

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const sight = { viewport, colorScheme };
    const shoot = (page: Page, name: string): Promise<void> => picture(page, `${name}-${size}-${colorScheme}`);

    test(`before the meeting, ${size} and ${colorScheme}`, async ({ server, chromium, cast }) => {
      const link = `${server.url}/r/${await server.createRoom('House meeting')}`;
      await cast.enter(link, CAST.slice(0, 2));
      const tab = await chromium(sight);
      const { page } = tab;
      await becomeFace(page, portrait('ines'));
      await page.goto(`${server.url}/`);
      await expect(page.getByRole('button', { name: 'New meeting' })).toBeVisible();
      await shoot(page, 'start');
      await page.goto(link);
      await new Person('Ines', tab).allowDevices();
      await page.getByRole('textbox', { name: 'Your name' }).fill('Ines');
      await expectPictures(page, 1);
      await shoot(page, 'prejoin');
    });

    for (const { name, prepare, happen, title } of FAILURES) {
      test(`${name}, ${size} and ${colorScheme}`, async ({ server, chromium }) => {
        const tab = await chromium(sight);
        const { page } = tab;
        await becomeFace(page, portrait('ines'));
        await prepare(page);
        await page.goto(`${server.url}/r/${await server.createRoom('House meeting')}`);
        await new Person('Ines', tab).allowDevices();
        await happen?.(page);
        await expect(page.getByRole('main')).toContainText(title);
        await shoot(page, name);
      });
    }

    test(`error-insecure, ${size} and ${colorScheme}`, async ({ server, chromium }) => {
      const { page } = await chromium(sight);
      const code = await server.createRoom('House meeting');
      await page.goto(`http://${PLAIN_HOST}:${new URL(server.url).port}/r/${code}`);
      await expect(page.getByRole('main')).toContainText('secure pages only');
      await shoot(page, 'error-insecure');
    });

    test(`the meeting, ${size} and ${colorScheme}`, async ({ server, chromium, cast }) => {
      const relay = await Relay.start(server.url);
      try {
        const code = await server.createRoom('House meeting');
        const tab = await chromium(sight);
        await becomeFace(tab.page, portrait('ines'));
        const ines = new Person('Ines', tab);
        await ines.join(`${relay.url}/r/${code}`);
        await expectPictures(tab.page, 1);
        await shoot(tab.page, 'meeting-1');

        await cast.enter(`${server.url}/r/${code}`, CAST.slice(0, 2));
        await expectPictures(tab.page, 3);
        await expectCalm(ines);
        await shoot(tab.page, 'meeting-3');

        await cast.enter(`${server.url}/r/${code}`, CAST.slice(2));
        // One has no camera; a narrow display has room for five on its first page.
        await expectPictures(tab.page, size === 'wide' ? 8 : 5);
        await expectCalm(ines);
        await shoot(tab.page, 'meeting-9');

        await cast.enter(`${server.url}/r/${code}`, [{ name: 'Noor', face: 'noor', speaks: false, shares: true }]);
        await ines.expectPictureOf('Noor', 'share');
        await expectCalm(ines);
        await shoot(tab.page, 'meeting-share');

        relay.cut();
        await ines.expectWords(/Reconnecting/, true);
        await shoot(tab.page, 'reconnecting');
      } finally {
        await relay.stop();
      }
    });
  }
}

test('the picture of the README', () => {
  copyFileSync(`${FOLDER}meeting-9-wide-light.png`, `${FOLDER}meeting.png`);
});

/** Waits until the one who speaks is marked, and no notice covers a tile. */
async function expectCalm(at: Person): Promise<void> {
  const speaks = async (): Promise<boolean> => /speaking/i.test((await at.tile('Jonas'))?.name ?? '');
  await expect.poll(speaks, { message: 'Jonas speaks', timeout: MEDIA_PATIENCE }).toBe(true);
  await expectNoToast(at);
}
