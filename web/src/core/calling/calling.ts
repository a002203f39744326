// Calls and who can be called: what is known of them here, and what is read out of it.

import type { Text } from '../../i18n/text';
import type { Call, Party, Presence, Reachable } from '../../proto/api.gen';
import type { State } from '../state';

export interface Calling {
  /** What this browser is called among my devices; drawn once, and the same in all its windows. */
  readonly device: string;
  /** Nobody has touched this device for a while. */
  readonly idle: boolean;
  /** Who is to be found, and how, by account; whoever is not in it is offline. */
  readonly people: Readonly<Record<string, Reachable>>;
  /** My calls, the oldest first, as last told. */
  readonly calls: readonly Call[];
  /** The number of the last list on this line; a smaller one is older. Each new line begins anew. */
  readonly number: number;
  /** Of which calls this window has said, on this line, that they ring here. */
  readonly rung: readonly string[];
  /** What was pressed on the card of a call, until the server says the same. */
  readonly pressed: Readonly<Record<string, 'answer' | 'video' | 'decline'>>;
  /** Calls that ring without a sound here. */
  readonly hushed: readonly string[];
  /** Whom I am about to call: the server has not answered yet. */
  readonly placing: Placing | null;
  /** A call that was over as soon as it was placed, and the reason on a card. */
  readonly outcome: Call | null;
  /** What became of a call that rang here, for a moment where its card was. */
  readonly afterword: Afterword | null;
  /** The call that this window is in, or has just been in. */
  readonly mine: Mine | null;
  /** How often the line was lost since it last stood. */
  readonly lost: number;
}

export interface Placing {
  readonly people: readonly string[];
  readonly video: boolean;
}

export interface Afterword {
  readonly call: Call;
  readonly text: Text;
}

export interface Mine {
  /** As last told; it stays when the server speaks of it no more. */
  readonly call: Call;
  /** A list had it: from then on a list without it says that it is over. */
  readonly told: boolean;
  /** I ended it here. */
  readonly hungUp: boolean;
}

export const calm = (device: string): Calling => ({
  device, idle: false, people: {}, calls: [], number: 0, rung: [], pressed: {}, hushed: [], placing: null, outcome: null, afterword: null, mine: null, lost: 0,
});

export const withCalling = (state: State, change: Partial<Calling>): State => ({ ...state, calling: { ...state.calling, ...change } });

export const presenceOf = (state: State, account: string): Presence => state.calling.people[account]?.presence ?? 'offline';

/** Over for me, whatever the others do. */
export const isOver = (call: Call): boolean => call.ended !== undefined || call.stage.is === 'ended';

/** Whether it waits for me to answer. */
export const ringsHere = (call: Call): boolean => !call.outgoing && !isOver(call) && (call.stage.is === 'dialing' || call.stage.is === 'ringing');

/** Whoever placed it, or else the first who was called. */
export const otherOf = (call: Call): Party | undefined => call.others[0];

/** Everybody else, by name. */
export const namesOf = (call: Call): string => call.others.map(({ name }) => name).join(', ');

/** Calls that wait for me, the oldest first. */
export const incoming = ({ calling }: Pick<State, 'calling'>): readonly Call[] =>
  calling.calls.filter((call) => ringsHere(call) && calling.pressed[call.id] !== 'decline' && calling.mine?.call.id !== call.id);

/** The one whose card is shown. */
export const foremost = (state: Pick<State, 'calling'>): Call | null => incoming(state)[0] ?? null;

/** The call that the room on the screen carries, also when it is over already. */
export function callHere({ page, calling }: Pick<State, 'page' | 'calling'>): Call | null {
  const { mine } = calling;
  return mine !== null && page.at === 'room' && page.code === mine.call.code ? mine.call : null;
}

/** On the way into a meeting, or in it. */
export const inside = ({ page }: Pick<State, 'page'>): boolean =>
  page.at === 'room' && (page.phase.is === 'meeting' || page.phase.is === 'entering');

/** In a call that goes on. */
export const inCall = (state: Pick<State, 'page' | 'calling'>): boolean => {
  const call = callHere(state);
  return call !== null && inside(state) && !isOver(call);
};

/** On how many devices of the others it rings. */
export const devicesRinging = (call: Call): number =>
  call.others.reduce((sum, { stage, devices }) => (stage.is === 'ringing' ? sum + devices : sum), 0);
