// What the stage shows: seats and pages, the speaker, the layout chosen, the share whose tab is open.

import type { Event } from './event';
import type { Meeting, Person, State } from './state';
import { inMeeting, stay, withMeeting, type Step } from './step';

type StageEvent = Extract<Event, { type: `stage/${string}` }>;

/** Somebody is fetched from another page at most this often. */
const SWAP_MS = 2_000;

export function stage(state: State, event: StageEvent): Step {
  switch (event.type) {
    case 'stage/layout':
      return stay(withMeeting(state, { layout: event.layout }));
    case 'stage/seats':
      return inMeeting(state, (meeting) =>
        meeting.seatsOnPage === event.seats ? stay(state) : stay(reseated(state, { ...meeting, seatsOnPage: event.seats })));
    case 'stage/page':
      return inMeeting(state, (meeting) => stay(withMeeting(state, { page: turned(meeting, event.page) })));
    case 'stage/corner':
      return stay(withMeeting(state, { corner: event.corner }));
    case 'stage/show':
      return stay(withMeeting(state, { shown: event.share }));
    case 'stage/fullscreen':
      return [state, [{ type: 'fullscreen' }]];
  }
}

export const pages = (meeting: Pick<Meeting, 'seats' | 'seatsOnPage'>): number =>
  Math.max(1, Math.ceil(meeting.seats.length / Math.max(1, meeting.seatsOnPage)));

const turned = (meeting: Meeting, page: number): number => Math.min(Math.max(0, page), pages(meeting) - 1);

/** Another number of seats fits on a page: whoever looked at a later page stays there, as far as there is one. */
const reseated = (state: State, meeting: Meeting): State =>
  withMeeting(state, { seatsOnPage: meeting.seatsOnPage, page: turned(meeting, meeting.page) });

/** Those who stay keep their seats, newcomers sit down at the end. */
export function seat(seats: readonly string[], others: readonly Person[]): readonly string[] {
  const here = others.map((person) => person.identity);
  return [
    ...seats.filter((identity) => here.includes(identity)),
    ...here.filter((identity) => !seats.includes(identity)),
  ];
}

/** Somebody began to speak. */
export function spoke(meeting: Meeting, identity: string, at: number): Partial<Meeting> {
  return identity === meeting.me ? {} : { spoke: { ...meeting.spoke, [identity]: at }, foremost: identity };
}

/** In the grid, whoever speaks from another page takes the seat of the one silent longest; nobody else moves. */
export function fetched(meeting: Meeting, identity: string, at: number): Partial<Meeting> {
  const from = meeting.page * meeting.seatsOnPage;
  const shown = meeting.seats.slice(from, from + meeting.seatsOnPage);
  if (shown.includes(identity) || !meeting.seats.includes(identity) || at - meeting.swapped < SWAP_MS) return {};
  const silent = shown.reduce<string | undefined>(
    (least, other) => (least === undefined || (meeting.spoke[other] ?? 0) < (meeting.spoke[least] ?? 0) ? other : least),
    undefined,
  );
  if (silent === undefined) return {};
  const seats = meeting.seats.map((seated) => (seated === identity ? silent : seated === silent ? identity : seated));
  return { seats, swapped: at };
}
