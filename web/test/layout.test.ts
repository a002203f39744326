import type { Corner } from '../src/core/state';
import { describe, expect, it } from 'vitest';
import { grid, tilesOnPage } from '../src/core/layout/grid';
import { share, speaker, stripPage } from '../src/core/layout/share';
import { nearestCorner, self, turnCorner } from '../src/core/layout/corner';

const DESK = { width: 1248, height: 644 };
const PHONE = { width: 374, height: 680 };

describe('the grid', () => {
  it.each([[1, 1], [2, 2], [3, 2], [4, 2], [6, 3], [9, 3], [12, 4], [25, 5]])('of %i on a desk has %i columns', (tiles, cols) => {
    expect(grid(DESK, tiles).cols).toBe(cols);
  });

  it.each([[2, 1], [3, 1], [4, 2], [6, 2]])('of %i on a phone has %i columns', (tiles, cols) => {
    expect(grid(PHONE, tiles).cols).toBe(cols);
  });

  it('never overflows and keeps tiles within their ratios', () => {
    for (let width = 300; width <= 2_000; width += 170) {
      for (let height = 200; height <= 1_200; height += 125) {
        for (let tiles = 1; tiles <= 25; tiles++) {
          const now = grid({ width, height }, tiles);
          const gap = width < 720 ? 6 : 12;
          expect(now.cols * now.w + (now.cols - 1) * gap).toBeLessThanOrEqual(width + 0.01);
          expect(now.rows * now.h + (now.rows - 1) * gap).toBeLessThanOrEqual(height + 0.01);
          expect(now.cols * now.rows).toBeGreaterThanOrEqual(tiles);
          expect(now.w / now.h).toBeLessThanOrEqual(16 / 9 + 0.001);
        }
      }
    }
  });

  it('keeps its columns until others are a tenth better', () => {
    const columns: number[] = [];
    let keep: number | undefined;
    for (let width = 1_300; width >= 725; width -= 5) {
      keep = grid({ width, height: 600 }, 5, keep).cols;
      if (columns[columns.length - 1] !== keep) columns.push(keep);
    }
    const back: number[] = [];
    for (let width = 725; width <= 1_300; width += 5) {
      keep = grid({ width, height: 600 }, 5, keep).cols;
      if (back[back.length - 1] !== keep) back.push(keep);
    }
    // It changes at different widths on the way down and on the way up, and never to and fro.
    expect(columns).toEqual([...new Set(columns)]);
    expect(back).toEqual([...new Set(back)]);
  });

  it('turns pages when tiles would be too small, and spreads people evenly', () => {
    expect(tilesOnPage(DESK, 25)).toBe(25);
    expect(tilesOnPage(DESK, 26)).toBe(14); // 25 others: 13 and 12, I am on both
    expect(tilesOnPage(PHONE, 6)).toBe(6);
    expect(tilesOnPage(PHONE, 7)).toBe(4); // 6 others: 3 and 3
    expect(tilesOnPage({ width: 800, height: 500 }, 10)).toBe(6); // at most 9 here: 9 others in 5 and 4
    expect(tilesOnPage({ width: 320, height: 200 }, 2)).toBe(2);
  });
});

describe('something large with a strip', () => {
  it('has the share take what a strip of 176 leaves, and a phone have it on top', () => {
    expect(share(DESK)).toMatchObject({ strip: 'side', w: 176, fit: 5 });
    expect(share(PHONE)).toMatchObject({ strip: 'below', w: 184 });
  });

  it('has the strip above the speaker, or at the side of a very wide stage', () => {
    expect(speaker(DESK)).toMatchObject({ strip: 'above', h: 116, fit: 5 });
    expect(speaker({ width: 1_800, height: 600 }).strip).toBe('side');
    expect(speaker(PHONE)).toMatchObject({ strip: 'above', h: 80 });
  });

  it('shows as many as fit, then an arrow that comes round', () => {
    expect(stripPage(5, { fit: 5, paged: 4 }, 0)).toEqual({ from: 0, to: 5, pages: 1 });
    expect(stripPage(7, { fit: 5, paged: 4 }, 0)).toEqual({ from: 0, to: 4, pages: 2 });
    expect(stripPage(7, { fit: 5, paged: 4 }, 1)).toEqual({ from: 4, to: 7, pages: 2 });
    expect(stripPage(7, { fit: 5, paged: 4 }, 2)).toEqual({ from: 0, to: 4, pages: 2 });
    expect(stripPage(3, { fit: 1, paged: 1 }, 1)).toEqual({ from: 1, to: 2, pages: 3 });
  });
});

describe('my own picture', () => {
  it('is small, and rests in the nearest corner', () => {
    expect(self(DESK).w).toBe(208);
    expect(self(PHONE).w).toBe(104);
    expect(nearestCorner(DESK, 100, 100, false)).toBe('top-start');
    expect(nearestCorner(DESK, 100, 100, true)).toBe('top-end');
    expect(nearestCorner(DESK, 1_000, 600, false)).toBe('bottom-end');
  });

  it('goes once round all corners', () => {
    const round = new Set<Corner>();
    for (let corner: Corner = 'bottom-end'; !round.has(corner); corner = turnCorner(corner)) round.add(corner);
    expect(round.size).toBe(4);
  });
});
