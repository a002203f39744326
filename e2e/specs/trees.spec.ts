/** What a screen reader is given on every screen, kept as text under `trees/`: whoever changes it sees it in the review. */

import { expectTree } from '../harness/tree.ts';
import { test } from '../harness/test.ts';
import { tour } from '../harness/tour.ts';

test.describe.configure({ timeout: 240_000 });

test('the tree of every screen is the one that was kept, and makes sense by itself', async ({ ownServer, chromium }) => {
  await tour({
    server: await ownServer('bare'),
    open: () => chromium({ locale: 'en-GB' }),
    look: (name, at, part) => expectTree(at.page(), name, part),
  });
});
