// What of the others is taken: the pictures that are on the screen, and those whose voices matter. So a room of two hundred
// costs this machine, its line and the server what a room of a dozen does.

import type { Effect } from './effect';
import { line, pinnedOf, pipOf, beside, seatPage, shareKey, shareShown, spotlitOf, stageKind, cast, type Cast, type TileView } from './selectors';
import type { Meeting, Person, State } from './state';
import { andThen, inMeeting, stay, withMeeting, type Step } from './step';
import { earOf, type Viewing } from './viewing';

/** The largest size in which a picture is asked for; never larger than it is drawn, which io/ sees to. */
export type Most = 'low' | 'medium' | 'high';

export interface Taking {
  /** By the key of the tile: a person's own for the camera, the key of the share for a screen. */
  readonly pictures: Readonly<Record<string, Most>>;
  /** Whose microphones, in no order. The sound of a share is always taken: there are few, and whoever shares wants it heard. */
  readonly voices: readonly string[];
}

export interface Taken extends Taking {
  /** Of the pictures those that have left the screen, longest gone first. They are kept for a moment, and paused meanwhile. */
  readonly lingering: readonly string[];
  /** Of those the ones that go when the timer rings; the others came while it ran. */
  readonly due: readonly string[];
}

/** Who talks, as the server tells it of everybody, taken or not. */
export interface Talk {
  /** Those who do now, in the order in which they began. */
  readonly now: readonly string[];
  /** Those who did, longest ago first. */
  readonly before: readonly string[];
}

/** What a strip beside something large shows of its people: from here, up to there. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * So many voices are taken. Up to here everybody is, also who is muted, so that nothing of what somebody says is missed.
 * Beyond, nobody follows more than three or four who talk at once: twelve are those and the ones who had the word before them.
 */
export const VOICES = 12;
/** So many talkers are remembered: more than can ever be taken, so that the order of those who are is known. */
const REMEMBERED = 4 * VOICES;
/** A picture that left the screen is kept for once to twice so long: turning a page and back takes less, reading a page more. */
export const LINGER_MS = 3_000;
/** So many are kept that way. Whoever leafs through the whole room lets go of the first pages on the way. */
export const LINGERING = 12;
/** So many pictures of a grid may be large: four of 1280x720 are what five-year-old laptops decode beside all else. */
const LARGE_UP_TO = 4;
/** And so many of middle size: twelve of 640x360 are fewer points than three large ones. */
const MEDIUM_UP_TO = 12;

export const NOTHING: Taken = { pictures: {}, voices: [], lingering: [], due: [] };
export const SILENT: Talk = { now: [], before: [] };
export const NO_STRETCH: Stretch = { from: 0, to: 0 };

const some = (view: TileView | null): readonly TileView[] => (view ? [view] : []);
const without = (list: readonly string[], one: string): readonly string[] => list.filter((other) => other !== one);

/** Somebody began to talk, or stopped. */
export function talked(talk: Talk, identity: string, talks: boolean): Talk {
  if (talks) return talk.now.includes(identity) ? talk : { now: [...talk.now, identity], before: without(talk.before, identity) };
  if (!talk.now.includes(identity)) return talk;
  return { now: without(talk.now, identity), before: [...without(talk.before, identity), identity].slice(-REMEMBERED) };
}

/** The pictures of others that are on the screen now, each with the largest size that it is worth. */
export function onScreen(meeting: Meeting, there: Cast, saver: Viewing['saver']): Readonly<Record<string, Most>> {
  const found: Record<string, Most> = {};
  const show = (views: readonly TileView[], most: Most): void => {
    for (const { key, kind, me } of views) {
      if (me || key in found) continue;
      // A screen is there to be read; what saves data spares the people.
      if (kind === 'share') found[key] = 'high';
      else if (saver !== 'sound') found[key] = saver === 'data' ? 'low' : most;
    }
  };
  const { from, to } = meeting.stretch;
  switch (stageKind(meeting, there)) {
    case 'grid': {
      const { tiles } = seatPage(meeting, there);
      show(there.shares, 'high');
      show(tiles, tiles.length <= LARGE_UP_TO ? 'high' : tiles.length <= MEDIUM_UP_TO ? 'medium' : 'low');
      break;
    }
    case 'duo':
      show(there.others, 'high');
      break;
    case 'speaker': {
      const { large, strip } = line(meeting, there);
      show(some(large), 'high');
      show(strip.slice(from, to), 'low');
      break;
    }
    case 'share':
      show(some(shareShown(meeting, there)), 'high');
      show(beside(there).slice(from, to), 'low');
      break;
  }
  if (meeting.pip) show(some(pipOf(meeting, there)), 'medium');
  return found;
}

/** Somebody whose voice could be taken. */
export interface Voice {
  readonly identity: string;
  /** Unmuted, and not somebody whom I silenced for myself. */
  readonly audible: boolean;
  /** Pinned, in the spotlight, or whose screen is looked at. */
  readonly foremost: boolean;
  /** On the screen. */
  readonly shown: boolean;
}

/**
 * Whose voices are taken, given whose were. Who talks comes in at once, in the place of whoever has been silent longest.
 * Nobody else is let go for somebody who only might talk, unless the one cannot be heard and the other could.
 */
export function voices(before: readonly string[], all: readonly Voice[], talk: Talk): readonly string[] {
  if (all.length <= VOICES) return same(before, all.map(({ identity }) => identity));
  const taken = new Set(before);
  const order = new Map([...talk.before, ...talk.now].map((identity, index) => [identity, index]));
  const talks = new Set(talk.now);
  const place = ({ identity, audible, foremost, shown }: Voice): number => {
    const held = taken.has(identity);
    if (!audible) return held ? 6 : 7;
    if (talks.has(identity)) return held ? 0 : 1;
    if (foremost) return 2;
    if (held) return 3;
    return shown ? 4 : 5;
  };
  const ranked = all
    .map((voice, seat) => ({ identity: voice.identity, place: place(voice), last: order.get(voice.identity) ?? -1, seat }))
    .toSorted((a, b) => a.place - b.place || b.last - a.last || a.seat - b.seat);
  return same(before, ranked.slice(0, VOICES).map(({ identity }) => identity));
}

/** The list before, where the new one names the same. */
function same(before: readonly string[], now: readonly string[]): readonly string[] {
  if (before.length !== now.length) return now;
  const known = new Set(before);
  return now.every((one) => known.has(one)) ? before : now;
}

/** What is taken on the way in, before the page is drawn: a screen, and those who will have the first seats whatever is drawn. */
export function firstTaken(people: readonly Person[], me: string, saver: Viewing['saver']): Taken {
  const others = people.filter(({ identity }) => identity !== me);
  const screen = others.find(({ share }) => share !== null);
  const first = saver === 'sound' ? [] : others.slice(0, LARGE_UP_TO);
  const most: Most = saver === 'data' ? 'low' : others.length === 1 && !screen ? 'high' : 'medium';
  return {
    ...NOTHING,
    pictures: { ...(screen ? { [shareKey(screen.identity)]: 'high' } : {}), ...Object.fromEntries(first.map(({ identity }) => [identity, most])) },
    voices: voices([], others.map(({ identity, microphone }) => ({ identity, audible: microphone, foremost: false, shown: false })), SILENT),
  };
}

/** What is taken next, given what is taken now. */
function next(state: State, meeting: Meeting, there: Cast): Taken {
  const { saver } = state.viewing;
  const shown = onScreen(meeting, there, saver);
  const { taken } = meeting;
  const keys = new Set([...(saver === 'sound' ? [] : there.others), ...there.shares].map(({ key }) => key));
  const left = Object.keys(taken.pictures).filter((key) => !(key in shown) && keys.has(key));
  const old = taken.lingering.filter((key) => left.includes(key));
  const lingering = [...old, ...left.filter((key) => !old.includes(key))].slice(-LINGERING);
  const kept = Object.fromEntries(lingering.map((key) => [key, taken.pictures[key] ?? 'low'] as const));
  const foremost = new Set([pinnedOf(there), spotlitOf(there), shareShown(meeting, there)].flatMap((view) => (view ? [view.person.identity] : [])));
  const all = there.others.map(({ person: { identity, microphone } }) => ({
    identity,
    audible: microphone && !earOf(state.viewing, identity).hushed,
    foremost: foremost.has(identity),
    shown: identity in shown,
  }));
  const due = taken.due.filter((key) => lingering.includes(key));
  // Where nothing is due no timer runs: one begins with whatever lingers from now on.
  return { pictures: { ...shown, ...kept }, voices: voices(taken.voices, all, meeting.talk), lingering, due: due.length > 0 ? due : lingering };
}

const alike = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};

const meetingOf = ({ page }: State): Meeting | null => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase : null);

/** After every step: brings what is taken in line with what is on the screen and who talks. */
export function watchTaking(before: State, step: Step): Step {
  const [state] = step;
  const [was, now] = [meetingOf(before), meetingOf(state)];
  if (!now) return was ? andThen(step, (over) => [over, [{ type: 'timer/stop', name: 'let-go' }]]) : step;
  if (was === now && before.viewing === state.viewing) return step;
  const { taken } = now;
  const wanted = next(state, now, cast(state, now));
  if (wanted.voices === taken.voices && alike(wanted.pictures, taken.pictures) && equal(wanted.lingering, taken.lingering)) return step;
  return andThen(step, (then) => [withMeeting(then, { taken: wanted }), [
    ...(wanted.voices === taken.voices && alike(wanted.pictures, taken.pictures) ? [] : [take(wanted)]),
    // Those that were due are all gone, or there were none: the time begins for those that are now.
    ...(wanted.due.length > 0 && !wanted.due.some((key) => taken.due.includes(key)) ? [LET_GO] : []),
  ]]);
}

const equal = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((key, at) => key === other[at]);
/** Says what is taken from now on; what is taken already costs nothing to say again. */
export const take = ({ pictures, voices: heard }: Taking): Effect => ({ type: 'call/take', taking: { pictures, voices: heard } });
const LET_GO: Effect = { type: 'timer', timer: { name: 'let-go' }, ms: LINGER_MS };

/** Pictures have been off the screen for long enough: they are let go of. */
export function letGo(state: State): Step {
  return inMeeting(state, ({ taken }) => {
    if (taken.due.length === 0) return stay(state);
    const pictures = Object.fromEntries(Object.entries(taken.pictures).filter(([key]) => !taken.due.includes(key)));
    const lingering = taken.lingering.filter((key) => !taken.due.includes(key));
    const now: Taken = { ...taken, pictures, lingering, due: lingering };
    return [withMeeting(state, { taken: now }), [take(now), ...(lingering.length > 0 ? [LET_GO] : [])]];
  });
}
