/** The people of the pictures: accounts with drawn faces, who ring and write without a page of their own. */

import { expect } from '@playwright/test';
import sharp from 'sharp';

import { portrait } from './picture.ts';
import { ADMIN, PASSWORD, type Server } from './server.ts';

/** The part of a drawn portrait (640 by 360) with head and shoulders: a square, as the server keeps pictures. */
const FACE = { left: 180, top: 44, width: 280, height: 280 };

/** Somebody with an account; what they do goes straight to the server. */
export class Neighbour {
  private constructor(
    private readonly server: Pick<Server, 'url'>,
    /** With which they sign in. */
    readonly account: string,
    readonly name: string,
    /** Of the account. */
    readonly id: string,
    private readonly cookie: string,
  ) {}

  /** Makes an account whose picture is the drawn face of that name. */
  static async moveIn(server: Pick<Server, 'url'>, account: string, name: string): Promise<Neighbour> {
    return Neighbour.#enter(server, 'accounts', 201, { name: account, displayName: name, password: PASSWORD }, account, name);
  }

  /** The one who runs the server, called so, with the drawn face of Ines. */
  static async landlady(server: Pick<Server, 'url'>, name: string): Promise<Neighbour> {
    const one = await Neighbour.#enter(server, 'session', 200, { name: ADMIN, password: PASSWORD }, 'ines', name);
    await one.does('PATCH', 'me', { displayName: name });
    return one;
  }

  static async #enter(server: Pick<Server, 'url'>, path: string, status: number, body: Record<string, string>, face: string, name: string): Promise<Neighbour> {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, `${name} is signed in`).toBe(status);
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const { account } = (await answer.json()) as { account: { id: string } };
    const one = new Neighbour(server, body['name'] ?? '', name, account.id, cookie);
    const picture = await sharp(Buffer.from(portrait(face)), { density: 144 }).resize(640, 360).extract(FACE).png().toBuffer();
    await one.#send('PUT', 'me/avatar', 'image/png', new Blob([new Uint8Array(picture)]));
    return one;
  }

  /** Asks the server for something as they would, and gives what it answers; it must not refuse. */
  async does(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#send(method, path, 'application/json', body === undefined ? null : JSON.stringify(body));
  }

  /** Rings somebody, from a device that is nowhere; gives the id of the call. */
  async rings(whom: Neighbour, video: boolean): Promise<string> {
    const { id } = (await this.does('POST', 'calls', { people: [whom.id], video, device: 'elsewhere', anyway: false })) as { id: string };
    return id;
  }

  /** Writes a line in a room or conversation; gives its id. */
  async writes(where: string, text: string, more: { replyTo?: string; file?: string } = {}): Promise<string> {
    const { id } = (await this.does('POST', `rooms/${where}/messages`, { text, ...more })) as { id: string };
    return id;
  }

  /** Gives a file there, for a line to name; gives its id. */
  async gives(where: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const file = await this.#send('POST', `rooms/${where}/files?name=${encodeURIComponent(name)}`, 'application/octet-stream', new Blob([bytes]));
    return (file as { id: string }).id;
  }

  async #send(method: string, path: string, kind: string, body: BodyInit | null): Promise<unknown> {
    const answer = await fetch(`${this.server.url}/api/v1/${path}`, { method, headers: { 'content-type': kind, cookie: this.cookie }, body });
    const text = await answer.text();
    expect(answer.ok, `${this.name}: ${method} ${path}: ${answer.status} ${text}`).toBe(true);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}
