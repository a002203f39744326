// What the connection test opens, and how it closes that again.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../src/core/event';
import { ConnectionTest } from '../src/io/connection-test';

vi.mock('../src/io/livekit-trial', () => {
  throw new Error('another version is served by now');
});

/** A track as far as it is touched. */
class Device {
  readonly label: string;
  readyState = 'live';
  constructor(readonly kind: 'audio' | 'video') {
    this.label = kind === 'audio' ? 'Headset' : 'Desk camera';
  }
  getSettings = (): MediaTrackSettings => ({ width: 1280, height: 720 });
  stop = (): void => {
    this.readyState = 'ended';
  };
}

const sockets: EventTarget[] = [];
class Socket extends EventTarget {
  constructor() {
    super();
    sockets.push(this);
  }
  close(): void {
    // Nobody waits for it.
  }
}

const TRIAL = { seconds: 150, certificate: 'given', ways: [{ over: 'any', sender: 'a', receiver: 'b', addresses: [], reach: 'everywhere', offered: true }] };

/** A browser with a camera and a microphone, and a page that tests; `hears` is what the meter says of the microphone. */
function page(hears: boolean | null): { readonly test: ConnectionTest; readonly told: Event[]; readonly devices: readonly Device[]; readonly give: () => void } {
  const devices = [new Device('audio'), new Device('video')];
  const answers: (() => void)[] = [];
  const getUserMedia = (): Promise<unknown> => new Promise((resolve) => {
    answers.push(() => resolve({ getTracks: () => devices }));
  });
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  const told: Event[] = [];
  const meter = { watch: () => undefined, leave: () => undefined, hears: () => Promise.resolve(hears) };
  return { test: new ConnectionTest((event) => void told.push(event), meter), told, devices, give: () => answers.forEach((answer) => answer()) };
}

const RUN = { type: 'test/run', run: 1, scope: 'all', devices: true } as const;
const open = (devices: readonly Device[]): string[] => devices.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind);
const heard = (told: readonly Event[], item: string): unknown =>
  told.flatMap((event) => (event.type === 'test/heard' && event.item === item ? [event.outcome] : []))[0];

beforeEach(() => {
  sockets.length = 0;
  vi.stubGlobal('location', { origin: 'https://meet.example.org' });
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(TRIAL), { status: 201, headers: { 'content-type': 'application/json' } })));
});
afterEach(() => vi.unstubAllGlobals());

describe('the connection test', () => {
  it('lets go of camera and microphone at once when the page is left, whatever it waits for', async () => {
    const { test, told, devices, give } = page(true);
    const run = test.run(RUN);
    give();
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    expect(open(devices)).toEqual(['audio', 'video']);
    test.stop();
    expect(open(devices)).toEqual([]);
    // Nothing goes on waiting either.
    await run;
    expect(told.some(({ type }) => type === 'test/over')).toBe(false);
  });

  it('closes what the browser gives when nobody wants it any more', async () => {
    const { test, devices, give } = page(true);
    const run = test.run(RUN);
    test.stop();
    give();
    await run;
    expect(open(devices)).toEqual([]);
  });

  it('ends where the part that tries the ways does not load', async () => {
    const { test, told, devices, give } = page(true);
    const run = test.run(RUN);
    give();
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    sockets[0]?.dispatchEvent(new MessageEvent('message'));
    await run;
    expect(heard(told, 'socket')).toMatchObject({ is: 'answered' });
    expect(told.at(-1)).toEqual({ type: 'test/over', run: 1 });
    expect(open(devices)).toEqual([]);
  });

  it('tells a microphone that is on and silent from one that gives sound', async () => {
    for (const [hears, outcome] of [[true, { is: 'device', name: 'Headset' }], [null, { is: 'device', name: 'Headset' }], [false, { is: 'trouble', trouble: 'silent' }]] as const) {
      const { test, told, give } = page(hears);
      const run = test.run(RUN);
      give();
      await vi.waitFor(() => expect(heard(told, 'microphone')).toEqual(outcome));
      test.stop();
      await run;
    }
  });
});
