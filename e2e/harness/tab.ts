/**
 * One page of one browser, seen through the few things that the specs do with it, so that a spec reads the same for
 * both engines. Chromium is driven by Playwright, Firefox by Puppeteer over WebDriver BiDi.
 */

import type { BrowserContext as ChromiumContext, Page as ChromiumPage } from '@playwright/test';
import type { BrowserContext as FirefoxContext, KeyInput, Page as FirefoxPage } from 'puppeteer-core';

import { LOOKED, STRANGER } from './addresses.ts';
import { FOUND, find } from './find.ts';
import { readInbound, readOutbound, readSent } from './probe.ts';

/** The browser engine of a tab. */
export type Engine = 'chromium' | 'firefox';

/** The roles of the controls that specs press or fill. */
export type Role =
  | 'button'
  | 'textbox'
  | 'heading'
  | 'link'
  | 'menuitem'
  | 'menuitemcheckbox'
  | 'menuitemradio'
  | 'option'
  | 'radio'
  | 'switch'
  | 'tab';

/** How long a control or a page may take to appear: generous, since test machines are small and busy. */
export const PATIENCE = 30_000;

/** One page. */
export interface Tab {
  readonly engine: Engine;
  /** Runs a self-contained function in every page that is opened from now on, before the page's own scripts. */
  prepare<A>(run: (argument: A) => void, argument: A): Promise<void>;
  /** Opens an address and waits for the document. */
  goto(url: string): Promise<void>;
  /** The address shown now. */
  url(): string;
  /** Runs a self-contained function in the page. */
  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Presses the control with exactly this accessible name. */
  press(role: Role, name: string): Promise<void>;
  /** Replaces the text of the field with exactly this accessible name. */
  fill(name: string, text: string): Promise<void>;
  /** Presses a key wherever the focus is: by the name that `KeyboardEvent.key` has, after the held ones, as in `Control+k`. */
  key(name: string): Promise<void>;
  /** Types letters wherever the focus is. */
  type(text: string): Promise<void>;
  /** Whether something with this role and exact name is shown. */
  shows(role: Role, name: string): Promise<boolean>;
  /** What the page did against the policy that it came with (Content-Security-Policy): nothing, or its maker has to look. */
  violations(): readonly string[];
  /** What its console was told that begins with this, without the beginning: by scripts that tests put there. */
  told(start: string): readonly string[];
  /** What it shows, what its media are and what its console has said, for the report of a failure. */
  report(): Promise<string>;
  /** Closes the page and what was stored for it. */
  close(): Promise<void>;
}

/** The console's line for each violation of the page's policy begins with this. */
const VIOLATED = 'against the policy: ';

/** What lines of the console are kept for tests. */
const FOR_TESTS = [VIOLATED, STRANGER, LOOKED];

/** Runs in every page: says on the console what was against the policy. */
function sayViolations(start: string): void {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`${start}${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
}

async function mediaOf(tab: Tab): Promise<string> {
  const read = [tab.evaluate(readOutbound, undefined), tab.evaluate(readInbound, undefined), tab.evaluate(readSent, undefined)];
  return JSON.stringify(await Promise.all(read).catch(String), null, 1);
}

/** A page of Chromium. */
export class ChromiumTab implements Tab {
  readonly engine = 'chromium';
  readonly #said: string[] = [];
  readonly #lines: string[] = [];

  constructor(
    readonly page: ChromiumPage,
    readonly context: ChromiumContext,
  ) {
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (line) => {
      this.#said.push(`${new Date().toISOString()} ${line.type()}: ${line.text()}`);
      if (FOR_TESTS.some((start) => line.text().startsWith(start))) this.#lines.push(line.text());
    });
    page.on('pageerror', (error) => this.#said.push(`${new Date().toISOString()} threw: ${error.stack ?? error.message}`));
  }

  /** Gives the page what every page of the tests has. */
  async furnish(): Promise<void> {
    await this.page.addInitScript(sayViolations, VIOLATED);
  }

  violations(): readonly string[] {
    return this.told(VIOLATED);
  }

  told(start: string): readonly string[] {
    return this.#lines.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
  }

  async report(): Promise<string> {
    const shown = await this.page.locator('body').ariaSnapshot({ timeout: 5_000 }).catch(String);
    return [this.page.url(), shown, await mediaOf(this), ...this.#said].join('\n');
  }

  async prepare<A>(run: (argument: A) => void, argument: A): Promise<void> {
    await this.page.addInitScript(run as (argument: unknown) => void, argument);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  url(): string {
    return this.page.url();
  }

  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const untyped = run as (argument: unknown) => R | Promise<R>;
    return this.page.evaluate<R, unknown>(untyped, argument);
  }

  async press(role: Role, name: string): Promise<void> {
    await this.page.getByRole(role, { name, exact: true }).click();
  }

  async fill(name: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name, exact: true }).fill(text);
  }

  async key(name: string): Promise<void> {
    await this.page.keyboard.press(name);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async shows(role: Role, name: string): Promise<boolean> {
    return this.page.getByRole(role, { name, exact: true }).first().isVisible();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** A page of Firefox. */
export class FirefoxTab implements Tab {
  readonly engine = 'firefox';
  readonly #said: string[] = [];
  readonly #lines: string[] = [];

  constructor(
    readonly page: FirefoxPage,
    readonly context: FirefoxContext,
  ) {
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (line) => {
      this.#said.push(`${new Date().toISOString()} ${line.type()}: ${line.text()}`);
      if (FOR_TESTS.some((start) => line.text().startsWith(start))) this.#lines.push(line.text());
    });
  }

  /** Gives the page what every page of the tests has. */
  async furnish(): Promise<void> {
    await this.page.evaluateOnNewDocument(sayViolations, VIOLATED);
  }

  violations(): readonly string[] {
    return this.told(VIOLATED);
  }

  told(start: string): readonly string[] {
    return this.#lines.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
  }

  async report(): Promise<string> {
    const shown = await this.page.evaluate(() => document.body.innerText).catch(String);
    return [this.page.url(), shown, await mediaOf(this), ...this.#said].join('\n');
  }

  async prepare<A>(run: (argument: A) => void, argument: A): Promise<void> {
    await this.page.evaluateOnNewDocument(run as (argument: unknown) => void, argument);
  }

  async goto(url: string): Promise<void> {
    await this.front();
    await this.page.goto(url, { waitUntil: 'load' });
  }

  url(): string {
    return this.page.url();
  }

  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return this.page.evaluate(run as (argument: unknown) => unknown, argument) as Promise<R>;
  }

  async press(role: Role, name: string): Promise<void> {
    await this.front();
    await this.page.locator(await this.selector(role, name)).click();
  }

  async fill(name: string, text: string): Promise<void> {
    // A field for a password has no role by which it could be found.
    const secret = await this.page.evaluate(markSecret, name);
    await this.page.locator(secret ? `[data-secret="${name}"]` : await this.selector('textbox', name)).fill(text);
  }

  async key(name: string): Promise<void> {
    await this.front();
    const held = name.split('+') as KeyInput[];
    const last = held.pop();
    for (const one of held) {
      await this.page.keyboard.down(one);
    }
    if (last !== undefined) {
      await this.page.keyboard.press(last);
    }
    for (const one of held) {
      await this.page.keyboard.up(one);
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async shows(role: Role, name: string): Promise<boolean> {
    if (await this.page.evaluate(find, { role, name, mark: FOUND })) {
      return true;
    }
    const found = await this.page.$(slowSelector(role, name));
    return found !== null && (await found.isVisible());
  }

  private async selector(role: Role, name: string): Promise<string> {
    return (await this.page.evaluate(find, { role, name, mark: FOUND })) ? `[${FOUND}]` : slowSelector(role, name);
  }

  /** People use the tab before them; Firefox gives one behind neither the keyboard nor a camera. */
  async front(): Promise<void> {
    await this.page.bringToFront();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Runs in the page: marks the field for a password with this label, and tells whether there is one. */
function markSecret(name: string): boolean {
  const labelled = (field: HTMLInputElement): boolean => [...(field.labels ?? [])].some((label) => label.textContent?.trim() === name);
  const found = [...document.querySelectorAll<HTMLInputElement>('input[type="password"]')].find(labelled);
  found?.setAttribute('data-secret', name);
  return found !== undefined;
}

function slowSelector(role: Role, name: string): string {
  return `::-p-aria([name="${name}"][role="${role}"])`;
}
