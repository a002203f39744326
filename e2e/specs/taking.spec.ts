/** A room of sixty costs the page what a room of a dozen does: it takes what it shows and those who speak. */

import type { Page } from '@playwright/test';

import { Crowd } from '../harness/crowd.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { listen, noticed, sections } from '../harness/sections.ts';
import { hanging } from '../harness/stage.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

const PEOPLE = 60;
/** More than are taken at once. */
const MICROPHONES = 16;
/** `VOICES` of the client. */
const VOICES = 12;
/** `LINGERING` of the client: pictures that have left the screen and are kept for a moment. */
const LINGERING = 12;
/** A window of this size shows nine tiles, mine among them. */
const WINDOW = { width: 1024, height: 768 };
const SHOWN = 8;
/** What the first offer brings along, beside what I send: three sections of each kind. */
const FIRST = 3;
const TURN_SECONDS = 4;
/** Whoever begins to speak is heard after half a second where nothing else runs; two cores that also play all the others may need so long. */
const HEARD_MS = 2_500;
/** The sound of one who is taken is there before the server calls it speech, by no more than this. */
const BEFORE_MS = 2_000;

test('sixty people: what is shown is taken, and whoever speaks is heard', async ({ server, person }) => {
  const code = await server.createRoom('Sixty');
  const crowd = new Crowd(server, code);
  try {
    await crowd.enter('Ina', PEOPLE, { microphones: MICROPHONES, turns: TURN_SECONDS, fps: 1, bitrate: 8, deaf: true });
    const ada = await person('Ada', 'chromium');
    const page = ada.page();
    await page.setViewportSize(WINDOW);
    await ada.join(`${server.url}/r/${code}`);
    const measured: Record<string, unknown> = {};

    await test.step('of sixty, the page takes those it shows and twelve voices', async () => {
      await expectPictures(page, SHOWN);
      await expect.poll(async () => (await sections(page)).taken, { timeout: MEDIA_PATIENCE }).toEqual({ audio: VOICES, video: SHOWN });
      measured['inside'] = await sections(page);
    });

    await test.step('who speaks from afar is heard', async () => {
      await listen(page);
      const turns = async (): Promise<number> => (await noticed(page)).filter(({ who }) => who.startsWith('Ina-')).length;
      await expect.poll(turns, { message: 'everybody had a turn', timeout: (MICROPHONES + 4) * TURN_SECONDS * 1_000 }).toBeGreaterThanOrEqual(MICROPHONES);
      const all = await noticed(page);
      const marks = all.filter(({ who, at }) => who.startsWith('Ina-') && at < (all.at(-1)?.at ?? 0) - HEARD_MS);
      const after = marks.map(({ at }) =>
        Math.min(...all.filter((one) => one.who === '' && one.at > at - BEFORE_MS && one.at < at + HEARD_MS).map((one) => one.at - at)));
      const fetched = after.filter((ms) => ms > 0 && Number.isFinite(ms)).map(Math.round).toSorted((one, other) => one - other);
      measured['heard'] = { turns: marks.length, fetched };
      console.log(JSON.stringify(measured));
      expect(fetched.length, 'some had to be fetched').toBeGreaterThanOrEqual(4);
      await expect.poll(async () => (await sections(page)).amiss, 'each voice is played, once').toBe(0);
      expect(marks.filter((_, index) => !Number.isFinite(after[index])), 'turns that were not heard in time').toEqual([]);
    });

    await test.step('a page is turned: its pictures come, those of the last go after a moment', async () => {
      for (let at = 0; at < Math.ceil(PEOPLE / SHOWN) - 1; at++) {
        await turn(page, 'Next page');
        await expectPictures(page, 1);
        expect((await sections(page)).taken.video).toBeLessThanOrEqual(SHOWN + LINGERING);
      }
      await turn(page, 'Previous page');
      await expectPictures(page, SHOWN);
      await expect.poll(async () => (await sections(page)).taken, { timeout: MEDIA_PATIENCE }).toEqual({ audio: VOICES, video: SHOWN });
      measured['leafed'] = await sections(page);
    });

    await test.step('sections are used again, however often pages are turned', async () => {
      const { lines } = await sections(page);
      expect(lines.video, 'and one that I send on').toBeLessThanOrEqual(Math.max(FIRST, SHOWN + LINGERING) + 1);
      expect(lines.audio).toBeLessThanOrEqual(VOICES + FIRST + 1);
      for (const way of ['Previous page', 'Next page'] as const) {
        while (await page.getByRole('button', { name: way }).isEnabled()) {
          await turn(page, way);
        }
      }
      await turn(page, 'Previous page');
      await expectPictures(page, SHOWN);
      await expect.poll(async () => (await sections(page)).taken, { timeout: MEDIA_PATIENCE }).toEqual({ audio: VOICES, video: SHOWN });
      const again = await sections(page);
      measured['leafedFast'] = again;
      expect(again.lines.video).toBeLessThanOrEqual(SHOWN + LINGERING + 1);
      expect(again.lines.audio).toBe(lines.audio);
    });
    test.info().annotations.push({ type: 'measured', description: JSON.stringify(measured) });
    console.log(JSON.stringify(measured));
  } finally {
    await crowd.end();
  }
});

const turn = (page: Page, way: 'Next page' | 'Previous page'): Promise<void> => page.getByRole('button', { name: way }).click();

/** Waits until at least so many tiles of others show a picture, and none that is there is dark. */
async function expectPictures(page: Page, least: number): Promise<void> {
  const dark = async (): Promise<string> => {
    const others = (await hanging(page)).tiles.filter(({ key }) => key.startsWith('Ina-'));
    const missing = others.filter(({ isSeen }) => !isSeen).map(({ key }) => key);
    return others.length < least ? `${others.length} tiles` : missing.join();
  };
  await expect.poll(dark, { message: 'every tile shows its picture', timeout: MEDIA_PATIENCE }).toBe('');
}
