// After each change of the whole screen the focus goes to its heading: the button that was pressed is gone.

import { useEffect, useRef } from 'react';
import type { State } from '../../core/state';

/** Which screen is shown. */
export type Sight = string;

export function sightOf({ page }: State): Sight {
  switch (page.at) {
    case 'room': return page.phase.is;
    case 'setup': return `setup/${page.step.is}`;
    case 'console': return `console/${page.tab}`;
    case 'home': return page.part;
    default: return page.at;
  }
}

/** What only comes before a screen. */
const WAITS: readonly Sight[] = ['looking', 'waiting'];

/** Marks the heading that a screen is entered by; it takes the focus from us alone. */
export const LANDING = { 'tabIndex': -1, 'data-landing': true } as const;

/** Whether the focus goes to the new screen: not to the first of a visit, and not to the wait before one. */
export const arrives = (last: Sight | null, now: Sight): boolean => !WAITS.includes(now) && last !== null && last !== now;

export function useArrival(sight: Sight): void {
  const last = useRef<Sight | null>(null);
  useEffect(() => {
    const moved = arrives(last.current, sight);
    if (!WAITS.includes(sight)) last.current = sight;
    if (moved) document.querySelector<HTMLElement>('[data-landing]')?.focus({ preventScroll: true });
  }, [sight]);
}
