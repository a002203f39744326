/** What a page has said since it was opened: every toast and every word of the live region, also those that are gone again. */

import type { Tab } from './tab.ts';

declare global {
  interface Window {
    /** Everything that was said, oldest first. */
    __said: string[];
  }
}

/** Makes every page of the tab keep what it says. */
export async function keepWords(tab: Tab): Promise<void> {
  await tab.prepare(() => {
    const said: string[] = [];
    window.__said = said;
    const note = (node: Node): void => {
      if (!(node instanceof HTMLElement)) return;
      const places = [...node.querySelectorAll<HTMLElement>('.toast, [aria-live] *'), node];
      for (const place of places) {
        const text = place.closest('.toast, [aria-live]') === null ? '' : (place.textContent ?? '').trim();
        if (text !== '') said.push(text);
      }
    };
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach(note);
    }).observe(document, { childList: true, subtree: true });
  }, undefined);
}

/** What the page has said so far. */
export const words = (tab: Tab): Promise<string[]> => tab.evaluate(() => [...window.__said], undefined);
