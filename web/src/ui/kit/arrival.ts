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
    case 'talks': return page.id === null ? 'talks' : `talks/${page.id}`;
    case 'test': return `test/${page.run.state}`;
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
    return moved ? land() : undefined;
  }, [sight]);
}

/** The heading that is shown: while a screen is fetched, the one before it is still there and hidden. */
const landing = (): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>('[data-landing]')].find((heading) => heading.getClientRects().length > 0);

/** Puts the focus there, at once or, where the screen is still being fetched, when it stands. */
function land(): (() => void) | undefined {
  const there = landing();
  if (there) {
    there.focus({ preventScroll: true });
    return undefined;
  }
  const watch = new MutationObserver(() => {
    const heading = landing();
    if (!heading) return;
    watch.disconnect();
    // Whoever has gone on by keys meanwhile is left where they are.
    if (document.activeElement === document.body) heading.focus({ preventScroll: true });
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => watch.disconnect();
}
