// How screens reach the store, the ports and the language.

import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Wish } from '../core/part';
import type { State } from '../core/state';
import type { Speech } from '../i18n/text';
import type { Ports } from '../ports';
import type { Result } from '../proto/calls';
import type { Dispatch, Store } from '../store';

export interface House {
  readonly store: Store;
  readonly ports: Ports;
}

export const HouseContext = createContext<House | null>(null);
export const SpeechContext = createContext<Speech | null>(null);

/** How parts that keep their state to themselves reach the server; where nobody says how, there is none. */
export const AskContext = createContext<(method: Wish<never>['method'], path: string, body?: unknown) => Promise<Result<unknown>>>(
  () => Promise.resolve({ ok: false, problem: 'offline' }),
);

function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error('a screen stands outside of the house');
  return house;
}

/**
 * One thing out of the state; the screen is drawn again only when that thing is another one (`Object.is`).
 * `select` must pick what is there, or count; what is made anew at each call would draw without end.
 */
export function useSelect<T>(select: (state: State) => T): T {
  const { store } = useHouse();
  return useRead(() => select(store.state()));
}

/** What `read` gives now; the screen is drawn again when it gives something else after an event. */
export function useRead<T>(read: () => T): T {
  const { store } = useHouse();
  return useSyncExternalStore(store.subscribe, read, read);
}

export const useStore = (): Store => useHouse().store;
export const useDispatch = (): Dispatch => useHouse().store.dispatch;
export const usePorts = (): Ports => useHouse().ports;

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('a screen stands outside of its language');
  return speech;
}
