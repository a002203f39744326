import { useLayoutEffect, useRef, type RefObject } from 'react';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const MS = 220;
const EASE = 'cubic-bezier(.2, .7, .2, 1)';

/** When the layout changes, tiles glide from where they hung to where they hang: all together, transforms only. */
export function useGlide(ref: RefObject<HTMLElement | null>, layout: string): void {
  const places = useRef(new Map<string, Place>());
  const last = useRef(layout);
  useLayoutEffect(() => {
    const stage = ref.current;
    if (!stage) return;
    const origin = stage.getBoundingClientRect();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const moved = last.current !== layout;
    last.current = layout;
    const now = new Map<string, Place>();
    for (const tile of stage.querySelectorAll<HTMLElement>('[data-key]')) {
      const key = tile.dataset['key'] ?? '';
      const place: Place = {
        x: tile.offsetParent === stage ? tile.offsetLeft : tile.getBoundingClientRect().left - origin.left,
        y: tile.offsetParent === stage ? tile.offsetTop : tile.getBoundingClientRect().top - origin.top,
        w: tile.offsetWidth,
        h: tile.offsetHeight,
      };
      now.set(key, place);
      const before = places.current.get(key);
      if (!moved || still || !before || place.w === 0 || place.h === 0) continue;
      const [dx, dy] = [before.x - place.x, before.y - place.y];
      if (dx === 0 && dy === 0 && before.w === place.w && before.h === place.h) continue;
      tile.animate(
        [
          { transformOrigin: '0 0', transform: `translate(${dx}px, ${dy}px) scale(${before.w / place.w}, ${before.h / place.h})` },
          { transformOrigin: '0 0', transform: 'none' },
        ],
        { duration: MS, easing: EASE },
      );
    }
    places.current = now;
  });
}
