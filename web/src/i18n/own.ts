// Sentences of parts that are fetched later: each brings its own along, in all languages. English comes with the page for what
// is always there; what is not would only weigh on it.

import { fill, framed, type Tongue } from './text';

/** The sentences of a part by their keys. */
export type Own<K extends string> = Readonly<Record<Tongue, Readonly<Record<K, string>>>>;

/** A part's own sentences, ready to speak. */
export type OwnSpeech<K extends string> = (key: K, gaps?: Readonly<Record<string, string>>) => string;

export const own = <K extends string>(words: Own<K>, tongue: Tongue): OwnSpeech<K> =>
  (key, gaps = {}) => fill(words[tongue][key], gaps, (value) => (typeof value === 'string' ? framed(value) : ''));
