// A sentence as a value: its key in the catalogue and what stands in its gaps. Typed, so that neither can be wrong.

import { en } from './en';
import type { account } from './en/account';
import type { console } from './en/console';
import type { keys } from './en/keys';
import type { setup } from './en/setup';
import type { test } from './en/test';
import type { voicemail } from './en/voicemail';

/** What the first load knows, and what comes with screens that are fetched later: those teach it, see [teach]. */
type Sentences = typeof en & typeof account & typeof console & typeof keys & typeof setup & typeof test & typeof voicemail;
export type Key = keyof Sentences;
export type Catalogue = Readonly<Record<keyof typeof en, string>>;
export type Later = Readonly<Record<Exclude<Key, keyof typeof en>, string>>;

/** The names between braces in a sentence. */
type Gaps<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Gaps<Rest> : never;
export type Args<K extends Key> = Readonly<Record<Gaps<Sentences[K]>, Gap>>;
export type Filled<K extends Key> = [Gaps<Sentences[K]>] extends [never] ? [] : [args: Args<K>];

export interface Text {
  readonly key: Key;
  readonly args: Readonly<Record<string, Gap>>;
  /** What it is called where `n` is one, by the language's own rule. */
  readonly one?: Key;
}

/** What stands in a gap: as it is, or said in the language of the sentence. */
export type Gap = string | number | Text;

export interface Said {
  readonly id: number;
  readonly text: Text;
}

export function say<K extends Key>(key: K, ...filled: Filled<K>): Text {
  return { key, args: filled[0] ?? {} };
}

/** As [say], of the pair `x.one` and `x.other` that `n` asks for. */
export const counted = (base: Counted, n: number, args: Readonly<Record<string, Gap>> = {}): Text =>
  ({ key: `${base}.other`, one: `${base}.one`, args: { ...args, n } });

/**
 * The languages; another one is a folder beside these and a line here. `called` is its own name for itself. English is there
 * from the start, and is spoken where another could not be fetched.
 */
const TONGUES = {
  en: { called: 'English', fetch: () => Promise.resolve(en) },
  fr: { called: 'Français', fetch: () => import('./fr').then(({ fr }) => fr) },
} satisfies Record<string, { readonly called: string; readonly fetch: () => Promise<Catalogue> }>;
export type Tongue = keyof typeof TONGUES;

const isTongue = (name: string): name is Tongue => name in TONGUES;
export const tongues: readonly { readonly tongue: Tongue; readonly called: string }[] =
  Object.entries(TONGUES).flatMap(([tongue, { called }]) => (isTongue(tongue) ? [{ tongue, called }] : []));

/** What was fetched. */
const CATALOGUES = new Map<Tongue, Catalogue>([['en', en]]);

const LATER: Record<Tongue, Partial<Record<Key, string>>> = { en: {}, fr: {} };

/** Brings the sentences of a part that was fetched, in every language. */
export function teach(sentences: Readonly<Record<Tongue, Partial<Later>>>): void {
  for (const { tongue } of tongues) Object.assign(LATER[tongue], sentences[tongue]);
}

export const knows = (tongue: Tongue): boolean => CATALOGUES.has(tongue);

/** Fetches a language, if it is not there; whoever asks again later tries again. */
export async function learn(tongue: Tongue): Promise<void> {
  if (!knows(tongue)) CATALOGUES.set(tongue, await TONGUES[tongue].fetch());
}

/** One language, ready to speak. */
export interface Speech {
  readonly tongue: Tongue;
  /** The sentence of a key. */
  <K extends Key>(key: K, ...filled: Filled<K>): string;
  /** The sentence of a value made by [say]. */
  text(text: Text): string;
  /** `.one` or `.other` of a key, by the language's own rule. */
  count<B extends Counted>(base: B, n: number): string;
  /** Names, joined as this language joins them. */
  list(names: readonly string[]): string;
}

/** Keys that come as a pair `x.one` and `x.other`, both with the gap `n`. */
export type Counted = { [K in Key]: K extends `${infer Base}.one` ? Base : never }[Key];

/** Letters that run from right to left: Hebrew, Arabic and their neighbours. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b][\udc00-\udfff]/;

/** A name that runs against the sentence stands in a frame of its own (U+2068, U+2069), lest it turn its neighbours round. */
export const framed = (value: string): string => (LEFTWARD.test(value) ? `\u2068${value}\u2069` : value);

export const fill = (sentence: string, args: Readonly<Record<string, Gap>>, put: (value: Gap) => string): string =>
  sentence.replace(/\{(\w+)\}/g, (gap, name: string) => put(args[name] ?? gap));

export function speech(tongue: Tongue): Speech {
  const catalogue: Partial<Record<Key, string>> = CATALOGUES.get(tongue) ?? en;
  const sentence = (key: Key): string => catalogue[key] ?? LATER[tongue][key] ?? '';
  const plural = new Intl.PluralRules(tongue);
  const list = new Intl.ListFormat(tongue, { type: 'conjunction' });
  // Without groups of three: what is counted here is small, and what is large is a size or a port.
  const numbers = new Intl.NumberFormat(tongue, { useGrouping: false });
  const isOne = (n: Gap | undefined): boolean => typeof n === 'number' && plural.select(n) === 'one';
  const text = ({ key, one, args }: Text): string => fill(sentence(one !== undefined && isOne(args['n']) ? one : key), args, put);
  const put = (value: Gap): string => (typeof value === 'object' ? text(value) : typeof value === 'number' ? numbers.format(value) : framed(value));
  const speak = <K extends Key>(key: K, ...filled: Filled<K>): string => text(say(key, ...filled));
  return Object.assign(speak, {
    tongue,
    text,
    count: <B extends Counted>(base: B, n: number): string => text(counted(base, n)),
    list: (names: readonly string[]): string => list.format(names.map(framed)),
  });
}
