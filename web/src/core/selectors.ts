// What screens read out of the state.

import type { Capture, Device, Kind, Meeting, Person, Source, State, Trouble } from './state';
import { pages } from './stage';

export interface TileView {
  readonly key: string;
  readonly person: Person;
  readonly me: boolean;
  readonly kind: 'camera' | 'share';
  readonly track: string | null;
  readonly muted: boolean;
}

/** The person, with what I have just pressed taken for done. */
function seen(state: State, meeting: Meeting, person: Person): TileView {
  const me = person.identity === meeting.me;
  const camera = me && !state.devices.camera.wanted ? null : person.camera;
  return {
    key: person.identity,
    person,
    me,
    kind: 'camera',
    track: camera,
    muted: me ? !state.devices.microphone.wanted : !person.microphone,
  };
}

const shareOf = (person: Person): TileView => ({
  key: `${person.identity}/share`,
  person,
  me: false,
  kind: 'share',
  track: person.share,
  muted: false,
});

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
  const others = meeting.seats.flatMap((identity) => {
    const person = byIdentity.get(identity);
    return person ? [seen(state, meeting, person)] : [];
  });
  return {
    mine: me ? seen(state, meeting, me) : null,
    others,
    shares: meeting.people
      .filter((person) => person.identity !== meeting.me && person.share !== null)
      .map(shareOf),
  };
}

export type StageKind = 'grid' | 'duo' | 'speaker' | 'share';

/** What the stage shows: the person's own choice wins, else what there is to see decides. */
export function stageKind(meeting: Meeting, there: Cast): StageKind {
  const layout = meeting.layout;
  if (there.shares.length > 0 && (layout === 'auto' || layout === 'side')) return 'share';
  if (there.others.length >= 2 && layout === 'speaker') return 'speaker';
  if (there.others.length === 1 && there.shares.length === 0) return 'duo';
  return 'grid';
}

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
