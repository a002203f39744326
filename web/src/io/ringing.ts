// What is heard of calls, made of notes: nothing has to be fetched. One window of a browser rings for all of them.

import type { Sound } from '../core/calling/watch';

interface Note {
  /** In Hz; several sound together. */
  readonly pitches: readonly number[];
  /** When it begins within the round, and how long it lasts, in seconds. */
  readonly at: number;
  readonly lasts: number;
}

interface Round {
  readonly notes: readonly Note[];
  /** How long one takes, silence included, in milliseconds. */
  readonly every: number;
  readonly loud: number;
}

/** Two rising figures and a rest: told from every chime by its length. */
const RING: readonly Note[] = [0, 0.9].flatMap((from) => [659.25, 783.99, 987.77].map((pitch, index) => ({ pitches: [pitch], at: from + index * 0.16, lasts: 0.5 })));
/** The European ringing tone: 425 Hz, one second in five. */
const BACK: readonly Note[] = [{ pitches: [425], at: 0, lasts: 1 }];
/** Two soft beeps: somebody is talking. */
const WAITING: readonly Note[] = [{ pitches: [440], at: 0, lasts: 0.18 }, { pitches: [440], at: 0.3, lasts: 0.18 }];

/** While somebody waits: four soft notes that come and go, and nothing that could be taken for a voice. */
const HOLD: readonly Note[] = [261.63, 329.63, 392, 329.63].map((pitch, index) => ({ pitches: [pitch, pitch * 2], at: index * 0.9, lasts: 0.85 }));

const ROUNDS: Readonly<Record<Sound, Round>> = {
  ring: { notes: RING, every: 3_200, loud: 0.22 },
  back: { notes: BACK, every: 5_000, loud: 0.06 },
  waiting: { notes: WAITING, every: 4_000, loud: 0.06 },
  hold: { notes: HOLD, every: 4_500, loud: 0.04 },
};

/** Held by the window that rings. */
const LOCK = 'parlor.ring';
/** Phones that can, shake: half a second, and half a second not. */
const SHAKE: readonly number[] = [500, 500, 500];

export class Ringing {
  #stop: AbortController | null = null;

  /** From now on this is heard, or nothing. */
  sound(sound: Sound | null, speaker: string | null): void {
    this.#stop?.abort();
    this.#stop = null;
    if (sound === null) return;
    const stop = new AbortController();
    this.#stop = stop;
    void ring(sound, speaker, stop.signal).catch(() => undefined);
  }
}

/** Sounds until it is stopped. */
async function ring(sound: Sound, speaker: string | null, signal: AbortSignal): Promise<void> {
  const context = new AudioContext();
  const player = new Audio();
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    const out = context.createMediaStreamDestination();
    player.srcObject = out.stream;
    if (speaker !== null && 'setSinkId' in player) await player.setSinkId(speaker).catch(() => undefined);
    // Only a window that can be heard asks for the turn: one that cannot would keep it, and nobody would ring.
    await Promise.race([audible(context, player, signal), stopped]);
    const turn = (): Promise<void> => rounds(ROUNDS[sound], sound, { context, out, stopped, signal });
    // The other end is heard where the call is, whatever rings elsewhere.
    if (sound === 'back' || sound === 'hold' || !('locks' in navigator)) await turn();
    // It stops while it waits for its turn, or has it.
    else await navigator.locks.request(LOCK, { signal }, turn);
  } finally {
    player.srcObject = null;
    await context.close().catch(() => undefined);
  }
}

/** A page that nobody has touched yet may not make a sound: this is over as soon as it may. */
function audible(context: AudioContext, player: HTMLAudioElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const attempt = (): void => void Promise.all([context.resume(), player.play()]).then(() => resolve(), () => undefined);
    window.addEventListener('pointerdown', attempt, { signal });
    window.addEventListener('keydown', attempt, { signal });
    attempt();
  });
}

interface Heard {
  readonly context: AudioContext;
  readonly out: AudioNode;
  readonly stopped: Promise<void>;
  readonly signal: AbortSignal;
}

async function rounds({ notes, every, loud }: Round, sound: Sound, { context, out, stopped, signal }: Heard): Promise<void> {
  if (signal.aborted) return;
  // Browsers let a page shake that somebody has touched.
  const shakes = sound === 'ring' && 'vibrate' in navigator && 'userActivation' in navigator && navigator.userActivation.hasBeenActive;
  const round = (): void => {
    for (const note of notes) play(context, out, note, loud);
    if (shakes) navigator.vibrate([...SHAKE]);
  };
  round();
  const timer = window.setInterval(round, every);
  await stopped;
  window.clearInterval(timer);
  if (shakes) navigator.vibrate(0);
}

function play(context: AudioContext, out: AudioNode, { pitches, at, lasts }: Note, loud: number): void {
  const from = context.currentTime + 0.03 + at;
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loud, from + 0.02);
  volume.gain.setValueAtTime(loud, from + Math.max(0.02, lasts - 0.25));
  volume.gain.linearRampToValueAtTime(0, from + lasts);
  volume.connect(out);
  for (const pitch of pitches) {
    const source = new OscillatorNode(context, { type: 'sine', frequency: pitch });
    source.connect(volume);
    source.start(from);
    source.stop(from + lasts);
  }
}
