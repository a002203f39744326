// Which modal dialogs are open, the topmost last: whatever is to be seen has to stand in that one, since all else is inert.

import { useLayoutEffect, useSyncExternalStore } from 'react';

let open: readonly string[] = [];
const told = new Set<() => void>();

function set(next: readonly string[]): void {
  open = next;
  for (const tell of told) tell();
}

function watch(tell: () => void): () => void {
  told.add(tell);
  return () => told.delete(tell);
}

/** This dialog is open for as long as it is drawn. */
export function useOpenDialog(id: string): void {
  useLayoutEffect(() => {
    set([...open, id]);
    return () => set(open.filter((other) => other !== id));
  }, [id]);
}

/** The topmost dialog, if any is open. */
export const useTopDialog = (): string | null => useSyncExternalStore(watch, () => open.at(-1) ?? null);
