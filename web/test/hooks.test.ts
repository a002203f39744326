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
/** The list that was asked for after so many changes. */
const listed = (turns: number, ...list: readonly Hook[]): HooksEvent => ({ type: 'listed', turns, result: ok({ hooks: list, apiKeys: ['PK1'] }) });

describe('webhooks', () => {
  it('are named with what they are told of and who signs, and their secret is shown until it is put away', () => {
    const play = new Acted();
    expect(play.asked).toEqual(['GET hooks']);
    play.tell(listed(0), { type: 'add' });
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
    const play = new Acted().tell(listed(0, HOOK), { type: 'again' });
    expect(play.asked).toEqual([]);
    expect(play.tell({ type: 'test', id: 'HK_1' }).asked).toEqual(['POST hooks/HK_1/test']);
    expect(play.tell({ type: 'tested', result: ok(null) }).asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    const waits = { id: 'HD_1', event: 'test', at: 1, tries: 0, due: 1 };
    play.tell({ type: 'logged', id: 'HK_1', result: ok([waits]) }, { type: 'again' });
    expect(play.asked, 'the list is still on its way').toEqual([]);
    play.tell(listed(0, HOOK), { type: 'again' });
    expect(play.asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    play.tell(listed(0, HOOK), { type: 'logged', id: 'HK_2', result: ok([]) });
    expect(play.state.log).toEqual([waits]);
    play.tell({ type: 'logged', id: 'HK_1', result: ok([TAKEN]) }, { type: 'again' });
    expect([play.state.log, play.asked]).toEqual([[TAKEN], []]);
    expect(play.tell({ type: 'open', id: null }).state.open).toBeNull();
    expect(play.tell({ type: 'tested', result: refused('bad_setting') }).state.trouble?.key).toBe('problem.bad-setting');
  });

  it('are told once more what is in their log, and pressed twice that is no trouble', () => {
    const play = new Acted().tell({ type: 'resend', delivery: 'HD_1' });
    expect(play.asked, 'no log is open').toEqual([]);
    play.tell(listed(0, HOOK), { type: 'open', id: 'HK_1' }, { type: 'logged', id: 'HK_1', result: ok([TAKEN]) }, { type: 'resend', delivery: 'HD_1' });
    expect(play.asked).toEqual(['POST hooks/HK_1/deliveries/HD_1/again']);
    expect(play.tell({ type: 'resent', result: ok(null) }).asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    expect(play.tell({ type: 'resent', result: refused('already_waiting') }).state.trouble).toBeNull();
    expect(play.asked).toEqual(['GET hooks', 'GET hooks/HK_1/deliveries']);
    expect(play.tell({ type: 'resent', result: refused('too_many') }).state.trouble?.key).toBe('problem.too-many');
  });

  it('are switched off and on, and removed', () => {
    const play = new Acted().tell(listed(0, HOOK), { type: 'open', id: 'HK_1' }, { type: 'turn', id: 'HK_1', on: false });
    expect(play.asked).toEqual([['PATCH hooks/HK_1', { on: false }]]);
    play.tell({ type: 'changed', result: ok({ hooks: [{ ...HOOK, stopped: 'paused' }], apiKeys: [] }) });
    expect([play.state.list?.[0]?.stopped, play.asked]).toEqual(['paused', ['GET hooks/HK_1/deliveries']]);
    expect(play.tell({ type: 'remove', id: 'HK_1' }).asked).toEqual(['DELETE hooks/HK_1']);
    play.tell({ type: 'removed', id: 'HK_1', result: refused('not_found') }, listed(2));
    expect([play.state.trouble, play.state.open]).toEqual([null, null]);
  });

  it('say why something was refused until the next thing is done, whatever lists come', () => {
    const play = new Acted().tell(listed(0, HOOK), { type: 'test', id: 'HK_1' }, { type: 'tested', result: refused('bad_setting') }, listed(0, HOOK));
    expect(play.state.trouble?.key).toBe('problem.bad-setting');
    expect(play.tell({ type: 'turn', id: 'HK_1', on: false }).state.trouble).toBeNull();
    play.tell({ type: 'changed', result: refused('too_many') });
    expect(play.asked).toEqual(['GET hooks']);
    expect(play.tell(listed(0, HOOK)).state.trouble?.key).toBe('problem.too-many');
    play.tell({ type: 'remove', id: 'HK_1' }, { type: 'removed', id: 'HK_1', result: refused('too_many') }, listed(1, HOOK));
    expect(play.state.trouble?.key).toBe('problem.too-many');
  });

  it('say why they are not known until they come', () => {
    const play = new Acted().tell({ type: 'listed', turns: 0, result: refused('not_allowed') });
    expect([play.state.unreached !== null, play.state.trouble]).toEqual([true, null]);
    expect(play.tell({ type: 'again' }).asked).toEqual(['GET hooks']);
    expect(play.tell(listed(0, HOOK)).state.unreached).toBeNull();
  });

  it('keep a secret on the screen until it is put away, its webhook is gone or another takes its place', () => {
    const made = { hook: HOOK, secret: 's' };
    const other = { hook: { ...HOOK, id: 'HK_2' }, secret: 't' };
    const play = new Acted().tell(listed(0), { type: 'made', result: ok(made) }, listed(1, HOOK));
    play.tell({ type: 'removed', id: 'HK_2', result: ok(null) }, { type: 'removed', id: 'HK_1', result: refused('too_many') });
    expect(play.state.made).toEqual(made);
    play.tell({ type: 'address', address: 'https://b.example/' }, { type: 'add' }, { type: 'made', result: refused('too_many') });
    expect(play.state.made).toEqual(made);
    expect(play.tell({ type: 'add' }, { type: 'made', result: ok({ hook: other.hook }) }).state.made).toEqual(made);
    expect(play.tell({ type: 'add' }, { type: 'made', result: ok(other) }).state.made).toEqual(other);
    expect(play.tell({ type: 'removed', id: 'HK_2', result: ok(null) }).state.made).toBeNull();
  });

  it('are not put back by a list that was asked for before they were changed', () => {
    const waiting = { ...HOOK, waiting: 1 };
    const play = new Acted().tell(listed(0, waiting), { type: 'again' });
    expect(play.asked).toEqual(['GET hooks']);
    play.tell({ type: 'changed', result: ok({ hooks: [{ ...waiting, stopped: 'paused' }], apiKeys: [] }) }, listed(0, waiting));
    expect(play.state.list?.[0]?.stopped).toBe('paused');
    // It is asked again all the same.
    expect(play.tell({ type: 'again' }).asked).toEqual(['GET hooks']);
  });

  it('have the same sentences in all languages', () => {
    expect(Object.keys(HOOKS.fr)).toEqual(Object.keys(HOOKS.en));
  });
});
