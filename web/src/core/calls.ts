// How a slice calls the server, and what a refusal is in words.

import { say, type Text } from '../i18n/text';
import type { Problem } from '../proto/api.gen';
import type { Call } from '../proto/calls';
import type { Effect } from './effect';

export type { Answered, Answers, Call, CallName, CallNamed, Picked, Result } from '../proto/calls';

/** Asks the server; the event `answer` of the same name brings how it went. */
export const ask = (call: Call): Effect => ({ type: 'call', call });

/** Codes that are said in one sentence wherever they come up. */
const SAID: ReadonlyMap<string, Text> = new Map([
  ['room_unknown', say('problem.room-unknown')],
  ['room_full', say('trouble.room-full')],
  ['server_full', say('trouble.full')],
  ['stopping', say('trouble.stopping')],
  ['not_allowed', say('problem.not-allowed')],
  ['bad_name', say('trouble.name')],
  ['not_found', say('problem.not-found')],
  ['too_many', say('problem.too-many')],
  ['too_often', say('trouble.often')],
  ['sign_in_first', say('problem.sign-in-first')],
  ['wrong_password', say('problem.wrong-password')],
  ['not_set_up', say('problem.not-set-up')],
  ['wrong_code', say('problem.wrong-code')],
  ['name_taken', say('problem.name-taken')],
  ['bad_account_name', say('problem.bad-account-name')],
  ['weak_password', say('problem.weak-password')],
  ['bad_link', say('problem.bad-link')],
  ['last_admin', say('problem.last-admin')],
  ['members_only', say('problem.members-only')],
  ['locked', say('problem.locked')],
  ['removed', say('problem.removed')],
  ['not_in', say('problem.not-in')],
  ['bad_text', say('problem.bad-text')],
  ['bad_file', say('problem.bad-file')],
  ['too_large', say('problem.too-large')],
  ['storage_full', say('problem.storage-full')],
  ['bad_setting', say('problem.bad-setting')],
  ['passkey_refused', say('problem.passkey-refused')],
  ['own_number', say('problem.own-number')],
  ['answered_elsewhere', say('problem.answered-elsewhere')],
  ['not_shown', say('problem.not-shown')],
  ['call_over', say('calling.over')],
]);

/** The sentence for a person; the server's own speaks English alone. */
export function problemText(problem: Problem | 'offline'): Text {
  if (problem === 'offline') return say('trouble.network');
  if (problem.code === 'too_often' && problem.wait !== undefined) return say('trouble.often.in', { n: problem.wait });
  return SAID.get(problem.code) ?? say('trouble.server');
}

/** The code of a refusal, to tell one field from another. */
export const codeOf = (problem: Problem | 'offline'): string => (problem === 'offline' ? 'offline' : problem.code);
