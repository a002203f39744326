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

const track = (): MediaStreamTrack => Object.assign(Object.create(null), { enabled: true, readyState: 'live' });

afterEach(() => vi.unstubAllGlobals());

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

  it('is no reason to do without a microphone', () => {
    browser(function context() {
      throw new Error('too many');
    });
    expect(() => new Meter(() => undefined).watch(track())).not.toThrow();
  });
});
