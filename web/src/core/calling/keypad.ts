// The keys of a telephone: where each stands, how it sounds, and what it is called on its way to the others.

import type { Digit } from './event';

/** As they stand, three in a row. */
export const KEYS: readonly Digit[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** What stands below a digit (ITU-T E.161). */
export const LETTERS: Readonly<Partial<Record<Digit, string>>> = {
  '2': 'ABC', '3': 'DEF', '4': 'GHI', '5': 'JKL', '6': 'MNO', '7': 'PQRS', '8': 'TUV', '9': 'WXYZ', '0': '+',
};

/** In Hz, by row and by column (ITU-T Q.23). */
const ROWS: readonly number[] = [697, 770, 852, 941];
const COLUMNS: readonly number[] = [1_209, 1_336, 1_477];

/** The two tones that sound together, in Hz. */
export function pitches(digit: Digit): readonly [number, number] {
  const at = KEYS.indexOf(digit);
  return [ROWS[Math.floor(at / COLUMNS.length)] ?? 0, COLUMNS[at % COLUMNS.length] ?? 0];
}

/** By their codes (RFC 4733, section 3.2). */
const CODES: readonly Digit[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];

export const codeOf = (digit: Digit): number => CODES.indexOf(digit);

export const digitNamed = (text: string): Digit | null => KEYS.find((digit) => digit === text) ?? null;

/** What a packet speaks of: its text says it, and its code where there is no text. Anything else is no key of a telephone. */
export const digitOf = (code: number, text: string): Digit | null => (text === '' ? (CODES[code] ?? null) : digitNamed(text));

/** What counts of a key of the keyboard. */
export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The key of the telephone that is meant. Signs may need Alt, or AltGr, which some systems call Ctrl and Alt; digits need neither. */
export function digitTyped({ key, ctrlKey, altKey, metaKey }: Stroke): Digit | null {
  const digit = digitNamed(key);
  const sign = digit === '*' || digit === '#';
  return metaKey || (sign ? ctrlKey && !altKey : ctrlKey || altKey) ? null : digit;
}

/** So many may come at once: what a telephone has dialled while the line stood still. */
const AT_ONCE = 16;
/** And so many a second after that, which is faster than anybody presses. */
const PER_SECOND = 10;

/** How fast keys of others are listened to; what comes faster is nobody's finger. */
export class Pace {
  #left = AT_ONCE;
  #at = Number.NEGATIVE_INFINITY;

  /** Whether one that comes now, in milliseconds, counts. */
  takes(now: number): boolean {
    this.#left = Math.min(AT_ONCE, this.#left + (Math.max(0, now - this.#at) / 1_000) * PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
