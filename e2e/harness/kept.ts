/** How screens are looked at that are kept: their trees, what WCAG 2.2 AA asks as far as a machine can tell, and high contrast. */

import { violations } from './axe.ts';
import { expect } from './test.ts';
import type { Look } from './tour.ts';
import { expectTree } from './tree.ts';

export const lookKept: Look = async (name, at, part) => {
  await expectTree(at.page(), name, part);
  expect.soft(await violations(at.page()), name).toEqual([]);
  await at.page().emulateMedia({ contrast: 'more' });
  expect.soft(await violations(at.page(), 'colours'), `${name}, high contrast`).toEqual([]);
  await at.page().emulateMedia({ contrast: null });
};
