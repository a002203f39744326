// Sent back to the lobby by a host: the meeting ends for me, and its page turns into the one before the door.

import { say } from '../../i18n/text';
import { closeAll, devices } from '../devices';
import { PATIENCE_MS } from '../lobby';
import type { Lobby, State } from '../state';
import { andThen, announce, inMeeting, withPhase, type Step } from '../step';
import { windowTitle } from '../title';
import { chatOver } from './chat-update';

/**
 * Told by the event socket, or by the media session when its word comes first; `since` is 0 where no time is known. The page
 * goes on attending: to quit would take the place at the door back.
 */
export function movedToLobby(state: State, hostPresent: boolean, since: number): Step {
  return inMeeting(state, ({ title, beside }, page) => {
    const lobby: Lobby = { is: 'lobby', title, since, hostPresent, moved: true, late: false, entry: { state: 'idle' } };
    const [closed, closing] = closeAll(state);
    const waiting = withPhase({ ...closed, overlay: null, toast: null, attempt: state.attempt + 1 }, page, lobby);
    const out: Step = [announce(waiting, say('lobby.moved.title'), say('lobby.moved')), [
      { type: 'call/leave', attempt: state.attempt },
      ...closing,
      ...chatOver(beside.chat),
      { type: 'timer/stop', name: 'wavering' },
      { type: 'timer/stop', name: 'lost' },
      { type: 'timer', timer: { name: 'patience' }, ms: PATIENCE_MS },
      windowTitle(state, title),
    ]];
    // Before the mirror again: what was on is seen there, and sent to nobody.
    return andThen(out, (now) => devices(now, { type: 'devices/allow' }));
  });
}
