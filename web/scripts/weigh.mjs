// Weighs the first load: whoever follows a link on a slow line must soon see the page. Fails above the limit.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { DIST, firstLoad } from './first-load.mjs';

/** In bytes as they travel, compressed with gzip: four seconds on a line of 500 kbit/s. */
const LIMIT = 250_000;

const paths = ['/index.html', ...(await firstLoad())];
const weights = await Promise.all(paths.map(async (path) => {
  const bytes = await readFile(new URL(`.${path}`, DIST));
  // Fonts are compressed already, and are sent as they are.
  return { path, bytes: path.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length };
}));
const sum = weights.reduce((total, { bytes }) => total + bytes, 0);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
for (const { path, bytes } of weights.toSorted((one, other) => other.bytes - one.bytes)) process.stdout.write(`${kb(bytes).padStart(10)}  ${path}\n`);
process.stdout.write(`${kb(sum).padStart(10)}  first load, of ${kb(LIMIT)} at most\n`);
if (sum > LIMIT) {
  process.stderr.write('The first load is too heavy: let what is not needed at once come later, by import().\n');
  process.exit(1);
}
