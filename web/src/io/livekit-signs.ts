// Signs of life of the server, looked for while a broken line waits for one.

import type { Room } from 'livekit-client';
import { family } from './browser';
import { hurry, onPause } from './livekit-line';

/** Looks for signs whenever the line of a room waits between two tries, and ends the wait with the first. */
export class Signs {
  readonly #room: Room;
  readonly #unwatch = onPause(() => this.#begin());
  #timer: ReturnType<typeof setInterval> | null = null;
  #lost = 0;
  #asked = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** The line is back: no more signs are needed. */
  back(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#lost = 0;
  }

  end(): void {
    this.back();
    this.#unwatch();
  }

  /** Since when the line waits, in milliseconds. */
  lostFor(): number {
    return this.#lost === 0 ? 0 : performance.now() - this.#lost;
  }

  #begin(): void {
    if (this.#timer !== null) return void this.#ask();
    this.#lost = performance.now();
    this.#timer = setInterval(() => {
      const pause = this.lostFor() < OFTEN_FOR_MS ? 0 : RARE_MS;
      if (performance.now() - this.#asked >= pause) void this.#ask();
    }, OFTEN_MS);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asked = performance.now();
    try {
      const { ok } = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!ok || this.#timer === null) return;
    } catch {
      return; // No sign.
    }
    if (isBeyondRepair(this.#room)) Reflect.set(this.#room.engine, 'fullReconnectOnNext', true);
    hurry();
  }
}

/**
 * Firefox gives a connection up after some 25 s without network, and looking for ways anew then revives only half of it: it
 * receives, and sends nothing for ever. Coming in anew to the same seat makes another.
 */
function isBeyondRepair(room: Room): boolean {
  const state = room.engine.pcManager?.publisher.getConnectionState();
  return state === 'failed' && family(navigator.userAgent) === 'firefox';
}

/** So often a small request is made, by those alone whose line is broken; after a minute less often. */
const OFTEN_MS = 700;
const OFTEN_FOR_MS = 60_000;
const RARE_MS = 5_000;
/** Four requests at once, of the six that browsers allow to one server; enough for round trips of most of a second. */
const PATIENCE_MS = 4 * OFTEN_MS;
