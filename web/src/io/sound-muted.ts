// Listens to the microphone of somebody who is muted, to tell them when they talk. What it hears goes nowhere: it is a
// second end of the open microphone, which exists only as long as that one is muted and open.

import { hear, SILENCE, type Hearing } from '../core/view-voice';

const LOOK_MS = 125;

interface Heard {
  readonly end: MediaStreamTrack;
  readonly context: AudioContext;
  readonly analyser: AnalyserNode;
}

export class MutedEar {
  readonly #talks: () => void;
  #track: MediaStreamTrack | null = null;
  #look: number | null = null;
  #heard: Heard | null = null;
  #hearing: Hearing = SILENCE;
  readonly #samples = new Float32Array(new ArrayBuffer(4 * 1024));

  constructor(talks: () => void) {
    this.#talks = talks;
  }

  /** Follows the microphone as it is sent, or none. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#close();
    this.#track = track;
    if (track && this.#look === null) this.#look = window.setInterval(() => this.#listen(), LOOK_MS);
    if (!track && this.#look !== null) {
      window.clearInterval(this.#look);
      this.#look = null;
    }
  }

  /** Stops following a track, unless another is followed by now. */
  leave(track: MediaStreamTrack | null): void {
    if (track !== null && track === this.#track) this.watch(null);
  }

  #listen(): void {
    const track = this.#track;
    if (!track || track.readyState !== 'live' || track.enabled) {
      this.#close();
      return;
    }
    const heard = this.#heard ?? this.#open(track);
    if (heard?.context.state !== 'running') return;
    heard.analyser.getFloatTimeDomainData(this.#samples);
    const sum = this.#samples.reduce((before, sample) => before + sample * sample, 0);
    this.#hearing = hear(this.#hearing, Math.sqrt(sum / this.#samples.length));
    if (this.#hearing.talks) this.#talks();
  }

  #open(track: MediaStreamTrack): Heard | null {
    try {
      const context = new AudioContext();
      const end = track.clone();
      end.enabled = true;
      const analyser = new AnalyserNode(context, { fftSize: 1024 });
      context.createMediaStreamSource(new MediaStream([end])).connect(analyser);
      this.#heard = { end, context, analyser };
    } catch {
      this.#heard = null; // a page may hold only so many contexts: then nobody is reminded
    }
    return this.#heard;
  }

  #close(): void {
    this.#hearing = SILENCE;
    this.#heard?.end.stop();
    void this.#heard?.context.close().catch(() => undefined);
    this.#heard = null;
  }
}
