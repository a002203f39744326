/** When a page stands still, so that it can be measured or pictured. */

import type { Page } from '@playwright/test';

/** Waits until the typefaces are there and every movement that has an end has come to it. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const passing = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    // A cancelled movement is over as well.
    await Promise.all(passing.map((one) => one.finished.catch(() => null)));
  });
}
