// How what was typed is held against names: accents and capitals do not count, and what begins like it comes first.

/** Letters that are typed as two, or as another, and that no decomposition of Unicode takes apart. */
const LIKE: Readonly<Record<string, string>> = { 'œ': 'oe', 'æ': 'ae', 'ß': 'ss', 'ø': 'o', 'ł': 'l', 'đ': 'd' };

/** Without accents and capitals: who types "lea" finds Léa, and "coeur" finds Cœur. */
export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[œæßøłđ]/g, (letter) => LIKE[letter] ?? letter);

/** What was typed, word by word. */
export const wordsOf = (typed: string): readonly string[] => folded(typed).split(/\s+/).filter(Boolean);

/** Begins like it, has words that begin like it, has it somewhere; or not at all. */
const NEVER = 3;
type Rank = 0 | 1 | 2 | typeof NEVER;

/** How well a text fits: each word that was typed has to be in it, in whatever order. */
export function rankOf(text: string, words: readonly string[]): Rank {
  const whole = folded(text);
  if (!words.every((word) => whole.includes(word))) return NEVER;
  if (whole.startsWith(words.join(' '))) return 0;
  const parts = whole.split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word))) ? 1 : 2;
}

export const fits = (text: string, words: readonly string[]): boolean => rankOf(text, words) !== NEVER;

/** Those that fit by one of their texts, the best first, else as they came; at most so many. What is beside the name has to begin like it. */
export function best<T>(typed: string, all: readonly T[], textsOf: (one: T) => readonly string[], most: number, besideOf: (one: T) => readonly string[] = () => []): readonly T[] {
  const words = wordsOf(typed);
  const ranks: readonly [T[], T[], T[]] = [[], [], []];
  for (const one of all) {
    const rank = Math.min(...textsOf(one).map((text) => rankOf(text, words)), ...besideOf(one).map((text) => (rankOf(text, words) <= 1 ? 1 : NEVER)));
    ranks[rank]?.push(one);
  }
  return ranks.flat().slice(0, most);
}
