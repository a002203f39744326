const BAR = '[role="toolbar"]';
const REGIONS = ['header', 'main', 'aside', BAR];
const REACHED = 'button:not([disabled]):not([tabindex="-1"]), [tabindex="0"], a[href], input';

/** F6: to the next of top, stage and bar, at the first thing there that takes the focus. */
export function walkRegions(root: HTMLElement | null): void {
  if (!root) return;
  const regions = REGIONS.flatMap((name) => [...root.querySelectorAll<HTMLElement>(`:scope > ${name}`)]);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(at + step + regions.length) % regions.length];
    const first = region?.querySelector<HTMLElement>(REACHED);
    if (first) {
      first.focus();
      return;
    }
  }
}

/** F2: straight to the bar, from anywhere. */
export function walkToBar(root: HTMLElement | null): void {
  root?.querySelector<HTMLElement>(`:scope > ${BAR}`)?.querySelector<HTMLElement>(REACHED)?.focus();
}
