// Making a room and looking one up, as events.

import type { Event } from '../core/event';
import { lookAtRoom, makeRoom } from './api';

export async function made(): Promise<Event> {
  const answer = await makeRoom({});
  return answer.ok ? { type: 'room/made', room: answer.value.room } : { type: 'room/not-made', text: answer.text };
}

export async function looked(code: string): Promise<Event> {
  const answer = await lookAtRoom(code);
  if (answer.ok) return { type: 'room/found', code, view: answer.value };
  return answer.unknown ? { type: 'room/unknown', code } : { type: 'room/failed', code, text: answer.text };
}
