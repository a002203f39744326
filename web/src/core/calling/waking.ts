// Whether this browser is woken for calls when no page of it is open.

import type { Effect } from '../effect';
import type { State } from '../state';

/** Looks whether it is, or switches that, for whoever is signed in. */
export const waking = (
  { session, calling, settings }: Pick<State, 'session' | 'calling' | 'settings'>,
  to: Extract<Effect, { type: 'push' }>['to'],
): readonly Effect[] =>
  (session.is === 'known' ? [{ type: 'push', to, account: session.me.account.id, device: calling.device, tongue: settings.language }] : []);
