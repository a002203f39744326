// Timers by name, and the tick of a second for clocks on the screen.

import type { Timer } from '../core/event';
import type { End } from '../ports';

export class Clock {
  readonly #timers = new Map<Timer['name'], number>();
  readonly #ticks = new Set<(now: number) => void>();
  #interval: number | null = null;

  /** A timer of the same name is replaced. */
  start(timer: Timer, ms: number, ring: (timer: Timer) => void): void {
    this.stop(timer.name);
    this.#timers.set(timer.name, window.setTimeout(() => {
      this.#timers.delete(timer.name);
      ring(timer);
    }, ms));
  }

  stop(name: Timer['name']): void {
    window.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  everySecond(tick: (now: number) => void): End {
    this.#ticks.add(tick);
    this.#interval ??= window.setInterval(() => {
      const now = Date.now();
      for (const each of this.#ticks) each(now);
    }, 1_000);
    tick(Date.now());
    return () => {
      this.#ticks.delete(tick);
      if (this.#ticks.size > 0 || this.#interval === null) return;
      window.clearInterval(this.#interval);
      this.#interval = null;
    };
  }
}
