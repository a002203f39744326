/**
 * Finds what a person would name, in the page itself. Firefox's driver can look by role and name, too, but computes both
 * for every element and takes half a second for it; this takes some milliseconds and knows what our pages use. What it
 * does not find is left to the driver.
 */

/** What is looked for: a role, and the whole accessible name. */
export interface Named {
  role: string;
  name: string;
}

/** The attribute by which the driver gets hold of what was found. */
export const FOUND = 'data-found';

/** Runs in the page: marks the first visible element of this role and name, and tells whether there is one. */
export function find({ role, name, mark }: Named & { mark: string }): boolean {
  const OWN: Record<string, string> = {
    button: 'button, summary, input[type="submit"]',
    textbox: 'textarea, input:not([type]), input[type="text"], input[type="email"], input[type="url"], input[type="tel"]',
    heading: 'h1, h2, h3, h4, h5, h6',
    link: 'a[href]',
    radio: 'input[type="radio"]',
    option: 'option',
  };
  const textOf = (node: Node): string => {
    if (!(node instanceof Element)) {
      return node.textContent ?? '';
    }
    if (node.getAttribute('aria-hidden') === 'true' || !node.checkVisibility()) {
      return '';
    }
    const label = node.getAttribute('aria-label') ?? (node instanceof HTMLImageElement ? node.alt : null);
    if (label !== null) {
      return label;
    }
    const isBlock = !getComputedStyle(node).display.startsWith('inline');
    const inside = [...node.childNodes].map(textOf).join('');
    return isBlock ? ` ${inside} ` : inside;
  };
  const nameOf = (element: Element): string => {
    const by = element.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? [...(element.labels ?? [])] : [];
    const label = labels.length > 0 ? labels.map(textOf).join(' ') : undefined;
    const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    const found = by ?? element.getAttribute('aria-label') ?? label ?? (isField ? '' : textOf(element));
    return found.replace(/\s+/g, ' ').trim();
  };
  document.querySelector(`[${mark}]`)?.removeAttribute(mark);
  const own = OWN[role];
  const all = document.querySelectorAll(`[role="${role}"]${own === undefined ? '' : `, ${own}`}`);
  const fits = (element: Element): boolean =>
    (element.getAttribute('role') ?? role) === role &&
    element.closest('[inert], [aria-hidden="true"]') === null &&
    element.checkVisibility({ visibilityProperty: true }) &&
    nameOf(element) === name;
  const first = [...all].find(fits);
  first?.setAttribute(mark, '');
  return first !== undefined;
}
