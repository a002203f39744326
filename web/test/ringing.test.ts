// Which window of a browser rings, and when: with devices made of nothing, of which some may not sound yet.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ringing } from '../src/io/ringing';

/** The notes that were played, by the context that played them. */
let played: FakeOutlet[] = [];
let contexts: FakeOutlet[] = [];
/** Whether a context that is made, or woken, runs. */
let touched = false;

class FakeOutlet {
  currentTime = 0;
  closed = false;
  readonly #waiting: (() => void)[] = [];
  constructor() {
    contexts.push(this);
  }
  createMediaStreamDestination(): { stream: null } {
    return { stream: null };
  }
  resume(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (touched) for (const done of this.#waiting.splice(0)) done();
    });
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

class FakeAudio {
  srcObject: unknown = null;
  play(): Promise<void> {
    return touched ? Promise.resolve() : Promise.reject(new Error('NotAllowedError'));
  }
}

/** One lock for all windows, as a browser has it. */
class FakeLocks {
  #turn: Promise<void> = Promise.resolve();
  request(_: string, { signal }: { signal: AbortSignal }, run: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    this.#turn = before.then(() => (signal.aborted ? undefined : run()));
    return this.#turn;
  }
}

/** All that can run without a clock has run. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** A window of this browser; only those that were touched may sound. */
let windows: EventTarget;
const touch = (): void => {
  touched = true;
  windows.dispatchEvent(new Event('pointerdown'));
};

beforeEach(() => {
  vi.useFakeTimers();
  [played, contexts, touched] = [[], [], true];
  windows = new EventTarget();
  vi.stubGlobal('window', Object.assign(windows, { setInterval, clearInterval }));
  vi.stubGlobal('navigator', { locks: new FakeLocks() });
  vi.stubGlobal('AudioContext', FakeOutlet);
  vi.stubGlobal('Audio', FakeAudio);
  const gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
  vi.stubGlobal('GainNode', class { gain = gain; connect(): void { /* nothing to connect */ } });
  vi.stubGlobal('OscillatorNode', class {
    readonly #context: FakeOutlet;
    constructor(context: FakeOutlet) { this.#context = context; }
    connect(): void { /* nothing to connect */ }
    start(): void { played.push(this.#context); }
    stop(): void { /* it ends */ }
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a ring', () => {
  it('sounds in rounds until it is stopped, and leaves nothing open', async () => {
    const ringing = new Ringing();
    ringing.sound('ring', null);
    await settled();
    expect(played).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(3_200);
    expect(played).toHaveLength(12);
    ringing.sound(null, null);
    await settled();
    expect(contexts.map(({ closed }) => closed)).toEqual([true]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(played).toHaveLength(12);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sounds in one window', async () => {
    const [one, other] = [new Ringing(), new Ringing()];
    one.sound('ring', null);
    other.sound('ring', null);
    await settled();
    expect(new Set(played)).toEqual(new Set([contexts[0]]));
    one.sound(null, null);
    await settled();
    expect(new Set(played)).toEqual(new Set(contexts));
    other.sound(null, null);
    await settled();
  });

  it('is not kept by a window that nobody has touched from one that can be heard', async () => {
    touched = false;
    const [untouched, other] = [new Ringing(), new Ringing()];
    untouched.sound('ring', null);
    await settled();
    expect(played).toEqual([]);
    touched = true;
    other.sound('ring', null);
    await settled();
    expect(new Set(played)).toEqual(new Set([contexts[1]]));
    untouched.sound(null, null);
    other.sound(null, null);
    await settled();
    expect(contexts.every(({ closed }) => closed)).toBe(true);
  });

  it('begins with one round when the page is touched, however long it has waited', async () => {
    touched = false;
    const ringing = new Ringing();
    ringing.sound('ring', null);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(played).toEqual([]);
    touch();
    await settled();
    expect(played).toHaveLength(6);
    ringing.sound(null, null);
    await settled();
  });

  it('of the other end is heard beside it', async () => {
    const [one, other] = [new Ringing(), new Ringing()];
    one.sound('ring', null);
    other.sound('back', null);
    await settled();
    expect(new Set(played)).toEqual(new Set(contexts));
    one.sound(null, null);
    other.sound(null, null);
    await settled();
  });

  it('that says busy is over by itself after four seconds', async () => {
    const ringing = new Ringing();
    ringing.sound('busy', null);
    await settled();
    expect(played).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_999);
    expect(played).toHaveLength(4);
    expect(contexts.map(({ closed }) => closed)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(played).toHaveLength(4);
    expect(contexts.map(({ closed }) => closed)).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that says busy ends before that where something else is heard, and waits for no other window', async () => {
    const [one, other] = [new Ringing(), new Ringing()];
    one.sound('ring', null);
    other.sound('busy', 'a speaker');
    await settled();
    expect(played.filter((context) => context === contexts[1])).toHaveLength(1);
    other.sound(null, null);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(played.filter((context) => context === contexts[1])).toHaveLength(1);
    expect(contexts[1]?.closed).toBe(true);
    one.sound(null, null);
    await settled();
  });
});
