// Installing the client as an application: offered where the browser offers it, and nowhere else.

import type { Event } from './event';
import type { State } from './state';
import { stay, type Step } from './step';

type InstallEvent = Extract<Event, { type: 'install' | 'install/offered' }>;

export function install(state: State, event: InstallEvent): Step {
  switch (event.type) {
    case 'install/offered':
      return stay(state.installable === event.can ? state : { ...state, installable: event.can });
    case 'install':
      // An offer can be taken once; the browser makes another when it likes to.
      return state.installable ? [{ ...state, installable: false }, [{ type: 'install' }]] : stay(state);
  }
}
