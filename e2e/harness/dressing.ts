/** What comes out of a microphone and a camera that something is done to: sounds to send, and measures of what arrives. */

import { expect, type Page } from '@playwright/test';

import { MEDIA_PATIENCE, type Person } from './person.ts';
import type { Inbound } from './probe.ts';
import type { Tab } from './tab.ts';
import { giveGlottis } from './voice.ts';

/** What the microphone picks up: a fan, somebody who says Ah, or a quiet room. */
export type Sound = 'noise' | 'voice' | 'quiet';

/** A person before a wall of small squares, which blur takes away. */
export const BEFORE_A_WALL = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">
<defs><pattern id="wall" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="20" height="20" fill="#e8e2d0"/>
<rect width="10" height="10" fill="#3c4a44"/><rect x="10" y="10" width="10" height="10" fill="#3c4a44"/></pattern></defs>
<rect width="640" height="360" fill="url(#wall)"/><path d="M190 360q0-120 130-120t130 120z" fill="#27507a"/>
<rect x="290" y="190" width="60" height="70" fill="#c98f6b"/><ellipse cx="320" cy="140" rx="66" ry="84" fill="#d9a37e"/>
<path d="M250 130q0-88 70-88t70 88q-20-46-70-46t-70 46z" fill="#2b1d16"/><circle cx="297" cy="138" r="7" fill="#222"/>
<circle cx="343" cy="138" r="7" fill="#222"/><path d="M300 186q20 14 40 0" stroke="#7a3b2e" stroke-width="5" fill="none"/></svg>`;

/** Gives the page a microphone that picks up noise until it is told otherwise. To be called before the first `goto`. */
export async function soundLike(tab: Tab): Promise<void> {
  await tab.prepare(giveGlottis, undefined);
  await tab.prepare(() => {
    const Native = window.AudioContext;
    const { prototype } = MediaDevices;
    const ask = prototype.getUserMedia;
    let context: AudioContext | undefined;
    const gains: Record<string, GainNode> = {};
    const open = (): AudioContext => {
      const sound = new Native({ sampleRate: 48_000 });
      const seconds = sound.createBuffer(1, 4 * 48_000, 48_000);
      const samples = seconds.getChannelData(0);
      for (let at = 0; at < samples.length; at++) {
        samples[at] = Math.random() * 2 - 1;
      }
      const fan = new AudioBufferSourceNode(sound, { buffer: seconds, loop: true });
      const noise = new GainNode(sound, { gain: 0.1 });
      fan.connect(noise);
      fan.start();
      // A glottis, the resonances of an open mouth, and syllables.
      const glottis = window.__glottis(sound);
      const syllables = new OscillatorNode(sound, { frequency: 3 });
      const voiced = new GainNode(sound, { gain: 0.5 });
      const depth = new GainNode(sound, { gain: 0.5 });
      syllables.connect(depth).connect(voiced.gain);
      const voice = new GainNode(sound, { gain: 0 });
      for (const [frequency, gain] of [[730, 1], [1_090, 0.6], [2_440, 0.3]] as const) {
        const mouth = new BiquadFilterNode(sound, { type: 'bandpass', frequency, Q: 8 });
        glottis.connect(mouth).connect(new GainNode(sound, { gain })).connect(voiced);
      }
      voiced.connect(voice);
      syllables.start();
      Object.assign(gains, { noise, voice });
      return sound;
    };
    prototype.getUserMedia = async function (constraints) {
      const stream = await ask.call(this, constraints);
      for (const track of stream.getAudioTracks()) {
        context ??= open();
        const out = context.createMediaStreamDestination();
        for (const gain of Object.values(gains)) {
          gain.connect(out);
        }
        const settings = track.getSettings();
        track.stop();
        stream.removeTrack(track);
        for (const heard of out.stream.getAudioTracks()) {
          heard.getSettings = () => settings;
          stream.addTrack(heard);
        }
      }
      return stream;
    };
    Object.assign(window, {
      __sound: (what: string) => {
        const loud: Record<string, Record<string, number>> = { noise: { noise: 0.1 }, voice: { voice: 1 }, quiet: { noise: 0.0004 } };
        for (const [name, gain] of Object.entries(gains)) {
          gain.gain.value = loud[what]?.[name] ?? 0;
        }
      },
    });
  }, undefined);
}

/** What the microphone picks up from now on. */
export async function makeSound(tab: Tab, what: Sound): Promise<void> {
  await tab.evaluate((what) => (window as unknown as { __sound: (what: string) => void }).__sound(what), what);
}

/** How long one listens to tell how loud it is, in seconds of sound. */
const LISTENED = 2;

/** A browser that made up more than this share of what it played was given too little to tell how loud somebody is. */
const MADE_UP = 0.1;

/** Quieter is not heard: the mean of the square. */
const AUDIBLE = 1e-4;

/**
 * Begins to listen to the one other person who is heard: to be polled for how loud the last seconds since then were, as the mean of
 * the square. Not a number, which is within no limit, for as long as too little was played; and, but where `silence` is waited for,
 * where too much of it was made up.
 */
export function loudness(at: Person, silence = false): () => Promise<number> {
  const heard: Inbound[] = [];
  const made = ({ concealed, silent }: Inbound): number => concealed + silent;
  return async () => {
    const now = (await at.inbound()).find(({ kind }) => kind === 'audio');
    const from = now && heard.findLast(({ played }) => now.played - played >= LISTENED);
    heard.push(...(now ? [now] : []));
    if (now === undefined || from === undefined || (!silence && made(now) - made(from) > MADE_UP * (now.samples - from.samples))) {
      return Number.NaN;
    }
    return (now.energy - from.energy) / (now.played - from.played);
  };
}

/** How loud the one other person is, once two looks that follow each other say nearly the same: a single one may be of anything. */
export async function steadyLoudness(at: Person, message: string): Promise<number> {
  let listen = loudness(at);
  let [before, now] = [Number.NaN, Number.NaN];
  const same = async (): Promise<boolean> => {
    const heard = await listen();
    if (!Number.isNaN(heard)) {
      [before, now] = [now, heard];
      listen = loudness(at);
    }
    return Math.min(before, now) > Math.max(AUDIBLE, Math.max(before, now) / 2);
  };
  await expect.poll(same, { message, timeout: MEDIA_PATIENCE }).toBe(true);
  return (before + now) / 2;
}

/**
 * How much there is to see in somebody's picture that is small: the mean step between neighbouring points, 0 to 255.
 * Measured in a small size, so that it tells little of the layer that was sent.
 */
export function detail(at: Person, of: string): Promise<number> {
  return at.tab.evaluate((of) => {
    const [width, height] = [240, 135];
    const tile = [...document.querySelectorAll<HTMLElement>('[data-tile="camera"]')].find((one) =>
      one.getAttribute('aria-label')?.startsWith(of),
    );
    const video = tile?.querySelector('video');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    if (pen === null || !video || video.videoWidth === 0) {
      return -1;
    }
    pen.drawImage(video, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    const light = (x: number, y: number): number => data[4 * (y * width + x) + 1] ?? 0;
    let sum = 0;
    for (let y = 1; y < height; y++) {
      for (let x = 1; x < width; x++) {
        sum += Math.abs(light(x, y) - light(x - 1, y)) + Math.abs(light(x, y) - light(x, y - 1));
      }
    }
    return sum / (2 * width * height);
  }, of);
}

/** What the page's policy forbade, and what it did not catch. */
export interface Offences {
  /** All so far. */
  all(): Promise<string[]>;
}

/** Writes down what the page's policy forbids. To be called before the first `goto`. */
export async function watchPolicy(tab: Tab): Promise<Offences> {
  await tab.prepare(() => {
    const offences: string[] = [];
    Object.assign(window, { __offences: offences });
    document.addEventListener('securitypolicyviolation', (event) => {
      offences.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
    window.addEventListener('error', (event) => offences.push(`not caught: ${event.message}`));
    window.addEventListener('unhandledrejection', (event) => offences.push(`not caught: ${String(event.reason)}`));
  }, undefined);
  return { all: () => tab.evaluate(() => (window as unknown as { __offences: string[] }).__offences, undefined) };
}

interface Graphics {
  __graphics: WeakRef<WebGLRenderingContext>[];
}

/** Keeps count of the graphics contexts that the page opens, and does not keep them alive. To be called before the first `goto`. */
export async function keepGraphics(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: WeakRef<WebGLRenderingContext>[] = [];
    Object.assign(window, { __graphics: kept } satisfies Graphics);
    for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
      const open = prototype.getContext as (this: unknown, kind: string, how?: unknown) => unknown;
      Object.assign(prototype, {
        getContext(this: unknown, kind: string, how?: unknown) {
          const context = open.call(this, kind, how) as WebGLRenderingContext | null;
          if (kind.startsWith('webgl') && context !== null && !kept.some((one) => one.deref() === context)) {
            kept.push(new WeakRef(context));
          }
          return context;
        },
      });
    }
  });
}

/** How many graphics contexts are open, once what nobody holds has gone. */
export async function graphics(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.collectGarbage');
  } finally {
    await session.detach();
  }
  return page.evaluate(() =>
    (window as unknown as Graphics).__graphics.filter((one) => one.deref()?.isContextLost() === false).length,
  );
}
