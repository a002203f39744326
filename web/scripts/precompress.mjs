// Writes `.br` and `.gz` beside each text file of the build, so that the server never compresses anything itself.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = /\.(?:js|css|html|svg|json|txt|wasm|tflite)$/;
/** Under this size the header of an answer weighs more than what compressing saves. */
const LEAST_BYTES = 512;
/** Over this the last per cent of brotli takes many seconds. */
const LARGE_BYTES = 1_000_000;

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);
const folder = new URL('../dist/', import.meta.url).pathname;

for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE_BYTES ? 9 : 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${path}.br`, await brotli(bytes, { params }));
  await writeFile(`${path}.gz`, await deflate(bytes, { level: 9 }));
}
