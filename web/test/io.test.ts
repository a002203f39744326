import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { carryOut } from '../src/io/api';
import { EventLine, pause } from '../src/io/events';
import { creationOptions, fromBase64Url, requestOptions, toBase64Url } from '../src/io/passkeys';
import { isEntry, isEvent, isHistory, isServerView } from '../src/proto/decode';
import { me, ROOM, SERVER } from './helpers';

const answer = (status: number, value: unknown): Response =>
  new Response(value === undefined ? null : JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });

afterEach(() => vi.unstubAllGlobals());

describe('a call', () => {
  const sent: { url: string; init: RequestInit }[] = [];
  const answers = (response: () => Response): void => {
    sent.length = 0;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      sent.push({ url, init });
      return Promise.resolve(response());
    });
  };

  it('goes where its name says, and brings what its name promises', async () => {
    answers(() => answer(200, me()));
    const call = { name: 'me/change', body: { displayName: 'Ines' } } as const;
    expect(await carryOut('me/change', call)).toEqual({ type: 'answer', name: 'me/change', call, result: { ok: true, value: me() } });
    expect(sent[0]).toMatchObject({ url: '/api/v1/me', init: { method: 'PATCH', body: '{"displayName":"Ines"}', headers: { 'content-type': 'application/json' } } });
    answers(() => answer(204, undefined));
    const react = { name: 'reactions/put', code: ROOM.code, id: 'MS_1', emoji: '👍' } as const;
    expect((await carryOut('reactions/put', react)).result).toEqual({ ok: true, value: null });
    expect(sent[0]).toMatchObject({ url: `/api/v1/rooms/${ROOM.code}/messages/MS_1/reactions/%F0%9F%91%8D`, init: { method: 'PUT', headers: { 'content-type': 'application/json' } } });
    expect(sent[0]?.init.body).toBeUndefined();
  });

  it('that says what was pressed last goes on when the page is left', async () => {
    answers(() => answer(204, undefined));
    await carryOut('calls/act', { name: 'calls/act', id: 'CL_1', act: { act: 'decline' } });
    await carryOut('asked/answer', { name: 'asked/answer', code: ROOM.code, come: false });
    await carryOut('await', { name: 'await', account: 'AC_2', body: { anew: false } });
    await carryOut('await/no-more', { name: 'await/no-more', account: 'AC_2' });
    await carryOut('talks/typing', { name: 'talks/typing', id: 'CV_1' });
    expect(sent.map(({ init }) => init.keepalive)).toEqual([true, true, true, true, false]);
  });

  it('sends a picture as it is', async () => {
    answers(() => answer(200, me()));
    const picture = new Blob(['x'], { type: 'image/png' });
    await carryOut('avatar/put', { name: 'avatar/put', picture });
    expect(sent[0]?.init).toMatchObject({ method: 'PUT', body: picture, headers: { 'content-type': 'image/png' } });
  });

  it('tells a refusal from an answer that nobody understands, and from none', async () => {
    answers(() => answer(403, { code: 'not_allowed', message: 'No.' }));
    expect((await carryOut('rooms', { name: 'rooms' })).result).toEqual({ ok: false, problem: { code: 'not_allowed', message: 'No.' } });
    answers(() => answer(200, { rooms: 'many' }));
    expect((await carryOut('rooms', { name: 'rooms' })).result).toMatchObject({ ok: false, problem: { code: 'unreadable' } });
    answers(() => new Response('<h1>Bad gateway</h1>', { status: 503 }));
    expect((await carryOut('rooms', { name: 'rooms' })).result).toMatchObject({ ok: false, problem: { code: 'stopping' } });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    expect((await carryOut('rooms', { name: 'rooms' })).result).toEqual({ ok: false, problem: 'offline' });
  });
});

describe('guards', () => {
  it('look at every field, and let a newer server say more', () => {
    expect(isServerView({ ...SERVER, branding: { accent: '#000000' }, more: 1 })).toBe(true);
    expect(isServerView({ ...SERVER, create: 'nobody' })).toBe(false);
    expect(isServerView({ ...SERVER, branding: { logo: 3 } })).toBe(false);
    expect(isEntry({ state: 'waiting', hostPresent: true })).toBe(true);
    expect(isEntry({ state: 'admitted' })).toBe(false);
    const message = { id: 'm', from: 'p', name: 'P', at: 1, text: 'x', edited: false, reactions: [{ emoji: '👍', people: ['p'] }] };
    expect(isHistory({ messages: [message], more: false })).toBe(true);
    expect(isHistory({ messages: [{ ...message, file: { id: 'f', name: 'a', size: 1, kind: 'image/png', preview: [1, 2] } }], more: false })).toBe(true);
    expect(isHistory({ messages: [{ ...message, file: { id: 'f', name: 'a', size: 1, kind: 'image/png', preview: [1] } }], more: false })).toBe(false);
    expect(isEvent({ event: 'muted', what: 'microphone' })).toBe(true);
    expect(isEvent({ event: 'muted', what: 'shoes' })).toBe(false);
    const party = { account: 'a', name: 'A', caller: true, stage: { is: 'ended', why: 'noAnswer' }, devices: 0 };
    const phone = { id: 'c', code: 'x', video: false, outgoing: false, began: 1, stage: { is: 'ringing' }, on: { device: 'd', name: '' }, others: [party] };
    expect(isEvent({ event: 'calls', number: 1, calls: [phone] })).toBe(true);
    expect(isEvent({ event: 'calls', number: 1, calls: [{ ...phone, stage: { is: 'ended' } }] })).toBe(false);
    expect(isEvent({ event: 'calls', number: 1, calls: [{ ...phone, stage: { is: 'humming' } }] })).toBe(false);
    expect(isEvent({ event: 'people', people: [{ account: 'a', presence: 'inCall', since: 1 }], awaited: [{ account: 'b', name: 'Ben' }] })).toBe(true);
    expect(isEvent({ event: 'presence', person: { account: 'a', presence: 'bored', since: 1 } })).toBe(false);
    expect(isEvent({ event: 'toString' })).toBe(false);
    expect(isEvent({ event: 'invented-later' })).toBe(false);
  });
});

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: unknown[] = [];
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  tells(value: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: typeof value === 'string' ? value : JSON.stringify(value) }));
  }
}

const last = (): FakeSocket => {
  const socket = FakeSocket.all.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
};

/** A browser wakes a window that nobody sees once a minute: whatever is due then runs, late. */
const nextMinute = (): void => {
  vi.setSystemTime(Date.now() + 40_000);
  vi.advanceTimersByTime(20_000);
};

describe('the event socket', () => {
  let told: string[] = [];
  const line = (): EventLine => new EventLine({ told: (event) => told.push(event.event), line: (up) => told.push(up ? 'up' : 'down') });
  beforeEach(() => {
    told = [];
    FakeSocket.all = [];
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('document', { hidden: false });
    vi.stubGlobal('location', { origin: 'https://meet.example.org' });
  });
  afterEach(() => vi.useRealTimers());

  it('follows a room, tells what it understands, and gives signs of life', () => {
    const events = line();
    events.attend('a-b');
    expect(last().url).toBe('wss://meet.example.org/api/v1/events');
    last().opens();
    expect(last().sent).toEqual([{ ask: 'attend', code: 'a-b' }]);
    last().tells({ event: 'ended' });
    last().tells('not json');
    last().tells({ event: 'invented-later' });
    last().tells({ event: 'pong' });
    expect(told).toEqual(['up', 'ended']);
    events.attend('a-b');
    expect(last().sent).toHaveLength(2);
    vi.advanceTimersByTime(20_000);
    expect(last().sent.at(-1)).toEqual({ ask: 'ping' });
    expect(FakeSocket.all).toHaveLength(1);
    events.quit();
  });

  it('stands in a window that nobody sees, however late its signs of life are', () => {
    const events = line();
    events.here({ device: 'd1', idle: false });
    last().opens();
    for (let minute = 0; minute < 10; minute += 1) {
      nextMinute();
      expect(last().sent.at(-1)).toEqual({ ask: 'ping' });
      last().tells({ event: 'pong' });
    }
    expect(told).toEqual(['up']);
    expect(FakeSocket.all).toHaveLength(1);
    events.gone();
  });

  it('is dead when two signs of life bring no word, or one to somebody who doubts it', () => {
    const events = line();
    events.here({ device: 'd1', idle: false });
    last().opens();
    vi.advanceTimersByTime(59_999);
    expect(told).toEqual(['up']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['up', 'down']);
    vi.advanceTimersByTime(500);
    last().opens();
    events.hurry();
    events.hurry();
    expect(last().sent.filter((ask) => JSON.stringify(ask).includes('ping'))).toHaveLength(1);
    vi.advanceTimersByTime(4_999);
    last().tells({ event: 'pong' });
    vi.advanceTimersByTime(10);
    expect(told).toEqual(['up', 'down', 'up']);
    // After a night with the lid closed the first tick asks, and waits no minute for an answer.
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    vi.advanceTimersByTime(20_000 + 5_000);
    expect(told).toEqual(['up', 'down', 'up', 'down']);
    events.gone();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is tried again at once where nobody looks, since timers wait a minute there, and then with pauses', () => {
    vi.stubGlobal('document', { hidden: true });
    const events = line();
    events.here({ device: 'd1', idle: false });
    last().opens();
    last().close();
    expect(FakeSocket.all).toHaveLength(2);
    last().close();
    expect(FakeSocket.all).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(FakeSocket.all).toHaveLength(3);
    events.gone();
  });

  it('comes back after a loss, later each time, and attends again', () => {
    const events = line();
    events.attend('a-b');
    last().close();
    last().close();
    expect(told).toEqual(['down']);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    last().close();
    vi.advanceTimersByTime(1_000);
    last().opens();
    expect(last().sent).toEqual([{ ask: 'attend', code: 'a-b' }]);
    expect([pause(0, 0), pause(0, 1), pause(20, 1)]).toEqual([250, 500, 15_000]);
    events.quit();
  });

  it('is one for whoever is signed in, on every page: says so first, beside the room, and after each loss', () => {
    const events = line();
    events.here({ device: 'd1', idle: false });
    last().opens();
    expect(last().sent).toEqual([{ ask: 'here', device: 'd1', idle: false }]);
    events.attend('a-b');
    expect(last().sent.at(-1)).toEqual({ ask: 'attend', code: 'a-b' });
    expect(FakeSocket.all).toHaveLength(1);
    events.here({ device: 'd1', idle: true });
    expect(last().sent.at(-1)).toEqual({ ask: 'here', device: 'd1', idle: true });
    last().close();
    vi.advanceTimersByTime(500);
    last().opens();
    expect(last().sent).toEqual([{ ask: 'here', device: 'd1', idle: true }, { ask: 'attend', code: 'a-b' }]);
    // The room is left, the line stays.
    events.quit();
    expect(last().sent.at(-1)).toEqual({ ask: 'quit' });
    expect(last().readyState).toBe(1);
    events.gone();
    expect(last().readyState).toBe(3);
    vi.advanceTimersByTime(120_000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is opened anew without a name where somebody signs out in a room', () => {
    const events = line();
    events.here({ device: 'd1', idle: false });
    events.attend('a-b');
    last().opens();
    events.gone();
    expect(FakeSocket.all.map(({ readyState }) => readyState)).toEqual([3, 0]);
    last().opens();
    expect(last().sent).toEqual([{ ask: 'attend', code: 'a-b' }]);
    events.quit();
    expect(last().readyState).toBe(3);
  });

  it('takes a silent line for a lost one', () => {
    const events = line();
    events.attend('a-b');
    last().opens();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['up', 'down']);
    events.quit();
  });

  it('is closed when nothing is followed, and leaves nothing open', () => {
    const events = line();
    events.attend('a-b');
    last().opens();
    const socket = last();
    events.quit();
    expect(socket.sent.at(-1)).toEqual({ ask: 'quit' });
    expect(socket.readyState).toBe(3);
    expect(told).toEqual(['up']);
    vi.advanceTimersByTime(120_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    // Also while it waits to try again.
    events.attend('c-d');
    last().close();
    events.quit();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the options of a passkey', () => {
  it('are turned from the text of the server into the bytes of the browser', () => {
    const bytes = Uint8Array.from([0, 250, 251, 252, 253, 254, 255]);
    expect(fromBase64Url(toBase64Url(bytes.buffer))).toEqual(bytes);
    expect(toBase64Url(bytes.buffer)).not.toMatch(/[+/=]/);
    const challenge = toBase64Url(bytes.buffer);
    const made = creationOptions({ options: { publicKey: {
      challenge,
      rp: { name: 'Parlor', id: 'meet.example.org' },
      user: { id: 'AQID', name: 'ines', displayName: 'Ines' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ type: 'public-key', id: 'AQID' }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      timeout: 60_000,
    } } });
    expect(made).toMatchObject({ challenge: bytes, timeout: 60_000, rp: { id: 'meet.example.org' }, pubKeyCredParams: [{ alg: -7 }] });
    expect(made?.user.id).toEqual(Uint8Array.from([1, 2, 3]));
    const asked = requestOptions({ options: { challenge, rpId: 'meet.example.org', allowCredentials: [] } });
    expect(asked).toMatchObject({ challenge: bytes, rpId: 'meet.example.org', userVerification: 'preferred' });
    expect(requestOptions({ options: {} })).toBeNull();
    expect(creationOptions('nonsense')).toBeNull();
  });
});
