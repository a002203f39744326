/** A program that attends: a socket with an app password, as a script of somebody's would open it. */

import { request } from 'node:http';
import type { Socket } from 'node:net';

/** The program. */
export class Program {
  /** Everything that it was told, in order. */
  readonly heard: { event: string; message?: string; channel?: string }[] = [];
  #open = true;

  private constructor(private readonly socket: Socket) {
    let waiting = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (let read = frame(waiting); read !== null; read = frame(waiting)) {
        waiting = waiting.subarray(read.length);
        // Texts alone: what ends the socket is seen by its end.
        if (read.code === 1) {
          this.heard.push(JSON.parse(read.body.toString()) as (typeof this.heard)[number]);
        }
      }
    });
    socket.on('close', () => (this.#open = false));
    socket.on('error', () => (this.#open = false));
  }

  /** Opens one; fails when it is not let in. */
  static attend(origin: string, query: string, name: string, password: string): Promise<Program> {
    return new Promise((resolve, reject) => {
      const asked = request(`${origin}/attendance/?${query}`, {
        headers: {
          authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.from('0123456789abcdef').toString('base64'),
        },
      });
      asked.on('upgrade', (_answer, socket, head) => {
        const program = new Program(socket as Socket);
        socket.unshift(head);
        resolve(program);
      });
      asked.on('response', (answer) => reject(new Error(`the program is answered ${answer.statusCode ?? 0}`)));
      asked.on('error', reject);
      asked.end();
    });
  }

  /** Whether its socket is still open. */
  isOpen(): boolean {
    return this.#open;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The first frame, once it is whole (RFC 6455, section 5.2; a server masks nothing, and here nothing is longer than 65,535 bytes). */
function frame(bytes: Buffer): { code: number; body: Buffer; length: number } | null {
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short === 126 ? 4 : 2;
  if (bytes.length < head) {
    return null;
  }
  const length = head + (short === 126 ? bytes.readUInt16BE(2) : short);
  return bytes.length < length ? null : { code: (bytes[0] ?? 0) & 0x0f, body: bytes.subarray(head, length), length };
}
