// Tells the service worker what it keeps: written above dist/sw.js as a constant, after everything else is built.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { DIST, firstLoad } from './first-load.mjs';

const page = await readFile(new URL('index.html', DIST));
const files = await firstLoad();
const hash = createHash('sha256').update(page);
for (const path of files) hash.update(path).update(await readFile(new URL(`.${path}`, DIST)));
const shell = {
  version: hash.digest('hex').slice(0, 16),
  page: `sha256-${createHash('sha256').update(page).digest('base64')}`,
  files,
};
const place = new URL('sw.js', DIST);
await writeFile(place, `const SHELL=${JSON.stringify(shell)};\n${await readFile(place, 'utf8')}`);
