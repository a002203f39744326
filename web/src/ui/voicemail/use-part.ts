// A part with a state of its own, which lives as long as its screen.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Chosen, VoicemailEffect, VoicemailEvent } from '../../core/voicemail/words';
import { usePorts, useStore } from '../context';

/** `is`: which of all events are its own. */
interface Part<S, E extends VoicemailEvent> {
  readonly begin: () => S;
  readonly first: E;
  readonly is: (event: VoicemailEvent) => event is E;
  readonly update: (state: S, event: E) => readonly [S, readonly VoicemailEffect[]];
}

export function usePart<S, E extends VoicemailEvent>(part: Part<S, E>): readonly [S, (event: E) => void] {
  const ports = usePorts();
  const store = useStore();
  const [{ begin, first, is, update }] = useState(part);
  const [shown, show] = useState(begin);
  const told = useRef<(event: E) => void>(() => undefined);
  useEffect(() => {
    let state = begin();
    const { microphone, speaker } = store.state().devices;
    const chosen: Chosen = { microphone: microphone.chosen, speaker: speaker.chosen };
    const tell = (event: E): void => {
      const [next, effects] = update(state, event);
      state = next;
      show(next);
      for (const effect of effects) world.run(effect);
    };
    const world = ports.voicemail((event) => {
      if (is(event)) tell(event);
    }, chosen);
    told.current = tell;
    tell(first);
    return () => {
      told.current = () => undefined;
      world.end();
    };
  }, [begin, first, is, update, ports, store]);
  return [shown, useCallback((event: E) => told.current(event), [])];
}
