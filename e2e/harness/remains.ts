/** Keeps count of what a page opens, so that a test can ask what it has not closed. */

import { expect } from '@playwright/test';

import { MEDIA_PATIENCE } from './person.ts';
import type { Tab } from './tab.ts';

/** What is open in a page: each a word for one thing. */
export interface Remains {
  /** Captured tracks that are live: the lamp of that camera or microphone is on. */
  captures: string[];
  /** Audio contexts that are not closed, by their state. */
  sounds: string[];
  /** Peer connections that are not closed, by their state. */
  connections: string[];
}

/** The same as two moments share it: whatever the state of each is, and in whatever order devices were opened. */
export interface Amount {
  captures: string[];
  sounds: number;
  connections: number;
}

/** Nothing. */
const NOTHING: Remains = { captures: [], sounds: [], connections: [] };

interface Kept {
  __captures: Set<MediaStreamTrack>;
  __sounds: AudioContext[];
}

/** To be called before the first `goto`. */
export async function keepCount(tab: Tab): Promise<void> {
  await tab.prepare(count, undefined);
}

/** What is open now. */
export function remains(tab: Tab): Promise<Remains> {
  return tab.evaluate(read, undefined);
}

/** How much is open now. */
export async function amount(tab: Tab): Promise<Amount> {
  const { captures, sounds, connections } = await remains(tab);
  return { captures: captures.toSorted(), sounds: sounds.length, connections: connections.length };
}

/** How much is open once it stays so: what only passes, as the context of a chime, is not among it. */
export async function amountAtRest(tab: Tab): Promise<Amount> {
  let now: Amount | undefined;
  const stays = async (): Promise<boolean> => {
    const before = JSON.stringify(now);
    now = await amount(tab);
    return JSON.stringify(now) === before;
  };
  await expect.poll(stays, { message: 'what is open stays', timeout: MEDIA_PATIENCE, intervals: [1_000] }).toBe(true);
  return now ?? (await amount(tab));
}

/** Waits until nothing is open any more. */
export async function expectNothingOpen(tab: Tab, when: string): Promise<void> {
  await expect
    .poll(() => remains(tab), { message: `nothing is open ${when}`, timeout: MEDIA_PATIENCE / 3 })
    .toEqual(NOTHING);
}

/** Waits until these kinds are captured, and no others. */
export async function expectCaptured(tab: Tab, kinds: string[], when: string): Promise<void> {
  const now = async (): Promise<string[]> => [...new Set((await remains(tab)).captures)].toSorted();
  await expect.poll(now, { message: `captured ${when}`, timeout: MEDIA_PATIENCE / 3 }).toEqual(kinds.toSorted());
}

/** Runs in the page. */
function count(): void {
  const captures = new Set<MediaStreamTrack>();
  const sounds: AudioContext[] = [];
  Object.assign(window, { __captures: captures, __sounds: sounds } satisfies Kept);
  // Secure pages alone have devices.
  if ('MediaDevices' in window) {
    const { prototype } = MediaDevices;
    for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
      const ask = prototype[name];
      prototype[name] = async function (constraints?: MediaStreamConstraints) {
        const stream = await ask.call(this, constraints);
        for (const track of stream.getTracks()) {
          captures.add(track);
        }
        return stream;
      };
    }
  }
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    if (captures.has(this)) {
      captures.add(copy);
    }
    return copy;
  };
  const Native = window.AudioContext;
  window.AudioContext = class extends Native {
    constructor(options?: AudioContextOptions) {
      super(options);
      sounds.push(this);
    }
  };
}

/** Runs in the page. */
function read(): Remains {
  const { __captures, __sounds } = window as unknown as Kept;
  return {
    captures: [...__captures].filter((one) => one.readyState === 'live').map((one) => one.kind),
    sounds: __sounds.map((one) => one.state).filter((state) => state !== 'closed'),
    connections: window.__connections.map((one) => one.connectionState).filter((state) => state !== 'closed'),
  };
}
