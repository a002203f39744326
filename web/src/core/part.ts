// A part of a page that keeps its state to itself and is fetched with it, later than the page: the shape of the whole in small.
// What is beside it cannot see into it; what it needs of the whole it is given when it is drawn.

import type { Result } from '../proto/calls';
import type { Guard } from '../proto/shape';

/** One request, and the event that says how it went. */
export interface Wish<E> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly body?: unknown;
  readonly told: (result: Result<unknown>) => E;
}

/** What is to happen after a while; a later pause takes the place of one that is not over. */
export interface Pause<E> {
  /** In milliseconds. */
  readonly ms: number;
  readonly told: E;
}

export type Turn<S, E> = readonly [S, readonly Wish<E>[], Pause<E>?];

export interface Part<S, E> {
  readonly begin: Turn<S, E>;
  readonly update: (state: S, event: E) => Turn<S, E>;
}

/** An answer of the right shape; a server that is older or newer than this page may answer something else. */
export const shaped = <T>(result: Result<unknown>, guard: Guard<T>): Result<T> => {
  if (!result.ok) return result;
  return guard(result.value) ? { ok: true, value: result.value } : { ok: false, problem: { code: 'unreadable', message: '' } };
};
