// The REST side of the server: four requests, each with a typed answer or a typed problem.

import { say, type Text } from '../i18n/text';
import type { CreateRoom, JoinRoom, RoomView, Ticket } from '../proto/api.gen';
import { isProblem, isRoomView, isTicket } from '../proto/decode';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly unknown: boolean; readonly text: Text };

/** An answer that takes longer than this will not come. */
const PATIENCE_MS = 15_000;

function textOf(code: string, status: number): Text {
  switch (code) {
    case 'room_full': return say('trouble.room-full');
    case 'server_full': return say('trouble.full');
    case 'stopping': return say('trouble.stopping');
    case 'too_often': return say('trouble.often');
    case 'bad_name': return say('trouble.name');
    default: return say(status === 503 ? 'trouble.stopping' : 'trouble.server');
  }
}

async function ask<T>(path: string, guard: (value: unknown) => value is T, body?: CreateRoom | JoinRoom): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { ok: false, unknown: false, text: say('trouble.network') };
  }
  const value: unknown = await response.json().catch(() => null);
  if (response.ok && guard(value)) return { ok: true, value };
  const code = isProblem(value) ? value.code : '';
  return { ok: false, unknown: code === 'room_unknown' || response.status === 404, text: textOf(code, response.status) };
}


export const makeRoom = (body: CreateRoom): Promise<Answer<RoomView>> => ask('rooms', isRoomView, body);

export const lookAtRoom = (code: string): Promise<Answer<RoomView>> => ask(`rooms/${encodeURIComponent(code)}`, isRoomView);

export const joinRoom = (code: string, body: JoinRoom): Promise<Answer<Ticket>> =>
  ask(`rooms/${encodeURIComponent(code)}/join`, isTicket, body);
