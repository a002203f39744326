// What goes away with the focus in it gives the focus back, so that whoever uses the keyboard is never nowhere.

/** Where the focus goes when it came from nowhere: the heading of the panel around it, or the first key of the bar. */
const home = (place: HTMLElement): HTMLElement | null =>
  place.closest('aside')?.querySelector<HTMLElement>('h2') ?? document.querySelector<HTMLElement>('[role="toolbar"] button');

/**
 * The `ref` of something that may go while it holds the focus: a card with an answer in it, a row that can be taken away.
 * When it goes, the focus returns to where it was before it came in.
 */
export function givesBack(place: HTMLElement | null): (() => void) | undefined {
  if (!place) return undefined;
  let before: HTMLElement | null = null;
  const came = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof HTMLElement && !place.contains(relatedTarget)) before = relatedTarget;
  };
  place.addEventListener('focusin', came);
  return () => {
    place.removeEventListener('focusin', came);
    if (!place.contains(document.activeElement)) return;
    (before !== null && before.isConnected && before.checkVisibility() ? before : home(place))?.focus();
  };
}
