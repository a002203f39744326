import { describe, expect, it } from 'vitest';
import { completed, mentions, offered, pieces, typing } from '../src/core/meeting/mention';
import { called, calledText, windowTitle } from '../src/core/title';
import { say, speech } from '../src/i18n/text';
import { fresh } from './helpers';

const HERE = ['Ann', 'Ann Marie', 'Élodie Martin', 'Ben'];

const named = (text: string): readonly string[] => pieces(text, HERE).flatMap(({ name }) => (name === null ? [] : [name]));

describe('a name in a line', () => {
  it('is found as it is known, the longest first, in any case', () => {
    expect(pieces('hi @ann marie, and @BEN!', HERE)).toEqual([
      { text: 'hi ', name: null }, { text: '@ann marie', name: 'Ann Marie' }, { text: ', and ', name: null }, { text: '@BEN', name: 'Ben' }, { text: '!', name: null },
    ]);
    expect(named('@Ann @Élodie Martin')).toEqual(['Ann', 'Élodie Martin']);
  });

  it('is none in a longer word, in an address, or of somebody else', () => {
    for (const text of ['@Anna', 'mail ann@Ben.org', '@Zoe', '@', 'a@', '']) expect(named(text)).toEqual([]);
    expect(pieces('mail ann@Ben.org @Ben', HERE).map(({ text }) => text)).toEqual(['mail ann@Ben.org ', '@Ben']);
  });

  it('loses no letter of the line', () => {
    for (const text of ['@Ann@Ben', '@@Ann', 'x @Ann Mariel y', '@Ben\n@Ann']) {
      expect(pieces(text, HERE).map((piece) => piece.text).join('')).toBe(text);
    }
  });

  it('may be mine', () => {
    expect(mentions('ask @ben', 'Ben', HERE)).toBe(true);
    expect(mentions('ask @Ann Marie', 'Ann', HERE)).toBe(false);
  });
});

describe('completing a name', () => {
  it('begins with an @ before the caret', () => {
    expect(typing('hi @an', 6)).toEqual({ from: 3, typed: 'an' });
    expect(typing('hi @ann mar', 11)).toEqual({ from: 3, typed: 'ann mar' });
    expect(typing('@', 1)).toEqual({ from: 0, typed: '' });
    for (const [text, caret] of [['hi', 2], ['me@an', 5], ['@an\nx', 5], ['@ x', 3], ['@an', 0]] as const) expect(typing(text, caret)).toBeNull();
  });

  it('offers those whose name or a word of it begins so, without accents', () => {
    expect(offered('an', HERE)).toEqual(['Ann', 'Ann Marie']);
    expect(offered('elo', HERE)).toEqual(['Élodie Martin']);
    expect(offered('mart', HERE)).toEqual(['Élodie Martin']);
    expect(offered('', HERE)).toEqual(HERE);
    expect(offered('ben', HERE)).toEqual([]); // nothing is left to complete
    expect(offered('z', HERE)).toEqual([]);
    expect(offered('', Array.from({ length: 30 }, (_, n) => `P${n}`))).toHaveLength(8);
  });

  it('writes it out, and goes on behind it', () => {
    expect(completed('hi @el, you', { from: 3, typed: 'el' }, 'Élodie Martin')).toEqual({ text: 'hi @Élodie Martin , you', caret: 18 });
    expect(completed('@be', { from: 0, typed: 'be' }, 'Ben')).toEqual({ text: '@Ben ', caret: 5 });
    expect(completed('@be and', { from: 0, typed: 'be' }, 'Ben')).toEqual({ text: '@Ben and', caret: 5 });
  });
});

describe('a room without a name', () => {
  const french = speech('fr');

  it('is called in the language of the screen', () => {
    expect(called(french, 'Meeting')).toBe('Réunion');
    expect(called(french, 'Mardi')).toBe('Mardi');
    expect(french.text(say('meeting.entered', { title: calledText('Meeting') }))).toBe('Vous êtes dans Réunion');
    expect(french.text(say('meeting.entered', { title: calledText('Mardi') }))).toBe('Vous êtes dans Mardi');
    expect(windowTitle(fresh({ language: 'fr' }), 'Meeting', 2)).toEqual({ type: 'title', title: '(2) Réunion' });
    expect(windowTitle(fresh(), null)).toEqual({ type: 'title', title: null });
  });
});
