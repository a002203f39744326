/** A push service of our own, and a browser's side of a subscription with it: what it reads is what a browser would (RFC 8291). */

import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type Server as Listener } from 'node:http';

/** What a browser would be told, and under which heads. */
export interface Told {
  readonly text: string;
  readonly topic: string;
}

export class PushService {
  readonly #keys = createECDH('prime256v1');
  readonly #auth = randomBytes(16);
  readonly #told: Told[] = [];

  private constructor(
    private readonly listener: Listener,
    private readonly url: string,
  ) {
    this.#keys.generateKeys();
    listener.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.#told.push({ text: this.#open(Buffer.concat(parts)), topic: String(request.headers['topic']) });
        response.writeHead(201).end();
      });
    });
  }

  static async start(): Promise<PushService> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    return new PushService(listener, `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
  }

  /** What the server is told of this browser. */
  subscription(device: string): Record<string, string> {
    const p256dh = this.#keys.getPublicKey().toString('base64url');
    return { endpoint: `${this.url}/browser`, p256dh, auth: this.#auth.toString('base64url'), device };
  }

  /** How much came so far. */
  get count(): number {
    return this.#told.length;
  }

  /** The next that was not taken yet. */
  take(): Told | undefined {
    return this.#told.shift();
  }

  async stop(): Promise<void> {
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  #open(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 86);
    const ours = this.#keys.getPublicKey();
    const derive = (secret: Buffer, by: Buffer, info: Buffer, length: number): Buffer => Buffer.from(hkdfSync('sha256', secret, by, info, length));
    const shared = derive(this.#keys.computeSecret(theirs), this.#auth, Buffer.concat([Buffer.from('WebPush: info\0'), ours, theirs]), 32);
    const key = derive(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = derive(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const sealed = body.subarray(86);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    cipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    return text.subarray(0, -1).toString();
  }
}
