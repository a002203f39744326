// Draws parts that keep their state to themselves.

import { useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Part, Turn } from '../../core/part';
import { AskContext } from '../context';

/** The state of a part, and the way to change it. It begins with what draws it, and ends with that. */
export function usePart<S, E>({ begin, update }: Part<S, E>): readonly [S, (event: E) => void] {
  const ask = useContext(AskContext);
  const [kept] = useState(() => {
    let state = begin[0];
    const listeners = new Set<() => void>();
    let timer: number | undefined;
    const take = ([next, wishes, pause]: Turn<S, E>): void => {
      state = next;
      for (const listener of listeners) listener();
      for (const { method, path, body, told } of wishes) void ask(method, path, body).then((result) => dispatch(told(result)));
      if (!pause) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => dispatch(pause.told), pause.ms);
    };
    const dispatch = (event: E): void => take(update(state, event));
    return {
      state: (): S => state,
      dispatch,
      begin: (): (() => void) => {
        take([state, begin[1]]);
        return () => window.clearTimeout(timer);
      },
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  });
  useEffect(() => kept.begin(), [kept]);
  return [useSyncExternalStore(kept.subscribe, kept.state, kept.state), kept.dispatch];
}
