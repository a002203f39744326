// Pauses between the tries of a broken line, and how one is cut short.

import { CriticalTimers } from 'livekit-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLine } from '../src/io/events';
import { hurry, patient } from '../src/io/livekit-line';

/** As livekit-client does: asks how long, then waits for just that. */
function waits(run: () => void, retryCount: number): ReturnType<typeof setTimeout> {
  const pause = patient.nextRetryDelayInMs({ elapsedMs: 1_000, retryCount });
  if (pause === null) throw new Error('given up');
  return CriticalTimers.setTimeout(run, pause);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a pause between two tries', () => {
  it('comes after every second one, and nobody waits longer than two seconds', () => {
    const pauses = Array.from({ length: 40 }, (_, retryCount) => patient.nextRetryDelayInMs({ elapsedMs: 200_000, retryCount }) ?? NaN);
    expect(pauses[0]).toBe(0);
    pauses.forEach((pause, nth) => expect(pause + (pauses[nth + 1] ?? 0)).toBeLessThanOrEqual(2_000));
    expect(new Set(pauses.filter((_, nth) => nth % 2 === 1)).size).toBe(1);
    expect(new Set(pauses.filter((_, nth) => nth > 0 && nth % 2 === 0)).size).toBeGreaterThan(1);
    expect(patient.nextRetryDelayInMs({ elapsedMs: 300_001, retryCount: 3 })).toBeNull();
  });

  it('ends by itself, or when somebody is in a hurry, and once', () => {
    const run = vi.fn<() => void>();
    waits(run, 4);
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

  it('is told from other timers of the same clock', () => {
    const other = vi.fn<() => void>();
    const run = vi.fn<() => void>();
    CriticalTimers.setTimeout(other, 50);
    waits(run, 3);
    hurry();
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
