// What happens when a timer rings.

import { reconnecting } from './call';
import type { Timer } from './event';
import { knockAgain, lateAtDoor } from './lobby';
import { lookAgain } from './pages/home/update';
import { risen } from './meeting/acts';
import { bubbleOver } from './meeting/chat-lines';
import { turn } from './stage';
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
      if (page.at === 'home') return lookAgain(state);
      if (page.at !== 'room' || (page.phase.is !== 'prejoin' && page.phase.is !== 'shut')) return stay(state);
      return [state, [{ type: 'room/look', code: page.code }]];
    }
    case 'bubble':
      return bubbleOver(state, rang.id);
    case 'risen':
      return risen(state);
    case 'turn':
      return turn(state);
    case 'knock':
      return knockAgain(state);
    case 'patience':
      return lateAtDoor(state);
    case 'wavering':
      return reconnecting(state);
  }
}
