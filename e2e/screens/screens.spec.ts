/** Pictures of every screen, for docs/screens and the README: two sizes, two themes, drawn people. */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import type { Page } from '@playwright/test';
import sharp from 'sharp';

import { PLAIN_HOST } from '../harness/browsers.ts';
import { becomeFace } from '../harness/devices.ts';
import { FAILURES } from '../harness/failures.ts';
import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { Relay } from '../harness/relay.ts';
import { settled } from '../harness/settled.ts';
import { expect, test } from '../harness/test.ts';

const FOLDER = new URL('../../docs/screens/', import.meta.url).pathname;

/** Colours in a picture, and how far they are scattered to look like more: the first choice that is light enough. */
const PALETTES = [
  { colours: 128, dither: 0.6 },
  { colours: 96, dither: 0.3 },
  { colours: 96, dither: 0 },
  { colours: 64, dither: 0 },
];

/** What a picture may weigh in a repository: bytes. */
const MOST_BYTES = 150_000;

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

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

test.beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
});

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

/** Takes the picture and keeps it with few colours. */
async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await settled(page);
  const raw = await page.screenshot();
  for (const choice of PALETTES) {
    const small = await sharp(raw).png({ palette: true, ...choice, compressionLevel: 9, effort: 10 }).toBuffer();
    if (small.length < MOST_BYTES) {
      writeFileSync(`${FOLDER}${name}.png`, small);
      return;
    }
  }
  throw new Error(`${name}.png cannot be made small`);
}

function portrait(name: string): string {
  return readFileSync(new URL(`../assets/people/${name}.svg`, import.meta.url), 'utf8');
}

/** Waits until at least this many videos show something. */
async function expectPictures(page: Page, count: number): Promise<void> {
  const shown = (): Promise<number> =>
    page
      .locator('video')
      .evaluateAll((all) => all.filter((one) => one instanceof HTMLVideoElement && one.videoWidth > 0).length);
  await expect.poll(shown, { message: `${count} pictures`, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(count);
}

/** Waits until the one who speaks is marked, and no notice covers a tile. */
async function expectCalm(at: Person): Promise<void> {
  const speaks = async (): Promise<boolean> => /speaking/i.test((await at.tile('Jonas'))?.name ?? '');
  await expect.poll(speaks, { message: 'Jonas speaks', timeout: MEDIA_PATIENCE }).toBe(true);
  await expect(at.page().locator('.toast')).toHaveCount(0);
}
