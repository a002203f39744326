/** The real server: the binary as built, on ports the system chooses, with a data folder of its own. */

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { Child } from './process.ts';
import { API_KEY, API_SECRET } from './token.ts';

/** A server on a busy machine may need this long to open its ports. */
const START_PATIENCE = 20_000;
/** A graceful stop tells everybody and closes; it must not take longer than this. */
const STOP_PATIENCE = 20_000;

/** The binary under test: `PARLOR_BIN`, or the newest of the two builds. */
export function binary(): string {
  const named = process.env['PARLOR_BIN'];
  if (named !== undefined && named !== '') {
    return named;
  }
  const built = ['release', 'debug']
    .map((profile) => new URL(`../../target/${profile}/parlor`, import.meta.url).pathname)
    .filter((path) => existsSync(path))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  const newest = built[0];
  if (newest === undefined) {
    throw new Error('no server to test: build it with `cargo build`, or name one in PARLOR_BIN');
  }
  return newest;
}

/** What the tests read of a room's view. */
interface RoomView {
  room: { code: string };
  count: number;
}

/** The administrator of all tests, who signs in with these. */
export const ADMIN = 'admin';
export const PASSWORD = 'a password for the tests';

/** Settings by their variables, such as `PARLOR_RINGS`. */
export type Settings = Readonly<Record<string, string>>;

/** A running server. */
export class Server {
  private constructor(
    private child: Child,
    private readonly folder: string,
    /** Where it listens, without a slash at the end. */
    readonly url: string,
    private readonly settings: Settings,
  ) {}

  /** A server that was set up: anybody may make rooms and accounts. */
  static async start(settings: Settings = {}): Promise<Server> {
    const server = await Server.bare(settings);
    await server.setUp();
    return server;
  }

  /** A server as it is at its first start. */
  static async bare(settings: Settings = {}): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'parlor-e2e-'));
    const { child, url } = await run(folder, '127.0.0.1:0', 0, settings);
    return new Server(child, folder, url, settings);
  }

  /** The one-time code that it printed. */
  async setUpCode(): Promise<string> {
    const found = await this.child.line(/Set-up code: ([0-9A-Z-]+)/, START_PATIENCE);
    return found[1] ?? '';
  }

  /** Sets it up as its set-up page does. */
  async setUp(): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: await this.setUpCode(),
        serverName: 'Parlor',
        create: 'anyone',
        signUp: true,
        account: { name: ADMIN, displayName: 'Ada', password: PASSWORD },
      }),
    });
    expect(answer.status, 'the server is set up').toBe(201);
  }

  /** The address as LiveKit clients want it. */
  get socketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** Stops the process as the system would on shut-down; the data stay. */
  async halt(): Promise<void> {
    this.child.signal('SIGTERM');
    const code = await this.child.ended(STOP_PATIENCE);
    expect(code, `the server's exit code\n${this.child.tail()}`).toBe(0);
  }

  /** Ends the process at once, as a crash or the loss of power would: it has no time to tell or to write anything. */
  async kill(): Promise<void> {
    this.child.signal('SIGKILL');
    await this.child.ended(STOP_PATIENCE);
  }

  /** Starts again on the same ports with the same data. */
  async resume(): Promise<void> {
    const { child } = await run(this.folder, new URL(this.url).host, this.mediaPort(), this.settings);
    this.child = child;
  }

  /** The first of the ports on which it receives media, when the others follow it; else any. */
  private mediaPort(): number {
    const [, list = ''] = /UDP ([\d, ]+) \(media/.exec(this.child.lines.join('\n')) ?? [];
    const ports = list.split(', ').map(Number);
    const [first = 0] = ports;
    return ports.every((port, nth) => port === first + nth) ? first : 0;
  }

  /** Ends it, expects that it ended well, and removes the data. */
  async stop(): Promise<void> {
    if (this.child.isRunning()) {
      await this.halt();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What it has logged, for the report of a failure. */
  log(): string {
    return [...this.child.lines, ...this.child.complaints].join('\n');
  }

  /** Makes a room as the start page does, and gives the code in its link. */
  async createRoom(title = 'A meeting'): Promise<string> {
    const answer = await fetch(`${this.url}/api/v1/rooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
    expect(answer.status, 'a room is created').toBe(201);
    return ((await answer.json()) as RoomView).room.code;
  }

  /** The room as its pre-join page sees it. */
  async view(code: string): Promise<RoomView> {
    const answer = await fetch(`${this.url}/api/v1/rooms/${code}`);
    expect(answer.status, `the room ${code} is there`).toBe(200);
    return (await answer.json()) as RoomView;
  }
}

async function run(folder: string, listen: string, mediaPort: number, settings: Settings): Promise<{ child: Child; url: string }> {
  const args = ['serve', '--listen', listen, '--media-port', String(mediaPort), '--data', folder];
  const child = Child.start(binary(), args, { PARLOR_API_KEYS: `${API_KEY}: ${API_SECRET}`, ...settings });
  const found = await child.line(/Open (https?:\/\/[^\s/]+)/, START_PATIENCE);
  const url = found[1] ?? '';
  await expect.poll(() => healthy(url), { message: 'the server answers', timeout: START_PATIENCE }).toBe(true);
  return { child, url };
}

async function healthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}
