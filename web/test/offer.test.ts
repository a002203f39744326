// This browser is offered to tell of calls: once, in place, and the browser asks only then.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { mayOffer } from '../src/core/calling/offer';
import { Offer } from '../src/ui/calling/Offer';
import { drawn } from './drawn';
import { good, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const known = (): Play => {
  const state = signedIn();
  return new Play({ ...state, calling: { ...state.calling, device: MINE } });
};
const said = (chosen: 'automatic' | 'doNotDisturb') => good('presence', { name: 'presence' }, { chosen, note: '' });

describe('notices of the system', () => {
  it('are offered once to whoever can be reached, where the browser would ask', () => {
    const play = known().on(said('automatic'));
    expect(mayOffer(play.state)).toBe(true);
    expect(mayOffer(known().state)).toBe(false);
    expect(mayOffer(known().on(said('doNotDisturb')).state)).toBe(false);
    expect(mayOffer({ ...play.state, browser: { ...play.state.browser, noticesOpen: false } })).toBe(false);
    play.on({ type: 'notices/offer', on: false });
    expect(mayOffer(play.state)).toBe(false);
    expect(play.asked('notices/ask')).toBeUndefined();
    expect(play.asked('notices/keep')?.notices).toMatchObject({ offered: true, system: false });
  });

  it('that were offered wake this browser too when no page is open, once the browser allowed them', () => {
    const play = known().on({ type: 'notices/offer', on: true });
    expect(play.asked('notices/ask')).toEqual({ type: 'notices/ask', wakes: true });
    play.on({ type: 'notices/allowed', allowed: true, wakes: true });
    expect(play.asked('notices/keep')?.notices).toMatchObject({ offered: true, system: true });
    expect(play.asked('push')).toEqual({ type: 'push', to: 'on', account: 'AC_1', device: MINE, tongue: 'en' });
    expect(known().on({ type: 'notices/offer', on: true }, { type: 'notices/allowed', allowed: false, wakes: true }).asked('push')).toBeUndefined();
    expect(known().on({ type: 'notices/system', on: true }, { type: 'notices/allowed', allowed: true }).asked('push')).toBeUndefined();
  });

  it('are offered for as long as the browser asks, and no more once it refused, whoever had it ask', () => {
    const play = known().on(said('automatic'), { type: 'notices/offer', on: true });
    expect(mayOffer(play.state), 'the card stays where it is').toBe(true);
    for (const [asks, wakes] of [[{ type: 'notices/offer', on: true }, { wakes: true }], [{ type: 'notices/system', on: true }, {}]] as const) {
      const refused = known().on(said('automatic'), asks, { type: 'notices/allowed', allowed: false, ...wakes });
      expect(mayOffer(refused.state)).toBe(false);
      expect(refused.asked('notices/keep')?.notices).toMatchObject({ offered: true, system: false });
    }
  });

  it('stand as a card with both answers, and with none where it was answered', () => {
    const { state } = known().on(said('automatic'));
    expect(drawn(state, createElement(Offer))).toMatch(/Let this browser tell you when somebody calls.*Not now<\/button>.*Turn on<\/button>/);
    expect(drawn({ ...state, settings: { ...state.settings, language: 'fr' } }, createElement(Offer))).toContain('Pas maintenant');
    expect(drawn(new Play(state).on({ type: 'notices/offer', on: false }).state, createElement(Offer))).toBe('');
  });
});
