// What the meeting is told to be: who is in and as what, hands, who waits; and what is said when that changes.

import { say } from '../../i18n/text';
import type { Attendee, Knocker, MeetingState, Role } from '../../proto/api.gen';
import type { Meeting, State } from '../state';
import { andThen, announce, inMeeting, stay, toast, withMeeting, type Step } from '../step';
import { personOf } from '../viewing';
import { leads, mention, mySelf, ring, withBeside } from './aside';

/** The whole state came. An older one than the last changes nothing. */
export function meetingTold(state: State, now: MeetingState): Step {
  return inMeeting(state, (meeting) => {
    if (now.number < meeting.told) return stay(state);
    const step = stay(withMeeting(state, { live: now, told: now.number }));
    return [knocks, hands, office, light, pause].reduce((done, part) => andThen(done, (next) => part(next, meeting.live, now)), step);
  });
}

type Part = (state: State, before: MeetingState | null, now: MeetingState) => Step;

/** Somebody new is at the door: said and heard once for all that came together. */
const knocks: Part = (state, before, now) => {
  if (now.waiting.length === 0) return stay(withBeside(state, { knock: false }));
  const known = new Set(before?.waiting.map((one) => one.person));
  const newcomers = now.waiting.filter((one) => !known.has(one.person));
  if (newcomers.length === 0) return stay(state);
  const said = newcomers.reduce((next, { name }) => mention(next, 'knock', say('knock.at-door', { name })), withBeside(state, { knock: true }));
  return ring(said, 'knock');
};

const hands: Part = (state, before, now) => {
  if (before === null) return stay(state);
  const known = new Set(before.hands.map((hand) => hand.person));
  const raised = now.hands.filter((hand) => hand.person !== now.me && !known.has(hand.person));
  if (raised.length === 0) return stay(state);
  const names = new Map(now.people.map(({ person, name }) => [person, name]));
  const said = raised.reduce((next, { person }) => mention(next, 'hand', say('hand.raised', { name: names.get(person) ?? '' })), state);
  return ring(said, 'hand');
};

/** I was given an office, or lost it. */
const office: Part = (state, before, now) => {
  if (before === null || leads(before.role) === leads(now.role)) return stay(state);
  const text = say(leads(now.role) ? 'people.you-lead' : 'people.you-lead-no-more');
  return toast(announce(state, text), text);
};

/** Somebody came into the spotlight, or it went out. */
const light: Part = (state, before, now) => {
  if (before?.spotlight === now.spotlight) return stay(state);
  if (now.spotlight === undefined) return stay(before === null ? state : announce(state, say('spotlight.out')));
  if (now.spotlight !== now.me) {
    const name = now.people.find(({ person }) => person === now.spotlight)?.name ?? '';
    return stay(announce(state, say('spotlight.on', { name })));
  }
  const text = say('spotlight.on-me');
  return toast(announce(state, text), text);
};

/** A host paused everything, or lets it go on. Whoever comes meanwhile learns of it too. */
const pause: Part = (state, before, now) =>
  stay((before?.paused ?? false) === now.paused ? state : announce(state, say(now.paused ? 'pause.title' : 'pause.over')));

/** One line of the list of people. */
export interface Row {
  readonly person: string;
  readonly name: string;
  readonly role: Role;
  readonly me: boolean;
  /** The participants of this person, one for each device. */
  readonly identities: readonly string[];
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly share: boolean;
  /** The place in the order of raised hands, from 1; 0 is none. */
  readonly hand: number;
  /** A host shows this person large to everybody. */
  readonly spotlit: boolean;
}

/** What the list of people is made from. */
export type Seen = Pick<Meeting, 'live' | 'people' | 'me'>;

/** Everybody in the room: me first, then in order of coming. */
export function rows(meeting: Seen): readonly Row[] {
  const me = mySelf(meeting);
  const all = attendees(meeting).map((one) => row(meeting, one, me));
  return [...all.filter((one) => one.me), ...all.filter((one) => !one.me)];
}

function row(meeting: Seen, { person, name, role, identities }: Attendee, me: string): Row {
  const here = meeting.people.filter((one) => identities.includes(one.identity));
  return {
    person,
    name,
    role,
    me: person === me,
    identities,
    microphone: here.some((one) => one.microphone),
    camera: here.some((one) => one.camera !== null),
    share: here.some((one) => one.share !== null),
    hand: (meeting.live?.hands.findIndex((hand) => hand.person === person) ?? -1) + 1,
    spotlit: meeting.live?.spotlight === person,
  };
}

/** As the server tells, or, until it has, as the pictures say. */
function attendees({ live, people }: Seen): readonly Attendee[] {
  if (live) return live.people;
  const byPerson = new Map<string, Attendee>();
  for (const { identity, name } of people) {
    const person = personOf(identity);
    const known = byPerson.get(person);
    byPerson.set(person, { person, name, role: 'member', identities: [...(known?.identities ?? []), identity] });
  }
  return [...byPerson.values()];
}

/** The pictures of those who are in or at the door, by person; made once for each state that is told. */
const PICTURES = new WeakMap<MeetingState, ReadonlyMap<string, string>>();

function picturesOf(live: MeetingState): ReadonlyMap<string, string> {
  const known = PICTURES.get(live);
  if (known) return known;
  const all = [...live.waiting, ...live.people].flatMap(({ person, avatar }) => (avatar === undefined ? [] : [[person, avatar] as const]));
  const pictures = new Map(all);
  PICTURES.set(live, pictures);
  return pictures;
}

/** Where the picture of somebody is, given the person or one of its participants. */
export const avatarIn = ({ live }: Pick<Meeting, 'live'>, identity: string): string | undefined =>
  (live === null ? undefined : picturesOf(live).get(personOf(identity)));

/** The place of a participant's hand in the order of raised ones, from 1; 0 is none. */
export function handOf(state: State, identity: string): number {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return 0;
  const { live } = page.phase;
  if (live === null || live.hands.length === 0) return 0;
  const person = live.people.find((one) => one.identities.includes(identity))?.person ?? personOf(identity);
  return live.hands.findIndex((hand) => hand.person === person) + 1;
}

export const myHand = (meeting: Meeting): boolean => meeting.live?.hands.some((hand) => hand.person === meeting.live?.me) ?? false;

/** Who waits longest. */
export const firstKnocker = (meeting: Meeting): Knocker | null => meeting.live?.waiting[0] ?? null;

/** Whether I may do something to somebody: hosts to all but owners, owners to all. */
export function mayTouch(meeting: Pick<Meeting, 'live'>, other: Pick<Row, 'role' | 'me'>): boolean {
  const mine = meeting.live?.role;
  if (mine === undefined || other.me || !leads(mine)) return false;
  return mine === 'owner' || other.role !== 'owner';
}

/** Whether I may send somebody back to the lobby: anybody who does not lead. */
export const mayMove = (meeting: Pick<Meeting, 'live'>, other: Pick<Row, 'role' | 'me' | 'person'>): boolean =>
  mayTouch(meeting, other) && !leads(other.role) && !other.person.startsWith(FROM_OUTSIDE);

/** How the server writes people who came by the operator's word: they know no lobby. */
const FROM_OUTSIDE = '=';

/** Somebody else who leads: with them in, the meeting keeps a host when I go. */
export const otherLeader = (meeting: Seen): string | null =>
  rows(meeting).find((one) => !one.me && leads(one.role))?.name ?? null;
