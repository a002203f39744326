// Whom I wait for until they are free, and who of them is free now.

import { say, speech } from '../../i18n/text';
import type { Call, Contact, Why } from '../../proto/api.gen';
import { ask, problemText, type Answered } from '../calls';
import { chime } from '../meeting/aside';
import type { State } from '../state';
import { announce, stay, toast, type Step } from '../step';
import { calledBy } from './book';
import { meantOf, presenceOf, withCalling } from './calling';

export type AwaitingEvent =
  // wants to be told when this account is free; `anew`: it does not count that they are free now
  | { readonly type: 'await'; readonly account: string; readonly anew: boolean }
  | { readonly type: 'await/no-more'; readonly account: string }
  // the card that says that somebody is free is put away
  | { readonly type: 'await/close'; readonly account: string };

export function awaiting(state: State, event: AwaitingEvent | Answered<'await' | 'await/no-more'>): Step {
  switch (event.type) {
    case 'await':
      return [state, [ask({ name: 'await', account: event.account, body: { anew: event.anew } })]];
    case 'await/no-more':
      return [state, [ask({ name: 'await/no-more', account: event.account })]];
    case 'await/close':
      return stay(closed(state, [event.account]));
    case 'answer': {
      if (event.result.ok) return stay(state);
      const text = problemText(event.result.problem);
      return toast(announce(state, text), text, 'trouble');
    }
  }
}

const named = ({ calling }: State, person: Contact): Contact => ({ ...person, name: calledBy(calling, person.account, person.name) });
const without = (people: readonly Contact[], account: string): readonly Contact[] => people.filter((one) => one.account !== account);

/** Nobody has to be told any more that they are free. */
export const closed = (state: State, accounts: readonly string[]): State =>
  state.calling.free.some(({ account }) => accounts.includes(account))
    ? withCalling(state, { free: state.calling.free.filter(({ account }) => !accounts.includes(account)) }) : state;

/** For whom I wait, always all of them; what was pressed here is said. */
export function awaitedTold(state: State, people: readonly Contact[]): Step {
  const fresh = people.find(({ account }) => !isAwaited(state, account));
  const next = withCalling(state, { awaited: people });
  return stay(fresh ? announce(next, say('calling.awaited', { name: named(state, fresh).name })) : next);
}

/** Somebody is free: on every page of mine, and by the system where none is in front. */
export function freeTold(state: State, told: Contact): Step {
  const person = named(state, told);
  const { awaited, free } = state.calling;
  // Whoever still looks at how the call came to nothing reads the news in its place.
  const outcome = state.calling.outcome && missedBy(state.calling.outcome)?.account === person.account ? null : state.calling.outcome;
  const next = withCalling(state, { awaited: without(awaited, person.account), free: [...without(free, person.account), person], outcome });
  const text = say('calling.free', { name: person.name });
  const t = speech(state.settings.language);
  return [announce(next, text), [...chime(next, 'chat'), ...(state.notices.system ? [{ type: 'calling/free', title: t.text(text), account: person.account, tongue: t.tongue } as const] : [])]];
}

/** What was said of those who are free may be true no longer. */
export const stillFree = (state: State): State =>
  closed(state, state.calling.free.map(({ account }) => account).filter((account) => presenceOf(state, account) !== 'available'));

export const isAwaited = ({ calling }: Pick<State, 'calling'>, account: string): boolean => calling.awaited.some((one) => one.account === account);

const CAME_TO_NOTHING: readonly Why[] = ['busy', 'doNotDisturb', 'noAnswer', 'unreachable', 'voicemail', 'forwarded'];

/** The one whom I called and did not reach, where they may be free later; `anew`: they had to be, and did not come. */
export function missedBy(call: Call): { readonly account: string; readonly name: string; readonly anew: boolean } | null {
  const [other, more] = meantOf(call);
  if (!call.outgoing || call.answered !== undefined || !other || more || other.stage.is !== 'ended' || !CAME_TO_NOTHING.includes(other.stage.why)) return null;
  return { account: other.account, name: other.name, anew: other.stage.why !== 'busy' && other.stage.why !== 'doNotDisturb' };
}
