import { useEffect, useRef } from 'react';

/** Names as [KeyboardEvent.key] in lower case, with `ctrl+` before those that need it. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="menu"], dialog';

/** Bare letters act unless somebody types; keys with modifiers that are not ours are left alone. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const now = useRef(shortcuts);
  useEffect(() => {
    now.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      const act = now.current[`${event.ctrlKey ? 'ctrl+' : ''}${event.key.toLowerCase()}`];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
