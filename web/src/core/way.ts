// Over what the media of a meeting come, and when another way must be looked for. Pure: io/livekit-way looks and acts.
//
// Browsers notice late that a way leads nowhere, some never, and none goes back to a better one by itself. Looking for ways
// anew (an ICE restart) disturbs nothing: what flows goes on flowing until another way is found.

/** What carries media, best first. */
export type Door = 'udp' | 'tcp' | 'relay';

/** What was seen at one look. Times in milliseconds, by one clock. */
export interface Look {
  readonly at: number;
  /** All that has come since the beginning, in bytes. */
  readonly bytes: number;
  /** How long ago the last packet came of what is seen or heard; null where that is not known. */
  readonly age: number | null;
  /** Whether something must come all the time: I am sent reports on what I send, or somebody is seen or heard. */
  readonly expected: boolean;
  /** Null while nothing is connected. */
  readonly door: Door | null;
  /** Whether the server still owes an answer to the last search. */
  readonly unanswered: boolean;
  /** Between question and answer over the socket, as last measured. */
  readonly roundTrip: number;
  /** The device's network has changed since the last look. */
  readonly moved: boolean;
}

/** What to do: look for ways anew, or replace the socket as well, over which nothing is answered. */
export type Remedy = 'none' | 'search' | 'renew';

export interface Watch {
  readonly bytes: number;
  /** When it was last looked. */
  readonly at: number;
  /** When something came last. */
  readonly heard: number;
  /** When ways were last searched because nothing came, and how often since something did. */
  readonly searched: number | null;
  readonly searches: number;
  /** When it was last tried to come back to a better door, and how often in vain. */
  readonly climbed: number | null;
  readonly climbs: number;
}

export function watch(at: number): Watch {
  return { bytes: 0, at, heard: at, searched: null, searches: 0, climbed: null, climbs: 0 };
}

/** What a look says, and what is to be done. */
export function looked(before: Watch, look: Look): readonly [Watch, Remedy] {
  const { at } = look;
  // What came since the last look may have come right after it.
  const since = look.expected ? Math.min(look.age ?? 0, at - before.at) : 0;
  const came = look.bytes !== before.bytes || !look.expected;
  const now: Watch = came ? { ...before, bytes: look.bytes, at, heard: at - since, searches: 0 } : { ...before, at };
  const { searched } = now;
  const silent = at - now.heard >= SILENT_MS;
  if (searched !== null && look.unanswered) {
    // The offer of a search is the best ping there is: what it went over is as dead as the way of the media.
    const patience = silent ? ANSWER_MS + 3 * look.roundTrip : CALM_ANSWER_MS;
    return at - searched >= patience ? [{ ...now, searched: null, heard: at }, 'renew'] : [now, 'none'];
  }
  // An offer that was under way already asks the same, and another one over it would be answered by what was said before.
  if (silent && look.unanswered) return [{ ...now, searched: at }, 'none'];
  if (look.moved) return [{ ...now, searched: at, searches: 1, climbed: at }, 'search'];
  if (silent) {
    const pause = Math.min(SEARCH_MS * 2 ** (now.searches - 1), LONGEST_MS);
    if (searched !== null && now.searches > 0 && at - searched < pause) return [now, 'none'];
    return [{ ...now, searched: at, searches: now.searches + 1, climbed: at }, 'search'];
  }
  return climb(searched === null ? now : { ...now, searched: null }, look);
}

/** A worse door works, so there is no hurry, and the network that shut the better one may be the same all day. */
function climb(now: Watch, { at, door }: Look): readonly [Watch, Remedy] {
  if (door === null) return [now, 'none'];
  if (door === 'udp') return [now.climbed === null ? now : { ...now, climbed: null, climbs: 0 }, 'none'];
  if (now.climbed === null) return [{ ...now, climbed: at }, 'none'];
  if (at - now.climbed < Math.min(CLIMB_MS * 2 ** now.climbs, LONGEST_MS)) return [now, 'none'];
  return [{ ...now, climbed: at, climbs: now.climbs + 1, searched: at }, 'search'];
}

/** How long until the next look: closer where the last one saw nothing come. */
export function pauseAfter(now: Watch, at: number): number {
  return now.heard < at ? CLOSE_LOOK_MS : LOOK_MS;
}

/** How often is looked: a look costs the browser some milliseconds in a large meeting. */
export const LOOK_MS = 500;
const CLOSE_LOOK_MS = 150;
/**
 * Sound comes fifty times a second, word of how it arrives ten times: this long without either is no loss on the line. A
 * false alarm costs one question to the server, and what flows goes on.
 */
const SILENT_MS = 1_000;
/** An answer takes one round trip, which may have become longer, and this much on a busy server. */
const ANSWER_MS = 400;
/** While media flows there is time to see whether the answer is only slow. */
const CALM_ANSWER_MS = 5_000;
/** A search takes some round trips over each way: so long it is given, then twice that, and so on. */
const SEARCH_MS = 4_000;
/** People go home, and leave the café whose network lets no UDP through: soon they are back on it. Then ever rarer. */
const CLIMB_MS = 20_000;
/** The rarest that anything is tried. */
const LONGEST_MS = 300_000;
