// What the event socket tells: each event goes to the part that answers for its subject.

import { lobbyTold } from './lobby';
import { askedToUnmute, muted, reacted, removed } from './meeting/acts';
import { fetchLines, lineErased, lineTold } from './meeting/chat-update';
import { movedToLobby } from './meeting/moved';
import { newsCame, newsLost, newsRefused, newsUp } from './meeting/news';
import { meetingTold } from './meeting/people';
import { awaitedTold, freeTold } from './calling/awaiting';
import { callsLost, callsTold, callsUp, hereRefused, peopleTold, presenceTold } from './calling/told';
import { invitationsTold } from './calling/asked';
import { countMissed, looked } from './calling/calling';
import { readTold, talkLeft, talkLine, talkLineDeleted, talkTold, talksUp, typingTold } from './talks/told';
import { assertNever } from './never';
import type { State } from './state';
import { restarts } from './call';
import { andThen, inMeeting, stay, withMeeting, type Step } from './step';
import type { Event as Told } from '../proto/api.gen';

export function told(state: State, event: Told): Step {
  switch (event.event) {
    case 'meeting':
      return andThen(lobbyTold(state, event), (next) => andThen(newsCame(next), (now) => meetingTold(now, event.state)));
    case 'waiting':
      return event.moved && inside(state) ? movedToLobby(state, event.hostPresent, 0) : lobbyTold(state, event);
    case 'outside':
    case 'admitted':
    case 'denied':
      return lobbyTold(state, event);
    case 'refused':
      return andThen(lobbyTold(state, event), (next) => andThen(newsRefused(next, event.problem), (now) => hereRefused(now, event.problem)));
    case 'removed':
      return andThen(lobbyTold(state, event), (next) => removed(next, event.mayReturn));
    case 'ended':
      return lobbyTold(state, event);
    case 'reaction':
      return reacted(state, event);
    case 'muted':
      return muted(state, event.what);
    case 'askedToUnmute':
      return askedToUnmute(state);
    case 'message':
      return lineTold(state, null, event.message);
    case 'messageDeleted':
      return lineErased(state, null, event.id);
    case 'people':
      return andThen(peopleTold(state, event.people, event.awaited), talksUp);
    case 'awaited':
      return awaitedTold(state, event.people);
    case 'free':
      return freeTold(state, event.person);
    case 'presence':
      return presenceTold(state, event.person);
    case 'calls':
      return callsTold(state, event.number, event.calls);
    case 'invitations':
      return invitationsTold(state, event.number, event.invitations);
    case 'callsLooked':
      return looked(state);
    case 'voicemail':
      return countMissed(state);
    case 'conversation':
      return talkTold(state, event.conversation);
    case 'conversationLeft':
      return talkLeft(state, event.id);
    case 'line':
      return talkLine(state, event);
    case 'lineDeleted':
      return talkLineDeleted(state, event);
    case 'typing':
      return typingTold(state, event.conversation, event.account);
    case 'read':
      return readTold(state, event);
    case 'pong':
      return stay(state);
    default:
      return assertNever(event);
  }
}

const inside = ({ page }: State): boolean => page.at === 'room' && page.phase.is === 'meeting';

/**
 * The event socket stands, or was lost. A new line may come from a server that counts from one again, and what was written
 * meanwhile was not told.
 */
export function line(state: State, up: boolean, restarting: boolean): Step {
  if (!up) return andThen(newsLost(restarting ? restarts(state) : state), callsLost);
  const next = callsUp(newsUp(withMeeting(state, { told: 0, restarting: false })));
  return inMeeting(next, ({ beside }) => (beside.chat.asked.length > 0 ? stay(next) : fetchLines(next)));
}
