// Levels and speaking marks: they change many times a second and go straight to the elements that draw them.

import type { End } from '../ports';

/** Quieter than this is drawn as nothing. */
const FLOOR_DB = -60;
/** A peak below this is no microphone in a quiet room: it is a switch that is off (-100 dB). */
const DEAD = 1e-5;
/** So long a microphone may be dead before it is called silent. */
const DEAD_MS = 8_000;
const LOOK_MS = 250;
/** As long as the samples of one look last, so that none is missed between two. */
const HEAR_MS = 20;

/** The level of one microphone track. */
export class Meter {
  readonly #draws = new Set<(level: number) => void>();
  readonly #told: (silent: boolean) => void;
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  #track: MediaStreamTrack | null = null;
  #samples = new Float32Array(new ArrayBuffer(4 * 1024));
  #frame = 0;
  #look: number | null = null;
  #deadSince: number | null = null;
  #silent = false;

  constructor(told: (silent: boolean) => void) {
    this.#told = told;
  }

  /** Listens to a track, or to none. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#source?.disconnect();
    this.#source = null;
    this.#track = track;
    this.#deadSince = null;
    this.#say(false);
    if (!track) {
      this.#rest();
      return;
    }
    try {
      this.#open(track);
    } catch {
      this.#rest(); // a page may hold only so many contexts: a meeting without its level is still a meeting
    }
  }

  /** Stops listening to a track, unless another is listened to by now. */
  leave(track: MediaStreamTrack | null): void {
    if (track !== null && track === this.#track) this.watch(null);
  }

  /**
   * Whether anything comes of the track that is listened to, within so many milliseconds: the noise of a quiet room is enough.
   * Nothing where that cannot be known, since the browser lets nobody listen, or somebody listens to another track by now.
   */
  async hears(ms: number, over: AbortSignal): Promise<boolean | null> {
    const [track, end] = [this.#track, performance.now() + ms];
    let listened = false;
    while (this.#track !== null && this.#track === track && !over.aborted) {
      if (this.#context?.state === 'running') {
        if (this.#peak().peak > DEAD) return true;
        listened = true;
      }
      if (performance.now() >= end) return listened ? false : null;
      await new Promise((resolve) => {
        window.setTimeout(resolve, HEAR_MS);
      });
    }
    return null;
  }

  #open(track: MediaStreamTrack): void {
    const context = this.#context ?? new AudioContext();
    this.#context = context;
    // Before the first press on the page a context stands still; it is woken by that press.
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    this.#analyser ??= new AnalyserNode(context, { fftSize: 1024 });
    this.#source = context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
    this.#look ??= window.setInterval(() => this.#listen(), LOOK_MS);
    this.#draw();
  }

  /** To be called at a press on the page. */
  wake(): void {
    if (this.#context?.state === 'suspended') void this.#context.resume().catch(() => undefined);
  }

  subscribe(draw: (level: number) => void): End {
    this.#draws.add(draw);
    this.#draw();
    return () => {
      this.#draws.delete(draw);
    };
  }

  #rest(): void {
    if (this.#look !== null) window.clearInterval(this.#look);
    this.#look = null;
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
    this.#analyser = null;
    for (const draw of this.#draws) draw(0);
  }

  #peak(): { peak: number; loud: number } {
    if (!this.#analyser) return { peak: 0, loud: 0 };
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let peak = 0;
    let sum = 0;
    for (const sample of this.#samples) {
      peak = Math.max(peak, Math.abs(sample));
      sum += sample * sample;
    }
    return { peak, loud: Math.sqrt(sum / this.#samples.length) };
  }

  #listen(): void {
    const track = this.#track;
    if (this.#context?.state !== 'running' || !track?.enabled || track.readyState !== 'live') {
      this.#deadSince = null;
      return;
    }
    if (this.#peak().peak > DEAD) {
      this.#deadSince = null;
      this.#say(false);
      return;
    }
    this.#deadSince ??= performance.now();
    if (performance.now() - this.#deadSince >= DEAD_MS) this.#say(true);
  }

  #say(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#told(silent);
  }

  #draw(): void {
    if (this.#frame !== 0 || this.#draws.size === 0 || !this.#track) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { loud } = this.#peak();
      const db = loud > 0 && this.#track?.enabled ? 20 * Math.log10(loud) : FLOOR_DB;
      const level = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
      for (const draw of this.#draws) draw(level);
      this.#draw();
    });
  }
}

/** The lamp goes off this long after the last word, so that it does not flicker between words. */
const HOLD_MS = 600;

/** Who speaks now. */
export class Speaking {
  readonly #on = new Set<string>();
  readonly #holds = new Map<string, number>();
  readonly #shows = new Map<string, Set<(on: boolean) => void>>();
  readonly #told: (identity: string, talks: boolean) => void;

  constructor(told: (identity: string, talks: boolean) => void) {
    this.#told = told;
  }

  /** Everyone who speaks at this moment. */
  set(identities: readonly string[]): void {
    for (const identity of identities) {
      window.clearTimeout(this.#holds.get(identity));
      this.#holds.delete(identity);
      if (this.#on.has(identity)) continue;
      this.#on.add(identity);
      this.#show(identity, true);
      this.#told(identity, true);
    }
    for (const identity of this.#on) {
      if (identities.includes(identity) || this.#holds.has(identity)) continue;
      this.#holds.set(identity, window.setTimeout(() => {
        this.#holds.delete(identity);
        this.#on.delete(identity);
        this.#show(identity, false);
        this.#told(identity, false);
      }, HOLD_MS));
    }
  }

  subscribe(identity: string, show: (on: boolean) => void): End {
    const shows = this.#shows.get(identity) ?? new Set();
    this.#shows.set(identity, shows.add(show));
    show(this.#on.has(identity));
    return () => {
      shows.delete(show);
      if (shows.size === 0) this.#shows.delete(identity);
    };
  }

  #show(identity: string, on: boolean): void {
    for (const show of this.#shows.get(identity) ?? []) show(on);
  }
}
