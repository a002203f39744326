// Guards at the edge: an answer of the server is looked at once, here, and is typed from then on.

import type { Present, Problem, Room, RoomView, Ticket } from './api.gen';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export function isRoom(value: unknown): value is Room {
  return isFields(value)
    && typeof value['id'] === 'string'
    && typeof value['code'] === 'string'
    && typeof value['title'] === 'string'
    && typeof value['createdAt'] === 'number';
}

const isPresent = (value: unknown): value is Present =>
  isFields(value) && typeof value['identity'] === 'string' && typeof value['name'] === 'string';

export function isRoomView(value: unknown): value is RoomView {
  return isFields(value)
    && isRoom(value['room'])
    && Array.isArray(value['present']) && value['present'].every(isPresent)
    && typeof value['count'] === 'number';
}

export function isTicket(value: unknown): value is Ticket {
  return isFields(value)
    && typeof value['token'] === 'string'
    && typeof value['identity'] === 'string'
    && isRoom(value['room']);
}

export function isProblem(value: unknown): value is Problem {
  return isFields(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
}

export { isFields };
