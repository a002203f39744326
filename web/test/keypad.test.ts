// The keypad of a call: its keys, who hears which, how they travel, and how they sound.

import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { RoomEvent, type Room } from 'livekit-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, digitOf, digitTyped, KEYS, LETTERS, Pace, pitches, type Stroke } from '../src/core/calling/keypad';
import type { Digit } from '../src/core/calling/event';
import type { Event } from '../src/core/event';
import { KEYPAD } from '../src/i18n/keypad';
import { speech } from '../src/i18n/text';
import { keys } from '../src/io/livekit-keys';
import type { Call, Party } from '../src/proto/api.gen';
import { createStore } from '../src/store';
import Keypad from '../src/ui/calling/Keypad';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { good, inside, person, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const party = (account: string, name: string, stage: Party['stage'] = { is: 'active' }): Party => ({ account, name, caller: true, stage, devices: 0 });
const call = (change: Partial<Call> = {}): Call => ({
  id: 'CL_1', code: 'call-room', video: false, outgoing: false, began: 1_000, answered: 2_000, stage: { is: 'active' }, on: { device: MINE, name: '' },
  others: [party('AC_2', 'Ben')], ...change,
});
let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });

/** I talk to Ben. */
function talking(): Play {
  const state = signedIn();
  const { on: _, ...ringing } = call({ stage: { is: 'dialing' } });
  return new Play({ ...state, calling: { ...state.calling, device: MINE } }).on(
    calls(ringing),
    { type: 'calling/answer', id: 'CL_1', video: false },
    good('calls/act', { name: 'calls/act', id: 'CL_1', act: { act: 'answer', device: MINE, hold: false } }, null),
    { type: 'call/entered', title: 'Call', me: 'AC_1-1', people: [person('AC_1-1'), person('AC_2-7')], soundBlocked: false, at: 5_000 },
    calls(call()),
  );
}
const press = (digit: Digit): Event => ({ type: 'calling/press', digit });
const hears = (play: Play, digit: Digit, identity = 'AC_2-7'): Play => play.on({ type: 'call/pressed', attempt: play.state.attempt, identity, digit });

const stroke = (key: string, change: Partial<Stroke> = {}): Digit | null => digitTyped({ key, ctrlKey: false, altKey: false, metaKey: false, ...change });

describe('the keys', () => {
  it('stand as on a telephone, and sound as Q.23 says', () => {
    expect(KEYS.join('')).toBe('123456789*0#');
    expect(KEYS.map(pitches)).toEqual([
      [697, 1_209], [697, 1_336], [697, 1_477],
      [770, 1_209], [770, 1_336], [770, 1_477],
      [852, 1_209], [852, 1_336], [852, 1_477],
      [941, 1_209], [941, 1_336], [941, 1_477],
    ]);
    expect([LETTERS['2'], LETTERS['7'], LETTERS['9'], LETTERS['1'], LETTERS['*']]).toEqual(['ABC', 'PQRS', 'WXYZ', undefined, undefined]);
  });

  it('have the codes of RFC 4733, and are found by them', () => {
    expect(KEYS.map(codeOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 11]);
    for (const key of KEYS) {
      expect(digitOf(codeOf(key), key)).toBe(key);
      expect(digitOf(codeOf(key), '')).toBe(key);
    }
    // A text says more than a code that nobody set.
    expect(digitOf(0, '5')).toBe('5');
  });

  it('are no others', () => {
    for (const [code, text] of [[12, ''], [16, ''], [4_294_967_295, ''], [1, 'A'], [1, '12'], [1, ' '], [1, '１'], [12, 'D']] as const) expect(digitOf(code, text), text).toBeNull();
  });

  it('are typed as they are, and not as a part of something else', () => {
    expect(['1', '0', '*', '#'].map((key) => stroke(key))).toEqual(['1', '0', '*', '#']);
    // Some keyboards write the sign with Alt, or AltGr.
    expect([stroke('#', { altKey: true }), stroke('#', { altKey: true, ctrlKey: true })]).toEqual(['#', '#']);
    for (const change of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) expect(stroke('1', change)).toBeNull();
    expect([stroke('#', { metaKey: true }), stroke('a'), stroke('Enter'), stroke('F1')]).toEqual([null, null, null, null]);
  });

  it('of others count as fast as somebody presses, and some more at once', () => {
    const pace = new Pace();
    const taken = (now: number): boolean => pace.takes(now);
    expect(Array.from({ length: 100 }, () => taken(1_000)).filter(Boolean)).toHaveLength(16);
    expect([taken(1_050), taken(1_160), taken(1_170)]).toEqual([false, true, false]);
    expect(Array.from({ length: 100 }, () => taken(60_000)).filter(Boolean)).toHaveLength(16);
    // A clock that goes back gives nothing away.
    expect(taken(0)).toBe(false);
  });
});

describe('a key that I press', () => {
  it('sounds here, through the chosen speaker, and goes to everybody in the call', () => {
    const play = talking().on({ type: 'devices/choose', kind: 'speaker', id: 's1' }, press('5'));
    expect(play.effects).toEqual([{ type: 'call/digit', digit: '5', send: true, speaker: 's1' }]);
  });

  it('does nothing on hold, whoever holds, and without a call', () => {
    const play = talking().on(calls(call({ stage: { is: 'held' }, held: 6_000 })), press('5'));
    expect(play.effects).toEqual([]);
    play.on(calls(call({ others: [party('AC_2', 'Ben', { is: 'held' })] })), press('5'));
    expect(play.effects).toEqual([]);
    // One of two holds: the other still listens.
    play.on(calls(call({ others: [party('AC_2', 'Ben', { is: 'held' }), party('AC_3', 'Cleo')] })), press('5'));
    expect(play.asked('call/digit')?.send).toBe(true);
    expect(inside('ben').on(press('5')).effects).toEqual([]);
  });
});

describe('a key that somebody else presses', () => {
  it('sounds here, and goes nowhere', () => {
    expect(hears(talking(), '#').effects).toEqual([{ type: 'call/digit', digit: '#', send: false, speaker: null }]);
  });

  it('is not heard on hold, of whom I do not hear, where another device of mine plays the sound, and in meetings', () => {
    const held = talking().on(calls(call({ stage: { is: 'held' }, held: 6_000 })));
    expect(hears(held, '1').effects).toEqual([]);
    const hushed = talking().on({ type: 'view/hush', identity: 'AC_2-7' });
    expect(hears(hushed, '1').effects).toEqual([]);
    expect(hears(hushed, '1', 'AC_3-1').effects).toHaveLength(1);
    expect(hears(inside('ben'), '1', 'ben').effects).toEqual([]);
  });

  it('of an attempt that was given up is nothing', () => {
    const play = talking();
    expect(play.on({ type: 'call/pressed', attempt: play.state.attempt - 1, identity: 'AC_2-7', digit: '1' }).effects).toEqual([]);
  });
});

const silent = (): void => undefined;
let fire: (packet: { code: number; digit: string }, from?: { identity: string }) => void = silent;

describe('a key on its way', () => {
  const digit = vi.fn<(identity: string, digit: Digit) => void>();
  const published = vi.fn<(code: number, digit: string) => Promise<void>>(() => Promise.reject(new Error('no line')));
  const room = (): Room => Object.assign(Object.create(null), {
    on: (event: RoomEvent, run: typeof fire) => {
      if (event === RoomEvent.SipDTMFReceived) fire = run;
    },
    localParticipant: { publishDtmf: published },
  });
  afterEach(() => vi.clearAllMocks());

  it('is sent with code and digit, and what fails breaks nothing', async () => {
    const send = keys(room(), { digit });
    for (const key of ['1', '*', '0', '#'] as const) send({ digit: key, send: true, speaker: 's1' });
    send({ digit: '5', send: false, speaker: null });
    await Promise.resolve();
    expect(published.mock.calls).toEqual([[1, '1'], [10, '*'], [0, '0'], [11, '#']]);
  });

  it('is told when it is one, with who pressed it', () => {
    keys(room(), { digit });
    fire({ code: 5, digit: '5' }, { identity: 'AC_2-7' });
    fire({ code: 99, digit: 'boom' }, { identity: 'AC_2-7' });
    fire({ code: 11, digit: '' });
    expect(digit.mock.calls).toEqual([['AC_2-7', '5'], ['', '#']]);
  });

  it('is one of few, however many are sent', () => {
    keys(room(), { digit });
    for (let n = 0; n < 1_000; n += 1) fire({ code: 5, digit: '5' }, { identity: 'AC_2-7' });
    expect(digit.mock.calls.length).toBeLessThan(30);
  });
});

const through = (next: unknown): unknown => next;

/** Anew for each test: what is open is kept by the module. */
const tones = async (): Promise<(digit: Digit, mine: boolean, speaker: string | null) => void> => (await import('../src/io/key-tones')).sound;

describe('the tones', () => {
  /** When each note begins, and how high it is. */
  let notes: { readonly at: number; readonly pitch: number }[] = [];
  let open = 0;
  let [opened, sinks]: [number, string[]] = [0, []];
  let blocked = false;
  let closes = silent;
  class FakeOutlet {
    get currentTime(): number { return Date.now() / 1_000; }
    constructor() { open += 1; opened += 1; }
    createMediaStreamDestination(): { stream: null } { return { stream: null }; }
    close(): Promise<void> {
      open -= 1;
      const told = closes;
      closes = silent;
      told();
      return Promise.resolve();
    }
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    [notes, open, opened, sinks, blocked] = [[], 0, 0, [], false];
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('AudioContext', FakeOutlet);
    vi.stubGlobal('Audio', class {
      srcObject: unknown = null;
      play(): Promise<void> { return blocked ? Promise.reject(new Error('NotAllowedError')) : Promise.resolve(); }
      setSinkId(id: string): Promise<void> {
        sinks.push(id);
        return Promise.resolve();
      }
    });
    const gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
    vi.stubGlobal('GainNode', class { gain = gain; connect = through; });
    vi.stubGlobal('OscillatorNode', class {
      readonly #pitch: number;
      constructor(_: unknown, { frequency }: { frequency: number }) { this.#pitch = frequency; }
      connect = through;
      start(at: number): void { notes.push({ at, pitch: this.#pitch }); }
      stop(): void { /* it ends */ }
    });
    vi.resetModules();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('are two notes each, one key after the other, and leave nothing open', async () => {
    const sound = await tones();
    for (const key of ['1', '1', '#'] as const) sound(key, true, 's1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notes.map(({ pitch }) => pitch)).toEqual([697, 1_209, 697, 1_209, 941, 1_477]);
    const starts = notes.filter((_, index) => index % 2 === 0).map(({ at }) => at);
    // Between two keys it is silent for a moment: else the same key twice would be one.
    starts.slice(1).forEach((at, index) => expect(at - (starts[index] ?? 0)).toBeGreaterThanOrEqual(0.159));
    expect(sinks).toEqual(['s1']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([open, opened]).toEqual([0, 1]);
  });

  it('of a key that comes soon after use what is open', async () => {
    const sound = await tones();
    sound('1', true, null);
    await vi.advanceTimersByTimeAsync(1_500);
    sound('2', true, null);
    await vi.advanceTimersByTimeAsync(1_500);
    expect([notes.length, opened]).toEqual([4, 1]);
    await vi.advanceTimersByTimeAsync(10_000);
    sound('3', true, null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([notes.length, opened]).toEqual([6, 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open).toBe(0);
  });

  it('of a flood are few, and mine do not wait for them', async () => {
    const sound = await tones();
    for (let n = 0; n < 10_000; n += 1) sound('9', false, null);
    sound('1', true, null);
    await vi.advanceTimersByTimeAsync(50);
    expect(notes.map(({ pitch }) => pitch)).toEqual([852, 1_477, 697, 1_209]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(notes.filter(({ pitch }) => pitch === 852).length).toBeLessThanOrEqual(13);
    expect([open, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('that come while all is being closed are heard all the same', async () => {
    const sound = await tones();
    sound('1', true, null);
    await vi.advanceTimersByTimeAsync(200);
    closes = vi.fn<() => void>(() => sound('2', true, null));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(notes.map(({ pitch }) => pitch)).toEqual([697, 1_209, 697, 1_336]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open).toBe(0);
  });

  it('that may not sound yet are forgotten', async () => {
    const sound = await tones();
    blocked = true;
    sound('1', false, null);
    await vi.advanceTimersByTimeAsync(100);
    blocked = false;
    sound('2', false, null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notes.map(({ pitch }) => pitch)).toEqual([697, 1_336]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open).toBe(0);
  });
});

const nothing = () => () => undefined;

const drawn = (of: Call, tongue: 'en' | 'fr' = 'en'): string => renderToStaticMarkup(createElement(
  HouseContext,
  { value: {
    store: createStore(talking().state, () => () => undefined),
    ports: { attach: nothing, preview: nothing, level: nothing, speaking: nothing, title: () => () => undefined, smallWindow: nothing, everySecond: nothing, voicemail: () => ({ run: () => undefined, end: () => undefined }) },
  } },
  createElement(SpeechContext, { value: speech(tongue) }, createElement(Keypad, { call: of, onClose: () => undefined })),
));

describe('the panel', () => {
  it('has twelve keys by name, of which nothing is pressed yet', () => {
    const html = drawn(call());
    expect([...html.matchAll(/<button[^>]*aria-label="([^"]+)"/g)].map((match) => match[1])).toEqual(
      ['Close the keypad', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'Star', '0', 'Hash'],
    );
    expect(html).toContain('Everybody in the call hears the keys.');
    expect(html).not.toContain('aria-disabled');
  });

  it('says on hold why the keys do nothing', () => {
    const html = drawn(call({ stage: { is: 'held' }, held: 6_000 }));
    expect(html).toContain('The call is on hold');
    expect(html.match(/aria-disabled="true"/g)).toHaveLength(12);
  });

  it('speaks both languages, in the voice of the house', () => {
    const { en, fr } = KEYPAD;
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    for (const sentence of Object.values(en)) expect(sentence).not.toMatch(/!|oops|please|dtmf/i);
    for (const sentence of Object.values(fr)) expect(sentence).not.toMatch(/[^\u202f][?!;:](?:\s|$)/);
  });
});
