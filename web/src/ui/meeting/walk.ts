import type { KeyboardEvent } from 'react';
import { along } from '../kit/Seg';

const BAR = '[role="toolbar"]';
/** The places of the page, in its order; `data-walk` marks those that are there at times only. */
const REGIONS = ['header', 'main', 'aside', '[data-walk]', BAR].map((name) => `:scope > ${name}`).join();
const REACHED = 'button:not([disabled]):not([tabindex="-1"]), [tabindex="0"], a[href], input';

/** The first thing in a place that takes the focus now: what is not drawn cannot. */
const firstIn = (region: HTMLElement | null | undefined): HTMLElement | undefined =>
  [...(region?.querySelectorAll<HTMLElement>(REACHED) ?? [])].find((one) => one.checkVisibility());

/** F6: to the next of top, stage, panel, cards and bar that has something to go to. */
export function walkRegions(root: HTMLElement | null): void {
  if (!root) return;
  // A call that comes in lies over the meeting, and is its first place as long as it is there.
  const regions = [...document.querySelectorAll<HTMLElement>('[data-call-card]'), ...root.querySelectorAll<HTMLElement>(REGIONS)];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(at + step + regions.length) % regions.length];
    const first = firstIn(region);
    if (first) {
      first.focus();
      return;
    }
  }
}

/** F2: straight to the bar, from anywhere. */
export function walkToBar(root: HTMLElement | null): void {
  firstIn(root?.querySelector<HTMLElement>(`:scope > ${BAR}`))?.focus();
}

/**
 * Whoever is on a tile stays with it where it is hung elsewhere, and else on the stage: tiles come and go with people and
 * layouts. Gives what is done when it goes.
 */
export function staysWithTile(tile: HTMLElement | null): (() => void) | undefined {
  if (!tile) return undefined;
  return () => {
    if (!tile.contains(document.activeElement)) return;
    // Once the new ones hang.
    queueMicrotask(() => {
      if (document.activeElement !== document.body) return;
      const tiles = [...document.querySelectorAll<HTMLElement>('main [data-tile]')];
      (tiles.find(({ dataset }) => dataset['key'] === tile.dataset['key']) ?? tiles[0])?.focus();
    });
  };
}

/** In the bar the arrows walk from key to key, as screen readers tell of a toolbar; Tab does too. */
export function walkBar(event: KeyboardEvent<HTMLElement>): void {
  // What is open in the bar, a menu, has heard the key before.
  if (event.defaultPrevented || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  const bar = event.currentTarget;
  const keys = [...bar.querySelectorAll<HTMLElement>('button:not([disabled]):not([role])')].filter((key) => key.checkVisibility());
  const at = keys.findIndex((key) => key === document.activeElement);
  const by = along(event.key, getComputedStyle(bar).direction === 'rtl');
  if (at < 0) return;
  event.preventDefault();
  keys[(at + by + keys.length) % keys.length]?.focus();
}
