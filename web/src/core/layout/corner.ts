// My own picture in a call of two: how large, and in which corner it comes to rest.

import type { Corner } from '../viewing';
import { NARROW, type Stage } from './grid';

const WIDE_SELF = 208;
const NARROW_SELF = 104;
const RATIO = 16 / 10;

export interface Self {
  readonly w: number;
  readonly h: number;
}

export function self(stage: Stage): Self {
  const w = stage.width < NARROW ? NARROW_SELF : WIDE_SELF;
  return { w, h: w / RATIO };
}

/** The corner nearest to where the middle of the picture was let go; `rtl` when lines run from right to left. */
export function nearestCorner(stage: Stage, x: number, y: number, rtl: boolean): Corner {
  const left = x < stage.width / 2;
  const top = y < stage.height / 2;
  const start = left !== rtl;
  if (top) return start ? 'top-start' : 'top-end';
  return start ? 'bottom-start' : 'bottom-end';
}

/** The next corner, for the keyboard. */
export function turnCorner(corner: Corner): Corner {
  switch (corner) {
    case 'bottom-end': return 'bottom-start';
    case 'bottom-start': return 'top-start';
    case 'top-start': return 'top-end';
    case 'top-end': return 'bottom-end';
  }
}
