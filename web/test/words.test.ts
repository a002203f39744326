import { describe, expect, it } from 'vitest';
import { en as always } from '../src/i18n/en';
import { account as accountInEnglish } from '../src/i18n/en/account';
import { console as consoleInEnglish } from '../src/i18n/en/console';
import { setup as setupInEnglish } from '../src/i18n/en/setup';
import { fr as toujours } from '../src/i18n/fr';
import { account as accountInFrench } from '../src/i18n/fr/account';
import { console as consoleInFrench } from '../src/i18n/fr/console';
import { setup as setupInFrench } from '../src/i18n/fr/setup';
import { say, speech } from '../src/i18n/text';
import { initials, tint } from '../src/core/person';
import { isRoomView, isTicket } from '../src/proto/decode';
import { ROOM, view } from './helpers';

/** With those that come with their pages. */
const en = { ...always, ...accountInEnglish, ...consoleInEnglish, ...setupInEnglish };
const fr = { ...toujours, ...accountInFrench, ...consoleInFrench, ...setupInFrench };

const gaps = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe('the catalogues', () => {
  it('have the same keys and the same gaps', () => {
    expect(Object.keys(fr).toSorted()).toEqual(Object.keys(en).toSorted());
    const wrong = Object.entries(en).filter(([key, sentence]) => gaps(sentence).join() !== gaps(Object.entries(fr).find(([other]) => other === key)?.[1] ?? '').join());
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('keep to the voice of the house', () => {
    for (const sentence of Object.values(en)) expect(sentence).not.toMatch(/!|oops|please/i);
    for (const sentence of Object.values(fr)) expect(sentence).not.toMatch(/[^\u202f][?!;:](?:\s|$)/);
  });

  it('promise no more than what holds: a seat is kept for seconds, trying goes on for minutes, or ends at once', () => {
    expect(en['meeting.reconnecting'] + en['left.lost.text']).not.toMatch(/seat|minute/i);
    expect(fr['meeting.reconnecting'] + fr['left.lost.text']).not.toMatch(/place|minute/i);
  });

  it('quote no words of the server, which speaks English alone', () => {
    expect(gaps(en['trouble.entry'])).toEqual([]);
  });

  it('fill gaps, count and list by the rules of the language', () => {
    const english = speech('en');
    expect(english('meeting.joined', { name: 'Amara' })).toBe('Amara joined');
    expect(english.text(say('code.unknown', { code: 'x' }))).toContain('the code x.');
    expect(english.count('meeting.people', 1)).toBe('1 person');
    expect(english.count('meeting.people', 0)).toBe('0 people');
    expect(english.list(['Karim', 'Léa', 'Amara'])).toBe('Karim, Léa, and Amara');
    const french = speech('fr');
    expect(french.count('meeting.people', 0)).toBe('0 personne');
    expect(french.list(['Karim', 'Léa'])).toBe('Karim et Léa');
  });
});

describe('a person without a picture', () => {
  it('has initials, and a tint that is always the same', () => {
    expect(initials('Ines')).toBe('I');
    expect(initials('  ines da silva ')).toBe('IS');
    expect(initials('Karim (choir)')).toBe('KC');
    expect(initials('')).toBe('?');
    expect(tint('guest-1')).toBe(tint('guest-1'));
    expect(new Set(Array.from({ length: 64 }, (_, index) => tint(`guest-${index}`))).size).toBe(8);
  });
});

describe('answers of the server', () => {
  it('are looked at before they are believed', () => {
    expect(isRoomView(view(2))).toBe(true);
    expect(isRoomView({ ...view(2), present: [{ name: 'x' }] })).toBe(false);
    expect(isRoomView({ room: ROOM })).toBe(false);
    expect(isTicket({ token: 't', identity: 'i', person: 'p', room: ROOM })).toBe(true);
    expect(isTicket({ token: 't' })).toBe(false);
    expect(isTicket(null)).toBe(false);
  });
});
