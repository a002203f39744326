// Pauses between the tries of a broken line, and how one is cut short.

import { CriticalTimers, type Room } from 'livekit-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLine } from '../src/io/events';
import { hasten, hurry, onPause, patient } from '../src/io/livekit-line';

/** As livekit-client does: asks how long, then waits for just that. */
function waits(run: () => void, retryCount: number): ReturnType<typeof setTimeout> {
  const pause = patient.nextRetryDelayInMs({ elapsedMs: 1_000, retryCount });
  if (pause === null) throw new Error('given up');
  return CriticalTimers.setTimeout(run, pause);
}

/** How long a pause lasts that somebody is in a hurry to end. */
function shortest(retryCount: number): number {
  const run = vi.fn<() => void>();
  waits(run, retryCount);
  hurry();
  const began = performance.now();
  vi.advanceTimersToNextTimer();
  expect(run).toHaveBeenCalledTimes(1);
  return performance.now() - began;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a pause between two tries', () => {
  it('follows each but the first, and is long where no sign of life comes', () => {
    const pauses = Array.from({ length: 40 }, (_, retryCount) => patient.nextRetryDelayInMs({ elapsedMs: 200_000, retryCount }) ?? NaN);
    expect(pauses[0]).toBe(0);
    expect(Math.min(...pauses.slice(1))).toBeGreaterThanOrEqual(30_000);
    expect(patient.nextRetryDelayInMs({ elapsedMs: 300_001, retryCount: 3 })).toBeNull();
  });

  it('with a sign of life is short after every first try, and of another length for everybody after every second', () => {
    const odd = Array.from({ length: 20 }, () => shortest(1));
    const even = Array.from({ length: 20 }, () => shortest(2));
    expect(new Set(odd.map((ms) => Math.round(ms)))).toEqual(new Set([100]));
    expect(new Set(even).size).toBeGreaterThan(1);
    even.forEach((ms) => expect(ms + 100).toBeLessThanOrEqual(2_000));
  });

  it('says that it begins, for as long as somebody wants to know', () => {
    const began = vi.fn<() => void>();
    const enough = onPause(began);
    waits(() => undefined, 1);
    expect(began).toHaveBeenCalledTimes(1);
    enough();
    waits(() => undefined, 1);
    expect(began).toHaveBeenCalledTimes(1);
  });

  it('ends by itself, or when somebody is in a hurry, and once', () => {
    const run = vi.fn<() => void>();
    waits(run, 4);
    vi.advanceTimersByTime(2_000);
    hurry();
    expect(run).toHaveBeenCalledTimes(1);
    hurry();
    vi.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(1);
    waits(run, 4);
    vi.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(2);
    hurry();
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('is over when the line is given up, and then no hurry tries it', () => {
    const run = vi.fn<() => void>();
    CriticalTimers.clearTimeout(waits(run, 4));
    hurry();
    vi.advanceTimersByTime(60_000);
    expect(run).not.toHaveBeenCalled();
    // Also where somebody was in a hurry already.
    const late = waits(run, 4);
    hurry();
    CriticalTimers.clearTimeout(late);
    vi.advanceTimersByTime(60_000);
    expect(run).not.toHaveBeenCalled();
  });

  it('is told from other timers of the same clock', () => {
    const other = vi.fn<() => void>();
    const run = vi.fn<() => void>();
    CriticalTimers.setTimeout(other, 150);
    waits(run, 3);
    vi.advanceTimersByTime(40);
    hurry();
    hurry();
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60);
    expect(run).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
  });

  it('of the event socket is cut short as well', () => {
    const opened = vi.fn<(url: string) => void>();
    class Deaf extends EventTarget {
      static readonly OPEN = 1;
      readonly readyState = 3;
      constructor(url: string) {
        super();
        opened(url);
        queueMicrotask(() => this.dispatchEvent(new Event('close')));
      }
      close(): void {
        // It is closed.
      }
    }
    vi.stubGlobal('WebSocket', Deaf);
    vi.stubGlobal('location', { origin: 'https://meet.example.org' });
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('document', { hidden: false });
    const line = vi.fn<(up: boolean) => void>();
    const events = new EventLine({ told: () => undefined, line });
    events.attend('tea');
    return Promise.resolve().then(() => {
      expect(line).toHaveBeenCalledWith(false);
      expect(opened).toHaveBeenCalledTimes(1);
      events.hurry();
      expect(opened).toHaveBeenCalledTimes(2);
      // Under way already.
      events.hurry();
      expect(opened).toHaveBeenCalledTimes(2);
      events.quit();
    });
  });
});

/** As much of a room as tells that it is known again. */
function entrance(): { room: Room; known: () => void } {
  const told: (() => void)[] = [];
  const room = Object.assign(Object.create(null), { engine: { on: (_: 'signalRestarted', then: () => void) => void told.push(then) } });
  return { room, known: () => told.forEach((one) => one()) };
}

describe('whoever comes in anew', () => {
  it('asks for the others at once, and does not wait for what is new to become old', () => {
    const { room, known } = entrance();
    const order: string[] = [];
    hasten(room, () => order.push('asked'));
    // As livekit-client does: tells that the room is known again, then waits before it looks for sound and pictures.
    known();
    CriticalTimers.setTimeout(() => order.push('looked'), 2_000);
    vi.advanceTimersByTime(10);
    expect(order).toEqual(['asked', 'looked']);
  });

  it('leaves all other timers as they are', async () => {
    const { room, known } = entrance();
    hasten(room, () => undefined);
    const late = vi.fn<() => void>();
    CriticalTimers.setTimeout(late, 2_000);
    known();
    await Promise.resolve();
    CriticalTimers.setTimeout(late, 2_000);
    vi.advanceTimersByTime(1_999);
    expect(late).not.toHaveBeenCalled();
  });
});
