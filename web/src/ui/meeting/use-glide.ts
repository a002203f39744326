import { useLayoutEffect, useRef, type RefObject } from 'react';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const MS = 220;
const EASE = 'cubic-bezier(.2, .7, .2, 1)';

/**
 * When the layout changes, tiles glide from where they hung to where they hang: all together, transforms only. `shape` names
 * whatever else moves them, without a glide; the tiles are measured when one of the two changes, and at no other time.
 */
export function useGlide(ref: RefObject<HTMLElement | null>, layout: string, shape: string): void {
  const places = useRef<ReadonlyMap<string, Place>>(new Map());
  const last = useRef<{ readonly layout: string; readonly shape: string } | null>(null);
  useLayoutEffect(() => {
    const stage = ref.current;
    if (!stage) return;
    const known = last.current;
    if (known?.layout === layout && known.shape === shape) return;
    last.current = { layout, shape };
    const moved = known !== null && known.layout !== layout;
    const before = places.current;
    places.current = measure(stage);
    if (!moved || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const tile of tilesOf(stage)) glide(tile, before.get(keyOf(tile)), places.current.get(keyOf(tile)));
  }, [ref, layout, shape]);
}

const tilesOf = (stage: HTMLElement): readonly HTMLElement[] => [...stage.querySelectorAll<HTMLElement>('[data-key]')];
const keyOf = (tile: HTMLElement): string => tile.dataset['key'] ?? '';

/** All are measured before the first is moved, so that the page is laid out once. */
function measure(stage: HTMLElement): ReadonlyMap<string, Place> {
  const origin = stage.getBoundingClientRect();
  return new Map(tilesOf(stage).map((tile) => {
    const own = tile.offsetParent === stage ? null : tile.getBoundingClientRect();
    return [keyOf(tile), {
      x: own ? own.left - origin.left : tile.offsetLeft,
      y: own ? own.top - origin.top : tile.offsetTop,
      w: tile.offsetWidth,
      h: tile.offsetHeight,
    }];
  }));
}

function glide(tile: HTMLElement, from: Place | undefined, to: Place | undefined): void {
  if (!from || !to || to.w === 0 || to.h === 0) return;
  const [dx, dy] = [from.x - to.x, from.y - to.y];
  if (dx === 0 && dy === 0 && from.w === to.w && from.h === to.h) return;
  tile.animate(
    [
      { transformOrigin: '0 0', transform: `translate(${dx}px, ${dy}px) scale(${from.w / to.w}, ${from.h / to.h})` },
      { transformOrigin: '0 0', transform: 'none' },
    ],
    { duration: MS, easing: EASE },
  );
}
