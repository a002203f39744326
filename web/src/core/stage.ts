// What the stage shows: seats and pages, the speaker, the layout chosen, the share whose tab is open.

import type { Event } from './event';
import type { Meeting, Person, State } from './state';
import { exchanged, pages } from './layout/order';
import { cast, pipOf } from './selectors';
import { andThen, inMeeting, stay, withMeeting, type Step } from './step';
import { talked } from './taking';
import { change } from './view-habits';

type StageEvent = Extract<Event, { type: `stage/${string}` }>;

/** Somebody is fetched from another page, and another one becomes large, at most this often. */
const SWAP_MS = 2_000;

export function stage(state: State, event: StageEvent): Step {
  switch (event.type) {
    case 'stage/layout':
      // Whoever picks a layout wants to see it: what was pinned would stand in its way.
      return stay(withMeeting(state, { layout: event.layout, pinned: null }));
    case 'stage/seats':
      return inMeeting(state, (meeting) =>
        meeting.seatsOnPage === event.seats ? stay(state) : stay(reseated(state, { ...meeting, seatsOnPage: event.seats })));
    case 'stage/page':
      return inMeeting(state, (meeting) => stay(withMeeting(state, { page: turned(meeting, event.page) })));
    case 'stage/strip':
      return inMeeting(state, ({ stretch: { from, to } }) =>
        from === event.from && to === event.to ? stay(state) : stay(withMeeting(state, { stretch: { from: event.from, to: event.to } })));
    case 'stage/corner':
      return andThen(stay(withMeeting(state, { corner: event.corner })), (now) => change(now, { ...now.viewing, corner: event.corner }));
    case 'stage/show':
      return stay(withMeeting(state, { shown: event.share, pinned: null }));
    case 'stage/pin':
      return inMeeting(state, (meeting) => stay(withMeeting(state, { pinned: meeting.pinned === event.key ? null : event.key })));
    case 'stage/zoom':
      return stay(withMeeting({ ...state, count: state.count + 1 }, { zoom: { wish: event.zoom, id: state.count + 1 } }));
    case 'stage/pip':
      return inMeeting(state, (meeting) => {
        if (state.browser.pictureInPicture === 'none') return stay(state);
        const key = pipOf(meeting, cast(state, meeting))?.key ?? null;
        return [state, [{ type: 'pip', on: !meeting.pip, key }]];
      });
    case 'stage/fullscreen':
      return [state, [{ type: 'fullscreen' }]];
  }
}

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

/** Somebody began to speak: who becomes large at once, or when the one before has been so for long enough. */
export function spoke(state: State, meeting: Meeting, identity: string, at: number): Step {
  if (identity === meeting.me) return stay(state);
  const noted = { spoke: { ...meeting.spoke, [identity]: at }, talk: talked(meeting.talk, identity, true) };
  if (meeting.foremost === identity) return stay(withMeeting(state, { ...noted, waiting: null }));
  const left = SWAP_MS - (at - meeting.turnedAt);
  if (left <= 0 || meeting.foremost === null) {
    return stay(withMeeting(state, { ...noted, ...large(meeting, identity), turnedAt: at }));
  }
  return [withMeeting(state, { ...noted, waiting: identity }), [{ type: 'timer', timer: { name: 'turn' }, ms: left }]];
}

/** The one before has been large for long enough: whoever waited is next. */
export function turn(state: State): Step {
  return inMeeting(state, (meeting) => {
    const { waiting } = meeting;
    if (waiting === null || !meeting.seats.includes(waiting)) return stay(state);
    return stay(withMeeting(state, { ...large(meeting, waiting), turnedAt: meeting.turnedAt + SWAP_MS }));
  });
}

const large = (meeting: Meeting, identity: string): Partial<Meeting> =>
  ({ foremost: identity, waiting: null, order: exchanged(meeting.order, identity) });


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
