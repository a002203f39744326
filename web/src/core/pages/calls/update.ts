// Calls: what its events and the answers to its calls change, and how many are missed.

import { ask, problemText, type Answered } from '../../calls';
import { renamed } from '../../calling/book';
import { looked, withCalling } from '../../calling/calling';
import type { State } from '../../state';
import { stay, type Step } from '../../step';
import { CALLS_AT_ONCE, fetchCalls, type CallsEvent, type CallsPage } from './page';

type Answer = Answered<'calls/past' | 'calls/missed' | 'calls/looked'>;

export function past(state: State, event: CallsEvent | Answer): Step {
  if (event.type === 'answer') return answer(state, event);
  const { page } = state;
  if (page.at !== 'calls') return stay(state);
  switch (event.type) {
    case 'past/only':
      if (page.only === event.only) return stay(state);
      // Messages are fetched by what shows them.
      return event.only === 'voicemail' ? stay({ ...state, page: { ...page, only: event.only } }) : anew(state, { ...page, only: event.only });
    case 'past/person':
      return page.person === event.person ? stay(state) : anew(state, { ...page, person: event.person });
    case 'past/again':
      return anew(state, page);
    case 'past/more': {
      const last = page.calls?.at(-1);
      if (!page.more || page.fetching || last === undefined) return stay(state);
      return [{ ...state, page: { ...page, fetching: true } }, [fetchCalls(page, last.call.id)]];
    }
  }
}

const anew = (state: State, page: CallsPage): Step => {
  const next: CallsPage = { ...page, calls: null, more: false, fetching: false, trouble: null };
  return [{ ...state, page: next }, [fetchCalls(next)]];
};

function answer(state: State, event: Answer): Step {
  switch (event.name) {
    case 'calls/past':
      return listed(state, event);
    case 'calls/missed': {
      if (!event.result.ok || event.call.nth !== state.calling.counted) return stay(state);
      const { count, unheard } = event.result.value;
      return stay(withCalling(state, { missed: count, unheard, mail: state.calling.mail + 1 }));
    }
    case 'calls/looked':
      return event.result.ok ? looked(state) : stay(state);
  }
}

function listed(state: State, { call, result: told }: Answered<'calls/past'>): Step {
  const result = told.ok ? { ...told, value: told.value.map((one) => ({ ...one, call: renamed(state.calling, one.call) })) } : told;
  const { page } = state;
  if (page.at !== 'calls' || page.only === 'voicemail' || call.person !== page.person || call.missed !== (page.only === 'missed')) return stay(state);
  if (!result.ok) return stay({ ...state, page: { ...page, fetching: false, trouble: problemText(result.problem) } });
  const more = result.value.length >= CALLS_AT_ONCE;
  if (call.before !== null) {
    const known = new Set(page.calls?.map((one) => one.call.id));
    const calls = [...(page.calls ?? []), ...result.value.filter((one) => !known.has(one.call.id))];
    return stay({ ...state, page: { ...page, calls, more, fetching: false, trouble: null } });
  }
  // With the list before them they have looked; those of one person alone are not all.
  const looks = page.person === null && result.value.some(({ missed }) => missed);
  // Those before them that were fetched already stay.
  const known = page.calls ?? [];
  const last = known.findIndex((one) => one.call.id === result.value.at(-1)?.call.id);
  const earlier = more && last >= 0 ? known.slice(last + 1) : [];
  const next: CallsPage = { ...page, calls: [...result.value, ...earlier], more: more && (earlier.length === 0 || page.more), trouble: null };
  return [{ ...state, page: next }, looks ? [ask({ name: 'calls/looked' })] : []];
}
