/** Somebody who has a keyboard and nothing else. At each step it is checked that they see where they are. */

import { expect } from '@playwright/test';

import type { Person } from './person.ts';
import { PATIENCE } from './tab.ts';

/** What has the focus. */
export interface Focus {
  role: string;
  name: string;
  /** Its number among all that had the focus in this page: the same element has the same. */
  place: number;
  /** What keeps it from being seen; empty when nothing does. */
  fault: string;
}

/** Whoever presses this often has walked round any page. */
const ROUND = 120;

/** What `fault` says when the page has lost the focus. */
const NOWHERE = 'nothing has the focus';

/** The keyboard of somebody. */
export class Keyboard {
  constructor(private readonly who: Person) {}

  /** Presses keys one after the other, wherever the focus is. */
  async press(...names: string[]): Promise<void> {
    for (const name of names) {
      await this.who.tab.key(name);
    }
  }

  /** Types letters. */
  async type(text: string): Promise<void> {
    await this.who.tab.type(text);
  }

  /** What has the focus now. */
  focus(): Promise<Focus> {
    return this.who.tab.evaluate(readFocus, undefined);
  }

  /** Waits until the focus is on this, and is seen there. */
  async expectAt(role: string, name: string | RegExp): Promise<void> {
    const now = async (): Promise<string> => {
      const focus = await this.focus();
      return focus.fault === '' && fits(focus, role, name) ? 'there' : told(focus);
    };
    await expect.poll(now, { message: `${this.who.name} is at the ${role} '${name}'`, timeout: PATIENCE }).toBe('there');
  }

  /** Waits until something has the focus and shows it; gives what it is. */
  async seen(): Promise<Focus> {
    let focus = await this.focus();
    const fault = async (): Promise<string> => {
      focus = await this.focus();
      return focus.fault === '' ? '' : told(focus);
    };
    await expect.poll(fault, { message: `${this.who.name} sees where the focus is`, timeout: PATIENCE }).toBe('');
    return focus;
  }

  /** Walks with a key to what has this role and name. On the way the focus is seen at every stop. */
  async to(role: string, name: string | RegExp, by = 'Tab'): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < ROUND; step += 1) {
      const focus = await this.stop(passed);
      if (focus !== null && fits(focus, role, name)) {
        return;
      }
      await this.press(by);
    }
    throw new Error(`${by} does not lead to the ${role} '${name}', but to ${passed.join(', ')}`);
  }

  /** Walks with a key until it comes back to where it began; gives all that was passed, the beginning first. */
  async round(by: 'Tab' | 'Shift+Tab'): Promise<string[]> {
    const passed: string[] = [];
    const first = await this.stop(passed);
    for (let step = 0; step < ROUND; step += 1) {
      await this.press(by);
      const focus = await this.focus();
      if (focus.place === first?.place) {
        return passed;
      }
      await this.stop(passed);
    }
    throw new Error(`${by} does not come back to its beginning, but goes to ${passed.join(', ')}`);
  }

  /** Looks where the focus is. Between the end of a page and its beginning the browser itself has it: null. */
  private async stop(passed: string[]): Promise<Focus | null> {
    if ((await this.focus()).fault === NOWHERE) {
      return null;
    }
    const focus = await this.seen();
    passed.push(`${focus.role} '${focus.name}'`);
    return focus;
  }
}

function fits(focus: Focus, role: string, name: string | RegExp): boolean {
  return focus.role === role && (typeof name === 'string' ? focus.name === name : name.test(focus.name));
}

function told({ role, name, fault }: Focus): string {
  return `${role} '${name}'${fault === '' ? '' : `: ${fault}`}`;
}

/** Runs in the page. */
function readFocus(): Focus {
  const it = document.activeElement;
  if (!(it instanceof HTMLElement) || it === document.body) {
    return { role: '', name: '', place: -1, fault: 'nothing has the focus' };
  }
  const ROLES: Record<string, string> = {
    A: 'link', BUTTON: 'button', SUMMARY: 'button', H1: 'heading', H2: 'heading', H3: 'heading', INPUT: 'textbox', TEXTAREA: 'textbox',
  };
  const wordsOf = (element: Element | null): string => {
    const copy = element?.cloneNode(true);
    if (!(copy instanceof Element)) {
      return '';
    }
    for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) {
      hidden.remove();
    }
    return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
  };
  const byIds = it.getAttribute('aria-labelledby')?.split(' ').map((id) => wordsOf(document.getElementById(id))).join(' ');
  const byLabel = it instanceof HTMLInputElement || it instanceof HTMLTextAreaElement ? it.labels?.[0] : undefined;
  const name = it.getAttribute('aria-label') ?? byIds ?? (byLabel ? wordsOf(byLabel) : wordsOf(it));
  const fault = (): string => {
    const box = it.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || !it.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      return 'it is not drawn';
    }
    // A heading that a new page begins with is read out; there is nothing to press in it.
    const isHeading = /^H[1-6]$/.test(it.tagName) && it.tabIndex === -1;
    const ringed = (element: Element | null, up: number): boolean => {
      if (element === null || up < 0) {
        return false;
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || ringed(element.parentElement, up - 1);
    };
    // A field may leave its ring to the frame around it.
    if (!isHeading && !ringed(it, ROLES[it.tagName] === 'textbox' ? 2 : 0)) {
      return 'no ring is drawn around it';
    }
    const shares = [0.5, 0.1, 0.9];
    const points = shares.flatMap((x) => shares.map((y) => [box.left + box.width * x, box.top + box.height * y] as const));
    const inWindow = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    if (inWindow.length === 0) {
      return 'it is outside of the window';
    }
    const bare = inWindow.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (it.contains(top) || top.contains(it));
    });
    return bare ? '' : 'something covers it';
  };
  // By which element it is, and not by where it stands: marks of the network come and go before it.
  const numbered = (element: Element): number => {
    const page = window as unknown as { stops?: Map<Element, number> };
    page.stops ??= new Map();
    const known = page.stops.get(element) ?? page.stops.size;
    page.stops.set(element, known);
    return known;
  };
  return {
    role: it.getAttribute('role') ?? ROLES[it.tagName] ?? it.tagName.toLowerCase(),
    name,
    place: numbered(it),
    fault: fault(),
  };
}
