/** When keys were pressed and when it rang: noted in the page itself, so that the test's own pace does not blur it. */

import type { Person } from './person.ts';
import type { Tab } from './tab.ts';

declare global {
  interface Window {
    __moments: Moment[] | undefined;
  }
}

/** It rings here, it does so no more, it rings at the other end, or something was pressed here, by its name. */
type What = 'rings' | 'silent' | 'rings there' | `pressed ${string}`;

interface Moment {
  /** By the clock of the machine, in milliseconds; all pages and tests share it. */
  at: number;
  what: string;
}

/** Notes from now on. To be called before the page is opened. */
export function noteMoments(tab: Tab): Promise<void> {
  return tab.prepare(note, undefined);
}

/** When something happened last, by the clock of the machine in milliseconds. */
export async function lastOf([who, what]: readonly [Person, What]): Promise<number> {
  const moments = await who.tab.evaluate(read, undefined);
  const found = moments.findLast((one) => one.what === what);
  if (found === undefined) {
    throw new Error(`${who.name}: nothing like '${what}' among ${moments.map((one) => one.what).join(', ')}`);
  }
  return found.at;
}

/** How long it took from one to the other, each where it happened last; in milliseconds. */
export async function took(from: readonly [Person, What], to: readonly [Person, What]): Promise<number> {
  const [began, came] = await Promise.all([lastOf(from), lastOf(to)]);
  return came - began;
}

/** Runs in the page. */
function read(): Moment[] {
  return window.__moments ?? [];
}

/** Runs in the page. Must not refer to anything outside itself. */
function note(): void {
  const moments: Moment[] = [];
  window.__moments = moments;
  const happened = (what: string): void => void moments.push({ at: Date.now(), what });
  let [here, there] = [false, false];
  const look = (): void => {
    const [rings, ringsThere] = [document.querySelector('.ring[data-call-card]') !== null, document.querySelector('[data-call-stage="ringing"]') !== null];
    if (rings !== here) {
      happened(rings ? 'rings' : 'silent');
    }
    if (ringsThere && !there) {
      happened('rings there');
    }
    [here, there] = [rings, ringsThere];
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-call-stage', 'data-call-card'] });
  const pressed = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button !== null) {
      happened(`pressed ${button.getAttribute('aria-label') ?? button.textContent ?? ''}`);
    }
  };
  document.addEventListener('click', pressed, true);
}
