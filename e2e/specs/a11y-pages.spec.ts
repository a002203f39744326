/**
 * WCAG 2.2 AA as far as a machine can tell, on every screen: in the dark on a small display, and in Firefox. Light and wide it
 * is `trees.spec.ts` that looks, which goes there as well.
 */

import { violations, violationsInFirefox } from '../harness/axe.ts';
import { FirefoxTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';
import { tour } from '../harness/tour.ts';

// It is a long way round, and how long it takes is not what is looked at.
test.describe.configure({ timeout: 600_000 });

test('no violation on any screen, dark and narrow', async ({ ownServer, chromium }) => {
  await tour({
    server: await ownServer('bare'),
    open: () => chromium({ colorScheme: 'dark', viewport: { width: 390, height: 844 } }),
    narrow: true,
    look: async (name, at) => expect.soft(await violations(at.page()), name).toEqual([]),
  });
});

// In one theme: the colours are those of the style sheet, which Chromium has looked at in all of them.
test('Firefox: no violation on any page, nor in the meeting alone', async ({ ownServer, open }) => {
  await tour({
    server: await ownServer('bare'),
    open: () => open('firefox'),
    short: true,
    look: async (name, { tab }) => {
      if (tab instanceof FirefoxTab) {
        expect.soft(await violationsInFirefox(tab), name).toEqual([]);
      }
    },
  });
});
