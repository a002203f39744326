// One large thing and a strip of people: a share, or whoever speaks.

import { gapOf, NARROW, type Stage } from './grid';

/** Width of the strip beside a share; its tiles are 16:9. */
const SIDE_STRIP = 176;
/** Height of the strip above the speaker, and of its narrow form. */
const TOP_STRIP = 116;
const TOP_STRIP_NARROW = 80;
const WIDE = 16 / 9;
/** The arrow of a strip that does not show all. */
const ARROW = 44;
/** The large tile of the speaker view is never wider than this. */
const WIDEST = 2;

export interface Split {
  /** Where the strip is, as seen from the large tile. */
  readonly strip: 'side' | 'above' | 'below';
  /** Tiles in the strip. */
  readonly w: number;
  readonly h: number;
  /** How many fit. */
  readonly fit: number;
  /** How many fit beside the arrow that turns the page of the strip. */
  readonly paged: number;
}

const fitting = (room: number, tile: number, gap: number): number => Math.max(1, Math.floor((room + gap) / (tile + gap)));
const fits = (room: number, tile: number, gap: number): Pick<Split, 'fit' | 'paged'> =>
  ({ fit: fitting(room, tile, gap), paged: fitting(room - ARROW - gap, tile, gap) });

function side(stage: Stage): Split {
  const h = SIDE_STRIP / WIDE;
  return { strip: 'side', w: SIDE_STRIP, h, ...fits(stage.height, h, gapOf(stage)) };
}

/** A share takes what the strip leaves; on a phone it lies on top, with two columns of tiles below. */
export function share(stage: Stage): Split {
  if (stage.width >= NARROW) return side(stage);
  const gap = gapOf(stage);
  const w = (stage.width - gap) / 2;
  const h = w / WIDE;
  const large = stage.width / 1.6;
  const fit = 2 * fitting(Math.max(0, stage.height - large - gap), h, gap);
  // The arrow has the place of a tile.
  return { strip: 'below', w, h, fit, paged: fit - 1 };
}

/** The speaker, up to 2:1, with the others above, or at the side where the stage is wider than that. */
export function speaker(stage: Stage): Split {
  const narrow = stage.width < NARROW;
  if (!narrow && stage.width / Math.max(1, stage.height) > WIDEST) return side(stage);
  const h = narrow ? TOP_STRIP_NARROW : TOP_STRIP;
  const w = h * WIDE;
  return { strip: 'above', w, h, ...fits(stage.width, w, gapOf(stage)) };
}

/** A page of the strip: when not all fit, there is an arrow. */
export function stripPage(count: number, { fit, paged }: Pick<Split, 'fit' | 'paged'>, page: number): { readonly from: number; readonly to: number; readonly pages: number } {
  if (count <= fit) return { from: 0, to: count, pages: 1 };
  const size = Math.max(1, paged);
  const pages = Math.ceil(count / size);
  const at = ((page % pages) + pages) % pages;
  return { from: at * size, to: Math.min(count, (at + 1) * size), pages };
}
