// My own share: pausing it, and what it is tuned for.

import { say } from '../i18n/text';
import type { Event } from './event';
import type { State } from './state';
import { announce, inMeeting, stay, withMeeting, type Step } from './step';

type ShareEvent = Extract<Event, { type: `share/${string}` }>;

export function share(state: State, event: ShareEvent): Step {
  return inMeeting(state, (meeting) => {
    if (meeting.sharing !== 'yes') return stay(state);
    switch (event.type) {
      case 'share/pause': {
        const on = !meeting.sharePaused;
        const said = say(on ? 'meeting.share.told-paused' : 'meeting.share.told-resumed');
        return [announce(withMeeting(state, { sharePaused: on }), said), [{ type: 'share/pause', on }]];
      }
      case 'share/sound': {
        if (meeting.shareSound === 'none') return stay(state);
        const on = meeting.shareSound === 'off';
        const said = say(on ? 'meeting.share.told-sound.on' : 'meeting.share.told-sound.off');
        return [announce(withMeeting(state, { shareSound: on ? 'on' : 'off' }), said), [{ type: 'share/sound', on }]];
      }
      case 'share/mode':
        if (meeting.shareMode === event.mode) return stay(state);
        return [withMeeting(state, { shareMode: event.mode }), [{ type: 'share/mode', mode: event.mode }]];
    }
  });
}
