// Calls and who can be called: what is known of them here, and what is read out of it.

import type { Text } from '../../i18n/text';
import type { BookEntry, Call, Contact, MyPresence, Party, Presence, Reachable, RoomInvitation } from '../../proto/api.gen';
import type { State } from '../state';
import type { Step } from '../step';
import type { Editing } from './book';

export interface Calling {
  /** What this browser is called among my devices; drawn once, and the same in all its windows. */
  readonly device: string;
  /** Nobody has touched this device for a while. */
  readonly idle: boolean;
  /** Who is to be found, and how, and who does not show me that, by account; whoever is not in it is offline. */
  readonly people: Readonly<Record<string, Reachable>>;
  /** What I say of myself; nothing until the server said what that is. */
  readonly said: MyPresence | null;
  /** How often I said something else that is not kept yet. */
  readonly saying: number;
  /** My phone book; nothing until it came. */
  readonly book: readonly BookEntry[] | null;
  /** The form for one of its entries. */
  readonly editing: Editing | null;
  /** A file of cards is on its way. */
  readonly importing: boolean;
  /** My calls, the oldest first, as last told. */
  readonly calls: readonly Call[];
  /** The number of the last list on this line; a smaller one is older. Each new line begins anew. */
  readonly number: number;
  /** Of which calls this window has said, on this line, that they ring here. */
  readonly rung: readonly string[];
  /** What was pressed on the card of a call, until the server says the same. */
  readonly pressed: Readonly<Record<string, Pressed>>;
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
  /** Everybody who could be asked in, as last fetched for that. */
  readonly directory: readonly Contact[] | null;
  readonly directoryTrouble: Text | null;
  /** The call that waits on hold while I ask somebody whether they take it. */
  readonly asks: string | null;
  /** For whom I wait until they are free, and who of those whom I waited for is free now; the oldest first. */
  readonly awaited: readonly Contact[];
  readonly free: readonly Contact[];
  /** How many calls I have missed and not looked at, and how often that was asked or changed: of answers the newest alone is true. */
  readonly missed: number;
  readonly counted: number;
  /** How many messages I have not heard, and how often that was told. */
  readonly unheard: number;
  readonly mail: number;
  /** Meetings that I am asked into, the oldest first, as last told on this line. */
  readonly asked: readonly RoomInvitation[];
  readonly askedNumber: number;
  /** Which of them were said, on whatever line. */
  readonly askedKnown: readonly string[];
  /** Into which of them I am on the way: the server has not answered yet, and I went into no call since. */
  readonly coming: string | null;
  /** How often the line was lost since it last stood. */
  readonly lost: number;
}

/** `keep`: answers, and the call that this window is in is put on hold; `refused`: was over before that, and the server has still to say how. */
export type Pressed = 'answer' | 'video' | 'keep' | 'refused' | 'decline' | 'resume' | 'back' | 'merge';

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
  /** The call that this window was in before goes on, on hold. */
  readonly keeps: boolean;
}

export const calm = (device: string): Calling => ({
  device, idle: false, people: {}, said: null, saying: 0, book: null, editing: null, importing: false, calls: [], number: 0, rung: [], pressed: {}, hushed: [], placing: null, outcome: null, afterword: null, mine: null, directory: null, directoryTrouble: null, asks: null, awaited: [], free: [],
  missed: 0, counted: 0, unheard: 0, mail: 0, asked: [], askedNumber: 0, askedKnown: [], coming: null, lost: 0,
});

export const withCalling = (state: State, change: Partial<Calling>): State => ({ ...state, calling: { ...state.calling, ...change } });

/** Asks how many calls I have missed. */
export function countMissed(state: State): Step {
  const nth = state.calling.counted + 1;
  return [withCalling(state, { counted: nth }), [{ type: 'call', call: { name: 'calls/missed', nth } }]];
}

/** I have looked at them, here or on another device: what was counted before is no longer true. */
export const looked = (state: State): Step => countMissed(withCalling(state, { missed: 0 }));

/** How somebody is found: as they show it, or that they do not. */
export type Found = Presence | 'hidden';

export const foundAs = (one: Reachable | undefined): Found => (one?.hidden === true ? 'hidden' : one?.presence ?? 'offline');

export const presenceOf = (state: State, account: string): Found => foundAs(state.calling.people[account]);

/** Over for me, whatever the others do. */
export const isOver = (call: Call): boolean => call.ended !== undefined || call.stage.is === 'ended';

/** Whether it waits for me to answer. */
export const ringsHere = (call: Call): boolean => !isOver(call) && (call.stage.is === 'dialing' || call.stage.is === 'ringing');

/** Whom the call is about: without those to whom it was forwarded, and without whoever forwarded it to me. */
export const meantOf = (call: Call): readonly Party[] =>
  call.others.filter(({ account, forwarder }) => forwarder === undefined && account !== call.forwarder);

/** To whom somebody forwarded the call. */
export const takerOf = (call: Call, account: string | undefined): Party | undefined =>
  call.others.find(({ forwarder }) => forwarder !== undefined && forwarder === account);

/** To whom it was forwarded from me: of the others nobody did that. */
export const mineOf = (call: Call): Party | undefined =>
  call.others.find(({ forwarder }) => forwarder !== undefined && call.others.every(({ account }) => account !== forwarder));

/** Who forwarded the call to me. */
export const forwarderOf = (call: Call): Party | undefined => call.others.find(({ account }) => account === call.forwarder);

/** Those who are in it or may still come; whom it was about, once nobody is. */
export function partiesOf(call: Call): readonly Party[] {
  const there = call.others.filter(({ stage }) => stage.is !== 'ended');
  return there.length > 0 ? there : meantOf(call);
}

/** Whoever placed it, or else the first who was called. */
export const otherOf = (call: Call): Party | undefined => partiesOf(call)[0];

/** Everybody else, by name. */
export const namesOf = (call: Call): string => partiesOf(call).map(({ name }) => name).join(', ');

/** It rings for them as it does for me: they are called, and do not call. */
export const calledToo = (call: Call): readonly Party[] => {
  const others = call.outgoing || isOver(call) ? [] : partiesOf(call);
  return others.filter(({ caller, stage }) => !caller && (stage.is === 'dialing' || stage.is === 'ringing'));
};

/** Who calls me, or called, by name: whoever placed it, and those who are in it by now; not the others who are called. */
export function callersOf(call: Call): readonly Party[] {
  if (call.outgoing) return partiesOf(call);
  const too = calledToo(call);
  const callers = isOver(call) ? call.others.filter(({ caller }) => caller) : partiesOf(call).filter((one) => !too.includes(one));
  return callers.length > 0 ? callers : partiesOf(call);
}

/** Who has the call on hold, where nobody else is there to talk to: the one who waits hears no voice. */
export function heldBy(call: Call): string | null {
  const there = call.others.filter(({ stage }) => stage.is === 'active' || stage.is === 'connecting' || stage.is === 'held');
  return !isOver(call) && there.length > 0 && there.every(({ stage }) => stage.is === 'held') ? there.map(({ name }) => name).join(', ') : null;
}

/** Nothing passes in it now: I have it on hold, or all the others have. */
export const rests = (call: Call): boolean => call.stage.is === 'held' || heldBy(call) !== null;

/** This window is in it, or on the way. */
export const isHere = (state: Pick<State, 'page' | 'calling'>, id: string): boolean => inside(state) && callHere(state)?.id === id;

/** Calls that wait for me, the oldest first. */
export const incoming = (state: Pick<State, 'page' | 'calling'>): readonly Call[] =>
  state.calling.calls.filter((call) => ringsHere(call) && !isGone(state.calling.pressed[call.id]) && !isHere(state, call.id));

/** Nothing is left to do about it here, whatever the last list says. */
const isGone = (pressed: Pressed | undefined): boolean => pressed === 'decline' || pressed === 'refused';

/** So many cards of calls are shown at once: no more fit on a telephone. */
const CARDS = 3;

/** The calls whose cards are shown: these ring here, and no others. */
export const carded = (state: Pick<State, 'page' | 'calling'>): readonly Call[] => incoming(state).slice(0, CARDS);

/** So many wait for me beside those. */
export const uncarded = (state: Pick<State, 'page' | 'calling'>): number => Math.max(0, incoming(state).length - CARDS);

/** The one that is heard, and that the system shows: the first that rings aloud and about which nothing was pressed. */
export const foremost = (state: Pick<State, 'page' | 'calling'>): Call | null => {
  const { hushed, pressed } = state.calling;
  const shown = carded(state);
  return shown.find(({ id }) => !hushed.includes(id) && pressed[id] === undefined) ?? shown[0] ?? null;
};

/** The call that the room on the screen carries, also when it is over already. */
export function callHere({ page, calling }: Pick<State, 'page' | 'calling'>): Call | null {
  const { mine } = calling;
  return mine !== null && page.at === 'room' && page.code === mine.call.code ? mine.call : null;
}

/** The room on the screen carried a call that is over: nobody is left there to talk to. */
export function isCallOver(state: Pick<State, 'page' | 'calling'>): boolean {
  const call = callHere(state);
  return call !== null && isOver(call);
}

/** On the way into a meeting, or in it. */
export const inside = ({ page }: Pick<State, 'page'>): boolean =>
  page.at === 'room' && (page.phase.is === 'meeting' || page.phase.is === 'entering');

/** Calls that this device has on hold, but for the one on the screen; the oldest first. */
export const heldCalls = (state: Pick<State, 'page' | 'calling'>): readonly Call[] => {
  const here = inside(state) ? callHere(state)?.id : undefined;
  return state.calling.calls.filter((call) => call.stage.is === 'held' && call.on?.device === state.calling.device && call.id !== here);
};

/** In a call that goes on. */
export const inCall = (state: Pick<State, 'page' | 'calling'>): boolean => {
  const call = callHere(state);
  return call !== null && inside(state) && !isOver(call);
};

/** On how many devices of the others it rings. */
export const devicesRinging = (call: Call): number =>
  call.others.reduce((sum, { stage, devices }) => (stage.is === 'ringing' ? sum + devices : sum), 0);
