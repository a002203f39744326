/** What hangs where on the stage, measured in the page. */

import type { Page } from '@playwright/test';

import { settled } from './settled.ts';

/** A rectangle, in pixels of the page. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A tile and what it shows. */
export interface Hung extends Box {
  /** Its name for as long as it is there: whose picture, or whose screen. */
  key: string;
  /** Whether its picture has come. */
  isSeen: boolean;
}

/** The stage. */
export interface Hanging {
  kind: string;
  stage: Box;
  /** In the order of the page. */
  tiles: Hung[];
  /** What must not be covered: the bars above and below. */
  bars: Box[];
  /** By how much the page is wider than the window. */
  overflow: number;
}

/** Measures, once nothing moves. */
export async function hanging(page: Page): Promise<Hanging> {
  await settled(page);
  return page.evaluate(() => {
    const box = (element: Element): Box => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, w: width, h: height };
    };
    const stage = document.querySelector<HTMLElement>('[data-stage]');
    if (stage === null) {
      throw new Error('there is no stage');
    }
    return {
      kind: stage.dataset['stage'] ?? '',
      stage: box(stage),
      tiles: [...stage.querySelectorAll<HTMLElement>('[data-key]')].map((tile) => ({
        ...box(tile),
        key: tile.dataset['key'] ?? '',
        isSeen: (tile.querySelector('video')?.videoWidth ?? 0) > 0,
      })),
      bars: [...document.querySelectorAll('header, [role="toolbar"]')].map(box),
      overflow: document.documentElement.scrollWidth - window.innerWidth,
    };
  });
}

/** Whether one lies within the other, a pixel more or less. */
export const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - 1 && inner.y >= outer.y - 1 && inner.x + inner.w <= outer.x + outer.w + 1 && inner.y + inner.h <= outer.y + outer.h + 1;

/** Whether two cover each other by more than a pixel. */
export const overlap = (one: Box, other: Box): boolean =>
  one.x + 1 < other.x + other.w && other.x + 1 < one.x + one.w && one.y + 1 < other.y + other.h && other.y + 1 < one.y + one.h;

/** All pairs that cover each other. */
export function clashes(tiles: readonly Hung[]): string[] {
  return tiles.flatMap((one, index) =>
    tiles.slice(index + 1).flatMap((other) => (overlap(one, other) ? [`${one.key} and ${other.key}`] : [])),
  );
}

/** How the stage stood when somebody began to speak, or when a tile came, went or grew. */
export interface Moment {
  at: number;
  /** Who speaks, by the marks on the tiles. */
  speaking: string[];
  /** Each tile's place, from the first in the page to the last: key, and the corner and width on the stage. */
  places: { key: string; x: number; y: number; w: number }[];
}

/** Begins to write down every moment at which something on the stage changed. */
export async function watchStage(page: Page): Promise<void> {
  await page.evaluate(() => {
    const stage = document.querySelector<HTMLElement>('[data-stage]');
    if (stage === null) {
      throw new Error('there is no stage');
    }
    const moments: Moment[] = [];
    const note = (): void => {
      const tiles = [...stage.querySelectorAll<HTMLElement>('[data-key]')];
      // Places as they are laid out: what glides there is on its way.
      const places = tiles.map((tile) => {
        let [x, y] = [0, 0];
        for (let at: HTMLElement | null = tile; at !== null && at !== stage; at = at.offsetParent as HTMLElement | null) {
          x += at.offsetLeft;
          y += at.offsetTop;
        }
        return { key: tile.dataset['key'] ?? '', x, y, w: tile.offsetWidth };
      });
      const speaking = tiles.filter((tile) => 'speaking' in tile.dataset).map((tile) => tile.dataset['key'] ?? '');
      moments.push({ at: performance.now(), speaking, places });
    };
    new MutationObserver(note).observe(stage, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-speaking', 'data-key', 'style'],
    });
    Object.assign(window, { __moments: moments });
    note();
  });
}

/** All moments so far. */
export function moments(page: Page): Promise<Moment[]> {
  return page.evaluate(() => (window as unknown as { __moments: Moment[] }).__moments);
}
