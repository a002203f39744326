// What transcripts of home, of the page about a room and of doors begin with.

import { answered, type Answered, type Answers, type Call, type CallName, type CallNamed } from '../src/proto/calls';
import type { State } from '../src/core/state';
import type { Me, MyRoom, Policy, Problem, ServerView } from '../src/proto/api.gen';
import { fresh, Play, ROOM } from './helpers';

export const SERVER: ServerView = { name: 'Parlor', setUp: true, signUp: false, create: 'signedIn', branding: {}, version: '0' };

export const INES: Me = { account: { id: 'AC_1', name: 'ines', displayName: 'Ines' }, admin: false, mayCreate: true, hasPassword: true };

export const POLICY: Policy = { guests: true, lobby: 'guests', locked: false, microphone: true, camera: true, share: true, chat: true, history: true };

export const myRoom = (change: Partial<MyRoom> = {}): MyRoom => ({ room: ROOM, role: 'owner', lobby: 'guests', count: 0, present: [], listed: true, ...change });

type Named<C extends Call> = C extends CallNamed<infer N> ? N : CallName;

/** The call went well. */
export const good = <C extends Call>(call: C, value: Answers[Named<C>]): Answered =>
  answered<CallName>(call.name, call, { ok: true, value });

export const failed = (call: Call, problem: Problem | 'offline'): Answered => answered<CallName>(call.name, call, { ok: false, problem });

/** The calls that the last event asked for. */
export const calls = (play: Play): readonly Call[] => play.effects.flatMap((effect) => (effect.type === 'call' ? [effect.call] : []));

/** At home, signed in. */
export const known = (settings: Partial<State['settings']> = {}): Play => new Play(fresh(settings)).on(
  { type: 'begin' },
  good({ name: 'server' }, SERVER),
  good({ name: 'me' }, INES),
  { type: 'visit', route: { to: 'start' } },
);

/** Nobody is signed in, and the server has said so. */
export const nobody = (settings: Partial<State['settings']> = {}): Play => new Play(fresh(settings)).on(
  { type: 'begin' },
  good({ name: 'server' }, SERVER),
  failed({ name: 'me' }, { code: 'sign_in_first', message: '' }),
);
