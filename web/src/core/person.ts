// What stands for a person without a picture: initials, and a tint that is always the same for the same identity.

const TINTS = 8;

/** FNV-1a: short, and spreads names that differ in one letter. */
export function tint(identity: string): string {
  let hash = 0x811c9dc5;
  for (const letter of identity) {
    hash ^= letter.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return `var(--tint-${(hash % TINTS) + 1})`;
}

/** First letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map((word) => [...(word ?? '')][0] ?? '').join('').toLocaleUpperCase();
}
