// Holds the state, applies events in order, hands effects to whoever carries them out. Knows no subject.

import type { Effect } from './core/effect';
import type { Event } from './core/event';
import type { State } from './core/state';
import { update } from './core/update';

export type Dispatch = (event: Event) => void;

export interface Store {
  readonly state: () => State;
  readonly dispatch: Dispatch;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore(initial: State, connect: (dispatch: Dispatch) => (effect: Effect) => void): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  const waiting: Event[] = [];
  let busy = false;

  // An effect may report at once: its event waits until the one at hand is done.
  const dispatch: Dispatch = (event) => {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [changed, effects] = update(state, next);
        const before = state;
        state = changed;
        if (before !== state) for (const listener of listeners) listener();
        for (const effect of effects) run(effect);
      }
    } finally {
      busy = false;
    }
  };
  const run = connect(dispatch);

  return {
    state: () => state,
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
