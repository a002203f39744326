// How screens reach the store, the ports and the language.

import { createContext, useContext, useSyncExternalStore } from 'react';
import type { State } from '../core/state';
import type { Speech } from '../i18n/text';
import type { Ports } from '../ports';
import type { Dispatch, Store } from '../store';

export interface House {
  readonly store: Store;
  readonly ports: Ports;
}

export const HouseContext = createContext<House | null>(null);
export const SpeechContext = createContext<Speech | null>(null);

function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error('a screen stands outside of the house');
  return house;
}

/** The state; the screen is drawn again when it changes. */
export function useAppState(): State {
  const { store } = useHouse();
  return useSyncExternalStore(store.subscribe, store.state);
}

export const useDispatch = (): Dispatch => useHouse().store.dispatch;
export const usePorts = (): Ports => useHouse().ports;

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('a screen stands outside of its language');
  return speech;
}
