// How somebody is to be found, and what I say of myself.

import { say, type Text } from '../../i18n/text';
import type { Chosen, MyPresence } from '../../proto/api.gen';
import { ask, problemText, type Answered } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { announce, stay, toast, type Step } from '../step';
import { withCalling } from './calling';

export type PresenceEvent =
  | { readonly type: 'presence/choose'; readonly chosen: Chosen }
  | { readonly type: 'presence/note'; readonly note: string };

/** As many characters as the server takes. */
export const LONGEST_NOTE = 100;

/** What one may say of oneself, as menus have it; in a call and offline come by themselves. */
export const CHOICES: readonly Chosen[] = ['automatic', 'busy', 'doNotDisturb', 'away'];

export const SAID: Effect = ask({ name: 'presence' });

export function presence(state: State, event: PresenceEvent | Answered<'presence' | 'presence/put'>): Step {
  const { said } = state.calling;
  switch (event.type) {
    case 'presence/choose':
      return put(state, { chosen: event.chosen, note: said?.note ?? '' });
    case 'presence/note':
      return put(state, { chosen: said?.chosen ?? 'automatic', note: event.note.trim().slice(0, LONGEST_NOTE) });
    case 'answer': {
      if (event.name === 'presence') {
        if (!event.result.ok) return stay(state);
        // What is being kept is newer than what was read; another device may have said something else since.
        return state.calling.saying > 0 ? [state, [SAID]] : stay(withCalling(state, { said: event.result.value }));
      }
      const kept = withCalling(state, { saying: Math.max(0, state.calling.saying - 1) });
      if (event.result.ok) return stay(announce(kept, say('presence.said', { presence: chosenWords(event.call.body.chosen) })));
      const text = problemText(event.result.problem);
      // What is kept is not known for sure.
      const [next, effects] = toast(announce(kept, text), text, 'trouble');
      return [next, [...effects, SAID]];
    }
  }
}

/** Shown at once; without knowing what was said before, one half of it would be lost. */
function put(state: State, said: MyPresence): Step {
  const before = state.calling.said;
  if (before === null || (before.chosen === said.chosen && before.note === said.note)) return stay(state);
  return [withCalling(state, { said, saying: state.calling.saying + 1 }), [ask({ name: 'presence/put', body: said })]];
}

export const chosenWords = (chosen: Chosen): Text => say(chosen === 'automatic' ? 'presence.available' : `presence.${chosen}`);

/** The word that somebody wrote beside how they are to be found; nothing for whoever is not here. */
export const noteOf = ({ calling }: Pick<State, 'calling'>, account: string): string | null => calling.people[account]?.note ?? null;
