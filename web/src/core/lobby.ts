// Waiting at the door: asked, told to wait, let in or sent away.

import { say, type Text } from '../i18n/text';
import type { Event as Told } from '../proto/api.gen';
import { problemText } from './calls';
import { enter } from './enter';
import type { Effect } from './effect';
import type { Event } from './event';
import type { Lobby, RoomPage, State } from './state';
import { announce, isCurrent, stay, withPhase, type Step } from './step';
import { windowTitle } from './title';

type LobbyEvent = Extract<Event, { type: 'join/waiting' | 'lobby/leave' | 'lobby/ask-again' }>;

/** After this long without an answer, asking again is offered. */
export const PATIENCE_MS = 600_000;
/** The server forgot that I wait, as after a restart: it is asked again, after a moment. */
const KNOCK_MS = 3_000;

export function lobby(state: State, event: LobbyEvent): Step {
  const page = state.page;
  if (page.at !== 'room') return stay(state);
  switch (event.type) {
    case 'join/waiting':
      return isCurrent(state, event) ? waiting(state, page, event) : stay(state);
    case 'lobby/leave':
      return page.phase.is === 'lobby' ? toDoor(state, page) : stay(state);
    case 'lobby/ask-again':
      if (page.phase.is !== 'lobby' || (page.phase.entry.state !== 'refused' && !page.phase.late)) return stay(state);
      return enter(withPhase(state, page, { ...page.phase, since: 0, late: false, entry: { state: 'idle' } }), null);
  }
}

function waiting(state: State, page: RoomPage, event: Extract<LobbyEvent, { type: 'join/waiting' }>): Step {
  const { phase } = page;
  const title = phase.is === 'prejoin' ? phase.view.room.title : phase.is === 'left' || phase.is === 'lobby' || phase.is === 'entering' ? phase.title : null;
  if (title === null) return stay(state);
  const anew = phase.is !== 'lobby' || phase.since === 0;
  const next: Lobby = {
    is: 'lobby',
    title,
    since: anew ? event.at : phase.since,
    late: anew ? false : phase.late,
    hostPresent: event.hostPresent,
    moved: phase.is === 'lobby' && phase.moved,
    entry: { state: 'idle' },
  };
  const now = withPhase(state, page, next);
  return [
    anew ? announce(now, say('lobby.waiting')) : now,
    [
      { type: 'attend', code: page.code },
      { type: 'timer/stop', name: 'poll' },
      windowTitle(state, title),
      ...(anew ? [{ type: 'timer', timer: { name: 'patience' }, ms: PATIENCE_MS } as const] : []),
    ],
  ];
}

/** What the event socket tells to those who wait. */
export function lobbyTold(state: State, event: Extract<Told, { event: 'meeting' | 'waiting' | 'outside' | 'admitted' | 'denied' | 'refused' | 'removed' | 'ended' }>): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'lobby') return stay(state);
  const { phase } = page;
  // On the way in already: what is told now comes from before.
  if (phase.entry.state === 'busy') return stay(state);
  switch (event.event) {
    // Let in already, on another device or while the line was lost: the door stands open.
    case 'meeting':
      return phase.entry.state === 'idle' ? enter(state, null) : stay(state);
    case 'waiting':
      if (event.hostPresent === phase.hostPresent) return stay(withPhase(state, page, { ...phase, moved: event.moved }));
      return stay(announce(
        withPhase(state, page, { ...phase, hostPresent: event.hostPresent, moved: event.moved }),
        say(event.hostPresent ? 'lobby.host' : 'lobby.no-host'),
      ));
    case 'admitted':
      return enter(announce(state, say('lobby.admitted')), event.ticket);
    case 'outside':
      if (phase.entry.state !== 'idle') return stay(state);
      return [state, [{ type: 'timer', timer: { name: 'knock' }, ms: KNOCK_MS }]];
    case 'denied':
      return sentAway(state, page, phase, say('lobby.denied'));
    case 'removed':
      return toDoor(state, page);
    case 'ended':
      return sentAway(state, page, phase, say('lobby.ended'));
    case 'refused':
      // The door itself says more of these than a sentence here.
      return AT_DOOR.includes(event.problem.code) ? toDoor(state, page) : sentAway(state, page, phase, problemText(event.problem));
  }
}

/** Refusals that the room's door shows, each with its remedy. */
const AT_DOOR: readonly string[] = ['locked', 'room_full', 'members_only', 'removed', 'room_unknown', 'not_found'];

/** Waits no more, and looks at the door again. */
function toDoor(state: State, page: RoomPage): Step {
  return [
    withPhase({ ...state, attempt: state.attempt + 1 }, page, { is: 'looking' }),
    [{ type: 'call/leave', attempt: state.attempt }, { type: 'quit' }, ...CALM_DOWN, { type: 'room/look', code: page.code }],
  ];
}

const CALM_DOWN: readonly Effect[] = [{ type: 'timer/stop', name: 'knock' }, { type: 'timer/stop', name: 'patience' }];

function sentAway(state: State, page: RoomPage, phase: Lobby, text: Text): Step {
  const next = withPhase(state, page, { ...phase, entry: { state: 'refused', text } });
  return [announce(next, text), [{ type: 'quit' }, ...CALM_DOWN]];
}

/** The timer to ask again rang. */
export function knockAgain(state: State): Step {
  const page = state.page;
  return page.at === 'room' && page.phase.is === 'lobby' && page.phase.entry.state === 'idle' ? enter(state, null) : stay(state);
}

/** Nobody has answered for a long time. */
export function lateAtDoor(state: State): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'lobby' || page.phase.entry.state !== 'idle') return stay(state);
  return stay(announce(withPhase(state, page, { ...page.phase, late: true }), say('lobby.late')));
}
