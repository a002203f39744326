// The grid: how many columns, how many pages. Numbers in, numbers out (look: "The grid").

export interface Stage {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly cols: number;
  readonly rows: number;
  readonly w: number;
  readonly h: number;
}

/** Below this width the stage is a phone's. */
export const NARROW = 720;
/** Columns are kept unless the new best is this much larger, so that a window being dragged does not flicker. */
const WORTH_A_CHANGE = 1.1;

export const gapOf = (stage: Stage): number => (stage.width < NARROW ? 6 : 12);
const ratiosOf = (stage: Stage): { min: number; max: number } =>
  stage.width < NARROW ? { min: 10 / 17, max: 16 / 9 } : { min: 4 / 3, max: 16 / 9 };
const mostOf = (stage: Stage): number => (stage.width < NARROW ? 6 : stage.width < 1100 ? 9 : 25);
const leastOf = (stage: Stage): number => (stage.width < NARROW ? 150 : 200);

function shape(stage: Stage, tiles: number, cols: number): Grid & { readonly score: number } {
  const gap = gapOf(stage);
  const ratios = ratiosOf(stage);
  const rows = Math.ceil(tiles / cols);
  const cellWidth = (stage.width - gap * (cols - 1)) / cols;
  const cellHeight = (stage.height - gap * (rows - 1)) / rows;
  const w = Math.max(0, Math.min(cellWidth, cellHeight * ratios.max));
  const h = Math.max(0, Math.min(cellHeight, w / ratios.min));
  const empty = cols * rows - tiles;
  return { cols, rows, w, h, score: w * h * (1 - 0.04 * empty) };
}

/** The best grid for so many tiles; `keep` is the number of columns shown until now. */
export function grid(stage: Stage, tiles: number, keep?: number): Grid {
  if (tiles < 1) return { cols: 1, rows: 1, w: 0, h: 0 };
  let best = shape(stage, tiles, 1);
  for (let cols = 2; cols <= tiles; cols++) {
    const next = shape(stage, tiles, cols);
    if (next.score > best.score) best = next;
  }
  if (keep !== undefined && keep !== best.cols && keep >= 1 && keep <= tiles) {
    const kept = shape(stage, tiles, keep);
    if (best.score < kept.score * WORTH_A_CHANGE) best = kept;
  }
  return { cols: best.cols, rows: best.rows, w: best.w, h: best.h };
}

/** How many tiles stand on one page, spread evenly. `tiles` counts my own, which stands on every page. */
export function tilesOnPage(stage: Stage, tiles: number): number {
  const least = leastOf(stage);
  const fits = (count: number): boolean => count <= mostOf(stage) && grid(stage, count).w >= least;
  if (tiles <= 2 || fits(tiles)) return tiles;
  let most = Math.min(tiles, mostOf(stage));
  while (most > 2 && !fits(most)) most -= 1;
  const others = tiles - 1;
  const pages = Math.ceil(others / (most - 1));
  return Math.ceil(others / pages) + 1;
}
