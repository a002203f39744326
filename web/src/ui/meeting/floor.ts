// How the parts of the meeting's screen read the meeting: each what it draws, so that one who speaks does not redraw all.

import { createContext, useContext } from 'react';
import { cast, type Cast, type TileView } from '../../core/selectors';
import type { Meeting, Person, State } from '../../core/state';
import type { Store } from '../../store';
import { useRead } from '../context';

/** Reads of the meeting that is on the screen. */
export interface Floor {
  readonly meeting: () => Meeting;
  readonly cast: () => Cast;
}

/** A floor over the store. When the meeting is over it stays as it was last, for the moment until its screen goes. */
export function floorOf(store: Store, first: Meeting): Floor {
  let last = first;
  let state: State | null = null;
  let there: Cast | null = null;
  const look = (): Cast => {
    const now = store.state();
    if (there && state === now) return there;
    state = now;
    const { page } = now;
    if (page.at === 'room' && page.phase.is === 'meeting') last = page.phase;
    else if (there) return there;
    there = sameCast(there, cast(now, last));
    return there;
  };
  return {
    meeting: () => {
      look();
      return last;
    },
    cast: look,
  };
}

/** The older of two when they say the same, part by part: what has not changed is not drawn again. */
export function sameCast(before: Cast | null, now: Cast): Cast {
  if (!before) return now;
  const known = new Map([before.mine, ...before.others, ...before.shares].flatMap((view) => (view ? [[view.key, view]] : [])));
  const kept = (view: TileView): TileView => {
    const old = known.get(view.key);
    return old && sameView(old, view) ? old : view;
  };
  const next: Cast = {
    ...now,
    mine: now.mine && kept(now.mine),
    others: sameList(before.others, now.others.map(kept)),
    shares: sameList(before.shares, now.shares.map(kept)),
  };
  return same(before, next) ? before : next;
}

const sameList = <T>(before: readonly T[], now: readonly T[]): readonly T[] =>
  before.length === now.length && before.every((one, index) => one === now[index]) ? before : now;

/** Whether two values of one shape have the same in every field. */
function same<T extends object>(one: T, other: T): boolean {
  const fields = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).every(([name, value]) => Object.is(value, fields.get(name)));
}

const samePerson = (one: Person, other: Person): boolean => one === other || same(one, other);

const sameView = (one: TileView, other: TileView): boolean =>
  samePerson(one.person, other.person) && same({ ...one, person: null }, { ...other, person: null });

export const FloorContext = createContext<Floor | null>(null);

/** The meeting that is on the screen, for what is done in it. */
export function useFloor(): Floor {
  const floor = useContext(FloorContext);
  if (!floor) throw new Error('a part of the meeting stands outside of it');
  return floor;
}

/** One thing out of the meeting, as [useSelect] gives one out of the state. */
export function useMeeting<T>(select: (meeting: Meeting) => T): T {
  const floor = useFloor();
  return useRead(() => select(floor.meeting()));
}

/** Who and what is on the stage; the same value, down to each tile, as long as nothing of it changed. */
export function useCast(): Cast {
  return useRead(useFloor().cast);
}

/** One thing out of the meeting and its cast; what is picked must be there already, or a plain value. */
export function useStaged<T>(select: (meeting: Meeting, there: Cast) => T): T {
  const floor = useFloor();
  return useRead(() => select(floor.meeting(), floor.cast()));
}
