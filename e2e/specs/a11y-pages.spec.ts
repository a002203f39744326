/** WCAG 2.2 AA as far as a machine can tell, on every screen, in both engines, in all themes and on a small display. */

import { violations, violationsInFirefox } from '../harness/axe.ts';
import { FirefoxTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';
import { tour } from '../harness/tour.ts';

test.describe.configure({ timeout: 300_000 });

test('no violation on any screen, light and in high contrast, wide', async ({ ownServer, chromium }) => {
  await tour({
    server: await ownServer('bare'),
    open: () => chromium({ colorScheme: 'light' }),
    look: async (name, at) => {
      expect.soft(await violations(at.page()), name).toEqual([]);
      await at.page().emulateMedia({ contrast: 'more' });
      expect.soft(await violations(at.page(), 'colours'), `${name}, high contrast`).toEqual([]);
      await at.page().emulateMedia({ contrast: null });
    },
  });
});

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
