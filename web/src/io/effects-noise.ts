// Noise suppression: RNNoise in an audio worklet. Fetched when it is switched on, from our own server alone.
// Tried in Chromium; elsewhere it is not offered (see browser.ts). The page's policy must allow 'wasm-unsafe-eval'.

import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import plainUrl from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import workletUrl from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import type { TrackEffect } from './track-effect';

/** RNNoise knows no other rate. */
const RATE = 48_000;

class Denoise implements TrackEffect {
  readonly name = 'parlor-noise';
  processedTrack?: MediaStreamTrack;
  readonly context: AudioContext;
  readonly #node: RnnoiseWorkletNode;
  readonly #out: MediaStreamAudioDestinationNode;
  #in: MediaStreamAudioSourceNode | null = null;
  #source: MediaStreamTrack | null = null;

  constructor(context: AudioContext, wasmBinary: ArrayBuffer, broken: () => void) {
    this.context = context;
    this.#node = new RnnoiseWorkletNode(context, { wasmBinary, maxChannels: 1 });
    this.#node.addEventListener('processorerror', broken);
    this.#out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.#node.connect(this.#out);
  }

  get source(): MediaStreamTrack | null {
    return this.#source;
  }

  async init({ track }: { readonly track: MediaStreamTrack }): Promise<void> {
    this.#in?.disconnect();
    this.#source = track;
    this.#in = this.context.createMediaStreamSource(new MediaStream([track]));
    this.#in.connect(this.#node);
    const [out] = this.#out.stream.getAudioTracks();
    if (out) this.processedTrack = out;
    if (this.context.state === 'suspended') await this.context.resume();
  }

  restart(on: { readonly track: MediaStreamTrack }): Promise<void> {
    return this.init(on);
  }

  async destroy(): Promise<void> {
    this.#in?.disconnect();
    this.#in = null;
    this.#source = null;
    this.#node.disconnect();
    this.#node.destroy();
    for (const track of this.#out.stream.getTracks()) track.stop();
    if (this.context.state !== 'closed') await this.context.close();
  }
}

export type NoiseEffect = TrackEffect & { readonly context: AudioContext };

/** `broken` is told when it fails while it runs: nothing is heard of me then. */
export async function openNoise(broken: () => void): Promise<NoiseEffect> {
  const context = new AudioContext({ sampleRate: RATE });
  try {
    const [wasm] = await Promise.all([
      loadRnnoise({ url: plainUrl, simdUrl }),
      context.audioWorklet.addModule(workletUrl),
    ]);
    return new Denoise(context, wasm, broken);
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Puts its parts into the store of the browser, from which they are opened at once. */
export async function fetchNoise(): Promise<void> {
  await Promise.all([simdUrl, workletUrl].map(async (url) => (await fetch(url)).arrayBuffer()));
}
