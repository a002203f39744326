// In full screen the bar goes away when nobody moves, and comes back at the first move.

import { useEffect, type RefObject } from 'react';

/** So long nothing moves before the bar goes. */
const REST_MS = 4_000;

/** Marks the element while all rests; never while the keyboard is in the bar, or a menu of it is open. */
export function useRest(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let timer = 0;
    const busy = (): boolean =>
      ref.current?.querySelector('[role="toolbar"] :focus-visible, [role="toolbar"] [aria-expanded="true"]') !== null;
    const rest = (): void => {
      if (document.fullscreenElement && !busy()) ref.current?.setAttribute('data-rest', '');
    };
    const wake = (): void => {
      window.clearTimeout(timer);
      ref.current?.removeAttribute('data-rest');
      if (document.fullscreenElement) timer = window.setTimeout(rest, REST_MS);
    };
    const moves = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'fullscreenchange'] as const;
    for (const move of moves) document.addEventListener(move, wake);
    return () => {
      window.clearTimeout(timer);
      for (const move of moves) document.removeEventListener(move, wake);
    };
  }, [ref]);
}
