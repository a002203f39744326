// Whether somebody is at this device: a key, a pointer or a touch, in any window of this browser.

import { Windows } from './windows';

/** After so long without one, nobody is there: a paragraph is read in less. */
const IDLE_MS = 5 * 60_000;
/** The other windows hear of it at most so often. */
const SHARE_MS = 30_000;
const SIGNS: readonly string[] = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'];

/** Tells when it becomes idle, and when it is touched again. */
export function watchIdle(tell: (idle: boolean) => void): void {
  let [last, shared, idle] = [Date.now(), 0, false];
  const look = (): void => {
    const left = last + IDLE_MS - Date.now();
    if (left > 0) {
      window.setTimeout(look, left);
      return;
    }
    idle = true;
    tell(true);
  };
  const touched = (): void => {
    last = Date.now();
    if (!idle) return;
    idle = false;
    tell(false);
    window.setTimeout(look, IDLE_MS);
  };
  const others = new Windows('parlor.touched', touched);
  const here = (): void => {
    touched();
    if (last - shared < SHARE_MS) return;
    shared = last;
    others.say('touched');
  };
  for (const sign of SIGNS) window.addEventListener(sign, here, { capture: true, passive: true });
  window.setTimeout(look, IDLE_MS);
}
