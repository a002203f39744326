// How keys of the keypad sound, made of two notes each: nothing has to be fetched.

import { pitches } from '../core/calling/keypad';
import type { Digit } from '../core/calling/event';

/** Heard as one press, and well above the 40 ms of each that telephones ask for (ITU-T Q.24). */
const TONE_S = 0.1;
const GAP_S = 0.06;
/** Of each of the two notes; soft: people are talking. */
const LOUD = 0.08;
/** Without these a note begins and ends with a click. */
const SLOPE_S = 0.005;
/** More than this does not wait to be heard: what was pressed two seconds ago tells nobody anything. */
const MOST_WAITING = 12;
/** Outlets take a moment to open: they stay for whoever presses on. */
const LINGER_MS = 3_000;

/** One after the other, whoever presses how fast. */
class Tones {
  readonly #waiting: { readonly digit: Digit; readonly speaker: string | null }[] = [];
  #runs = false;
  #more: () => void = () => undefined;

  sound(digit: Digit, speaker: string | null): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push({ digit, speaker });
    this.#more();
    if (!this.#runs) this.#begin();
  }

  #begin(): void {
    this.#runs = true;
    const done = this.#run().catch(() => {
      // A page that nobody has touched yet may not make a sound; what could not be heard is not kept for later.
      this.#waiting.length = 0;
    });
    void done.then(() => {
      this.#runs = false;
      // It came while all was being closed.
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  async #run(): Promise<void> {
    const context = new AudioContext();
    const player = new Audio();
    try {
      const out = context.createMediaStreamDestination();
      player.srcObject = out.stream;
      let used: string | null = null;
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift() ?? await this.#lingered()) {
        if (next.speaker !== used && 'setSinkId' in player) await player.setSinkId(next.speaker ?? '').catch(() => undefined);
        used = next.speaker;
        await player.play();
        for (const pitch of pitches(next.digit)) note(context, out, pitch);
        await wait((TONE_S + GAP_S) * 1_000);
      }
    } finally {
      player.srcObject = null;
      await context.close().catch(() => undefined);
    }
  }

  /** The next that comes before long. */
  async #lingered(): Promise<{ readonly digit: Digit; readonly speaker: string | null } | undefined> {
    await Promise.race([wait(LINGER_MS), new Promise<void>((resolve) => {
      this.#more = resolve;
    })]);
    return this.#waiting.shift();
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => {
  window.setTimeout(resolve, ms);
});

function note(context: AudioContext, out: AudioNode, pitch: number): void {
  const from = context.currentTime + 0.01;
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUD, from + SLOPE_S);
  volume.gain.setValueAtTime(LOUD, from + TONE_S - SLOPE_S);
  volume.gain.linearRampToValueAtTime(0, from + TONE_S);
  const source = new OscillatorNode(context, { type: 'sine', frequency: pitch });
  source.connect(volume).connect(out);
  source.start(from);
  source.stop(from + TONE_S);
}

/** Mine do not wait for those of others. */
const MINE = new Tones();
const THEIRS = new Tones();

export const sound = (digit: Digit, mine: boolean, speaker: string | null): void => (mine ? MINE : THEIRS).sound(digit, speaker);
