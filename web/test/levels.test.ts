import { afterEach, describe, expect, it, vi } from 'vitest';
import { Meter } from '../src/io/levels';

/** As much of a browser as the meter touches. */
class SoundGraph {
  static readonly all: SoundGraph[] = [];
  state = 'running';
  constructor() {
    SoundGraph.all.push(this);
  }
  createMediaStreamSource = (): { connect: () => void; disconnect: () => void } => ({ connect: () => undefined, disconnect: () => undefined });
  close = (): Promise<void> => {
    this.state = 'closed';
    return Promise.resolve();
  };
}

function browser(context: unknown): void {
  SoundGraph.all.length = 0;
  vi.stubGlobal('AudioContext', context);
  vi.stubGlobal('AnalyserNode', function analyser() {});
  vi.stubGlobal('MediaStream', function stream() {});
  vi.stubGlobal('window', { setInterval: () => 1, clearInterval: () => undefined });
}

/** A page whose microphone gives these peaks, one look after the other; the last for ever. */
function sounding(...peaks: readonly number[]): void {
  browser(SoundGraph);
  vi.stubGlobal('window', { setInterval: () => 1, clearInterval: () => undefined, setTimeout: (run: () => void, ms: number) => setTimeout(run, ms) });
  let look = 0;
  vi.stubGlobal('AnalyserNode', class {
    getFloatTimeDomainData(samples: Float32Array): void {
      samples.fill(peaks[Math.min(look, peaks.length - 1)] ?? 0);
      look += 1;
    }
  });
}

const track = (): MediaStreamTrack => Object.assign(Object.create(null), { enabled: true, readyState: 'live' });

function listening(): Meter {
  const meter = new Meter(() => undefined);
  meter.watch(track());
  return meter;
}

async function hears(meter: Meter, over = new AbortController().signal): Promise<boolean | null> {
  const answer = meter.hears(3_000, over);
  await vi.advanceTimersByTimeAsync(4_000);
  return answer;
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the meter', () => {
  it('leaves nothing open when nobody is listened to any more', () => {
    browser(SoundGraph);
    const meter = new Meter(() => undefined);
    meter.watch(track());
    meter.watch(null);
    meter.watch(track());
    expect(SoundGraph.all.map(({ state }) => state)).toEqual(['closed', 'running']);
  });

  it('is not ended for one track when it listens to another', () => {
    browser(SoundGraph);
    const meter = new Meter(() => undefined);
    const [old, now] = [track(), track()];
    meter.watch(old);
    meter.watch(now);
    meter.leave(old);
    expect(SoundGraph.all[0]?.state).toBe('running');
    meter.leave(now);
    expect(SoundGraph.all[0]?.state).toBe('closed');
  });

  it('knows whether anything comes of a microphone at all', async () => {
    vi.useFakeTimers();
    // One without a wire begins late; a quiet room is not silent.
    sounding(0, 0, 0, 0.0001);
    expect(await hears(listening())).toBe(true);
    sounding(0);
    expect(await hears(listening())).toBe(false);
    expect(await hears(listening(), AbortSignal.abort())).toBeNull();
    expect(await hears(new Meter(() => undefined)), 'nothing to listen to').toBeNull();
    const asleep = listening();
    for (const graph of SoundGraph.all) graph.state = 'suspended';
    Object.assign(SoundGraph.prototype, { resume: () => Promise.resolve() });
    expect(await hears(asleep), 'the browser lets nobody listen').toBeNull();
  });

  it('is no reason to do without a microphone', () => {
    browser(function context() {
      throw new Error('too many');
    });
    expect(() => new Meter(() => undefined).watch(track())).not.toThrow();
  });
});
