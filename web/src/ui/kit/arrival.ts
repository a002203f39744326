// After each change of the whole screen the focus goes to its heading: the button that was pressed is gone.

import { useEffect, useRef } from 'react';
import type { State } from '../../core/state';

/** Which screen is shown. */
export type Sight = 'start' | Extract<State['page'], { at: 'room' }>['phase']['is'];

export const sightOf = ({ page }: State): Sight => (page.at === 'start' ? 'start' : page.phase.is);

/** Marks the heading that a screen is entered by; it takes the focus from us alone. */
export const LANDING = { 'tabIndex': -1, 'data-landing': true } as const;

/** Whether the focus goes to the new screen: not to the first of a visit, and not to the wait before one. */
export const arrives = (last: Sight | null, now: Sight): boolean => now !== 'looking' && last !== null && last !== now;

export function useArrival(sight: Sight): void {
  const last = useRef<Sight | null>(null);
  useEffect(() => {
    const moved = arrives(last.current, sight);
    if (sight !== 'looking') last.current = sight;
    if (moved) document.querySelector<HTMLElement>('[data-landing]')?.focus({ preventScroll: true });
  }, [sight]);
}
