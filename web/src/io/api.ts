// The REST side of the server: one table of calls, carried out one like the other, each with a typed answer or a typed problem.

import { say, type Text } from '../i18n/text';
import type { CreateRoom, Entry, JoinRoom, Problem, RoomView } from '../proto/api.gen';
import { answered, type Answered, type Answers, type CallName, type CallNamed, type Result } from '../proto/calls';
import {
  isAccountRow, isBan, isBookEntry, isCall, isContact, isConversation, isDevice, isEntry, isFoundLine, isHistory, isImported, isInvitation, isInvited, isMe, isMember, isMessage, isMissedCalls, isMyPresence, isMyRoom, isPasskey, isPastCall, isPastMeeting, isProblem, isRatings, isReport, isRoom, isRoomView,
  isSecretLink, isServerView,
} from '../proto/decode';
import { listOf, type Guard } from '../proto/shape';
import { problemText } from '../core/calls';

/** An answer that takes longer than this will not come. */
const PATIENCE_MS = 15_000;
/** With a picture to send, on a slow line. */
const SENDING_MS = 120_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Sent = { readonly json: unknown } | { readonly blob: Blob } | null;

interface Endpoint<N extends CallName> {
  readonly method: Method;
  readonly path: (call: CallNamed<N>) => string;
  readonly send: (call: CallNamed<N>) => Sent;
  /** `null`: nothing is read, done is done. */
  readonly read: (value: unknown) => Result<Answers[N]>;
  /** It goes on when the page is left in that moment: what was pressed last is meant. */
  readonly lasting?: true;
}

const MUTE: Problem = { code: 'unreadable', message: '' };

/** What is answered must have its shape; a server that is older or newer than this page may answer something else. */
const as = <T>(guard: Guard<T>) => (value: unknown): Result<T> => (guard(value) ? { ok: true, value } : { ok: false, problem: MUTE });
const done = (): Result<null> => ({ ok: true, value: null });

const nothing = (): null => null;
const bodyOf = (call: { readonly body: unknown }): Sent => ({ json: call.body });
const pictureOf = (call: { readonly picture: unknown }): Sent => (call.picture instanceof Blob ? { blob: call.picture } : null);

/** Of whatever kind the system says that the file is. */
const bytesOf = ({ file }: { readonly file: unknown }): Sent => (file instanceof Blob ? { blob: file.slice(0, file.size, 'application/octet-stream') } : null);

const part = encodeURIComponent;
const roomPath = (call: { readonly code: string }): string => `rooms/${part(call.code)}`;
const linePath = (call: { readonly code: string; readonly id: string }): string => `${roomPath(call)}/messages/${part(call.id)}`;
const reactionPath = (call: { readonly code: string; readonly id: string; readonly emoji: string }): string => `${linePath(call)}/reactions/${part(call.emoji)}`;
const memberPath = (call: { readonly code: string; readonly account: string }): string => `${roomPath(call)}/members/${part(call.account)}`;

function pastPath({ missed, person, before }: CallNamed<'calls/past'>): string {
  const query = new URLSearchParams({ ...(missed ? { missed: 'true' } : {}), ...(person === null ? {} : { with: person }), ...(before === null ? {} : { before }) });
  return query.size === 0 ? 'calls' : `calls?${query.toString()}`;
}

const talkPath = (call: { readonly id: string }): string => `conversations/${part(call.id)}`;

const TABLE: { readonly [N in CallName]: Endpoint<N> } = {
  'server': { method: 'GET', path: () => 'server', send: nothing, read: as(isServerView) },
  'settings/change': { method: 'PATCH', path: () => 'settings', send: bodyOf, read: as(isServerView) },
  'logo/put': { method: 'PUT', path: () => 'settings/logo', send: pictureOf, read: as(isServerView) },
  'logo/delete': { method: 'DELETE', path: () => 'settings/logo', send: nothing, read: as(isServerView) },
  'setup/check': { method: 'POST', path: () => 'setup/check', send: (call) => ({ json: { code: call.code } }), read: done },
  'setup/finish': { method: 'POST', path: () => 'setup', send: bodyOf, read: as(isMe) },
  'session/open': { method: 'POST', path: () => 'session', send: bodyOf, read: as(isMe) },
  'session/close': { method: 'DELETE', path: () => 'session', send: nothing, read: done },
  'me': { method: 'GET', path: () => 'me', send: nothing, read: as(isMe) },
  'me/change': { method: 'PATCH', path: () => 'me', send: bodyOf, read: as(isMe) },
  'me/password': { method: 'PUT', path: () => 'me/password', send: bodyOf, read: done },
  'avatar/put': { method: 'PUT', path: () => 'me/avatar', send: pictureOf, read: as(isMe) },
  'avatar/delete': { method: 'DELETE', path: () => 'me/avatar', send: nothing, read: as(isMe) },
  'devices': { method: 'GET', path: () => 'me/devices', send: nothing, read: as(listOf(isDevice)) },
  'devices/delete': { method: 'DELETE', path: (call) => `me/devices/${part(call.id)}`, send: nothing, read: done },
  'passkeys': { method: 'GET', path: () => 'me/passkeys', send: nothing, read: as(listOf(isPasskey)) },
  'passkeys/delete': { method: 'DELETE', path: (call) => `me/passkeys/${part(call.id)}`, send: nothing, read: done },
  'accounts/open': { method: 'POST', path: () => 'accounts', send: bodyOf, read: as(isMe) },
  'accounts': {
    method: 'GET',
    path: (call) => (call.after === null ? 'accounts' : `accounts?after=${part(call.after)}`),
    send: nothing,
    read: as(listOf(isAccountRow)),
  },
  'accounts/change': { method: 'PATCH', path: (call) => `accounts/${part(call.id)}`, send: bodyOf, read: as(isAccountRow) },
  'accounts/reset': { method: 'POST', path: (call) => `accounts/${part(call.id)}/reset`, send: nothing, read: as(isSecretLink) },
  'resets/use': { method: 'POST', path: () => 'resets', send: bodyOf, read: done },
  'invitations': { method: 'GET', path: () => 'invitations', send: nothing, read: as(listOf(isInvitation)) },
  'invitations/make': { method: 'POST', path: () => 'invitations', send: bodyOf, read: as(isSecretLink) },
  'invitations/delete': { method: 'DELETE', path: (call) => `invitations/${part(call.id)}`, send: nothing, read: done },
  'invitations/check': { method: 'POST', path: () => 'invitations/check', send: (call) => ({ json: { secret: call.secret } }), read: as(isInvited) },
  'rooms': { method: 'GET', path: () => 'rooms', send: nothing, read: as(listOf(isMyRoom)) },
  'rooms/now': { method: 'GET', path: () => 'rooms/now', send: nothing, read: as(listOf(isMyRoom)) },
  'rooms/make': { method: 'POST', path: () => 'rooms', send: bodyOf, read: as(isRoomView) },
  'room/view': { method: 'GET', path: roomPath, send: nothing, read: as(isRoomView) },
  'room/change': { method: 'PATCH', path: roomPath, send: bodyOf, read: as(isRoom) },
  'room/delete': { method: 'DELETE', path: roomPath, send: nothing, read: done },
  'members': { method: 'GET', path: (call) => `${roomPath(call)}/members`, send: nothing, read: as(listOf(isMember)) },
  'members/put': { method: 'PUT', path: memberPath, send: (call) => ({ json: { role: call.role } }), read: done },
  'members/delete': { method: 'DELETE', path: memberPath, send: nothing, read: done },
  'bans': { method: 'GET', path: (call) => `${roomPath(call)}/bans`, send: nothing, read: as(listOf(isBan)) },
  'bans/delete': { method: 'DELETE', path: (call) => `${roomPath(call)}/bans/${part(call.person)}`, send: nothing, read: done },
  'ratings': { method: 'GET', path: (call) => `${roomPath(call)}/ratings`, send: nothing, read: as(isRatings) },
  'meetings': { method: 'GET', path: (call) => `${roomPath(call)}/meetings`, send: nothing, read: as(listOf(isPastMeeting)) },
  'people': { method: 'GET', path: () => 'people', send: nothing, read: as(listOf(isContact)) },
  'book': { method: 'GET', path: () => 'contacts', send: nothing, read: as(listOf(isBookEntry)) },
  'book/add': { method: 'POST', path: () => 'contacts', send: bodyOf, read: as(isBookEntry) },
  'book/change': { method: 'PATCH', path: (call) => `contacts/${part(call.id)}`, send: bodyOf, read: as(isBookEntry) },
  'book/remove': { method: 'DELETE', path: (call) => `contacts/${part(call.id)}`, send: nothing, read: done },
  'book/import': { method: 'POST', path: () => 'contacts/import', send: bytesOf, read: as(isImported) },
  'presence': { method: 'GET', path: () => 'me/presence', send: nothing, read: as(isMyPresence) },
  'presence/put': { method: 'PUT', path: () => 'me/presence', send: bodyOf, read: done },
  'await': { method: 'PUT', path: (call) => `people/${part(call.account)}/awaited`, send: bodyOf, read: done, lasting: true },
  'await/no-more': { method: 'DELETE', path: (call) => `people/${part(call.account)}/awaited`, send: nothing, read: done, lasting: true },
  'calls/place': { method: 'POST', path: () => 'calls', send: bodyOf, read: as(isCall) },
  'calls/act': { method: 'POST', path: (call) => `calls/${part(call.id)}/acts`, send: (call) => ({ json: call.act }), read: done, lasting: true },
  'asked/answer': { method: 'POST', path: (call) => `${roomPath(call)}/invitation`, send: (call) => ({ json: { come: call.come } }), read: done, lasting: true },
  'calls/past': { method: 'GET', path: pastPath, send: nothing, read: as(listOf(isPastCall)) },
  'calls/missed': { method: 'GET', path: () => 'calls/missed', send: nothing, read: as(isMissedCalls) },
  'calls/looked': { method: 'POST', path: () => 'calls/looked', send: nothing, read: done },
  'talks': { method: 'GET', path: () => 'conversations', send: nothing, read: as(listOf(isConversation)) },
  'talks/make': { method: 'POST', path: () => 'conversations', send: bodyOf, read: as(isConversation) },
  'talks/view': { method: 'GET', path: talkPath, send: nothing, read: as(isConversation) },
  'talks/rename': { method: 'PATCH', path: talkPath, send: bodyOf, read: as(isConversation) },
  'talks/add': { method: 'POST', path: (call) => `${talkPath(call)}/people`, send: bodyOf, read: as(isConversation) },
  'talks/leave': { method: 'POST', path: (call) => `${talkPath(call)}/leave`, send: nothing, read: done },
  'talks/read': { method: 'PUT', path: (call) => `${talkPath(call)}/read`, send: bodyOf, read: done },
  'talks/typing': { method: 'POST', path: (call) => `${talkPath(call)}/typing`, send: nothing, read: done },
  'talks/find': {
    method: 'GET',
    path: (call) => `conversations/lines?find=${part(call.find)}${call.only === null ? '' : `&in=${part(call.only)}`}`,
    send: nothing,
    read: as(listOf(isFoundLine)),
  },
  'measure': { method: 'POST', path: (call) => `${roomPath(call)}/measurements`, send: bodyOf, read: done },
  'report': { method: 'GET', path: (call) => `${roomPath(call)}/report`, send: nothing, read: as(isReport) },
  'rate': { method: 'POST', path: (call) => `${roomPath(call)}/ratings`, send: bodyOf, read: done },
  'act': { method: 'POST', path: (call) => `${roomPath(call)}/acts`, send: (call) => ({ json: call.act }), read: done },
  'messages': {
    method: 'GET',
    path: (call) => `${roomPath(call)}/messages${call.before === null ? '' : `?before=${part(call.before)}`}`,
    send: nothing,
    read: as(isHistory),
  },
  'messages/write': { method: 'POST', path: (call) => `${roomPath(call)}/messages`, send: bodyOf, read: as(isMessage) },
  'messages/edit': { method: 'PATCH', path: linePath, send: bodyOf, read: done },
  'messages/delete': { method: 'DELETE', path: linePath, send: nothing, read: done },
  'reactions/put': { method: 'PUT', path: reactionPath, send: nothing, read: done },
  'reactions/delete': { method: 'DELETE', path: reactionPath, send: nothing, read: done },
};

/** What changes something declares a type that no form of another site can declare, also where it says nothing. */
function dressed(method: Method, sent: Sent): Pick<RequestInit, 'body' | 'headers'> {
  if (sent !== null && 'blob' in sent) return { body: sent.blob, headers: { 'content-type': sent.blob.type } };
  if (sent !== null) return { body: JSON.stringify(sent.json), headers: { 'content-type': 'application/json' } };
  return method === 'GET' ? {} : { headers: { 'content-type': 'application/json' } };
}

/** One request, and the JSON that came back. */
export async function request(method: Method, path: string, sent: Sent, lasting = false): Promise<Result<unknown>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      ...dressed(method, sent),
      keepalive: lasting,
      signal: AbortSignal.timeout(sent !== null && 'blob' in sent ? SENDING_MS : PATIENCE_MS),
    });
  } catch {
    return { ok: false, problem: 'offline' };
  }
  const value: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, value };
  if (isProblem(value)) return { ok: false, problem: value };
  // Not our own words, but those of something in between.
  return { ok: false, problem: { code: response.status === 404 ? 'not_found' : response.status === 503 ? 'stopping' : 'unreadable', message: '' } };
}

/** One request of a part that keeps its state to itself; what came back is for it to look at. */
export const plainly = (method: Method, path: string, body?: unknown): Promise<Result<unknown>> =>
  request(method, path, body === undefined ? null : { json: body });

/** Carries out a call of the table. */
export async function carryOut<N extends CallName>(name: N, call: CallNamed<N>): Promise<Answered> {
  const endpoint = TABLE[name];
  const result = await request(endpoint.method, endpoint.path(call), endpoint.send(call), endpoint.lasting);
  return answered<N>(name, call, result.ok ? endpoint.read(result.value) : result);
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly unknown: boolean; readonly text: Text };

async function asked<T>(method: Method, path: string, guard: Guard<T>, body?: CreateRoom | JoinRoom): Promise<Answer<T>> {
  const result = await request(method, path, body ? { json: body } : null);
  if (result.ok) return guard(result.value) ? { ok: true, value: result.value } : { ok: false, unknown: false, text: say('trouble.server') };
  const { problem } = result;
  const unknown = problem !== 'offline' && (problem.code === 'room_unknown' || problem.code === 'not_found');
  return { ok: false, unknown, text: problemText(problem) };
}

export const makeRoom = (body: CreateRoom): Promise<Answer<RoomView>> => asked('POST', 'rooms', isRoomView, body);

export const lookAtRoom = (code: string): Promise<Answer<RoomView>> => asked('GET', `rooms/${part(code)}`, isRoomView);

export const joinRoom = (code: string, body: JoinRoom): Promise<Answer<Entry>> => asked('POST', `rooms/${part(code)}/join`, isEntry, body);
