/**
 * A push service as Firefox has one: its browser keeps a socket open to it (autopush), and whoever holds an address that it gave sends
 * it messages by HTTP (RFC 8030). It reads none of them: the browser itself opens what Parlor sealed. As strict as Mozilla's with heads
 * and with the key of the sender (RFC 8292), and with a memory of one message for each topic while no browser is there.
 */

import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server as Listener } from 'node:http';
import type { Duplex } from 'node:stream';

/** A message that was taken, and what the browser said of it. */
export interface Carried {
  readonly topic: string;
  readonly ttl: number;
  /** 100: opened and given to the page's worker; 101: it cannot be opened; 301 and 302: the worker threw; nothing: the browser said nothing yet. */
  code?: number;
}

/** An address that it gave to a browser. */
interface Channel {
  readonly key: Buffer;
  /** By its topic what the browser was not told yet. */
  readonly waiting: Map<string, object>;
}

type Fields = Record<string, unknown>;

/** The service. */
export class MozillaPush {
  /** What was taken, in order. */
  readonly carried: Carried[] = [];
  /** Why messages were refused. */
  readonly refused: string[] = [];
  readonly #byVersion = new Map<string, Carried>();
  readonly #channels = new Map<string, Channel>();
  #browser: Duplex | undefined;

  private constructor(
    private readonly listener: Listener,
    private readonly url: string,
  ) {
    listener.on('upgrade', (request: IncomingMessage, socket: Duplex) => this.#connect(request, socket));
    listener.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const [status, why] = this.#take(request.url?.split('/').at(-1) ?? '', request.headers, Buffer.concat(parts));
        if (why !== undefined) {
          this.refused.push(why);
        }
        response.writeHead(status, { ttl: request.headers['ttl'] ?? '0' }).end(why);
      });
    });
  }

  static async start(): Promise<MozillaPush> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    return new MozillaPush(listener, `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
  }

  /** What makes a Firefox talk to it. */
  get preferences(): Record<string, string | boolean> {
    return { 'dom.push.serverURL': `ws://${this.url}/`, 'dom.push.testing.allowInsecureServerURL': true, 'dom.push.connection.enabled': true };
  }

  /** How many addresses lead to a browser now. */
  get channels(): number {
    return this.#channels.size;
  }

  async stop(): Promise<void> {
    this.#browser?.destroy();
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  /** What Parlor posted to an address: the answer to it, and why when it is not taken. */
  #take(id: string, headers: IncomingHttpHeaders, body: Buffer): readonly [number, string?] {
    const channel = this.#channels.get(id);
    if (channel === undefined) {
      return [410, 'nobody is there'];
    }
    const [ttl, topic] = [headers['ttl'], headers['topic']];
    if (typeof ttl !== 'string' || !/^\d+$/.test(ttl)) {
      return [400, `ttl ${String(ttl)}`];
    }
    if (typeof topic !== 'string' || !/^[\w-]{1,32}$/.test(topic)) {
      return [400, `topic ${String(topic)}`];
    }
    if (headers['content-encoding'] !== 'aes128gcm' || body.length > LARGEST) {
      return [400, `${body.length} bytes as ${String(headers['content-encoding'])}`];
    }
    const wrong = wrongSender(headers.authorization ?? '', channel.key, `http://${this.url}`);
    if (wrong !== null) {
      return [401, wrong];
    }
    const version = randomUUID();
    const carried = { topic, ttl: Number(ttl) };
    this.carried.push(carried);
    this.#byVersion.set(version, carried);
    const message = { messageType: 'notification', channelID: id, version, data: body.toString('base64url'), headers: { encoding: 'aes128gcm' } };
    if (this.#browser === undefined) {
      channel.waiting.set(topic, message);
    } else {
      this.#say(message);
    }
    return [201];
  }

  #connect(request: IncomingMessage, socket: Duplex): void {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const heads = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: push-notification'];
    socket.write(`${heads.join('\r\n')}\r\n\r\n`);
    this.#browser = socket;
    const gone = (): void => {
      if (this.#browser === socket) {
        this.#browser = undefined;
      }
    };
    socket.on('close', gone);
    socket.on('error', gone);
    let waiting = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (let read = frame(waiting); read !== null; read = frame(waiting)) {
        waiting = waiting.subarray(read.length);
        if (read.code === 1) {
          this.#hear(JSON.parse(read.body.toString()) as Fields);
        } else if (read.code === 8) {
          socket.end();
        }
      }
    });
  }

  /** What the browser says. */
  #hear(said: Fields): void {
    const channelID = String(said['channelID']);
    switch (said['messageType']) {
      case 'hello':
        this.#say({ messageType: 'hello', status: 200, uaid: said['uaid'] ?? randomUUID(), use_webpush: true });
        for (const { waiting } of this.#channels.values()) {
          waiting.forEach((message) => this.#say(message));
          waiting.clear();
        }
        break;
      case 'register':
        this.#channels.set(channelID, { key: Buffer.from(String(said['key']), 'base64url'), waiting: new Map() });
        this.#say({ messageType: 'register', status: 200, channelID, pushEndpoint: `http://${this.url}/wpush/v2/${channelID}` });
        break;
      case 'unregister':
        this.#channels.delete(channelID);
        this.#say({ messageType: 'unregister', status: 200, channelID });
        break;
      case 'ack':
        (said['updates'] as Fields[]).forEach((one) => this.#judged(one));
        break;
      case 'nack':
        this.#judged(said);
        break;
      default:
        this.#say({});
    }
  }

  #judged({ version, code }: Fields): void {
    const carried = this.#byVersion.get(String(version));
    if (carried !== undefined) {
      // That it was opened comes first, and that the worker threw then.
      carried.code = Math.max(carried.code ?? 0, Number(code));
    }
  }

  #say(message: object): void {
    const body = Buffer.from(JSON.stringify(message));
    const head = Buffer.from([0x81, body.length < 126 ? body.length : 126]);
    const length = Buffer.alloc(body.length < 126 ? 0 : 2);
    if (length.length > 0) {
      length.writeUInt16BE(body.length);
    }
    this.#browser?.write(Buffer.concat([head, length, body]));
  }
}

/** The largest body that push services have to take (RFC 8030, section 7.2). */
const LARGEST = 4_096;

/** What is wrong with the word of a sender (RFC 8292): it has to be for this service and this day, and of the key that the page named. */
function wrongSender(authorization: string, expected: Buffer, audience: string): string | null {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+), ?k=(\S+)$/.exec(authorization) ?? [];
  const point = Buffer.from(key, 'base64url');
  if (!point.equals(expected)) {
    return `another key than the page's: ${key}`;
  }
  const [head = '', claims = '', signature = ''] = token.split('.');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const signer = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', Buffer.from(`${head}.${claims}`), signer, Buffer.from(signature, 'base64url'))) {
    return 'a signature that is none';
  }
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud?: unknown; exp?: unknown; sub?: unknown };
  const left = Number(exp) - Date.now() / 1_000;
  const fits = aud === audience && left > 0 && left <= 24 * 60 * 60 && /^(?:mailto|https):/.test(String(sub));
  return fits ? null : `claims ${JSON.stringify({ aud, exp, sub })}`;
}

/** The first frame of a browser, once it is whole (RFC 6455, section 5.2): browsers mask, and nothing here is longer than 65,535 bytes. */
function frame(bytes: Buffer): { code: number; body: Buffer; length: number } | null {
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = (short === 126 ? 4 : 2) + 4;
  if (bytes.length < head) {
    return null;
  }
  const length = head + (short === 126 ? bytes.readUInt16BE(2) : short);
  if (bytes.length < length) {
    return null;
  }
  const mask = bytes.subarray(head - 4, head);
  const body = Buffer.from(bytes.subarray(head, length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
  return { code: (bytes[0] ?? 0) & 0x0f, body, length };
}
