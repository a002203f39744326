/** The stage with 1, 2, 4, 9 and 26 people, on a laptop and on a phone, and while people talk. */

import type { Page } from '@playwright/test';

import { Crowd } from '../harness/crowd.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import type { Server } from '../harness/server.ts';
import { settled } from '../harness/settled.ts';
import { clashes, hanging, moments, watchStage, within, type Hanging, type Moment } from '../harness/stage.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

/** What a window allows: see "The grid" of the design. */
interface Size {
  name: string;
  viewport: { width: number; height: number };
  /** Tiles on one page at most. */
  most: number;
  /** No tile is narrower, nor lower. */
  least: { w: number; h: number };
  /** Width over height: a picture is cut a little before it becomes small. */
  ratio: { min: number; max: number };
}

const WIDE: Size = {
  name: 'wide', viewport: { width: 1280, height: 800 }, most: 25, least: { w: 200, h: 110 }, ratio: { min: 4 / 3, max: 16 / 9 },
};
const NARROW: Size = {
  name: 'narrow', viewport: { width: 390, height: 844 }, most: 6, least: { w: 150, h: 90 }, ratio: { min: 10 / 17, max: 16 / 9 },
};
const SIZES = [WIDE, NARROW];

/** Nobody becomes large more often than this. */
const SWAP_MS = 2_000;
/** What is drawn of it may come this much later once, and at once the next time. */
const DRAWN_LATE_MS = 1_000;

test('1, 2, 4, 9 and 26 people', async ({ server, person }) => {
  const { ada, page, crowd } = await begin(server, person);
  const people = new Set(['Ada']);
  const come = async (name: string, count: number, behaviour = {}): Promise<void> => {
    await crowd.enter(name, count, behaviour);
    for (let number = 0; number < count; number++) {
      people.add(`${name} ${number}`);
    }
    await expect.poll(() => inRoom(page), 'all are in the count').toBe(people.size);
  };
  try {
    await each(page, 'alone, I fill the stage', 1, async (size) => {
      const { tiles, stage } = await whole(page, size);
      expect(tiles).toHaveLength(1);
      expect(tiles[0]?.w, 'wide').toBeGreaterThan(stage.w * 0.8);
    });

    await come('Ben', 1);
    await ada.expectPictureOf('Ben');
    await each(page, 'two: the other fills the stage, I am in a corner', 2, async () => {
      const { kind, stage, tiles, overflow } = await hanging(page);
      expect(kind).toBe('duo');
      expect(overflow).toBe(0);
      const [large, small] = tiles;
      if (large === undefined || small === undefined || tiles.length !== 2) {
        throw new Error(`two tiles, not ${tiles.length}`);
      }
      expect(large.w * large.h).toBeGreaterThan(stage.w * stage.h * 0.98);
      expect(within(small, large), 'mine lies in the other').toBe(true);
      expect(small.w * small.h, 'and is small').toBeLessThan(large.w * large.h * 0.1);
      expect(small.w / small.h).toBeCloseTo(16 / 10, 1);
      expect(small.x + small.w / 2, 'at the end').toBeGreaterThan(stage.x + stage.w / 2);
      expect(small.y + small.h / 2, 'at the bottom').toBeGreaterThan(stage.y + stage.h / 2);
    });

    await come('Mei', 2);
    await each(page, 'four', 4, async (size) => {
      expect((await expectPages(page, size, people.size)).tiles).toHaveLength(4);
    });

    await come('Sam', 5);
    await each(page, 'nine', 9, async (size) => {
      const { tiles } = await expectPages(page, size, people.size);
      expect(tiles).toHaveLength(size === WIDE ? 9 : 5);
    });

    await come('Kim', 17);
    await each(page, 'twenty-six', 26, async (size) => {
      await expectPages(page, size, people.size);
    });
  } finally {
    await crowd.end();
  }
});

test('speaker, side by side, and a pin', async ({ server, person, cast }) => {
  const { ada, page, crowd, link } = await begin(server, person);
  try {
    await crowd.enter('Sam', 6);
    await cast.enter(link, [{ name: 'Noor', face: 'noor', speaks: false, shares: true }]);
    await ada.expectPictureOf('Noor', 'share');

    await each(page, 'a share takes the stage by itself', 'share', async (size) => {
      await expectLarge(page, size, 'share', /\/share$/);
    });

    await choose(page, 'Speaker');
    await each(page, 'one large, the others in a strip', 'speaker', async (size) => {
      await expectLarge(page, size, 'speaker', /^(?!.*\/share$)/);
    });

    await choose(page, 'Grid');
    await each(page, 'a grid, with the share as one of its tiles', 'grid-share', async (size) => {
      const { kind, tiles } = await whole(page, size);
      expect(kind).toBe('grid');
      expect(tiles.filter((tile) => tile.key.endsWith('/share'))).toHaveLength(1);
    });

    const pinned = (await hanging(page)).tiles.find((tile) => /sam-00[1-5]/i.test(tile.key))?.key ?? '';
    const tile = page.locator(`[data-key="${pinned}"]`);
    await tile.dblclick();
    await each(page, 'what I pin is large', 'pinned', async (size) => {
      await expectLarge(page, size, 'speaker', new RegExp(`^${pinned}$`));
      await expect(tile).toHaveAccessibleName(/pinned/i);
    });
    await tile.dblclick();
    await expect.poll(async () => (await hanging(page)).kind, 'let go, it hangs where it hung').toBe('grid');

    await choose(page, 'Side by side');
    await each(page, 'side by side again', 'side', async (size) => {
      await expectLarge(page, size, 'share', /\/share$/);
    });
  } finally {
    await crowd.end();
  }
});

test('in the grid nobody moves when somebody speaks', async ({ server, person }) => {
  const { page, crowd } = await begin(server, person);
  try {
    await crowd.enter('Sam', 8, { microphones: 8, turns: 1 });
    await expect.poll(async () => (await hanging(page)).tiles.length, 'all hang').toBe(9);
    await settled(page);
    await watchStage(page);
    await expectSpeakers(page, 6);
    const all = await moments(page);
    const first = all[0]?.places;
    for (const { places } of all) {
      expect(places).toEqual(first);
    }
  } finally {
    await crowd.end();
  }
});

test('on a page of the grid a speaker takes one seat, and all others stay', async ({ server, person }) => {
  const { page, crowd } = await begin(server, person);
  try {
    await page.setViewportSize(NARROW.viewport);
    await crowd.enter('Sam', 8, { microphones: 8, turns: 1 });
    await expect.poll(async () => (await hanging(page)).tiles.length, 'a page is full').toBe(5);
    await settled(page);
    await watchStage(page);
    await expect.poll(async () => swaps(await moments(page)).length, { message: 'speakers are fetched', timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(4);
    const all = await moments(page);
    for (const { before, after } of swaps(all)) {
      const gone = before.filter((key) => !after.includes(key));
      expect(gone, 'one seat is taken').toHaveLength(1);
      expect(after.map((key, seat) => (before[seat] === key ? 'stays' : 'new')).filter((what) => what === 'new'), 'and no other').toHaveLength(1);
    }
    expectCalm(swaps(all));
    const grids = new Set(all.map(({ places }) => JSON.stringify(places.map(({ x, y, w }) => [x, y, w]))));
    expect(grids.size, 'the grid itself never changes').toBe(1);
  } finally {
    await crowd.end();
  }
});

test('in the speaker view two change places, at most every two seconds', async ({ server, person }) => {
  const { page, crowd } = await begin(server, person);
  try {
    // So few that the strip shows all of them.
    await crowd.enter('Sam', 4, { microphones: 4, turns: 1 });
    await expect.poll(() => inRoom(page), 'all are there').toBe(5);
    await choose(page, 'Speaker');
    await expect.poll(async () => (await hanging(page)).kind).toBe('speaker');
    await settled(page);
    await watchStage(page);
    await expect.poll(async () => swaps(await moments(page)).length, { message: 'speakers become large', timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(5);
    const found = swaps(await moments(page));
    for (const { before, after } of found) {
      const moved = after.flatMap((key, place) => (before[place] === key ? [] : [place]));
      expect(moved, 'two places change').toHaveLength(2);
      expect(after.toSorted(), 'and nobody comes or goes').toEqual(before.toSorted());
    }
    expectCalm(found);
  } finally {
    await crowd.end();
  }
});

/** Ada, alone in a new room. */
async function begin(
  server: Server,
  person: (name: string, engine: 'chromium') => Promise<Person>,
): Promise<{ ada: Person; page: Page; crowd: Crowd; link: string }> {
  const code = await server.createRoom('A stage');
  const ada = await person('Ada', 'chromium');
  const link = `${server.url}/r/${code}`;
  await ada.join(link);
  const page = ada.page();
  // The card with the link covers a tile until it was read.
  const done = page.getByRole('button', { name: 'Close', exact: true });
  if (await done.isVisible()) {
    await done.click();
  }
  return { ada, page, crowd: new Crowd(server, code), link };
}

/** Looks at the same in every window, and keeps a picture of each. */
async function each(page: Page, what: string, name: string | number, look: (size: Size) => Promise<void>): Promise<void> {
  for (const size of SIZES) {
    await test.step(`${what}, ${size.name}`, async () => {
      await page.setViewportSize(size.viewport);
      await page.mouse.move(0, 0);
      await expect.poll(() => hasTurned(page, size), 'the stage has the new size').toBe(true);
      await look(size);
      await page.screenshot({ path: test.info().outputPath(`${name}-${size.name}.png`) });
    });
  }
  await page.setViewportSize(WIDE.viewport);
}

/** Whether what hangs was laid out for this window. */
async function hasTurned(page: Page, size: Size): Promise<boolean> {
  const { stage, tiles } = await hanging(page);
  return stage.w <= size.viewport.width && stage.w > size.viewport.width * 0.8 && tiles.every((tile) => within(tile, stage));
}

/** One page of the grid: nothing covered, cut off or too small, and all of one size. */
async function whole(page: Page, size: Size): Promise<Hanging> {
  const seen = await hanging(page);
  const { stage, tiles, bars, overflow } = seen;
  expect(overflow, 'the page is as wide as the window').toBe(0);
  expect(clashes(tiles), 'tiles cover each other').toEqual([]);
  expect(tiles.filter((tile) => !within(tile, stage)), 'tiles hang beyond the stage').toEqual([]);
  expect(bars.filter((bar) => tiles.some((tile) => clashes([tile, { ...bar, key: 'bar', isSeen: true }]).length > 0)), 'bars are free').toEqual([]);
  const [first] = tiles;
  for (const tile of tiles) {
    expect(Math.abs(tile.w - (first?.w ?? 0)), 'all are as wide').toBeLessThanOrEqual(1);
    expect(Math.abs(tile.h - (first?.h ?? 0)), 'all are as high').toBeLessThanOrEqual(1);
    expect(tile.w, 'wide enough').toBeGreaterThanOrEqual(size.least.w);
    expect(tile.h, 'high enough').toBeGreaterThanOrEqual(size.least.h);
    expect(tile.w / tile.h, 'not too tall').toBeGreaterThanOrEqual(size.ratio.min - 0.02);
    expect(tile.w / tile.h, 'not too flat').toBeLessThanOrEqual(size.ratio.max + 0.02);
  }
  return seen;
}

/** All pages of the grid: each is whole, everybody is on one of them, I on all. Leaves the first one open, which it gives. */
async function expectPages(page: Page, size: Size, people: number): Promise<Hanging> {
  await expect.poll(() => pictures(page), { message: 'every tile has its picture', timeout: MEDIA_PATIENCE }).toBe('all');
  const first = await whole(page, size);
  const mine = first.tiles.at(-1)?.key ?? '';
  const seen = new Set(first.tiles.map((tile) => tile.key));
  const next = page.getByRole('button', { name: 'Next page' });
  let pages = 1;
  while ((await next.isVisible()) && (await next.isEnabled())) {
    await next.click();
    pages += 1;
    await expect(page.getByRole('img', { name: new RegExp(`^(Page )?${pages} of `) })).toBeVisible();
    const { tiles } = await whole(page, size);
    expect(tiles.length).toBeLessThanOrEqual(size.most);
    expect(tiles.at(-1)?.key, 'I am on every page').toBe(mine);
    for (const { key } of tiles) {
      expect(key === mine || !seen.has(key), `${key} hangs once`).toBe(true);
      seen.add(key);
    }
  }
  expect(first.tiles.length).toBeLessThanOrEqual(size.most);
  expect(seen.size, 'everybody hangs somewhere').toBe(people);
  for (let back = 1; back < pages; back++) {
    await page.getByRole('button', { name: 'Previous page' }).click();
  }
  if (pages > 1) {
    await expect(page.getByRole('button', { name: 'Previous page' })).toBeDisabled();
    await expect.poll(() => pictures(page), { message: 'every tile has its picture again', timeout: MEDIA_PATIENCE }).toBe('all');
  }
  return first;
}

async function pictures(page: Page): Promise<string> {
  const { tiles } = await hanging(page);
  const dark = tiles.filter((tile) => !tile.isSeen).map((tile) => tile.key);
  return dark.length === 0 ? 'all' : `none of ${dark.join(', ')}`;
}

/** One large tile, and small ones of one size beside it. */
async function expectLarge(page: Page, size: Size, kind: string, key: RegExp): Promise<void> {
  await expect.poll(async () => (await hanging(page)).kind).toBe(kind);
  const { stage, tiles, bars, overflow } = await hanging(page);
  expect(overflow).toBe(0);
  expect(clashes(tiles), 'tiles cover each other').toEqual([]);
  expect(tiles.filter((tile) => !within(tile, stage)), 'tiles hang beyond the stage').toEqual([]);
  expect(bars.filter((bar) => tiles.some((tile) => clashes([tile, { ...bar, key: 'bar', isSeen: true }]).length > 0)), 'bars are free').toEqual([]);
  const [large, ...strip] = tiles.toSorted((one, other) => other.w * other.h - one.w * one.h);
  expect(large?.key).toMatch(key);
  // On a phone a share has its own shape, and the others the rest.
  const share = (large?.w ?? 0) * (large?.h ?? 0) / (stage.w * stage.h);
  expect(share, 'large').toBeGreaterThan(size === NARROW ? (kind === 'share' ? 0.3 : 0.5) : 0.5);
  expect(strip.length, 'a strip of several').toBeGreaterThanOrEqual(2);
  for (const tile of strip) {
    expect(tile.w).toBeCloseTo(strip[0]?.w ?? 0, 0);
    expect(tile.h).toBeCloseTo(strip[0]?.h ?? 0, 0);
    expect(tile.w / tile.h).toBeCloseTo(16 / 9, 1);
    expect(tile.w).toBeGreaterThanOrEqual(120);
  }
}

async function choose(page: Page, layout: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitemradio', { name: layout, exact: true }).click();
}

/** How many the top bar says are in. */
async function inRoom(page: Page): Promise<number> {
  const name = await page.locator('header').getByRole('img', { name: /^\d+ (people|person)$/ }).first().getAttribute('aria-label');
  return Number(/\d+/.exec(name ?? '')?.[0] ?? 1);
}

/** Waits until so many different people have had their lamp lit. */
async function expectSpeakers(page: Page, count: number): Promise<void> {
  const speakers = async (): Promise<number> => new Set((await moments(page)).flatMap((moment) => moment.speaking)).size;
  await expect.poll(speakers, { message: `${count} have spoken`, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(count);
}

interface Swap {
  at: number;
  before: string[];
  after: string[];
}

/** The moments at which another tile hung somewhere. */
function swaps(all: readonly Moment[]): Swap[] {
  const found: Swap[] = [];
  let before: string[] | undefined;
  for (const { at, places } of all) {
    const after = places.map(({ key }) => key);
    if (before !== undefined && after.join() !== before.join()) {
      found.push({ at, before, after });
    }
    before = after;
  }
  return found;
}

function expectCalm(found: readonly Swap[]): void {
  const lasted = (found.at(-1)?.at ?? 0) - (found[0]?.at ?? 0);
  expect(lasted, 'not more often than every two seconds').toBeGreaterThanOrEqual((found.length - 1) * SWAP_MS - DRAWN_LATE_MS);
}
