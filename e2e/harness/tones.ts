/**
 * The tones of telephone keys, as a page plays them: what it gives to its speakers is listened to, and read by its pitches. Firefox
 * runs no sound of a page on a machine without a loudspeaker: there it is looked which notes it is told to play.
 */

import { expect } from '@playwright/test';

import { MEDIA_PATIENCE, type Person } from './person.ts';
import type { Tab } from './tab.ts';

declare global {
  interface Window {
    /** The keys that were heard, in their order; and those whose notes were to be played. */
    __keys: string;
    __notes: string;
  }
}

/** Listens to all that the page makes itself and plays. To be called before the first `goto`. */
export async function listenForKeys(tab: Tab): Promise<void> {
  await tab.prepare(listen, undefined);
}

/** The keys that were heard by now. */
export function keysHeard(tab: Tab): Promise<string> {
  return tab.evaluate(tab.engine === 'firefox' ? readNotes : readKeys, undefined);
}

/** Waits until these keys were heard, and no others. */
export async function expectKeys(at: Person, keys: string): Promise<void> {
  await expect.poll(() => keysHeard(at.tab), { message: `${at.name} hears the keys ${keys}`, timeout: MEDIA_PATIENCE }).toBe(keys);
}

function readKeys(): string {
  return window.__keys;
}

function readNotes(): string {
  return window.__notes;
}

/** Runs in the page. */
function listen(): void {
  window.__keys = '';
  window.__notes = '';
  /** In Hz (ITU-T Q.23), and what stands where they meet. */
  const rows = [697, 770, 852, 941];
  const columns = [1_209, 1_336, 1_477];
  const faces = '123456789*0#';
  /** In samples: 21 ms at 48 kHz tell the pitches apart, and fit into the silence between two keys. */
  const window_ = 1_024;
  /** Of full strength: a note this soft is none. */
  const least = 0.02;
  /** How much stronger the note of a row or column must be than the others of it. */
  const apart = 2.5;

  /** How strong a pitch is within the samples (Goertzel). */
  const strength = (samples: Float32Array, hertz: number, rate: number): number => {
    const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
    let [one, two] = [0, 0];
    for (const sample of samples) {
      [one, two] = [sample + turn * one - two, one];
    }
    return (2 * Math.sqrt(Math.max(0, one * one + two * two - turn * one * two))) / samples.length;
  };
  const best = (samples: Float32Array, of: readonly number[], rate: number): { at: number; most: number } => {
    const all = of.map((hertz) => strength(samples, hertz, rate));
    const most = Math.max(...all);
    const at = all.indexOf(most);
    return { at: most >= least && all.every((one, index) => index === at || most >= apart * one) ? at : -1, most };
  };
  /** The key that sounds; none unless both notes of it are as strong, and make up most of what is heard: a ring is no key. */
  const keyOf = (samples: Float32Array, rate: number, loud: number): string => {
    const [row, column] = [best(samples, rows, rate), best(samples, columns, rate)];
    const even = row.most < 2 * column.most && column.most < 2 * row.most;
    const pure = row.most ** 2 + column.most ** 2 >= loud ** 2;
    return row.at >= 0 && column.at >= 0 && even && pure ? (faces[row.at * columns.length + column.at] ?? '') : '';
  };
  const hear = (stream: MediaStream): void => {
    const context = new AudioContext();
    const ear = context.createScriptProcessor(window_, 1, 1);
    let now = '';
    // What sounded last: one look alone may fall on the very beginning of a tone, and takes it for another.
    let last = '';
    ear.onaudioprocess = ({ inputBuffer }) => {
      const samples = inputBuffer.getChannelData(0);
      const loud = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      const key = keyOf(samples, inputBuffer.sampleRate, loud);
      if (key !== '' && key === last && key !== now) {
        window.__keys += key;
        now = key;
      } else if (loud < least / 4) {
        // Between two keys it is silent: half a note is no other key.
        now = '';
      }
      last = key;
    };
    // What is not led anywhere is not run.
    context.createMediaStreamSource(stream).connect(ear).connect(new GainNode(context, { gain: 0 })).connect(context.destination);
  };

  let row = -1;
  const { prototype: source } = AudioScheduledSourceNode;
  const start = source.start;
  source.start = function (when) {
    // Of no other sound of the page is a note a row or a column.
    const pitch = this instanceof OscillatorNode ? this.frequency.value : 0;
    if (rows.includes(pitch)) {
      row = rows.indexOf(pitch);
    } else if (columns.includes(pitch) && row >= 0) {
      window.__notes += faces[row * columns.length + columns.indexOf(pitch)] ?? '';
      row = -1;
    }
    start.call(this, when);
  };

  const made = new WeakSet<MediaStream>();
  const { prototype } = AudioContext;
  const make = prototype.createMediaStreamDestination;
  prototype.createMediaStreamDestination = function () {
    const out = make.call(this);
    made.add(out.stream);
    return out;
  };
  const known = new WeakSet<MediaStream>();
  const media = HTMLMediaElement.prototype;
  const play = media.play;
  media.play = function () {
    const stream = this.srcObject;
    if (stream instanceof MediaStream && made.has(stream) && !known.has(stream)) {
      known.add(stream);
      hear(stream);
    }
    return play.call(this);
  };
}
