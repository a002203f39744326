// What happens when a timer rings.

import { lost, reconnecting } from './call';
import type { Timer } from './event';
import { askStillThere, goneAlone } from './meeting/alone';
import { retry } from './network';
import { knockAgain, lateAtDoor } from './lobby';
import { lookAgain } from './pages/home/update';
import { askedOver } from './calling/asked';
import { withCalling } from './calling/calling';
import { risen } from './meeting/acts';
import { bubbleOver } from './meeting/chat-lines';
import { heldLong } from './held';
import { attendAgain } from './meeting/news';
import { askForReport } from './report';
import { turn } from './stage';
import { withTalks } from './talks/talks';
import { typingOver } from './talks/told';
import { letGo } from './taking';
import type { State } from './state';
import { stamped, stay, type Step } from './step';

export function timer(state: State, rang: Timer, at: number): Step {
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
    case 'lost':
      return lost(state);
    case 'retry':
      return retry(state);
    case 'stamp':
      return stay(stamped(state, at));
    case 'report':
      return askForReport(state);
    case 'alone':
      return askStillThere(state, at);
    case 'attend':
      return attendAgain(state);
    case 'afterword':
      // What stands beside it, of another call, stays until it is put away.
      return stay(withCalling(state, { afterword: null }));
    case 'asked':
      return stay(askedOver(state));
    case 'alone-over':
      return goneAlone(state);
    case 'typing':
      return typingOver(state);
    case 'typing-said':
      return stay(withTalks(state, { saidTyping: null }));
    case 'let-go':
      return letGo(state);
    case 'held':
      return heldLong(state);
  }
}
