// What every part of the update gives back, and the few things that several parts do.

import { say, type Text } from '../i18n/text';
import type { Effect } from './effect';
import type { Kept, Meeting, Phase, RoomPage, State, Toast } from './state';

export type Step = readonly [State, readonly Effect[]];

/** A toast goes by itself after this long: enough to read two short sentences. */
const TOAST_MS = 5_000;
/** With something to do in it. */
const REMEDY_MS = 12_000;
/** So many toasts are kept in the list; the oldest go. Nobody reads back further than an evening's coming and going. */
const MOST_KEPT = 100;

export const stay = (state: State): Step => [state, []];

export function toast(state: State, text: Text, tone: Toast['tone'] = 'plain', remedy: readonly Text[] = []): Step {
  const id = state.count + 1;
  const shown: Toast = { id, text, tone, remedy };
  const kept: Kept = { ...shown, at: null };
  return [
    { ...state, count: id, toast: shown, kept: [...state.kept, kept].slice(-MOST_KEPT) },
    [
      { type: 'timer', timer: { name: 'toast', id }, ms: remedy.length > 0 ? REMEDY_MS : TOAST_MS },
      { type: 'timer', timer: { name: 'stamp' }, ms: 0 },
    ],
  ];
}

/** The toasts that came since the last stamp came now. */
export const stamped = (state: State, at: number): State =>
  ({ ...state, kept: state.kept.map((one) => (one.at === null ? { ...one, at } : one)) });

/** More sentences at once than this would never be listened to: the oldest go. */
const SAID_AT_ONCE = 8;

/** Speaks to the live region, one sentence after the other; what is shown does not change. */
export function announce(state: State, ...texts: readonly Text[]): State {
  const said = texts.map((text, index) => ({ id: state.count + 1 + index, text }));
  return { ...state, count: state.count + texts.length, said: [...state.said, ...said].slice(-SAID_AT_ONCE) };
}

/** Whether this attempt to get in is the one that counts now. */
export const isCurrent = (state: State, told: { readonly attempt: number }): boolean => told.attempt === state.attempt;

/** Does one step after another. */
export function andThen(step: Step, next: (state: State) => Step): Step {
  const [state, effects] = next(step[0]);
  return [state, [...step[1], ...effects]];
}

export function withPhase(state: State, page: RoomPage, phase: Phase): State {
  return { ...state, page: { ...page, phase } };
}

/** Changes the meeting; does nothing when there is none. */
export function inMeeting(state: State, change: (meeting: Meeting, page: RoomPage) => Step): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return stay(state);
  return change(page.phase, page);
}

export function withMeeting(state: State, change: Partial<Meeting>): State {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return state;
  return withPhase(state, page, { ...page.phase, ...change });
}

export const remember = (state: State): Step => [
  state,
  [{ type: 'remember', settings: state.settings, devices: state.devices }],
];

export { say };
