// Short sounds for what happens in a meeting, made of notes: nothing has to be fetched, and each can be told from the others.

import type { Chime } from '../core/meeting/notices';

/** The notes of each, in Hz; they follow each other. Up is coming, down is going, a fourth twice is a knock. */
const NOTES: Readonly<Record<Chime, readonly number[]>> = {
  join: [523.25, 659.25],
  leave: [659.25, 523.25],
  hand: [659.25, 783.99, 1046.5],
  chat: [880],
  knock: [392, 392, 523.25],
  muted: [440, 329.63],
};
const STEP_S = 0.13;
const NOTE_S = 0.32;
/** Soft: people are talking. */
const LOUD = 0.12;
/** Another of the same kind so soon after is one with it, as when many come at once. */
const AGAIN_MS = 1_000;

export class Chimes {
  readonly #last = new Map<Chime, number>();
  #playing: Promise<void> = Promise.resolve();

  /** One after the other. */
  play(chime: Chime, speaker: string | null): void {
    const now = performance.now();
    if (now - (this.#last.get(chime) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    this.#last.set(chime, now);
    this.#playing = this.#playing.then(() => sound(NOTES[chime], speaker));
  }
}

async function sound(notes: readonly number[], speaker: string | null): Promise<void> {
  const context = new AudioContext();
  const player = new Audio();
  try {
    const out = context.createMediaStreamDestination();
    player.srcObject = out.stream;
    if (speaker !== null && 'setSinkId' in player) await player.setSinkId(speaker).catch(() => undefined);
    notes.forEach((pitch, index) => note(context, out, pitch, context.currentTime + 0.03 + index * STEP_S));
    await player.play();
    await new Promise((resolve) => window.setTimeout(resolve, (notes.length * STEP_S + NOTE_S) * 1_000));
  } catch {
    // A page that nobody has touched yet may not make a sound.
  } finally {
    player.srcObject = null;
    await context.close().catch(() => undefined);
  }
}

function note(context: AudioContext, out: AudioNode, pitch: number, at: number): void {
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  const source = new OscillatorNode(context, { type: 'triangle', frequency: pitch });
  source.connect(volume).connect(out);
  source.start(at);
  source.stop(at + NOTE_S);
}
