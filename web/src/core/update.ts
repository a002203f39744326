// The only place where state changes: hands each event to the part that answers for its subject.

import type { Event } from './event';
import { call } from './call';
import { devices } from './devices';
import { assertNever } from './never';
import { entry } from './entry';
import { settings } from './settings';
import { stage } from './stage';
import { start } from './start';
import type { State } from './state';
import type { Step } from './step';
import { talk } from './talk';
import { timer } from './timer';

/** Words stay in the live region this long after the last of them: screen readers have taken them up by then. */
const HEARD_MS = 5_000;

export function update(state: State, event: Event): Step {
  const [next, effects] = answer(state, event);
  if (next.said === state.said || next.said.length === 0) return [next, effects];
  return [next, [...effects, { type: 'timer', timer: { name: 'said' }, ms: HEARD_MS }]];
}

function answer(state: State, event: Event): Step {
  switch (event.type) {
    case 'route':
    case 'home':
    case 'start/new':
    case 'start/join':
    case 'start/typed':
    case 'room/made':
    case 'room/not-made':
      return start(state, event);
    case 'room/found':
    case 'room/unknown':
    case 'room/failed':
    case 'room/again':
    case 'join':
    case 'name':
    case 'rejoin':
    case 'join/refused':
    case 'join/unknown':
      return entry(state, event);
    case 'devices/permission':
    case 'devices/allow':
    case 'devices/without':
    case 'devices/retry':
    case 'devices/toggle':
    case 'devices/choose':
    case 'devices/opening':
    case 'devices/opened':
    case 'devices/failed':
    case 'devices/listed':
    case 'devices/silent':
    case 'devices/tone':
      return devices(state, event);
    case 'call/entered':
    case 'call/people':
    case 'call/spoke':
    case 'call/link':
    case 'call/sound':
    case 'call/opened':
    case 'call/failed':
    case 'call/speaker-failed':
    case 'call/shared':
    case 'call/share-failed':
    case 'call/over':
    case 'call/share':
    case 'call/leave':
    case 'call/turn-on-sound':
    case 'call/copy-link':
    case 'call/invite':
      return call(state, event);
    case 'stage/layout':
    case 'stage/seats':
    case 'stage/page':
    case 'stage/corner':
    case 'stage/show':
    case 'stage/fullscreen':
      return stage(state, event);
    case 'overlay':
    case 'settings/theme':
    case 'settings/contrast':
    case 'settings/language':
    case 'settings/letter-keys':
    case 'copied':
      return settings(state, event);
    case 'talk':
      return talk(state, event.on);
    case 'timer':
      return timer(state, event.timer);
    default:
      return assertNever(event);
  }
}
