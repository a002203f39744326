/**
 * Every screen of calls, and of what is beside them: what a screen reader is given of it, kept as text under `trees/`, and what WCAG
 * 2.2 AA asks, as far as a machine can tell: light and wide, and in high contrast.
 */

import { lookKept } from '../harness/kept.ts';
import { Person } from '../harness/person.ts';
import { test } from '../harness/test.ts';
import { tourCalls } from '../harness/tour-calls.ts';

// It is a long way round, and how long it takes is not what is looked at.
test.describe.configure({ timeout: 600_000 });

/** Nothing that rings is to be over while it is looked at. */
const LONG = { PARLOR_RINGS: '120' };

test('every screen of calls has the tree that was kept, makes sense by itself, and breaks no rule, in high contrast neither', async ({ ownServer, chromium }) => {
  await tourCalls({
    server: await ownServer(LONG),
    person: async (name) => new Person(name, await chromium({ locale: 'en-GB', colorScheme: 'light' })),
    look: lookKept,
  });
});
