/** WCAG 2.2 A and AA as far as a machine can tell, in both engines. */

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import axe from 'axe-core';

import { settled } from './settled.ts';
import type { FirefoxTab } from './tab.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What another theme of the same screen can break. */
const COLOURS = ['color-contrast'];

/** Which rules are asked: all, or for a screen that was seen in another theme those of its colours. */
export type Asked = 'all' | 'colours';

/** What breaks a rule on the page, and where; Chromium. */
export async function violations(page: Page, asked: Asked = 'all'): Promise<string[]> {
  // Colours in the middle of a fade are nobody's choice.
  await settled(page);
  const builder = new AxeBuilder({ page });
  const { violations } = await (asked === 'all' ? builder.withTags(RULES) : builder.withRules(COLOURS)).analyze();
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** The same in Firefox: by hand, since the driver of `axe` is for Playwright. */
export async function violationsInFirefox(tab: FirefoxTab): Promise<string[]> {
  await tab.page.evaluate(axe.source);
  return tab.evaluate(runAxe, { type: 'tag', values: RULES });
}

/** Runs in the page. */
async function runAxe(runOnly: { type: string; values: string[] }): Promise<string[]> {
  type Outcome = { violations: { id: string; nodes: { target: string[] }[] }[] };
  const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Outcome> } };
  await document.fonts.ready;
  // Colours in the middle of a fade are nobody's choice; a movement without an end is one.
  const passing = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
  await Promise.all(passing.map((one) => one.finished.catch(() => null)));
  const { violations } = await axe.run({ runOnly });
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
