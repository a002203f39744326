import { afterEach, describe, expect, it, vi } from 'vitest';
import { byKey, deeds, hasSlot, judge, keyAria, keyOf, keyText, recalled, shownKey, withKey, withoutChange, type Keymap, type Wish } from '../src/core/shortcuts';
import { say } from '../src/i18n/text';
import { keep, recall } from '../src/io/storage';
import { fresh, Play } from './helpers';

const wish = (key: string, change: Partial<Wish> = {}): Wish => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...change });
const ctrl = { ctrlKey: true };
const all = (keys: Keymap): readonly string[] => deeds.flatMap((deed) => [keyOf(keys, deed, 'bare') ?? [], keyOf(keys, deed, 'chord') ?? []].flat());

afterEach(() => vi.unstubAllGlobals());

describe('a key that is pressed to be taken', () => {
  it('is taken when it is free', () => {
    expect(judge({}, 'microphone', 'bare', wish('N'))).toEqual({ is: 'good', key: 'n' });
    expect(judge({}, 'microphone', 'bare', wish('N', { shiftKey: true }))).toEqual({ is: 'good', key: 'shift+n' });
    expect(judge({}, 'microphone', 'bare', wish('!', { shiftKey: true }))).toEqual({ is: 'good', key: '!' });
    expect(judge({}, 'hand', 'chord', wish('m', ctrl))).toEqual({ is: 'good', key: 'ctrl+m' });
    expect(judge({}, 'hand', 'bare', wish('h'))).toEqual({ is: 'good', key: 'h' });
    expect(judge({}, 'hand', 'bare', wish('Backspace'))).toEqual({ is: 'good', key: null });
  });

  it('is told to be another’s', () => {
    expect(judge({}, 'hand', 'bare', wish('m'))).toEqual({ is: 'taken', key: 'm', by: 'microphone' });
    expect(judge({}, 'hand', 'bare', wish(' '))).toEqual({ is: 'taken', key: ' ', by: 'talk' });
    expect(judge({}, 'hand', 'chord', wish('d', ctrl))).toEqual({ is: 'taken', key: 'ctrl+d', by: 'microphone' });
  });

  it('is refused where it belongs to the page, the browser or the system', () => {
    for (const key of ['Tab', 'Enter', 'ArrowUp', 'F5', 'Home']) expect(judge({}, 'hand', 'bare', wish(key))).toEqual({ is: 'refused', why: 'keys.refused.walks' });
    for (const key of ['w', 't', 'n', 'r', 'c', '1', '+']) expect(judge({}, 'hand', 'chord', wish(key, ctrl))).toEqual({ is: 'refused', why: 'keys.refused.browser' });
    expect(judge({}, 'hand', 'bare', wish('x', { altKey: true }))).toEqual({ is: 'refused', why: 'keys.refused.modifier' });
    expect(judge({}, 'hand', 'bare', wish('x', ctrl))).toEqual({ is: 'refused', why: 'keys.refused.bare' });
    expect(judge({}, 'hand', 'chord', wish('x'))).toEqual({ is: 'refused', why: 'keys.refused.chord' });
    expect(judge({}, 'hand', 'chord', wish('B', { ctrlKey: true, shiftKey: true }))).toEqual({ is: 'refused', why: 'keys.refused.modifier' });
  });

  it('may be half of one, or none', () => {
    expect(judge({}, 'hand', 'chord', wish('Control', ctrl))).toEqual({ is: 'more' });
    expect(judge({}, 'hand', 'bare', wish('Escape'))).toEqual({ is: 'cancel' });
  });
});

describe('the keys', () => {
  it('never do two things, however they are given away and taken back', () => {
    const swapped = withKey({}, 'hand', 'bare', 'm');
    expect([keyOf(swapped, 'hand', 'bare'), keyOf(swapped, 'microphone', 'bare')]).toEqual(['m', 'h']);
    const thrice = withKey(withKey(swapped, 'microphone', 'bare', 'v'), 'talk', 'bare', 'm');
    expect(new Set(all(thrice)).size).toBe(all(thrice).length);
    const back = withoutChange(thrice, 'microphone');
    expect(keyOf(back, 'microphone', 'bare')).toBe('m');
    expect(new Set(all(back)).size).toBe(all(back).length);
    expect(deeds.reduce(withoutChange, thrice)).toEqual({});
  });

  it('act under their new names alone', () => {
    const done: string[] = [];
    const keys = byKey(withKey({}, 'microphone', 'bare', 'n'), { microphone: () => done.push('microphone'), hand: () => done.push('hand') });
    expect(Object.keys(keys).toSorted()).toEqual(['ctrl+d', 'h', 'n']);
    keys['n']?.();
    expect(done).toEqual(['microphone']);
  });

  it('are shown as they are', () => {
    const keys = withKey({}, 'microphone', 'bare', null);
    expect(shownKey({ keys: {}, letterKeys: true }, 'microphone')).toBe('m');
    expect(shownKey({ keys, letterKeys: true }, 'microphone')).toBe('ctrl+d');
    expect(shownKey({ keys: {}, letterKeys: false }, 'hand')).toBeNull();
    expect([keyText('m'), keyText('shift+s'), keyText(' ')]).toEqual(['M', say('key.shift', { key: 'S' }), say('key.space')]);
    expect(['m', 'ctrl+d', 'shift+s', ' ', '+'].map(keyAria)).toEqual(['M', 'Control+D', 'Shift+S', 'Space', 'Plus']);
    expect(hasSlot('talk', 'chord')).toBe(false);
  });

  it('are said when they change, and kept for the next visit', () => {
    const play = new Play(fresh()).on({ type: 'settings/key', deed: 'hand', slot: 'bare', key: 'm' });
    expect(play.said).toEqual(say('keys.set.said', { name: say('help.hand'), key: 'M' }));
    const asked = play.asked('remember');
    const kept = new Map<string, string>();
    vi.stubGlobal('navigator', { languages: ['en'] });
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    if (asked) keep(asked.settings, asked.devices);
    expect(recall().settings.keys).toEqual({ 'hand:bare': 'm', 'microphone:bare': 'h' });
    play.on({ type: 'settings/keys-reset', deed: 'hand' });
    expect(play.state.settings.keys).toEqual({});
    play.on({ type: 'settings/key', deed: 'hand', slot: 'bare', key: null }, { type: 'settings/keys-reset', deed: null });
    expect(play.state.settings.keys).toEqual({});
  });

  it('that were kept are believed only as far as they make sense', () => {
    expect(recalled({ 'hand:bare': 'm', 'microphone:bare': 'h', 'camera:chord': null })).toEqual({ 'hand:bare': 'm', 'microphone:bare': 'h', 'camera:chord': null });
    expect(recalled({ 'hand:bare': 'm' })).toEqual({}); // two for one key
    expect(recalled({ 'hand:bare': 'Tab', 'camera:bare': 7, 'nothing:bare': 'z', 'talk:chord': 'ctrl+b', 'chat:chord': 'ctrl+w' })).toEqual({});
    for (const odd of [null, 'x', 3, []]) expect(recalled(odd)).toEqual({});
  });
});
