// Keys that act without a field: which press means what, and the listeners for them.

import { useEffect, useRef } from 'react';
import { byKey, keyOf, type Deed } from '../../core/shortcuts';
import { useSelect } from '../context';

/** Names as [KeyboardEvent.key] in lower case, with `ctrl+` or `shift+` before those that need it. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** What counts of a key that was pressed. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'repeat' | 'isComposing' | 'defaultPrevented'>;

const MENUS = '[role="menu"]';
const FIELDS = `input, textarea, select, [contenteditable=""], [contenteditable="true"], ${MENUS}`;
const TYPING = `${FIELDS}, dialog`;
/** Where the space bar has a meaning of its own. */
const PRESSED = `${TYPING}, button, a[href], summary, [role="button"], [role="radio"], [role="switch"]`;

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase();

/**
 * The name of a press, or null when it can be none of ours: modifiers that nothing may claim are left alone. Shift counts with
 * letters, and not where it writes the sign, as with `?`. `letters` says whether keys without Ctrl that write something act at all.
 */
export function pressed(press: Press, letters: boolean): string | null {
  if (press.defaultPrevented || press.repeat || press.isComposing || press.altKey) return null;
  if (press.metaKey) return press.key === 'k' && !press.ctrlKey && !press.shiftKey ? 'meta+k' : null;
  if (press.shiftKey && press.ctrlKey && isLetter(press.key)) return `ctrl+shift+${press.key.toLowerCase()}`;
  if (letters && press.shiftKey && !press.ctrlKey && isLetter(press.key)) return `shift+${press.key.toLowerCase()}`;
  if (press.shiftKey && (press.key.length > 1 || press.key === ' ' || isLetter(press.key))) return null;
  if (!letters && !press.ctrlKey && press.key.length === 1) return null;
  return `${press.ctrlKey ? 'ctrl+' : ''}${press.key.toLowerCase()}`;
}

/** A modal dialog keeps all keys to itself, wherever the focus is. */
const modal = (): boolean => document.querySelector('dialog[open]') !== null;

const within = (target: EventTarget | null, places: string): boolean => target instanceof Element && target.closest(places) !== null;

/** Whether somebody writes there, or what is open over the page has the keys to itself. */
export const isTaken = (target: EventTarget | null): boolean => within(target, TYPING) || modal();

/** Where keys act beside the page itself: in a modal dialog as well, or where somebody writes. */
type Place = 'page' | 'dialogs' | 'fields';

/** Does what the keys of these are pressed for, as they are set now; `fixed` are keys that nobody can change. */
export function useShortcuts(deeds: Readonly<Partial<Record<Deed, () => void>>>, fixed: Shortcuts = {}, place: Place = 'page'): void {
  const { keys, letterKeys } = useSelect((state) => state.settings);
  usePresses({ ...fixed, ...byKey(keys, deeds) }, letterKeys, place);
}

/** Bare letters act unless somebody types, or switched them off. */
function usePresses(shortcuts: Shortcuts, letters: boolean, place: Place): void {
  const now = useRef({ shortcuts, letters });
  useEffect(() => {
    now.current = { shortcuts, letters };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const name = pressed(event, now.current.letters);
      const act = name === null ? undefined : now.current.shortcuts[name];
      if (!act || within(event.target, place === 'fields' ? MENUS : place === 'dialogs' ? FIELDS : name === ' ' ? PRESSED : TYPING) || (place !== 'dialogs' && modal())) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [place]);
}

/** Tells when the key to talk is held and let go; also when the window is left, since the letting go is not seen then. */
export function useHeldKey(hold: (on: boolean) => boolean): void {
  const letters = useSelect((state) => state.settings.letterKeys);
  const key = useSelect((state) => keyOf(state.settings.keys, 'talk', 'bare'));
  const now = useRef({ letters, key, hold });
  useEffect(() => {
    now.current = { letters, key, hold };
  });
  useEffect(() => {
    // What is held, as the end of the press calls it: Shift may be let go first.
    let held: string | null = null;
    const release = (): void => {
      if (held === null) return;
      held = null;
      now.current.hold(false);
    };
    const down = (event: KeyboardEvent): void => {
      if (held !== null && event.key.toLowerCase() === held) {
        event.preventDefault(); // the repeats of the key would turn the page
        return;
      }
      const name = pressed(event, now.current.letters);
      if (name === null || name !== now.current.key || within(event.target, name === ' ' ? PRESSED : TYPING) || modal()) return;
      event.preventDefault();
      if (now.current.hold(true)) held = event.key.toLowerCase();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === held) release();
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
