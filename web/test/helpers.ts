// Transcripts: a state, events in order, what was asked of the world on the way.

import type { Effect } from '../src/core/effect';
import type { Event } from '../src/core/event';
import { begin, START_PAGE, type Meeting, type Person, type Phase, type PreJoin, type State } from '../src/core/state';
import { update } from '../src/core/update';
import type { Text } from '../src/i18n/text';
import type { Me, Room, RoomView, ServerView } from '../src/proto/api.gen';
import { answered, type Answered, type Answers, type CallName, type CallNamed } from '../src/proto/calls';

export const ROOM: Room = { id: 'RM_1', code: 'bolu-kesi-dafo', title: 'Tuesday planning', description: '', createdAt: 0 };

export const view = (count = 0): RoomView => ({
  room: ROOM,
  role: 'guest',
  door: 'open',
  count,
  here: 0,
  present: Array.from({ length: Math.min(count, 8) }, (_, index) => ({ identity: `p${index}`, name: `P${index}` })),
});

/** Before the server has said anything. */
export function unasked(change: Partial<State['settings']> = {}): State {
  return begin({
    browser: { family: 'chromium', system: 'linux', media: 'yes', share: true, fullscreen: true, pictureInPicture: 'document', dressing: { noise: true, blur: true }, origin: 'https://meet.example.org', passkeys: true, notices: true, noticesOpen: true },
    settings: { name: '', theme: 'system', contrast: 'system', language: 'en', letterKeys: true, keys: {}, askAlone: true, ...change },
    chosen: { microphone: null, camera: null, speaker: null },
    wanted: { microphone: true, camera: true },
  });
}

export const SERVER: ServerView = {
  name: 'Parlor', setUp: true, signUp: false, create: 'anyone', branding: {}, version: '0.1.0',
};

export const me = (change: Partial<Me> = {}): Me => ({
  account: { id: 'AC_1', name: 'ines', displayName: 'Ines' },
  admin: false,
  mayCreate: true,
  hasPassword: true,
  ...change,
});

/** On the start page of a server that is set up, as nobody. */
export const fresh = (change: Partial<State['settings']> = {}): State => ({
  ...unasked(change),
  page: START_PAGE,
  server: SERVER,
  session: { is: 'nobody' },
});

/** The same, signed in. */
export const signedIn = (change: Partial<Me> = {}): State => ({ ...fresh(), session: { is: 'known', me: me(change) } });

/** How a call went well, or was refused with this code. */
export const good = <N extends CallName>(name: N, call: CallNamed<N>, value: Answers[N]): Answered => answered<N>(name, call, { ok: true, value });
export const bad = <N extends CallName>(name: N, call: CallNamed<N>, code: string): Answered =>
  answered<N>(name, call, { ok: false, problem: code === 'offline' ? 'offline' : { code, message: '' } });

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What an attempt tells; of the one that counts, unless a test says of which. */
type Told = Without<Extract<Event, { attempt: number }>, 'attempt'>;

const TOLD: readonly string[] = [
  'join/refused', 'join/unknown', 'join/waiting', 'call/entered', 'call/people', 'call/spoke', 'call/fell-silent', 'call/link', 'call/sound', 'call/opened',
  'call/failed', 'call/speaker-failed', 'call/shared', 'call/share-failed', 'call/share-mode', 'call/share-sound', 'call/talking', 'call/undressed', 'call/strained', 'call/measured', 'call/voice', 'call/pressed', 'call/over',
] satisfies readonly Told['type'][];

/** A timer that rang at no matter when. */
type Rang = Without<Extract<Event, { type: 'timer' }>, 'at'>;
const isRang = (event: Event | Told | Rang): event is Rang => event.type === 'timer' && !('at' in event);

const isTold = (event: Event | Told): event is Told => TOLD.includes(event.type) && !('attempt' in event);

export class Play {
  state: State;
  /** What the last event asked for. */
  effects: readonly Effect[] = [];

  constructor(state: State) {
    this.state = state;
  }

  on(...events: readonly (Event | Told | Rang)[]): this {
    for (const given of events) {
      const event = isRang(given) ? { ...given, at: 0 } : given;
      const [state, effects] = update(this.state, isTold(event) ? { ...event, attempt: this.state.attempt } : event);
      this.state = state;
      this.effects = effects;
    }
    return this;
  }

  asked<T extends Effect['type']>(type: T): Extract<Effect, { type: T }> | undefined {
    return this.effects.find((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
  }

  phase<I extends Phase['is']>(is: I): Extract<Phase, { is: I }> {
    const page = this.state.page;
    const found = page.at === 'room' ? page.phase : null;
    if (found?.is !== is) throw new Error(`not in ${is}: ${JSON.stringify(page)}`);
    const matches = (phase: Phase): phase is Extract<Phase, { is: I }> => phase.is === is;
    if (!matches(found)) throw new Error('never so');
    return found;
  }

  /** The last sentence for the live region. */
  get said(): Text | undefined {
    return this.state.said.at(-1)?.text;
  }

  get prejoin(): PreJoin {
    return this.phase('prejoin');
  }

  get meeting(): Meeting {
    return this.phase('meeting');
  }
}

export const person = (identity: string, change: Partial<Person> = {}): Person => ({
  identity,
  name: identity.toUpperCase(),
  microphone: true,
  camera: null,
  cameraHeld: false,
  share: null,
  screen: change.share ?? null,
  screenHeld: false,
  sharePaused: false,
  connection: 'good',
  ...change,
});

/** In pre-join, with a name, devices open. */
export function atDoor(): Play {
  return new Play(fresh({ name: 'Ines' })).on(
    { type: 'route', route: { to: 'room', code: ROOM.code } },
    { type: 'room/found', code: ROOM.code, view: view() },
    { type: 'devices/permission', granted: true },
    { type: 'devices/opened', kind: 'microphone', id: 'm1' },
    { type: 'devices/opened', kind: 'camera', id: 'c1' },
  );
}

/** In the meeting as `me`, with these others. */
export function inside(...others: readonly string[]): Play {
  return atDoor().on(
    { type: 'join', video: true },
    { type: 'call/entered', title: ROOM.title, me: 'me', people: [person('me'), ...others.map((id) => person(id))], soundBlocked: false, at: 1_000 },
    { type: 'timer', timer: { name: 'said' } },
    { type: 'call/opened', kind: 'microphone', id: 'm1' },
    { type: 'call/opened', kind: 'camera', id: 'c1' },
  );
}
