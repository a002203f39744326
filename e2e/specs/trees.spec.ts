/**
 * Every screen, wide and light: what a screen reader is given of it, kept as text under `trees/` so that whoever changes it
 * sees it in the review, and what WCAG 2.2 AA asks, as far as a machine can tell.
 */

import { lookKept } from '../harness/kept.ts';
import { test } from '../harness/test.ts';
import { tour } from '../harness/tour.ts';

// It is a long way round, and how long it takes is not what is looked at.
test.describe.configure({ timeout: 600_000 });

test('every screen has the tree that was kept, makes sense by itself, and breaks no rule, in high contrast neither', async ({
  ownServer,
  chromium,
}) => {
  await tour({
    server: await ownServer('bare'),
    open: () => chromium({ locale: 'en-GB', colorScheme: 'light' }),
    look: lookKept,
  });
});
