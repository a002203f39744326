import { describe, expect, it } from 'vitest';
import { hooks, type HooksEvent, type State } from '../src/core/programs/hooks';
import type { Wish } from '../src/core/part';
import { HOOKS } from '../src/i18n/hooks';
import type { Hook, HookDelivery } from '../src/proto/api.gen';

/** The part, told one thing after the other. */
class Acted {
  state: State = hooks.begin[0];
  wishes: readonly Wish<HooksEvent>[] = hooks.begin[1];

  tell(...events: readonly HooksEvent[]): this {
    for (const event of events) [this.state, this.wishes] = hooks.update(this.state, event);
    return this;
  }

  get asked(): readonly unknown[] {
    return this.wishes.map(({ method, path, body }) => (body === undefined ? `${method} ${path}` : [`${method} ${path}`, body]));
  }
}

const ok = (value: unknown) => ({ ok: true, value }) as const;
const refused = (code: string) => ({ ok: false, problem: { code, message: '' } }) as const;

const HOOK: Hook = { id: 'HK_1', address: 'https://hooks.example/', rooms: true, calls: true, waiting: 0, leftOut: 0 };
const TAKEN: HookDelivery = { id: 'HD_1', event: 'test', at: 1, tries: 1, triedAt: 2, status: 200 };
const listed = (...all: readonly Hook[]): HooksEvent => ({ type: 'listed', result: ok({ hooks: all, apiKeys: ['PK1'] }) });

describe('webhooks', () => {
  it('are named with what they are told of and who signs, and their secret is shown until it is put away', () => {
    const play = new Acted();
    expect(play.asked).toEqual(['GET hooks']);
    play.tell(listed(), { type: 'add' });
    expect([play.state.wrong?.key, play.asked]).toEqual(['problem.bad-setting', []]);
    play.tell({ type: 'address', address: ' https://hooks.example/ ' }, { type: 'told', told: 'calls' }, { type: 'add' });
    expect(play.asked).toEqual([['POST hooks', { address: 'https://hooks.example/', rooms: false, calls: true }]]);
    expect(play.tell({ type: 'add' }).asked).toEqual([]);
    const made = { hook: HOOK, secret: 's' };
    expect(play.tell({ type: 'made', result: ok(made) }).state.made).toEqual(made);
    expect([play.asked, play.state.address]).toEqual([['GET hooks'], '']);
    expect(play.tell({ type: 'close' }).state.made).toBeNull();

    play.tell({ type: 'address', address: 'https://b.example/' }, { type: 'signer', signer: 'PK1' }, { type: 'add' });
    expect(play.asked).toEqual([['POST hooks', { address: 'https://b.example/', rooms: false, calls: true, apiKey: 'PK1' }]]);
    expect(play.tell({ type: 'made', result: ok({ hook: HOOK }) }).state.made).toBeNull();
    expect(play.tell({ type: 'made', result: refused('too_many') }).state.wrong?.key).toBe('problem.too-many');
  });

  it('show a log that is asked for again while something is on its way', () => {
    const play = new Acted().tell(listed(HOOK), { type: 'again' });
    expect(play.asked).toEqual([]);
    expect(play.tell({ type: 'test', id: 'HK_1' }).asked).toEqual(['POST hooks/HK_1/test']);
    expect(play.tell({ type: 'tested', result: ok(null) }).asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    const waits = { id: 'HD_1', event: 'test', at: 1, tries: 0, due: 1 };
    play.tell({ type: 'logged', id: 'HK_1', result: ok([waits]) }, { type: 'again' });
    expect(play.asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    play.tell({ type: 'logged', id: 'HK_2', result: ok([]) });
    expect(play.state.log).toEqual([waits]);
    play.tell({ type: 'logged', id: 'HK_1', result: ok([TAKEN]) }, { type: 'again' });
    expect([play.state.log, play.asked]).toEqual([[TAKEN], []]);
    expect(play.tell({ type: 'open', id: null }).state.open).toBeNull();
    expect(play.tell({ type: 'tested', result: refused('bad_setting') }).state.trouble?.key).toBe('problem.bad-setting');
  });

  it('are switched off and on, and removed', () => {
    const play = new Acted().tell(listed(HOOK), { type: 'open', id: 'HK_1' }, { type: 'turn', id: 'HK_1', on: false });
    expect(play.asked).toEqual([['PATCH hooks/HK_1', { on: false }]]);
    play.tell({ type: 'changed', result: ok({ hooks: [{ ...HOOK, stopped: 'paused' }], apiKeys: [] }) });
    expect([play.state.list?.[0]?.stopped, play.asked]).toEqual(['paused', ['GET hooks/HK_1/deliveries']]);
    expect(play.tell({ type: 'remove', id: 'HK_1' }).asked).toEqual(['DELETE hooks/HK_1']);
    play.tell({ type: 'removed', result: refused('not_found') }, listed());
    expect([play.state.trouble, play.state.open]).toEqual([null, null]);
  });

  it('have the same sentences in all languages', () => {
    expect(Object.keys(HOOKS.fr)).toEqual(Object.keys(HOOKS.en));
  });
});
