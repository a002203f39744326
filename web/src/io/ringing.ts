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
  /** How long a note takes to fade, in seconds; nothing where it fades softly. */
  readonly fades?: number;
  /** After so many it is over; nothing where it sounds until it is stopped. */
  readonly times?: number;
}

/** Two rising figures and a rest: told from every chime by its length. */
const RING: readonly Note[] = [0, 0.9].flatMap((from) => [659.25, 783.99, 987.77].map((pitch, index) => ({ pitches: [pitch], at: from + index * 0.16, lasts: 0.5 })));
/** The European ringing tone: 425 Hz, one second in five. */
const BACK: readonly Note[] = [{ pitches: [425], at: 0, lasts: 1 }];
/** The European busy tone: 425 Hz, half a second in one (ITU-T E.180). */
const BUSY: readonly Note[] = [{ pitches: [425], at: 0, lasts: 0.5 }];
/** Two soft beeps: somebody is talking. */
const WAITING: readonly Note[] = [{ pitches: [440], at: 0, lasts: 0.18 }, { pitches: [440], at: 0.3, lasts: 0.18 }];

/** While somebody waits: four soft notes that come and go, and nothing that could be taken for a voice. */
const HOLD: readonly Note[] = [261.63, 329.63, 392, 329.63].map((pitch, index) => ({ pitches: [pitch, pitch * 2], at: index * 0.9, lasts: 0.85 }));

const ROUNDS: Readonly<Record<Sound, Round>> = {
  ring: { notes: RING, every: 3_200, loud: 0.22 },
  back: { notes: BACK, every: 5_000, loud: 0.06 },
  waiting: { notes: WAITING, every: 4_000, loud: 0.06 },
  hold: { notes: HOLD, every: 4_500, loud: 0.04 },
  // Four seconds tell it from every other; the screen says the rest.
  busy: { notes: BUSY, every: 1_000, loud: 0.06, fades: 0.02, times: 4 },
};

/** What all windows of a browser would ring for. */
const TURNS: readonly Sound[] = ['ring', 'waiting'];
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
    // What is over by itself listens for no touch any more.
    void ring(sound, speaker, stop.signal).catch(() => undefined).finally(() => stop.abort());
  }
}

/** A quarter of a second, or what a shorter note has. */
const SOFTLY = 0.25;

/** Sounds until it is stopped, or over. */
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
    if (!TURNS.includes(sound) || !('locks' in navigator)) await turn();
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

async function rounds({ notes, every, loud, fades = SOFTLY, times = Infinity }: Round, sound: Sound, { context, out, stopped, signal }: Heard): Promise<void> {
  if (signal.aborted) return;
  // Browsers let a page shake that somebody has touched.
  const shakes = sound === 'ring' && 'vibrate' in navigator && 'userActivation' in navigator && navigator.userActivation.hasBeenActive;
  let left = times;
  let timer = 0;
  const ended = new Promise<void>((over) => {
    const round = (): void => {
      if (left === 0) return over();
      left -= 1;
      for (const note of notes) play(context, out, note, loud, fades);
      if (shakes) navigator.vibrate([...SHAKE]);
    };
    round();
    timer = window.setInterval(round, every);
  });
  await Promise.race([stopped, ended]);
  window.clearInterval(timer);
  if (shakes) navigator.vibrate(0);
}

function play(context: AudioContext, out: AudioNode, { pitches, at, lasts }: Note, loud: number, fades: number): void {
  const from = context.currentTime + 0.03 + at;
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loud, from + 0.02);
  volume.gain.setValueAtTime(loud, from + Math.max(0.02, lasts - fades));
  volume.gain.linearRampToValueAtTime(0, from + lasts);
  volume.connect(out);
  for (const pitch of pitches) {
    const source = new OscillatorNode(context, { type: 'sine', frequency: pitch });
    source.connect(volume);
    source.start(from);
    source.stop(from + lasts);
  }
}
