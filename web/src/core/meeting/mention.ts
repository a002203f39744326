// Names after an `@`: finding them in what is written, and completing the one that is being typed.

/** A piece of a text: words as they are, or the name of somebody who is here. */
export interface Piece {
  readonly text: string;
  /** The name as it is known, when this piece names somebody. */
  readonly name: string | null;
}

/** The name that is being typed. */
export interface Typing {
  /** Where its `@` stands. */
  readonly from: number;
  /** What stands between the `@` and the caret. */
  readonly typed: string;
}

/** So many names are offered at once: more are not read but typed on. */
const MOST_OFFERED = 8;
/** No name is longer: whatever stands further from its `@` belongs to none. */
const LONGEST = 128;

const LETTER = /[\p{L}\p{N}_]/u;
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
export const sameName = (one: string, other: string): boolean => one.toLocaleLowerCase() === other.toLocaleLowerCase();

/** The text cut at the names in it. Longer names first, so that "@Ann Marie" is not "@Ann"; and "@Anna" is not either. */
export function pieces(text: string, names: readonly string[]): readonly Piece[] {
  if (!text.includes('@')) return [{ text, name: null }];
  const byLength = names.filter((name) => name !== '').toSorted((one, other) => other.length - one.length);
  const [first = '', ...rest] = text.split('@');
  let before = first;
  const found: Piece[] = [];
  for (const part of rest) {
    const name = byLength.find((one) => sameName(part.slice(0, one.length), one) && !LETTER.test(part.charAt(one.length)));
    // An `@` inside of a word is that of an address.
    if (name === undefined || LETTER.test(before.slice(-1))) {
      before += `@${part}`;
      continue;
    }
    if (before !== '') found.push({ text: before, name: null });
    found.push({ text: `@${part.slice(0, name.length)}`, name });
    before = part.slice(name.length);
  }
  return before === '' ? found : [...found, { text: before, name: null }];
}

/** Whether a text names this person, among those who are here. */
export const mentions = (text: string, person: string, here: readonly string[]): boolean =>
  pieces(text, here).some(({ name }) => name !== null && sameName(name, person));

/** The name that is being typed where the caret stands; nothing when none is. */
export function typing(text: string, caret: number): Typing | null {
  const from = text.slice(0, caret).lastIndexOf('@');
  if (from < 0 || caret - from > LONGEST || (from > 0 && LETTER.test(text.charAt(from - 1)))) return null;
  const typed = text.slice(from + 1, caret);
  return typed.includes('\n') || typed.startsWith(' ') ? null : { from, typed };
}

/** Who may be meant: those whose name, or a word of it, begins as typed; without accents and capitals. */
export function offered(typed: string, here: readonly string[]): readonly string[] {
  const wanted = folded(typed);
  const fits = (name: string): boolean => folded(name).startsWith(wanted) || folded(name).split(/\s+/).some((word) => word.startsWith(wanted));
  const fitting = [...new Set(here)].filter((name) => name !== '' && fits(name));
  // A name that stands there in full needs no more completing.
  return fitting.length === 1 && folded(fitting[0] ?? '') === wanted ? [] : fitting.slice(0, MOST_OFFERED);
}

/** The text with the name written out, and where the caret stands then. */
export function completed(text: string, { from, typed }: Typing, name: string): { readonly text: string; readonly caret: number } {
  const rest = text.slice(from + 1 + typed.length);
  const gap = /^\s/.test(rest) ? '' : ' ';
  const before = `${text.slice(0, from)}@${name}${gap}`;
  return { text: before + rest, caret: before.length + (gap === '' ? 1 : 0) };
}
