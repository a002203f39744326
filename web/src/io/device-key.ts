// What this browser is called among the devices of whoever is signed in: drawn once, kept, and the same in all its windows.

const PLACE = 'parlor.device';
/** As many letters and digits as the server takes; nobody guesses one, and no two browsers draw the same. */
const LENGTH = 32;
const GOOD = /^[a-z0-9]{1,32}$/i;

function draw(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  // 252 is the largest multiple of 36 that a byte holds: beyond it some letters would come up more often.
  const fair: number[] = [];
  while (fair.length < LENGTH) fair.push(...crypto.getRandomValues(new Uint8Array(LENGTH)).filter((byte) => byte < 252));
  return fair.slice(0, LENGTH).map((byte) => letters.charAt(byte % letters.length)).join('');
}

export function recallDevice(): string {
  try {
    const kept = localStorage.getItem(PLACE);
    if (kept !== null && GOOD.test(kept)) return kept;
    const drawn = draw();
    localStorage.setItem(PLACE, drawn);
    return drawn;
  } catch {
    return draw(); // storage is closed in some private windows: each window is a device then
  }
}
