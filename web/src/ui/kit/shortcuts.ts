// Keys that act without a field: which press means what, and the listeners for them.

import { useEffect, useRef } from 'react';

/** Names as [KeyboardEvent.key] in lower case, with `ctrl+` or `shift+` before those that need it. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** What counts of a key that was pressed. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'repeat' | 'isComposing' | 'defaultPrevented'>;

const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="menu"], dialog';
/** Where the space bar has a meaning of its own. */
const PRESSED = `${TYPING}, button, a[href], summary, [role="button"], [role="radio"], [role="switch"]`;

/** The letters that mean something else with Shift. */
const SHIFTED: readonly string[] = ['s'];

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase();

/**
 * The name of a press, or null when it is none of ours: modifiers that we did not claim are left alone. Shift counts only
 * where it writes the sign, as with `?`. `letters` says whether keys without Ctrl that write something act at all.
 */
export function pressed(press: Press, letters: boolean): string | null {
  if (press.defaultPrevented || press.repeat || press.isComposing || press.altKey || press.metaKey) return null;
  if (letters && press.shiftKey && !press.ctrlKey && SHIFTED.includes(press.key.toLowerCase())) return `shift+${press.key.toLowerCase()}`;
  if (press.shiftKey && (press.key.length > 1 || press.key === ' ' || isLetter(press.key))) return null;
  if (!letters && !press.ctrlKey && press.key.length === 1) return null;
  return `${press.ctrlKey ? 'ctrl+' : ''}${press.key.toLowerCase()}`;
}

/** A modal dialog keeps all keys to itself, wherever the focus is. */
const modal = (): boolean => document.querySelector('dialog[open]') !== null;

const within = (target: EventTarget | null, places: string): boolean => target instanceof Element && target.closest(places) !== null;

/** Bare letters act unless somebody types, or switched them off. */
export function useShortcuts(shortcuts: Shortcuts, letters: boolean): void {
  const now = useRef({ shortcuts, letters });
  useEffect(() => {
    now.current = { shortcuts, letters };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const name = pressed(event, now.current.letters);
      const act = name === null ? undefined : now.current.shortcuts[name];
      if (!act || within(event.target, TYPING) || modal()) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

/** Tells when the space bar is held and let go; also when the window is left, since the letting go is not seen then. */
export function useHeldSpace(letters: boolean, hold: (on: boolean) => boolean): void {
  const now = useRef({ letters, hold });
  useEffect(() => {
    now.current = { letters, hold };
  });
  useEffect(() => {
    let held = false;
    const release = (): void => {
      if (!held) return;
      held = false;
      now.current.hold(false);
    };
    const down = (event: KeyboardEvent): void => {
      if (held && event.key === ' ') {
        event.preventDefault(); // the repeats of the key would turn the page
        return;
      }
      if (pressed(event, now.current.letters) !== ' ' || within(event.target, PRESSED) || modal()) return;
      event.preventDefault();
      held = now.current.hold(true);
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === ' ') release();
    };
    const hidden = (): void => {
      if (document.hidden) release();
    };
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('blur', release);
    return () => {
      release();
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('blur', release);
    };
  }, []);
}
