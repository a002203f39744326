// When no answer comes: the page says so, and tries again by itself, at once when the network is back.

import type { Text } from '../i18n/text';
import { ask } from './calls';
import type { Effect } from './effect';
import type { State } from './state';
import { stay, type Step } from './step';

/** How often a server that does not answer is asked again: a restart is noticed soon, and nobody is flooded. */
const RETRY_MS = 4_000;

/** Asks again after a while. */
export const RETRY: Effect = { type: 'timer', timer: { name: 'retry' }, ms: RETRY_MS };

/** Whether nothing was heard at all, as against an answer that says what is wrong. */
export const isUnanswered = (text: Text): boolean => text.key === 'trouble.network';

/** Whether the page stands still for want of an answer. */
export function waits({ page }: Pick<State, 'page'>): boolean {
  if (page.at === 'waiting') return page.trouble !== null && isUnanswered(page.trouble);
  return page.at === 'room' && page.phase.is === 'unreachable' && isUnanswered(page.phase.text);
}

/** The network of this device came or went. */
export function network(state: State, online: boolean): Step {
  const next: State = { ...state, online };
  return online ? retry(next) : stay(next);
}

/** Asks again what was not answered. What is shown stays until there is something better. */
export function retry(state: State): Step {
  if (!waits(state)) return stay(state);
  const { page } = state;
  return [state, [
    { type: 'timer/stop', name: 'retry' },
    ...(state.server === null ? [ask({ name: 'server' })] : []),
    ...(state.session.is === 'unknown' ? [ask({ name: 'me' })] : []),
    ...(page.at === 'room' ? [{ type: 'room/look', code: page.code } as const] : []),
  ]];
}
