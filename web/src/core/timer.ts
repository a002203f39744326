// What happens when a timer rings.

import { reconnecting } from './call';
import type { Timer } from './event';
import type { State } from './state';
import { stay, type Step } from './step';

export function timer(state: State, rang: Timer): Step {
  switch (rang.name) {
    case 'toast':
      return state.toast?.id === rang.id ? stay({ ...state, toast: null }) : stay(state);
    case 'said':
      return stay({ ...state, said: [] });
    case 'poll': {
      const page = state.page;
      if (page.at !== 'room' || page.phase.is !== 'prejoin') return stay(state);
      return [state, [{ type: 'room/look', code: page.code }]];
    }
    case 'wavering':
      return reconnecting(state);
  }
}
