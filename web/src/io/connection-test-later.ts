// The connection test, fetched when somebody begins one: nobody needs it to go into a meeting.

import type { Effect } from '../core/effect';
import type { Event } from '../core/event';
import type { ConnectionTest, Ear } from './connection-test';

export class LaterConnectionTest {
  readonly #tell: (event: Event) => void;
  readonly #meter: Ear;
  #fetched: Promise<ConnectionTest> | null = null;

  constructor(tell: (event: Event) => void, meter: Ear) {
    this.#tell = tell;
    this.#meter = meter;
  }

  async take(effect: Extract<Effect, { type: 'test/run' | 'test/stop' | 'test/report' }>): Promise<void> {
    // Whatever was not begun need not be stopped.
    if (this.#fetched === null && effect.type === 'test/stop') return;
    const fetched = (this.#fetched ??= this.#fetch());
    try {
      (await fetched).take(effect);
    } catch {
      // Without network, or another version is served by now: the run ends with nothing tried, and says so.
      if (this.#fetched === fetched) this.#fetched = null;
      if (effect.type === 'test/run') this.#tell({ type: 'test/over', run: effect.run });
    }
  }

  async #fetch(): Promise<ConnectionTest> {
    const { ConnectionTest } = await import('./connection-test');
    return new ConnectionTest(this.#tell, this.#meter);
  }
}
