// Tells the service worker what it keeps: written above dist/sw.js as a constant, after everything else is built.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';

import { DIST, firstLoad } from './first-load.mjs';

/** Languages other than the first are pieces of their own, named after their folder: without a network the page goes on in the same words. */
async function languages() {
  const folders = await readdir(new URL('../src/i18n/', import.meta.url), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory() && entry.name !== 'en').map(({ name }) => name);
  const pieces = await readdir(new URL('assets/', DIST));
  return names.map((name) => {
    const piece = pieces.find((file) => file.startsWith(`${name}-`) && file.endsWith('.js'));
    if (piece === undefined) throw new Error(`the client has no piece for the language ${name}`);
    return `/assets/${piece}`;
  });
}

const page = await readFile(new URL('index.html', DIST));
const files = [...await firstLoad(), ...await languages()];
const hash = createHash('sha256').update(page);
for (const path of files) hash.update(path).update(await readFile(new URL(`.${path}`, DIST)));
const shell = {
  version: hash.digest('hex').slice(0, 16),
  page: `sha256-${createHash('sha256').update(page).digest('base64')}`,
  files,
};
const place = new URL('sw.js', DIST);
await writeFile(place, `const SHELL=${JSON.stringify(shell)};\n${await readFile(place, 'utf8')}`);
