// Which key does what: as it comes, and as somebody changed it. A key is named as a press of it, see `pressed`.

import { say, type Key, type Text } from '../i18n/text';
import { REACTIONS } from './meeting/acts';

const DEEDS = [
  'microphone', 'talk', 'camera', 'share', 'pause', 'hand', 'chat', 'people', 'layout', 'fullscreen', 'pip', 'keypad', 'palette', 'help',
  'react.1', 'react.2', 'react.3', 'react.4', 'react.5', 'react.6', 'react.7', 'react.8',
] as const;

/** What a key can do. */
export type Deed = (typeof DEEDS)[number];
/** A key alone, which writes something, or one together with Ctrl. */
export type Slot = 'bare' | 'chord';
/** What was changed; nothing is told apart from what was never touched, and null is: no key. */
export type Keymap = Readonly<Partial<Record<`${Deed}:${Slot}`, string | null>>>;

export const deeds: readonly Deed[] = DEEDS;

/** What opens the search as it comes; on a Mac so does the same letter with Cmd. */
export const SEARCH_KEY = 'ctrl+k';

const FIRST: Keymap = {
  'microphone:bare': 'm', 'microphone:chord': 'ctrl+d',
  'talk:bare': ' ',
  'camera:bare': 'v', 'camera:chord': 'ctrl+e',
  'share:bare': 's', 'pause:bare': 'shift+s',
  'hand:bare': 'h', 'chat:bare': 'c', 'people:bare': 'p', 'layout:bare': 'l', 'fullscreen:bare': 'f', 'pip:bare': 'i',
  'keypad:bare': 'k',
  'palette:bare': '/', 'palette:chord': SEARCH_KEY,
  'help:bare': '?', 'help:chord': 'ctrl+/',
  'react.1:bare': '1', 'react.2:bare': '2', 'react.3:bare': '3', 'react.4:bare': '4',
  'react.5:bare': '5', 'react.6:bare': '6', 'react.7:bare': '7', 'react.8:bare': '8',
};

/** A chord cannot be held as a key can: it repeats, and browsers swallow its end. */
export const hasSlot = (deed: Deed, slot: Slot): boolean => slot === 'bare' || deed !== 'talk';

export function keyOf(keys: Keymap, deed: Deed, slot: Slot): string | null {
  const changed = keys[`${deed}:${slot}`];
  return (changed === undefined ? FIRST[`${deed}:${slot}`] : changed) ?? null;
}

const SLOTS: readonly Slot[] = ['bare', 'chord'];

/** Whether anything about it is different from how it came. */
export const isChanged = (keys: Keymap, deed: Deed): boolean => SLOTS.some((slot) => keys[`${deed}:${slot}`] !== undefined);

/** What each key does, of these. */
export function byKey(keys: Keymap, acts: Readonly<Partial<Record<Deed, () => void>>>): Readonly<Record<string, () => void>> {
  const all: Record<string, () => void> = {};
  for (const deed of DEEDS) {
    const act = acts[deed];
    if (!act) continue;
    for (const slot of SLOTS) {
      const key = keyOf(keys, deed, slot);
      if (key !== null) all[key] = act;
    }
  }
  return all;
}

/** The name of what a key does. */
export function deedName(deed: Deed): Text {
  if (!isReaction(deed)) return say(`help.${deed}`);
  return say('react.with', { emoji: REACTIONS[Number(deed.slice('react.'.length)) - 1] ?? '' });
}

const isReaction = (deed: Deed): deed is Extract<Deed, `react.${string}`> => deed.startsWith('react.');

/** The deed of the reaction in this place of the row. */
export const reactionDeed = (index: number): Deed | null => DEEDS.find((deed) => deed === `react.${index + 1}`) ?? null;

/** What counts of a key that was pressed to be taken. */
export interface Wish {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export type Verdict =
  /** Half of a press: Shift or Ctrl alone. */
  | { readonly is: 'more' }
  | { readonly is: 'cancel' }
  | { readonly is: 'refused'; readonly why: Extract<Key, `keys.refused.${string}`> }
  /** Another has it. */
  | { readonly is: 'taken'; readonly key: string; readonly by: Deed }
  /** `null`: no key any more. */
  | { readonly is: 'good'; readonly key: string | null };

const HALVES: readonly string[] = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'Dead', 'Process'];

/** With Ctrl, these belong to the browser or to texts, and a page that took them would be missed: tabs, print, find, copy, undo, size of letters. */
const BROWSERS = 'acflnopqrstuvwxyz0123456789+-=';

/** What becomes of a press that is meant to be the key of something. */
export function judge(keys: Keymap, deed: Deed, slot: Slot, wish: Wish): Verdict {
  if (wish.key === 'Escape') return { is: 'cancel' };
  if (HALVES.includes(wish.key)) return { is: 'more' };
  if ((wish.key === 'Backspace' || wish.key === 'Delete') && !wish.ctrlKey) return { is: 'good', key: null };
  if (wish.altKey || wish.metaKey) return { is: 'refused', why: 'keys.refused.modifier' };
  if (wish.key.length !== 1) return { is: 'refused', why: 'keys.refused.walks' };
  const letter = wish.key.toLowerCase();
  const isLetter = letter !== wish.key.toUpperCase();
  if (slot === 'bare') {
    if (wish.ctrlKey) return { is: 'refused', why: 'keys.refused.bare' };
    if (wish.shiftKey && letter === ' ') return { is: 'refused', why: 'keys.refused.modifier' };
    return free(keys, deed, slot, wish.shiftKey && isLetter ? `shift+${letter}` : letter);
  }
  if (!wish.ctrlKey) return { is: 'refused', why: 'keys.refused.chord' };
  if (wish.shiftKey && isLetter) return { is: 'refused', why: 'keys.refused.modifier' };
  // Ctrl and the space bar choose languages on many systems.
  if (letter === ' ' || BROWSERS.includes(letter)) return { is: 'refused', why: 'keys.refused.browser' };
  return free(keys, deed, slot, `ctrl+${letter}`);
}

function free(keys: Keymap, deed: Deed, slot: Slot, key: string): Verdict {
  const by = DEEDS.find((other) => other !== deed && keyOf(keys, other, slot) === key);
  return by === undefined ? { is: 'good', key } : { is: 'taken', key, by };
}

/** Gives a key to this, and what this had to whoever had the key. */
export function withKey(keys: Keymap, deed: Deed, slot: Slot, key: string | null): Keymap {
  const mine = keyOf(keys, deed, slot);
  const other = key === null ? undefined : DEEDS.find((one) => one !== deed && keyOf(keys, one, slot) === key);
  return plain({ ...keys, [`${deed}:${slot}`]: key, ...(other === undefined ? {} : { [`${other}:${slot}`]: hasSlot(other, slot) ? mine : null }) });
}

/** Everything about it as it came; whoever has its key meanwhile takes what it has, so that no key does two things. */
export function withoutChange(keys: Keymap, deed: Deed): Keymap {
  return SLOTS.reduce((now, slot) => withKey(now, deed, slot, FIRST[`${deed}:${slot}`] ?? null), keys);
}

/** Without what is as it came. */
const plain = (keys: Keymap): Keymap =>
  DEEDS.reduce<Keymap>((kept, deed) => SLOTS.reduce<Keymap>((now, slot) => {
    const place = `${deed}:${slot}` as const;
    const key = keys[place];
    return key === undefined || key === (FIRST[place] ?? null) ? now : { ...now, [place]: key };
  }, kept), {});

/** What was kept by an earlier visit, as far as it still makes sense: each key once, and none that is refused today. */
export function recalled(kept: unknown): Keymap {
  if (typeof kept !== 'object' || kept === null) return {};
  const had: Readonly<Record<string, unknown>> = { ...kept };
  const all = DEEDS.reduce<Keymap>((now, deed) => SLOTS.reduce<Keymap>((map, slot) => {
    const place = `${deed}:${slot}` as const;
    const key = had[place];
    const good = key === null || (typeof key === 'string' && hasSlot(deed, slot) && stands(slot, key));
    return good && (key === null || typeof key === 'string') ? { ...map, [place]: key } : map;
  }, now), {});
  const used = DEEDS.flatMap((deed) => SLOTS.flatMap((slot) => keyOf(all, deed, slot) ?? []));
  return new Set(used).size === used.length ? plain(all) : {};
}

/** Whether such a key could be taken now, were it free. */
function stands(slot: Slot, key: string): boolean {
  const [, modifier = '', letter = ''] = /^(ctrl\+|shift\+)?(.)$/u.exec(key) ?? [];
  if (letter === '') return false;
  const verdict = judge({}, 'help', slot, { key: letter, ctrlKey: modifier === 'ctrl+', shiftKey: modifier === 'shift+', altKey: false, metaKey: false });
  return (verdict.is === 'good' || verdict.is === 'taken') && verdict.key === key;
}

/** A key as it stands on the screen. */
export function keyText(key: string): Text | string {
  const [modifier, letter] = parts(key);
  const face = letter === ' ' ? say('key.space') : letter.toUpperCase();
  if (modifier === 'ctrl') return say('key.ctrl', { key: face });
  return modifier === 'shift' ? say('key.shift', { key: face }) : face;
}

/** A key as `aria-keyshortcuts` wants it. */
export function keyAria(key: string): string {
  const [modifier, letter] = parts(key);
  const name = letter === ' ' ? 'Space' : letter === '+' ? 'Plus' : letter.toUpperCase();
  return modifier === null ? name : `${modifier === 'ctrl' ? 'Control' : 'Shift'}+${name}`;
}

function parts(key: string): readonly ['ctrl' | 'shift' | null, string] {
  if (key.startsWith('ctrl+')) return ['ctrl', key.slice('ctrl+'.length)];
  if (key.startsWith('shift+')) return ['shift', key.slice('shift+'.length)];
  return [null, key];
}

/** The key that is shown beside a name: the bare one while bare ones act, else the one with Ctrl. */
export const shownKey = ({ keys, letterKeys }: { readonly keys: Keymap; readonly letterKeys: boolean }, deed: Deed): string | null =>
  (letterKeys ? keyOf(keys, deed, 'bare') : null) ?? keyOf(keys, deed, 'chord');
