// The step over the doorstep: what every way into a meeting does.

import type { Ticket } from '../proto/api.gen';
import type { Opening } from './effect';
import { CAPTURES, toOpen } from './devices';
import { isOver } from './calling/calling';
import type { Entry, State } from './state';
import { stay, withPhase, type Step } from './step';

/** The name to come in under: that of the account, or what was typed. */
export const nameOf = (state: Pick<State, 'session' | 'settings'>): string =>
  state.session.is === 'known' ? state.session.me.account.displayName : state.settings.name.trim();

/** Whether that room carries a call of mine, which loading the page again does not end. */
const isCall = ({ calling }: State, code: string): boolean => [...calling.calls, ...(calling.mine ? [calling.mine.call] : [])].some((call) => call.code === code && !isOver(call));

export function withEntry(state: State, next: Entry): State {
  const page = state.page;
  if (page.at !== 'room') return state;
  const phase = page.phase;
  if (phase.is === 'prejoin' || phase.is === 'left' || phase.is === 'lobby' || phase.is === 'entering') return withPhase(state, page, { ...phase, entry: next });
  return state;
}

/** Tries to get in, with the ticket that somebody let me in with, or asking for one. */
export function enter(state: State, ticket: Ticket | null): Step {
  const page = state.page;
  if (page.at !== 'room') return stay(state);
  const open: readonly Opening[] = toOpen(state, CAPTURES);
  const attempt = state.attempt + 1;
  // Who waits goes on waiting while the server is asked again.
  const asksAgain = page.phase.is === 'lobby' && ticket === null;
  return [
    { ...(asksAgain ? state : withEntry(state, { state: 'busy' })), attempt },
    [
      // An attempt from before, still under way, must not come in beside this one.
      ...(page.phase.is === 'lobby' ? [{ type: 'call/leave', attempt: state.attempt } as const] : []),
      { type: 'join', attempt, code: page.code, name: nameOf(state), ticket, open, speaker: state.devices.speaker.chosen, saver: state.viewing.saver, lasting: isCall(state, page.code) },
      { type: 'remember', settings: state.settings, devices: state.devices },
    ],
  ];
}
