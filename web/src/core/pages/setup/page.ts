// Setting the server up. The state of its page, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { Create } from '../../../proto/api.gen';
import { ask } from '../../calls';
import type { Run } from '../../trial/run';
import type { Effect } from '../../effect';

/** What the form asks for; each has an answer already. */
export interface SetupAnswers {
  readonly serverName: string;
  readonly name: string;
  readonly password: string;
  readonly create: Create;
  readonly signUp: boolean;
}

export type SetupField = 'serverName' | 'name' | 'password';

export interface SetupPage {
  readonly at: 'setup';
  readonly step:
    /** The code that the server printed is asked for. */
    | { readonly is: 'code'; readonly code: string; readonly busy: boolean; readonly wrong: Text | null }
    | {
      readonly is: 'questions';
      readonly code: string;
      readonly answers: SetupAnswers;
      readonly busy: boolean;
      readonly wrong: Partial<Readonly<Record<SetupField, Text>>>;
      readonly trouble: Text | null;
    }
    /** The server tests itself from this browser. */
    | { readonly is: 'done'; readonly run: Run };
}

export type SetupEvent =
  | { readonly type: 'setup/code'; readonly code: string }
  | { readonly type: 'setup/check' }
  | { readonly type: 'setup/answer'; readonly change: Partial<SetupAnswers> }
  | { readonly type: 'setup/finish' };

/** With a code in the link it is checked at once. */
export const openSetup = (code: string): readonly [SetupPage, readonly Effect[]] => [
  { at: 'setup', step: { is: 'code', code, busy: code !== '', wrong: null } },
  code === '' ? [] : [ask({ name: 'setup/check', code })],
];
