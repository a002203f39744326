// Webhooks: a list, a form for one more with its secret that is shown once, and the log of one of them.

import { say, type Text } from '../../i18n/text';
import type { Hook, HookDelivery, HookStopped, HookTrouble, Hooks, MadeHook, NewHook } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import { isNumber, isText, isFlag, listOf, maybe, oneOf, shape } from '../../proto/shape';
import { codeOf, problemText } from '../calls';
import { shaped, type Part, type Turn, type Wish } from '../part';

/** What one is told of. */
export type Told = 'both' | 'rooms' | 'calls';

export interface State {
  /** Nothing until they came. */
  readonly list: readonly Hook[] | null;
  readonly apiKeys: readonly string[];
  readonly address: string;
  readonly told: Told;
  /** The API key that is to sign; nothing: a secret of its own. */
  readonly signer: string;
  readonly busy: boolean;
  readonly wrong: Text | null;
  readonly made: MadeHook | null;
  /** Whose log is open, and what stands in it once it came. */
  readonly open: string | null;
  readonly log: readonly HookDelivery[] | null;
  /** What became of the last act, until the next one. */
  readonly trouble: Text | null;
  /** Why they are not known, until they come. */
  readonly unreached: Text | null;
  /** Answers that are waited for: while there are any, nothing is asked again. */
  readonly asking: number;
  /** How often something was changed: a list that was asked for before is older. */
  readonly turns: number;
}

export type HooksEvent =
  | { readonly type: 'again' }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'told'; readonly told: Told }
  | { readonly type: 'signer'; readonly signer: string }
  | { readonly type: 'add' }
  // its secret was copied
  | { readonly type: 'close' }
  | { readonly type: 'open'; readonly id: string | null }
  | { readonly type: 'turn'; readonly id: string; readonly on: boolean }
  | { readonly type: 'test' | 'remove'; readonly id: string }
  // what the open log has under this id is to be sent once more
  | { readonly type: 'resend'; readonly delivery: string }
  | { readonly type: 'listed'; readonly turns: number; readonly result: Result<unknown> }
  | { readonly type: 'made' | 'changed' | 'tested' | 'resent'; readonly result: Result<unknown> }
  | { readonly type: 'removed'; readonly id: string; readonly result: Result<unknown> }
  | { readonly type: 'logged'; readonly id: string; readonly result: Result<unknown> };

const isHook = shape<Hook>({
  id: isText, address: isText, rooms: isFlag, calls: isFlag, apiKey: maybe(isText),
  stopped: maybe(oneOf<HookStopped>('paused', 'gone')), waiting: isNumber, leftOut: isNumber,
});
const isHooks = shape<Hooks>({ hooks: listOf(isHook), apiKeys: listOf(isText) });
const isMade = shape<MadeHook>({ hook: isHook, secret: maybe(isText) });
const isDelivery = shape<HookDelivery>({
  id: isText, event: isText, at: isNumber, tries: isNumber, due: maybe(isNumber), triedAt: maybe(isNumber), status: maybe(isNumber),
  trouble: maybe(oneOf<HookTrouble>('private', 'unreachable', 'slow', 'elsewhere', 'refused', 'gone', 'unsigned', 'paused')),
});

const at = (id: string, more = ''): string => `hooks/${encodeURIComponent(id)}${more}`;
const listOn = (turns: number): Wish<HooksEvent> => ({ method: 'GET', path: 'hooks', told: (result) => ({ type: 'listed', turns, result }) });
const logOf = (id: string | null): readonly Wish<HooksEvent>[] =>
  id === null ? [] : [{ method: 'GET', path: at(id, '/deliveries'), told: (result) => ({ type: 'logged', id, result }) }];

/** Asks for the log that is open, and for the list as well. */
const asks = (state: State, wishes: readonly Wish<HooksEvent>[]): Turn<State, HooksEvent> => [{ ...state, asking: state.asking + wishes.length }, wishes];
const asksAll = (state: State): Turn<State, HooksEvent> => asks(state, [listOn(state.turns), ...logOf(state.open)]);

export const hooks: Part<State, HooksEvent> = {
  begin: [{
    list: null, apiKeys: [], address: '', told: 'both', signer: '', busy: false, wrong: null, made: null, open: null, log: null, trouble: null, unreached: null, asking: 1, turns: 0,
  }, [listOn(0)]],
  update: (state, event): Turn<State, HooksEvent> => {
    switch (event.type) {
      case 'again':
        // Only while they did not come, or something is on its way.
        return state.asking === 0 && waits(state) ? asksAll(state) : [state, []];
      case 'address':
        return [{ ...state, address: event.address, wrong: null }, []];
      case 'told':
        return [{ ...state, told: event.told }, []];
      case 'signer':
        return [{ ...state, signer: event.signer }, []];
      case 'add': {
        const address = state.address.trim();
        if (state.busy) return [state, []];
        if (address === '') return [{ ...state, wrong: say('problem.bad-setting') }, []];
        const body: NewHook = { address, rooms: state.told !== 'calls', calls: state.told !== 'rooms', ...(state.signer === '' ? {} : { apiKey: state.signer }) };
        return [{ ...state, busy: true, wrong: null, trouble: null }, [{ method: 'POST', path: 'hooks', body, told: (result) => ({ type: 'made', result }) }]];
      }
      case 'close':
        return [{ ...state, made: null }, []];
      case 'open':
        return asks({ ...state, open: event.id, log: null }, logOf(event.id));
      case 'turn':
        return [{ ...state, trouble: null }, [{ method: 'PATCH', path: at(event.id), body: { on: event.on }, told: (result) => ({ type: 'changed', result }) }]];
      case 'test':
        return [{ ...state, open: event.id, log: state.open === event.id ? state.log : null, trouble: null }, [{ method: 'POST', path: at(event.id, '/test'), told: (result) => ({ type: 'tested', result }) }]];
      case 'resend':
        return state.open === null ? [state, []]
          : [{ ...state, trouble: null }, [{ method: 'POST', path: at(state.open, `/deliveries/${encodeURIComponent(event.delivery)}/again`), told: (result) => ({ type: 'resent', result }) }]];
      case 'remove':
        return [{ ...state, trouble: null }, [{ method: 'DELETE', path: at(event.id), told: (result) => ({ type: 'removed', id: event.id, result }) }]];
      case 'made': {
        const made = shaped(event.result, isMade);
        if (!made.ok) return [{ ...state, busy: false, wrong: problemText(made.problem) }, []];
        // A secret that is shown may not have been copied yet: only another one takes its place.
        const shown = made.value.secret === undefined ? state.made : made.value;
        return asks({ ...state, busy: false, address: '', made: shown, turns: state.turns + 1 }, [listOn(state.turns + 1)]);
      }
      case 'listed': {
        const heard = { ...state, asking: state.asking - 1 };
        if (event.turns !== state.turns) return [heard, []];
        const listed = shaped(event.result, isHooks);
        return [listed.ok ? { ...withList(heard, listed.value), unreached: null } : { ...heard, unreached: problemText(listed.problem) }, []];
      }
      case 'changed': {
        const changed = shaped(event.result, isHooks);
        if (!changed.ok) return asks({ ...state, trouble: problemText(changed.problem) }, [listOn(state.turns)]);
        const next = withList({ ...state, turns: state.turns + 1, unreached: null }, changed.value);
        return asks(next, logOf(next.open));
      }
      case 'logged': {
        const heard = { ...state, asking: state.asking - 1 };
        const logged = shaped(event.result, listOf(isDelivery));
        return [event.id !== state.open || !logged.ok ? heard : { ...heard, log: logged.value }, []];
      }
      case 'tested':
        return asksAll(event.result.ok ? state : { ...state, trouble: problemText(event.result.problem) });
      case 'resent': {
        // Whoever pressed it twice has what they wanted.
        const done = event.result.ok || codeOf(event.result.problem) === 'already_waiting';
        return asksAll(done || event.result.ok ? state : { ...state, trouble: problemText(event.result.problem) });
      }
      case 'removed': {
        const { id, result } = event;
        const gone = result.ok || codeOf(result.problem) === 'not_found';
        const next = { ...state, turns: state.turns + 1, trouble: gone || result.ok ? null : problemText(result.problem), made: gone && state.made?.hook.id === id ? null : state.made };
        return asks(next, [listOn(next.turns)]);
      }
    }
  },
};

const withList = (state: State, { hooks: list, apiKeys }: Hooks): State =>
  ({ ...state, list, apiKeys, open: list.some(({ id }) => id === state.open) ? state.open : null });

function waits({ list, open, log }: State): boolean {
  if (list === null || list.some(({ waiting }) => waiting > 0)) return true;
  return open !== null && (log === null || log.some(({ due }) => due !== undefined));
}
