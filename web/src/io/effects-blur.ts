// Background blur: MediaPipe finds the person, a canvas paints everything else soft. Fetched when it is switched on, all of
// it from our own server: code, WebAssembly and model. Tried in Chromium; elsewhere it is not offered (see browser.ts).
// The page's policy must allow 'wasm-unsafe-eval'. No picture is sent with an outline that is not its own or nearly so: on a
// machine that finds outlines slowly fewer pictures are sent, and that is told; nothing of the room shows meanwhile.

import { allowScript } from './trusted';
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
/** What is soft needs few points: so many times smaller it is softened, at a fraction of the work. */
const COARSE = 4;
/** The model rests at least so long after each look, and as long as the look took: a laptop must stay cool, and the page answer. */
const REST_MS = 40;
/** Longer rests would make a slow picture slower without need. */
const LONGEST_REST_MS = 500;
/** So long an outline is good for the pictures that follow: a person moves little meanwhile. */
const FITS_MS = 250;
/** A look that takes longer than this leaves less than three pictures in a second: that is slow. */
const SLOW_MS = 200;
/** So many looks in a row tell; the first ones of a model prepare it, and do not count. */
const SLOW_LOOKS = 4;
const FIRST_LOOKS = 2;

const FILES: Readonly<Record<string, string>> = {
  'selfie_segmentation.binarypb': graphUrl,
  'selfie_segmentation_landscape.tflite': modelUrl,
  'selfie_segmentation_solution_simd_wasm_bin.js': loaderUrl,
  'selfie_segmentation_solution_simd_wasm_bin.wasm': wasmUrl,
};

declare global {
  interface Window {
    // Chromium's own, in no library of types for pages.
    readonly MediaStreamTrackProcessor?: new (from: { track: MediaStreamTrack }) => { readonly readable: ReadableStream<VideoFrame> };
    readonly MediaStreamTrackGenerator?: new (of: { kind: 'video' }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
    /** Set by MediaPipe's code, which is no module. */
    readonly SelfieSegmentation?: typeof SelfieSegmentation;
  }
}

function fileOf(name: string): string {
  const url = FILES[name];
  if (url === undefined) throw new Error(`the model asks for an unknown file: ${name}`);
  return url;
}

/** A model with what it drew on: it forgets its graphics context and never closes it, and a page may hold only a few. */
interface Opened {
  readonly model: SelfieSegmentation;
  readonly contexts: ReadonlySet<WebGL2RenderingContext>;
}

/** All graphics contexts that are opened meanwhile. */
async function contextsOf(work: () => Promise<void>): Promise<ReadonlySet<WebGL2RenderingContext>> {
  const found = new Set<WebGL2RenderingContext>();
  const { prototype } = HTMLCanvasElement;
  const open = prototype.getContext;
  prototype.getContext = new Proxy(open, {
    apply(target, canvas, how) {
      const context: unknown = Reflect.apply(target, canvas, how);
      if (context instanceof WebGL2RenderingContext) found.add(context);
      return context;
    },
  });
  try {
    await work();
  } finally {
    prototype.getContext = open;
  }
  return found;
}

async function openModel(): Promise<Opened> {
  // MediaPipe adds its loader as a script by its address.
  allowScript(loaderUrl);
  // The browser keeps what it fetched: the second time costs nothing.
  await import(/* @vite-ignore */ codeUrl);
  const Model = window.SelfieSegmentation;
  if (!Model) throw new Error('the model’s code did not load');
  const model = new Model({ locateFile: fileOf });
  model.setOptions({ modelSelection: 1, selfieMode: false });
  const contexts = await contextsOf(() => model.initialize());
  return { model, contexts };
}

/** A canvas to paint on. */
function easel(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('this browser gives no canvas');
  return context;
}

/** What is told while it runs. */
export interface BlurListener {
  /** It failed: my picture stands still. */
  broken(): void;
  /** It takes more than this machine has: told once. */
  slow(): void;
}

class Blur implements TrackEffect {
  readonly name = 'parlor-blur';
  processedTrack?: MediaStreamTrack;
  readonly #model: SelfieSegmentation;
  readonly #contexts: ReadonlySet<WebGL2RenderingContext>;
  readonly #listener: BlurListener;
  readonly #looked: HTMLCanvasElement;
  readonly #mask = easel(MODEL.width, MODEL.height);
  readonly #soft = easel(1, 1);
  readonly #paint = easel(1, 1);
  #reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  #writer: WritableStreamDefaultWriter<VideoFrame> | null = null;
  #source: MediaStreamTrack | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Whether an outline of this source is known. */
  #known = false;
  /** When the picture came that the outline is of, and when the next one is looked at. */
  #seenAt = 0;
  #nextAt = 0;
  #looks = 0;
  #slowLooks = 0;

  constructor({ model, contexts }: Opened, listener: BlurListener) {
    this.#model = model;
    this.#contexts = contexts;
    this.#listener = listener;
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
    this.#nextAt = 0;
    const reader = new Processor({ track }).readable.getReader();
    this.#reader = reader;
    this.#running = this.#run(reader);
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
    for (const context of this.#contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
  }

  async #stop(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.cancel().catch(() => undefined);
    await this.#running;
  }

  /** One frame after the other, for as long as this reader is the one. Frames that come meanwhile are dropped by the browser. */
  async #run(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    try {
      for (;;) {
        const { done, value: frame } = await reader.read();
        if (done) return;
        try {
          const now = performance.now();
          if (now >= this.#nextAt) await this.#look(frame, now);
          if (this.#reader !== reader) return;
          if (this.#known && now - this.#seenAt <= FITS_MS) await this.#writer?.write(this.#painted(frame));
        } finally {
          frame.close();
        }
      }
    } catch {
      if (this.#reader === reader) this.#listener.broken();
    }
  }

  /** Asks the model for the outline. */
  async #look(frame: VideoFrame, now: number): Promise<void> {
    this.#looked.getContext('2d')?.drawImage(frame, 0, 0, MODEL.width, MODEL.height);
    await this.#model.send({ image: this.#looked });
    const end = performance.now();
    const took = end - now;
    this.#seenAt = now;
    this.#nextAt = end + Math.min(LONGEST_REST_MS, Math.max(REST_MS, took));
    this.#looks += 1;
    if (this.#looks <= FIRST_LOOKS || this.#slowLooks === SLOW_LOOKS) return;
    this.#slowLooks = took > SLOW_MS ? this.#slowLooks + 1 : 0;
    if (this.#slowLooks === SLOW_LOOKS) this.#listener.slow();
  }

  #outline({ image, segmentationMask }: Results): void {
    const { canvas } = this.#mask;
    this.#mask.clearRect(0, 0, canvas.width, canvas.height);
    this.#mask.drawImage(segmentationMask, 0, 0, canvas.width, canvas.height);
    this.#known = true;
    // They are ours, and hold memory of the graphics card until they are closed.
    for (const drawn of [image, segmentationMask]) {
      if (drawn instanceof ImageBitmap) drawn.close();
    }
  }

  #painted(frame: VideoFrame): VideoFrame {
    const { displayWidth: width, displayHeight: height } = frame;
    const soft = this.#soft;
    const paint = this.#paint;
    if (paint.canvas.width !== width || paint.canvas.height !== height) {
      paint.canvas.width = width;
      paint.canvas.height = height;
      soft.canvas.width = Math.ceil(width / COARSE);
      soft.canvas.height = Math.ceil(height / COARSE);
    }
    const radius = Math.max(1, Math.round((width * SOFT) / COARSE));
    // Drawn over the edges: what lies beyond them is nothing, and nothing must not be mixed in.
    const over = 2 * radius;
    soft.globalCompositeOperation = 'copy';
    soft.filter = `blur(${radius}px)`;
    soft.drawImage(frame, -over, -over, soft.canvas.width + 2 * over, soft.canvas.height + 2 * over);
    paint.globalCompositeOperation = 'copy';
    paint.drawImage(this.#mask.canvas, 0, 0, width, height);
    paint.globalCompositeOperation = 'source-in';
    paint.drawImage(frame, 0, 0, width, height);
    paint.globalCompositeOperation = 'destination-over';
    paint.drawImage(soft.canvas, 0, 0, width, height);
    return new VideoFrame(paint.canvas, { timestamp: frame.timestamp, alpha: 'discard' });
  }
}

export async function openBlur(listener: BlurListener): Promise<TrackEffect> {
  return new Blur(await openModel(), listener);
}

/** Puts its parts into the store of the browser, from which they are opened at once. */
export async function fetchBlur(): Promise<void> {
  await Promise.all([codeUrl, ...Object.values(FILES)].map(async (url) => (await fetch(url)).arrayBuffer()));
}
