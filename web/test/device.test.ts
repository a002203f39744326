import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recallDevice } from '../src/io/device-key';
import { watchIdle } from '../src/io/idle';

afterEach(() => vi.unstubAllGlobals());

describe('the name of this browser', () => {
  it('is drawn once, in letters and digits, and kept', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    const drawn = recallDevice();
    expect(drawn).toMatch(/^[a-z0-9]{32}$/);
    expect(recallDevice()).toBe(drawn);
    kept.set('parlor.device', 'no/name');
    expect(recallDevice()).toMatch(/^[a-z0-9]{32}$/);
  });

  it('is one of this window alone where nothing can be kept', () => {
    vi.stubGlobal('localStorage', {
      getItem: () => {
        throw new Error('closed');
      },
    });
    expect(recallDevice()).toMatch(/^[a-z0-9]{32}$/);
    expect(recallDevice()).not.toBe(recallDevice());
  });
});

describe('whether anybody is at this device', () => {
  let told: boolean[] = [];
  let page = new EventTarget();
  beforeEach(() => {
    told = [];
    page = new EventTarget();
    vi.useFakeTimers();
    vi.stubGlobal('window', Object.assign(page, { setTimeout: globalThis.setTimeout }));
    watchIdle((idle) => told.push(idle));
  });
  afterEach(() => vi.useRealTimers());

  it('is doubted after five minutes without a sign, and known again at the first', () => {
    vi.advanceTimersByTime(4 * 60_000);
    page.dispatchEvent(new Event('keydown'));
    vi.advanceTimersByTime(4 * 60_000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([true]);
    vi.advanceTimersByTime(60 * 60_000);
    expect(told).toEqual([true]);
    page.dispatchEvent(new Event('pointermove'));
    expect(told).toEqual([true, false]);
    vi.advanceTimersByTime(5 * 60_000);
    expect(told).toEqual([true, false, true]);
  });
});
