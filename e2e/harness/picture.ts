/** Pictures of pages for docs/screens: few colours, small files, one name for each screen, size, theme and language. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';

import { MEDIA_PATIENCE, type Person } from './person.ts';
import { settled } from './settled.ts';

/** Where the pictures lie; those in another language than English in a folder of its name. */
export const FOLDER = new URL('../../docs/screens/', import.meta.url).pathname;

/** The two displays that every screen is made for. */
export const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** Colours in a picture, and how far they are scattered to look like more: the first choice that is light enough. */
const PALETTES = [
  { colours: 128, dither: 0.6 },
  { colours: 96, dither: 0.3 },
  { colours: 96, dither: 0 },
  { colours: 64, dither: 0 },
];

/** Pages of text need fewer colours than faces do. */
const PLAIN_PALETTES = [{ colours: 48, dither: 0 }];

/** What a picture may weigh in a repository: bytes. */
const MOST_BYTES = 150_000;

/** Takes the picture and keeps it with few colours; `plain` is a page without faces. */
export async function picture(page: Page, name: string, kind: 'faces' | 'plain' = 'faces'): Promise<void> {
  await page.mouse.move(0, 0);
  await settled(page);
  const raw = await page.screenshot();
  for (const choice of kind === 'faces' ? PALETTES : PLAIN_PALETTES) {
    const small = await sharp(raw).png({ palette: true, ...choice, compressionLevel: 9, effort: 10 }).toBuffer();
    if (small.length < MOST_BYTES) {
      const path = `${FOLDER}${name}.png`;
      mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      writeFileSync(path, small);
      return;
    }
  }
  throw new Error(`${name}.png cannot be made small`);
}

/** A drawn portrait, as SVG. */
export function portrait(name: string): string {
  return readFileSync(new URL(`../assets/people/${name}.svg`, import.meta.url), 'utf8');
}

/** Waits until at least this many videos show something. */
export async function expectPictures(page: Page, count: number): Promise<void> {
  const shown = (): Promise<number> =>
    page
      .locator('video')
      .evaluateAll((all) => all.filter((one) => one instanceof HTMLVideoElement && one.videoWidth > 0).length);
  await expect.poll(shown, { message: `${count} pictures`, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(count);
}

/** Waits until no notice covers anything. */
export async function expectNoToast(at: Person): Promise<void> {
  await expect(at.page().locator('.toast')).toHaveCount(0);
}
