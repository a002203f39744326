// What the browser fetches before a call, read out of the build: the page, what it names, and the fonts of Western languages.
import { readFile } from 'node:fs/promises';

export const DIST = new URL('../dist/', import.meta.url);

/** Other scripts of these fonts are fetched where a page has such letters. */
const WESTERN = /-latin-wght-normal-/;

/** Paths from the root, as `/assets/x.js`: scripts, style sheets and what they cannot do without. */
export async function firstLoad() {
  const page = await readFile(new URL('index.html', DIST), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
  if (!named.some((path) => path.endsWith('.js')) || !named.some((path) => path.endsWith('.css'))) {
    throw new Error('web/dist/index.html names no script or no style sheet: is the client built?');
  }
  const sheets = await Promise.all(named.filter((path) => path.endsWith('.css')).map((path) => readFile(new URL(`.${path}`, DIST), 'utf8')));
  const fonts = sheets.flatMap((sheet) => [...sheet.matchAll(/url\(["']?(\/assets\/[^"')]+\.woff2)["']?\)/g)].map((match) => match[1]));
  return [...new Set([...named, ...fonts.filter((path) => WESTERN.test(path))])];
}
