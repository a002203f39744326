// What my programs come in with: a list, a form for one more, and the new one, which is shown once.

import { say, type Text } from '../../i18n/text';
import type { AppPassword, MadeAppPassword } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import { isNumber, isText, listOf, maybe, shape } from '../../proto/shape';
import { codeOf, problemText } from '../calls';
import { shaped, type Part, type Turn } from '../part';

export interface Passwords {
  /** Nothing until they came. */
  readonly list: readonly AppPassword[] | null;
  readonly name: string;
  readonly busy: boolean;
  readonly wrong: Text | null;
  readonly made: MadeAppPassword | null;
  readonly trouble: Text | null;
}

export type PasswordsEvent =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'make' }
  // it was copied
  | { readonly type: 'close' }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'listed' | 'made' | 'removed'; readonly result: Result<unknown> };

const isAppPassword = shape<AppPassword>({ id: isText, name: isText, createdAt: isNumber, usedAt: maybe(isNumber) });
const isMade = shape<MadeAppPassword>({ appPassword: isAppPassword, password: isText });

const LIST = { method: 'GET', path: 'me/app-passwords', told: (result: Result<unknown>): PasswordsEvent => ({ type: 'listed', result }) } as const;

export const passwords: Part<Passwords, PasswordsEvent> = {
  begin: [{ list: null, name: '', busy: false, wrong: null, made: null, trouble: null }, [LIST]],
  update: (state, event): Turn<Passwords, PasswordsEvent> => {
    switch (event.type) {
      case 'name':
        return [{ ...state, name: event.name, wrong: null }, []];
      case 'make': {
        if (state.busy) return [state, []];
        const name = state.name.trim();
        if (name === '') return [{ ...state, wrong: say('trouble.name') }, []];
        const body = { name };
        return [{ ...state, busy: true, wrong: null, made: null }, [{ method: 'POST', path: LIST.path, body, told: (result) => ({ type: 'made', result }) }]];
      }
      case 'close':
        return [{ ...state, made: null }, []];
      case 'remove':
        return [state, [{ method: 'DELETE', path: `${LIST.path}/${encodeURIComponent(event.id)}`, told: (result) => ({ type: 'removed', result }) }]];
      case 'listed': {
        const listed = shaped(event.result, listOf(isAppPassword));
        return [listed.ok ? { ...state, list: listed.value, trouble: null } : { ...state, trouble: problemText(listed.problem) }, []];
      }
      case 'made': {
        const made = shaped(event.result, isMade);
        if (!made.ok) return [{ ...state, busy: false, wrong: problemText(made.problem) }, []];
        return [{ ...state, busy: false, name: '', made: made.value }, [LIST]];
      }
      case 'removed': {
        const gone = event.result.ok || codeOf(event.result.problem) === 'not_found';
        return [{ ...state, trouble: gone || event.result.ok ? null : problemText(event.result.problem) }, [LIST]];
      }
    }
  },
};
