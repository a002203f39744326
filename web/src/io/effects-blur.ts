// Background blur: MediaPipe finds the person, a canvas paints everything else soft. Fetched when it is switched on, all of
// it from our own server: code, WebAssembly and model. Tried in Chromium; elsewhere it is not offered (see browser.ts).
// The page's policy must allow 'wasm-unsafe-eval'. Until the first outline is known the whole picture is soft, never clear.

import type { Results, SelfieSegmentation } from '@mediapipe/selfie_segmentation';
import codeUrl from '@mediapipe/selfie_segmentation/selfie_segmentation.js?url';
import graphUrl from '@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url';
import modelUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url';
import loaderUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url';
import wasmUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url';
import type { TrackEffect } from './track-effect';

/** What the model looks at; it was made for this size. */
const MODEL = { width: 256, height: 144 };
/** How soft: a share of the width, so that it looks the same in any size. */
const SOFT = 1 / 64;

const FILES: Readonly<Record<string, string>> = {
  'selfie_segmentation.binarypb': graphUrl,
  'selfie_segmentation_landscape.tflite': modelUrl,
  'selfie_segmentation_solution_simd_wasm_bin.js': loaderUrl,
  'selfie_segmentation_solution_simd_wasm_bin.wasm': wasmUrl,
};

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
}

declare global {
  interface Window {
    // Chromium's own, in no library of types for pages.
    readonly MediaStreamTrackProcessor?: new (from: { track: MediaStreamTrack }) => { readonly readable: ReadableStream<VideoFrame> };
    readonly MediaStreamTrackGenerator?: new (of: { kind: 'video' }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
    readonly trustedTypes?: TrustedTypes;
    /** Set by MediaPipe's code, which is no module. */
    readonly SelfieSegmentation?: typeof SelfieSegmentation;
  }
}

let allowed = false;

/** MediaPipe adds its loader as a script by its address; the page takes scripts by nobody, so that this one alone is named. */
function allowLoader(): void {
  if (allowed) return;
  allowed = true;
  window.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (url === loaderUrl ? url : null) });
}

function fileOf(name: string): string {
  const url = FILES[name];
  if (url === undefined) throw new Error(`the model asks for an unknown file: ${name}`);
  return url;
}

async function openModel(): Promise<SelfieSegmentation> {
  allowLoader();
  // The browser keeps what it fetched: the second time costs nothing.
  await import(/* @vite-ignore */ codeUrl);
  const Model = window.SelfieSegmentation;
  if (!Model) throw new Error('the model’s code did not load');
  const model = new Model({ locateFile: fileOf });
  model.setOptions({ modelSelection: 1, selfieMode: false });
  await model.initialize();
  return model;
}

/** A canvas to paint on. */
function easel(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('this browser gives no canvas');
  return context;
}

class Blur implements TrackEffect {
  readonly name = 'parlor-blur';
  processedTrack?: MediaStreamTrack;
  readonly #model: SelfieSegmentation;
  readonly #broken: () => void;
  readonly #looked: HTMLCanvasElement;
  readonly #mask = easel(MODEL.width, MODEL.height);
  readonly #paint = easel(MODEL.width, MODEL.height);
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  #writer: WritableStreamDefaultWriter<VideoFrame> | null = null;
  #source: MediaStreamTrack | null = null;
  #looking = false;
  #known = false;

  constructor(model: SelfieSegmentation, broken: () => void) {
    this.#model = model;
    this.#broken = broken;
    this.#looked = document.createElement('canvas');
    this.#looked.width = MODEL.width;
    this.#looked.height = MODEL.height;
    model.onResults((results) => this.#outline(results));
  }

  get source(): MediaStreamTrack | null {
    return this.#source;
  }

  async init({ track }: { readonly track: MediaStreamTrack }): Promise<void> {
    const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = window;
    if (!Processor || !Generator) throw new Error('this browser gives no frames');
    await this.#stop();
    if (this.processedTrack?.readyState !== 'live') {
      const out = new Generator({ kind: 'video' });
      this.#writer = out.writable.getWriter();
      this.processedTrack = out;
    }
    this.#source = track;
    this.#known = false;
    const reader = new Processor({ track }).readable.getReader();
    this.#reader = reader;
    void this.#run(reader);
  }

  restart(on: { readonly track: MediaStreamTrack }): Promise<void> {
    return this.init(on);
  }

  async destroy(): Promise<void> {
    await this.#stop();
    this.processedTrack?.stop();
    this.#writer?.releaseLock();
    this.#writer = null;
    this.#source = null;
    await this.#model.close();
  }

  async #stop(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.cancel().catch(() => undefined);
  }

  /** One frame after the other, for as long as this reader is the one. Frames that come meanwhile are dropped by the browser. */
  async #run(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    try {
      for (;;) {
        const { done, value: frame } = await reader.read();
        if (done) return;
        try {
          this.#look(frame);
          await this.#writer?.write(this.#painted(frame));
        } finally {
          frame.close();
        }
      }
    } catch {
      if (this.#reader === reader) this.#broken();
    }
  }

  /** Asks the model for the outline, unless it is still at the last one: then that holds a little longer. */
  #look(frame: VideoFrame): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#looked.getContext('2d')?.drawImage(frame, 0, 0, MODEL.width, MODEL.height);
    this.#model.send({ image: this.#looked })
      .catch(() => {
        if (this.#reader) this.#broken();
      })
      .finally(() => {
        this.#looking = false;
      });
  }

  #outline({ segmentationMask }: Results): void {
    const { canvas } = this.#mask;
    this.#mask.clearRect(0, 0, canvas.width, canvas.height);
    this.#mask.drawImage(segmentationMask, 0, 0, canvas.width, canvas.height);
    this.#known = true;
  }

  #painted(frame: VideoFrame): VideoFrame {
    const { displayWidth: width, displayHeight: height } = frame;
    const paint = this.#paint;
    if (paint.canvas.width !== width || paint.canvas.height !== height) {
      paint.canvas.width = width;
      paint.canvas.height = height;
    }
    paint.globalCompositeOperation = 'copy';
    paint.filter = 'none';
    if (this.#known) {
      paint.drawImage(this.#mask.canvas, 0, 0, width, height);
      paint.globalCompositeOperation = 'source-in';
      paint.drawImage(frame, 0, 0, width, height);
      paint.globalCompositeOperation = 'destination-over';
    }
    paint.filter = `blur(${Math.round(width * SOFT)}px)`;
    paint.drawImage(frame, 0, 0, width, height);
    return new VideoFrame(paint.canvas, { timestamp: frame.timestamp, alpha: 'discard' });
  }
}

/** `broken` is told when it fails while it runs: my picture stands still then. */
export async function openBlur(broken: () => void): Promise<TrackEffect> {
  const model = await openModel();
  return new Blur(model, broken);
}

/** Puts its parts into the store of the browser, from which they are opened at once. */
export async function fetchBlur(): Promise<void> {
  await Promise.all([codeUrl, ...Object.values(FILES)].map(async (url) => (await fetch(url)).arrayBuffer()));
}
