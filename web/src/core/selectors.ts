// What screens read out of the state.

import type { Capture, Device, Kind, Meeting, Person, Source, State, Trouble } from './state';
import { exchanged, pages } from './layout/order';
import { avatarIn } from './meeting/people';
import { AS_THEY_ARE, earOf } from './viewing';

export interface TileView {
  readonly key: string;
  readonly person: Person;
  readonly me: boolean;
  readonly kind: 'camera' | 'share';
  /** Where the picture of the person's account is, if there is one. */
  readonly avatar?: string | undefined;
  readonly track: string | null;
  readonly muted: boolean;
  /** A share whose picture stands still. */
  readonly paused: boolean;
  /** The server holds the picture back. */
  readonly held: boolean;
  /** Large, because I made it so. */
  readonly pinned: boolean;
  /** Large for everybody who did not choose otherwise, because a host made it so. */
  readonly spotlit: boolean;
  /** I do not hear this person, because I chose so. */
  readonly hushed: boolean;
  /** How loud I hear this person, in hundredths. */
  readonly volume: number;
}

/** Whether this is a page above which everything can be searched; in and around meetings there are actions by name alone. */
export const hasSearch = ({ session, page }: State): boolean => session.is === 'known' && page.at !== 'room';

/** The person, with what I have just pressed taken for done. */
function seen(state: State, meeting: Meeting, person: Person): TileView {
  const me = person.identity === meeting.me;
  const unseen = me ? !state.devices.camera.wanted : state.viewing.saver === 'sound';
  const { hushed, volume } = me ? AS_THEY_ARE : earOf(state.viewing, person.identity);
  return {
    key: person.identity,
    person,
    me,
    kind: 'camera',
    avatar: avatarIn(meeting, person.identity),
    track: unseen ? null : person.camera,
    muted: me ? !state.devices.microphone.wanted : !person.microphone,
    paused: false,
    held: !me && meeting.held.shown.includes(person.identity),
    pinned: meeting.pinned === person.identity,
    spotlit: isLit(meeting, person.identity),
    hushed,
    volume,
  };
}

/** Whether a host put the person behind a tile into the spotlight. */
const isLit = ({ live }: Meeting, identity: string): boolean =>
  live?.spotlight !== undefined && live.people.some((one) => one.person === live.spotlight && one.identities.includes(identity));

export const shareKey = (identity: string): string => `${identity}/share`;

const shareOf = (state: State, meeting: Meeting, person: Person): TileView => ({
  ...AS_SHARED,
  ...earOf(state.viewing, person.identity),
  key: shareKey(person.identity),
  person,
  me: false,
  track: person.screen,
  paused: person.sharePaused,
  held: meeting.held.shown.includes(shareKey(person.identity)),
  pinned: meeting.pinned === shareKey(person.identity),
});

const AS_SHARED = { kind: 'share', muted: false, spotlit: false } as const;

export interface Cast {
  readonly mine: TileView | null;
  /** By seat. */
  readonly others: readonly TileView[];
  /** Shares of others, oldest first. */
  readonly shares: readonly TileView[];
}

export function cast(state: State, meeting: Meeting): Cast {
  const byIdentity = new Map(meeting.people.map((person) => [person.identity, person]));
  const me = byIdentity.get(meeting.me);
  const alone = meeting.seats.length === 0;
  const others = meeting.seats.flatMap((identity) => {
    const person = byIdentity.get(identity);
    return person ? [seen(state, meeting, person)] : [];
  });
  return {
    // Hidden from me alone, and never where nothing else would be seen.
    mine: me && (alone || !state.viewing.selfHidden) ? seen(state, meeting, me) : null,
    others,
    shares: meeting.people
      .filter((person) => person.identity !== meeting.me && person.share !== null)
      .map((person) => shareOf(state, meeting, person)),
  };
}

export type StageKind = 'grid' | 'duo' | 'speaker' | 'share';

/**
 * What the stage shows: the person's own choice wins, else what there is to see decides. A screen goes before the spotlight,
 * which waits in the strip meanwhile: whoever looks at a screen reads it.
 */
export function stageKind(meeting: Meeting, there: Cast): StageKind {
  const layout = meeting.layout;
  const pinned = pinnedOf(there);
  if (pinned?.kind === 'share') return 'share';
  if (pinned && (pinned.me || there.others.length > 1 || there.shares.length > 0)) return 'speaker';
  if (there.shares.length > 0 && (layout === 'auto' || layout === 'side')) return 'share';
  if (there.others.length >= 2 && (layout === 'speaker' || (layout === 'auto' && spotlitOf(there)))) return 'speaker';
  if (there.others.length === 1 && there.shares.length === 0) return 'duo';
  return 'grid';
}

/** The tile that I pinned. */
export const pinnedOf = ({ mine, others, shares }: Cast): TileView | null =>
  [...others, ...shares, ...(mine ? [mine] : [])].find((view) => view.pinned) ?? null;

/** Whom a host made large for me. Nobody looks at themselves large for that: who is in the spotlight goes on seeing the others. */
export const spotlitOf = ({ others }: Pick<Cast, 'others'>): TileView | null => others.find((view) => view.spotlit) ?? null;

/** Who stands beside a screen: the one in the spotlight first. */
export function beside({ mine, others }: Cast): readonly TileView[] {
  const lit = spotlitOf({ others });
  return [...(lit ? [lit] : []), ...others.filter((view) => view !== lit), ...(mine ? [mine] : [])];
}

/** The large tile of the speaker view, and the others in the strip: whoever becomes large changes places with the one before. */
export function line({ order }: Pick<Meeting, 'order'>, there: Cast): { readonly large: TileView | null; readonly strip: readonly TileView[] } {
  const pinned = pinnedOf(there);
  const mine = there.mine ? [there.mine] : [];
  if (pinned?.me) return { large: pinned, strip: [...there.shares, ...there.others] };
  const fixed = pinned ?? spotlitOf(there);
  const now = fixed ? exchanged(order, fixed.key) : order;
  const byKey = new Map(there.others.map((view) => [view.key, view]));
  const [large, ...others] = now.flatMap((identity) => byKey.get(identity) ?? []);
  return { large: large ?? null, strip: [...there.shares, ...others, ...mine] };
}

/** The share whose tab is open: pinned, picked, or the first. */
export const shareShown = (meeting: Pick<Meeting, 'shown'>, { shares }: Cast): TileView | null =>
  shares.find((view) => view.pinned) ?? shares.find((view) => view.person.share === meeting.shown) ?? shares[0] ?? null;

/** What the small window shows: what I pinned, a screen, who speaks, or me when I am alone. */
export const pipOf = (meeting: Meeting, there: Cast): TileView | null =>
  pinnedOf(there) ?? shareShown(meeting, there) ?? line(meeting, there).large ?? there.mine;

export interface SeatPage {
  readonly tiles: readonly TileView[];
  readonly page: number;
  readonly pages: number;
}

/** The others on the page that is open. */
export function seatPage(meeting: Pick<Meeting, 'page' | 'seats' | 'seatsOnPage'>, there: Cast): SeatPage {
  const count = pages(meeting);
  const page = Math.min(meeting.page, count - 1);
  const from = page * meeting.seatsOnPage;
  return { tiles: there.others.slice(from, from + meeting.seatsOnPage), page, pages: count };
}

export const devicesOf = (state: Pick<State, 'devices'>, kind: Kind): readonly Device[] =>
  state.devices.list.filter((device) => device.kind === kind && device.id !== '');

/** Which device of a kind carries the tick. */
export function ticked(state: Pick<State, 'devices'>, kind: Kind): string | null {
  const there = devicesOf(state, kind);
  const chosen = kind === 'speaker' ? state.devices.speaker.chosen : (state.devices[kind].used ?? state.devices[kind].chosen);
  return there.some((device) => device.id === chosen) ? chosen : (there[0]?.id ?? null);
}

/** Troubles that take the picture's place before the meeting: a silent microphone does not, and what was not sent comes later. */
type DoorTrouble = Exclude<Trouble, 'silent' | 'not-sent'>;

export interface TroubleView {
  readonly of: 'both' | Capture;
  readonly trouble: DoorTrouble;
}

const doorTrouble = ({ wanted, trouble }: Source): DoorTrouble | null =>
  wanted && trouble !== 'silent' && trouble !== 'not-sent' ? trouble : null;

/** The trouble which pre-join draws large: the camera's, or both when they are the same, or the microphone's. */
export function troubleOf(state: Pick<State, 'devices'>): TroubleView | null {
  const { camera, microphone } = state.devices;
  const cameraTrouble = doorTrouble(camera);
  const microphoneTrouble = doorTrouble(microphone);
  if (cameraTrouble !== null) {
    return { of: cameraTrouble === microphoneTrouble ? 'both' : 'camera', trouble: cameraTrouble };
  }
  return microphoneTrouble === null ? null : { of: 'microphone', trouble: microphoneTrouble };
}
