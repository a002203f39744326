// What stands for a person without a picture: initials, and a tint. Both are of the name, the one thing that all places which
// show somebody know: a call, its tile and the contacts have different identities for the same person.

const TINTS = 8;

/** FNV-1a: short, and spreads names that differ in one letter. */
export function tint(name: string): string {
  let hash = 0x811c9dc5;
  for (const letter of name) {
    hash ^= letter.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return `var(--tint-${(hash % TINTS) + 1})`;
}

/** First letters of the first and the last word. */
export function initials(name: string): string {
  // Brackets and quotes before a word are none of it.
  const words = name.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/^[^\p{L}\p{N}]+(?=[\p{L}\p{N}])/u, ''));
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase();
}
