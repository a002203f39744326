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
  readonly trouble: Text | null;
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
  | { readonly type: 'listed' | 'made' | 'changed' | 'tested' | 'removed'; readonly result: Result<unknown> }
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
const LIST: Wish<HooksEvent> = { method: 'GET', path: 'hooks', told: (result) => ({ type: 'listed', result }) };
const logOf = (id: string | null): readonly Wish<HooksEvent>[] =>
  id === null ? [] : [{ method: 'GET', path: at(id, '/deliveries'), told: (result) => ({ type: 'logged', id, result }) }];

export const hooks: Part<State, HooksEvent> = {
  begin: [{ list: null, apiKeys: [], address: '', told: 'both', signer: '', busy: false, wrong: null, made: null, open: null, log: null, trouble: null }, [LIST]],
  update: (state, event): Turn<State, HooksEvent> => {
    switch (event.type) {
      case 'again':
        // Only while they did not come, or something is on its way.
        return [state, waits(state) ? [LIST, ...logOf(state.open)] : []];
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
        return [{ ...state, busy: true, wrong: null, made: null }, [{ method: 'POST', path: 'hooks', body, told: (result) => ({ type: 'made', result }) }]];
      }
      case 'close':
        return [{ ...state, made: null }, []];
      case 'open':
        return [{ ...state, open: event.id, log: null }, logOf(event.id)];
      case 'turn':
        return [state, [{ method: 'PATCH', path: at(event.id), body: { on: event.on }, told: (result) => ({ type: 'changed', result }) }]];
      case 'test':
        return [{ ...state, open: event.id, log: state.open === event.id ? state.log : null, trouble: null }, [{ method: 'POST', path: at(event.id, '/test'), told: (result) => ({ type: 'tested', result }) }]];
      case 'remove':
        return [state, [{ method: 'DELETE', path: at(event.id), told: (result) => ({ type: 'removed', result }) }]];
      case 'made': {
        const made = shaped(event.result, isMade);
        if (!made.ok) return [{ ...state, busy: false, wrong: problemText(made.problem) }, []];
        return [{ ...state, busy: false, address: '', made: made.value.secret === undefined ? null : made.value }, [LIST]];
      }
      case 'listed':
      case 'changed': {
        const listed = shaped(event.result, isHooks);
        if (!listed.ok) return [{ ...state, trouble: problemText(listed.problem) }, event.type === 'changed' ? [LIST] : []];
        const open = listed.value.hooks.some(({ id }) => id === state.open) ? state.open : null;
        const more = event.type === 'changed' ? logOf(open) : [];
        return [{ ...state, list: listed.value.hooks, apiKeys: listed.value.apiKeys, open, trouble: null }, more];
      }
      case 'logged': {
        const logged = shaped(event.result, listOf(isDelivery));
        if (event.id !== state.open || !logged.ok) return [state, []];
        return [{ ...state, log: logged.value }, []];
      }
      case 'tested':
        return [event.result.ok ? state : { ...state, trouble: problemText(event.result.problem) }, [LIST, ...logOf(state.open)]];
      case 'removed': {
        const gone = event.result.ok || codeOf(event.result.problem) === 'not_found';
        return [{ ...state, made: null, trouble: gone || event.result.ok ? null : problemText(event.result.problem) }, [LIST]];
      }
    }
  },
};

function waits({ list, open, log }: State): boolean {
  if (list === null || list.some(({ waiting }) => waiting > 0)) return true;
  return open !== null && (log === null || log.some(({ due }) => due !== undefined));
}
