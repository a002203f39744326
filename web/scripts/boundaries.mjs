// Checks what the linter cannot: which folder may import which, and that colours are written in the tokens alone.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** For each folder: the folders of `src` and the packages which it may import. */
const MAY = {
  'core': { folders: ['core', 'i18n', 'proto'], packages: [] },
  'i18n': { folders: ['i18n'], packages: [] },
  'proto': { folders: ['proto'], packages: [] },
  'io': { folders: ['io', 'core', 'i18n', 'proto', '.'], packages: ['livekit-client', '@mediapipe/selfie_segmentation', '@sapphi-red/web-noise-suppressor'] },
  'worker': { folders: ['worker'], packages: [] },
  'ui': { folders: ['ui', 'core', 'i18n', 'proto', '.'], packages: ['react', 'react-dom', 'lucide-react', 'uqr'] },
};
/** `src/` itself: the wiring may see everything. */
const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;
const COLOUR = /#[0-9a-fA-F]{3,8}\b(?![\w-])|\b(?:rgba?|hsla?|oklch|oklab)\(/;

const wrong = [];
for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const name = relative(source, path);
  const folder = name.includes('/') ? name.slice(0, name.indexOf('/')) : '.';
  if (!/\.(?:tsx?|css)$/.test(name)) continue;
  const text = await readFile(path, 'utf8');
  if (folder !== 'look') {
    text.split('\n').forEach((line, index) => {
      if (COLOUR.test(line)) wrong.push(`${name}:${index + 1}: a colour of its own; use a token of look/tokens.css`);
    });
  }
  const may = MAY[folder];
  if (!may) continue;
  for (const match of text.matchAll(IMPORT)) {
    const target = match[1] ?? match[2] ?? match[3];
    if (target.startsWith('.')) {
      const inside = relative(source, resolve(dirname(path), target));
      const to = inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : '.';
      if (!may.folders.includes(to)) wrong.push(`${name}: ${folder}/ must not import ${inside}`);
      if (to === '.' && /^main$/.test(inside)) wrong.push(`${name}: ${folder}/ must not import ${inside}`);
    } else {
      const bare = target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/');
      if (!may.packages.includes(bare)) wrong.push(`${name}: ${folder}/ must not import the package ${bare}`);
    }
  }
}

if (wrong.length > 0) {
  process.stderr.write(`${wrong.join('\n')}\n`);
  process.exit(1);
}
