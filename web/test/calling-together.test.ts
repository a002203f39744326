// Several calls that ring here at once: all are shown, and said to ring, as far as there is room.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { callHere, carded, uncarded } from '../src/core/calling/calling';
import { soundOf } from '../src/core/calling/watch';
import type { Event } from '../src/core/event';
import type { Call, Stage, Why } from '../src/proto/api.gen';
import { IncomingCalls } from '../src/ui/calling/IncomingCalls';
import { drawn } from './drawn';
import { good, Play, signedIn } from './helpers';

const MINE = 'thisbrowser';
const ended = (why: Why): Stage => ({ is: 'ended', why });
const known = (): Play => {
  const state = signedIn();
  return new Play({ ...state, calling: { ...state.calling, device: MINE } });
};
let number = 0;
const calls = (...list: readonly Call[]): Event => ({ type: 'told', event: { event: 'calls', number: ++number, calls: [...list] } });
const from = (n: number, name: string): Call => ({
  id: `CL_${n}`, code: `room-${n}`, video: false, outgoing: false, began: n * 1_000, stage: { is: 'dialing' },
  others: [{ account: `AC_${n + 1}`, name, caller: true, stage: { is: 'active' }, devices: 0 }],
});
const [ben, eve, kim, lou] = [from(1, 'Ben'), from(2, 'Eve'), from(3, 'Kim'), from(4, 'Lou')];
const shown = ({ state }: Play): readonly string[] => carded(state).map(({ id }) => id);
/** Of which calls the server is told that they ring here. */
const rang = ({ effects }: Play): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'call' && effect.call.name === 'calls/act' && effect.call.act.act === 'ring' ? [effect.call.id] : []));
const acts = ({ effects }: Play): readonly string[] => effects.flatMap((effect) => (effect.type === 'call' && effect.call.name === 'calls/act' ? [effect.call.act.act] : []));
/** On which cards the key that answers is said. */
const keyed = ({ state }: Play): readonly (string | undefined)[] =>
  [...drawn(state, createElement(IncomingCalls)).matchAll(/data-call-card="(\w+)"(?:(?!data-call-card).)*aria-keyshortcuts="Control\+Enter"/gs)].map(([, id]) => id);
const sounds = ({ effects }: Play): readonly unknown[] => effects.flatMap((effect) => (effect.type === 'calling/sound' ? [effect.sound] : []));

describe('calls that come in at the same time', () => {
  it('are all shown, and said to ring here; one sound is for all of them', () => {
    const play = known().on(calls(ben));
    expect([shown(play), rang(play), sounds(play)]).toEqual([['CL_1'], ['CL_1'], ['ring']]);
    play.on(calls(ben, eve));
    expect([shown(play), rang(play), sounds(play)]).toEqual([['CL_1', 'CL_2'], ['CL_2'], []]);
    expect(play.said?.args['name']).toBe('Eve');
    // Silenced one by one, the other is heard on.
    play.on({ type: 'calling/hush', id: 'CL_1' });
    expect([soundOf(play.state), shown(play)]).toEqual(['ring', ['CL_1', 'CL_2']]);
    play.on({ type: 'calling/hush', id: 'CL_2' });
    expect(soundOf(play.state)).toBeNull();
  });

  it('are said with the keys that answer where these mean them: the one that is heard, else the next', () => {
    const play = known().on(calls(ben));
    expect([play.said?.key, keyed(play)]).toEqual(['calling.in.said', ['CL_1']]);
    play.on(calls(ben, eve));
    expect([play.said, keyed(play)]).toEqual([{ key: 'calling.in.said.too', args: { name: 'Eve', kind: { key: 'calling.kind.voice', args: {} } } }, ['CL_1']]);
    // Whoever silenced the first, or answers it at this moment, hears of the second.
    for (const done of [{ type: 'calling/hush', id: 'CL_1' }, { type: 'calling/answer', id: 'CL_1', video: false }] as const) {
      const second = known().on(calls(ben), done, calls(ben, eve));
      expect([second.said?.key, second.said?.args['name'], keyed(second)]).toEqual(['calling.in.said', 'Eve', ['CL_2']]);
    }
  });

  it('are three at most: the next rings once its card is there, and its caller is not told otherwise', () => {
    const play = known().on(calls(ben, eve, kim, lou));
    expect([shown(play), uncarded(play.state), rang(play)]).toEqual([['CL_1', 'CL_2', 'CL_3'], 1, ['CL_1', 'CL_2', 'CL_3']]);
    play.on({ type: 'calling/decline', id: 'CL_2' }, calls(ben, { ...eve, stage: ended('declined') }, kim, lou));
    expect([shown(play), uncarded(play.state), rang(play)]).toEqual([['CL_1', 'CL_3', 'CL_4'], 0, ['CL_4']]);
    expect(play.said?.args['name']).toBe('Lou');
  });

  it('are declined and answered each for itself, and what is left waits beside the one that goes on', () => {
    const play = known().on(calls(ben, eve, kim), { type: 'calling/decline', id: 'CL_1' });
    expect([shown(play), soundOf(play.state)]).toEqual([['CL_2', 'CL_3'], 'ring']);
    play.on({ type: 'calling/answer', id: 'CL_3', video: false }, good('calls/act', { name: 'calls/act', id: 'CL_3', act: { act: 'answer', device: MINE, hold: false } }, null));
    expect(callHere(play.state)?.id).toBe('CL_3');
    expect([shown(play), sounds(play)]).toEqual([['CL_2'], ['waiting']]);
    expect(acts(play)).toEqual([]);
  });

  it('are two missed calls when both callers give up', () => {
    const play = known().on(calls(ben, eve), calls({ ...ben, stage: ended('cancelled') }, eve));
    expect([shown(play), play.state.toast?.text.args['name'], soundOf(play.state)]).toEqual([['CL_2'], 'Ben', 'ring']);
    play.on(calls({ ...ben, stage: ended('cancelled') }, { ...eve, stage: ended('cancelled') }));
    expect([shown(play), play.state.toast?.text.args['name']]).toEqual([[], 'Eve']);
  });
});
