// My habits of seeing and hearing: what is remembered, and what the running meeting is told of them.

import { say, type Key } from '../i18n/text';
import type { Event } from './event';
import { withSource } from './devices';
import type { State } from './state';
import { andThen, announce, stay, toast, withMeeting, type Step } from './step';
import { earOf, withEar, type Dressing, type Viewing } from './viewing';

type ViewEvent = Extract<Event, { type: `view/${string}` }>;

const inCall = (state: State): boolean => state.page.at === 'room' && state.page.phase.is === 'meeting';

export function view(state: State, event: ViewEvent): Step {
  const { viewing } = state;
  switch (event.type) {
    case 'view/pip':
      return stay(withMeeting(state, { pip: event.open }));
    case 'view/volume':
      return change(state, withEar(viewing, event.identity, { volume: event.volume, hushed: false }));
    case 'view/hush':
      return change(state, withEar(viewing, event.identity, { hushed: !earOf(viewing, event.identity).hushed }));
    case 'view/self':
      return change(state, { ...viewing, selfHidden: event.hidden });
    case 'view/saver': {
      if (viewing.saver === event.saver) return stay(state);
      const text = { key: SAVED[event.saver], args: {} };
      const kept = change(state, { ...viewing, saver: event.saver });
      const told = andThen(kept, (now) => (inCall(now) ? toast(announce(now, text), text) : stay(now)));
      return event.saver === 'sound' ? andThen(told, cameraOff) : told;
    }
    case 'view/dress':
      if (event.on && !state.browser.dressing[event.dressing]) return stay(state);
      return change(calmed(state, event.dressing), { ...viewing, [event.dressing]: event.on });
    case 'view/bear':
      return stay(withMeeting(state, { strained: null }));
  }
}

const SAVED: Readonly<Record<Viewing['saver'], Key>> = {
  off: 'meeting.saver.told.off', data: 'meeting.saver.told.data', sound: 'meeting.saver.told.sound',
};

/** What is set for next time, and at once where a meeting runs. */
export function change(state: State, viewing: Viewing): Step {
  return [
    { ...state, viewing },
    [{ type: 'view/keep', viewing }, ...(inCall(state) ? [{ type: 'view/apply', viewing } as const] : [])],
  ];
}

function cameraOff(state: State): Step {
  if (!inCall(state) || !state.devices.camera.wanted) return stay(state);
  return [
    withSource(state, 'camera', { wanted: false }),
    [{ type: 'call/switch', kind: 'camera', on: false, id: state.devices.camera.chosen }],
  ];
}

/** It runs, and slowly: whoever wanted it says whether it goes on. */
export function strained(state: State, { dressing }: { readonly dressing: Dressing }): Step {
  if (!state.viewing[dressing]) return stay(state);
  return stay(withMeeting(announce(state, say('meeting.blur.slow'), say('meeting.blur.slow.text')), { strained: dressing }));
}

/** What was said of it is of no use any more. */
function calmed(state: State, dressing: Dressing): State {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting' || page.phase.strained !== dressing) return state;
  return withMeeting(state, { strained: null });
}

/** It did not start, or broke: it stands as off, so that nobody counts on it. */
export function undressed(state: State, { dressing, ran }: { readonly dressing: Dressing; readonly ran: boolean }): Step {
  const off = dressing === 'blur' && ran;
  const text = say(dressing === 'noise' ? 'meeting.noise.failed' : off ? 'meeting.blur.broken' : 'meeting.blur.failed');
  // The camera first: whoever wanted to be blurred is not sent as they are.
  return andThen(andThen(off ? cameraOff(calmed(state, dressing)) : stay(calmed(state, dressing)), (now) => change(now, { ...now.viewing, [dressing]: false })), (now) => toast(announce(now, text), text, 'trouble'));
}
