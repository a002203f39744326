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
import { timer } from './timer';

export function update(state: State, event: Event): Step {
  switch (event.type) {
    case 'route':
    case 'home':
    case 'start/new':
    case 'start/join':
    case 'start/typed':
    case 'room/made':
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
    case 'copied':
      return settings(state, event);
    case 'timer':
      return timer(state, event.timer);
    default:
      return assertNever(event);
  }
}
