/** What a screen reader is given of a page, as text that two runs have in common. */

import { expect, type Page } from '@playwright/test';

import type { Part } from './tour.ts';

/** What differs from run to run, and the word that stands for it in a kept tree. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  [/127\.0\.0\.1:\d+|127\.0\.0\.1%3A\d+/g, 'HOST'],
  [/(?<![a-z-])[a-z]{4}-[a-z]{4}-[a-z]{4}(?![a-z-])/g, 'CODE'],
  [/\bRM_[0-9a-z]{20,}\b/g, 'ROOM'],
  [/Good (morning|afternoon|evening)/g, 'Good DAYTIME'],
  [/\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b[A-Z][a-z]+ \d{1,2}, \d{4}\b/g, 'DATE'],
  [/\b\d{1,2}:\d{2}( [AP]M)?\b/g, 'TIME'],
  [/\bfor \d+ (second|minute)s?\b/g, 'for DURATION'],
  // How long a call lasted.
  [/(It lasted|·) \d+ (second|minute)s?\b/g, '$1 DURATION'],
  [/version [\w.+-]+/g, 'version VERSION'],
  [/\bChrom(e|ium)( \d+)? on \w+/g, 'BROWSER on SYSTEM'],
  // What a connection test measures, and where.
  [/\b(UDP|TCP) \d+(, \d+)*\b/g, '$1 PORT'],
  [/\b(\d+ ms|\d+(\.\d)? s)\b/g, 'N ms'],
  [/[\d.]+ [Mk]bit\/s/g, 'RATE'],
  [/[\d.]+ % lost/g, 'N % lost'],
  [/\b\d+p at \d+ frames/g, 'SIZE at N frames'],
  // Who makes a sound at the moment.
  [/, speaking\b/g, ''],
  // Asked after half a minute in a meeting, which a slow machine makes of any.
  [/^ *- paragraph: How was it\?\n *- radiogroup "How was it\?":\n(?: *- 'radio "\d stars?: [a-z ]+"'\n)*/gm, ''],
  // What a slow machine adds: that it, the server on it, or the line between does not keep up; and after a meeting that it did not.
  [/^ *- '?button "(?:The server is busy|Your connection is|Your computer does not keep up|The computer of)[^"]*"'?\n/gm, ''],
  [/^( *)- region "What was not good":\n(?:\1 +.*\n)*/gm, ''],
  // What is being read out: it is gone in a while.
  [/^- status:.*$/gm, '- status'],
];

/** The tree of the page, or of what lies over it. */
async function read(page: Page, part?: Part): Promise<string> {
  const place = part === undefined ? page.locator('body') : page.getByRole(part);
  let tree = await place.ariaSnapshot();
  for (const [varying, word] of VARIES) {
    tree = tree.replace(varying, word);
  }
  return `${tree}\n`;
}

/** Waits until the tree is as it was kept, or keeps it where it is new or to be renewed. */
export async function expectTree(page: Page, name: string, part?: Part): Promise<void> {
  let tree = '';
  const changes = async (): Promise<boolean> => {
    const before = tree;
    tree = await read(page, part);
    return before !== tree;
  };
  // At rest first: what is kept must not be a page on its way.
  await expect.poll(changes, { message: `the tree of ${name} is at rest` }).toBe(false);
  await expect
    .soft(async () => expect(await read(page, part)).toMatchSnapshot(`${name}.yml`), `the tree of ${name}`)
    .toPass({ timeout: 5_000 });
  expect.soft(faults(tree, part), `the tree of ${name} makes sense`).toEqual([]);
}

/** What must be named to be of use to whoever hears it alone. */
const NAMED = 'button|link|textbox|combobox|radio|checkbox|switch|menuitem|menuitemradio|menuitemcheckbox|option|dialog|navigation|region|radiogroup|toolbar|meter|img|menu|complementary|form|listbox';

/** What a tree lacks: one first heading, the landmarks, names. */
function faults(tree: string, part?: Part): string[] {
  const lines = tree.split('\n');
  const count = (what: RegExp): number => lines.filter((line) => what.test(line)).length;
  const unnamed = lines.filter((line) => new RegExp(`^\\s*- (${NAMED})(:| \\[|$)`).test(line)).map((line) => `no name: ${line.trim()}`);
  const landmarks = lines.filter((line) => /^\s*- (banner|main|navigation|complementary|region)\b/.test(line)).map((line) => line.trim().replace(/:$/, ''));
  const twice = landmarks.filter((one, index) => landmarks.indexOf(one) !== index).map((one) => `twice: ${one}`);
  if (part !== undefined) {
    return [...unnamed, ...twice];
  }
  return [
    ...unnamed,
    ...twice,
    ...(count(/- heading .*\[level=1\]/) === 1 ? [] : ['not one first heading']),
    ...['banner', 'main'].filter((one) => count(new RegExp(`^\\s*- ${one}\\b`)) !== 1).map((one) => `not one ${one}`),
  ];
}
