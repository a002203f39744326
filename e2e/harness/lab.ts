/**
 * Networks as they are: the real server in one network namespace, browsers in others, and between them a router that
 * delays, translates and cuts (docs/netlab.md). Nothing of the page, the browser or the server knows of it.
 */

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server as Listener } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser as Chromium } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { chromiumProgram, connectFirefox, FIREFOX, FIREFOX_FLAGS, firefoxProfile, startChromium } from './browsers.ts';
import { Child, type Starter } from './process.ts';
import { ADMIN, PASSWORD, binary } from './server.ts';
import { API_KEY, API_SECRET } from './token.ts';

/** Where the server of a lab listens, and where it takes media. */
export const WEB_PORT = 7880;
export const MEDIA_PORT = 7882;
/** The server's address in every lab. */
const ADDRESS = '10.77.0.1';

/** A lab, a server or a browser on a busy machine may need this long to start, and this long to end. */
const PATIENCE = 30_000;

/** The tool: `NETLAB_BIN`, or what was built beside the server. */
function netlab(): string {
  return process.env['NETLAB_BIN'] || new URL('../../target/debug/netlab', import.meta.url).pathname;
}

/** Why there can be no lab here; null when there can be one. */
export async function labMissing(): Promise<string | null> {
  if (!existsSync(netlab())) {
    return 'netlab is not built (`cargo build -p netlab`)';
  }
  const check = Child.start(netlab(), ['check']);
  return (await check.ended(PATIENCE)) === 0 ? null : `there can be no network lab here\n${check.tail()}`;
}

/** A lab with a server in it. */
export class Lab {
  private readonly browsers: { close: () => Promise<void> }[] = [];
  private readonly listeners: Listener[] = [];

  private constructor(
    private readonly folder: string,
    private readonly holder: Child,
    private readonly name: string,
    private server: Child | null = null,
  ) {}

  /** Where the server is, as all in the lab see it. */
  readonly url = `http://${ADDRESS}:${WEB_PORT}`;

  /** Builds the networks of a scenario, and starts the server in them. */
  static async start(scenario: string): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'parlor-lab-'));
    const file = join(folder, 'scenario.toml');
    writeFileSync(file, scenario);
    const holder = Child.start(netlab(), ['hold', file]);
    const record = await holder.line(/^\{.*\}$/, PATIENCE);
    await holder.line(/^ready$/, PATIENCE);
    const { lab } = JSON.parse(record[0]) as { lab: string };
    const made = new Lab(folder, holder, lab);
    try {
      await made.startServer();
    } catch (error) {
      await made.stop();
      throw error;
    }
    return made;
  }

  /** What the server has logged. */
  log(): string {
    return [...(this.server?.lines ?? []), ...(this.server?.complaints ?? [])].join('\n');
  }

  /** Makes something happen to the networks, as `cut-udp phone`; back when it has. */
  async act(action: string): Promise<string> {
    const answer = await this.holder.ask(action, PATIENCE);
    if (!answer.startsWith('ok')) {
      throw new Error(`${action}: ${answer}`);
    }
    return answer;
  }

  async createRoom(title = 'A meeting'): Promise<string> {
    const { room } = JSON.parse(await this.post('/api/v1/rooms', { title })) as { room: { code: string } };
    return room.code;
  }

  /** A Chromium in a client's namespace. */
  async chromium(host: string): Promise<Chromium> {
    // A launcher wants one file to start.
    const file = join(this.folder, `${host}-chromium`);
    writeFileSync(file, `#!/bin/sh\nexec '${netlab()}' exec '${this.name}' '${host}' -- '${chromiumProgram(true)}' "$@"\n`);
    chmodSync(file, 0o755);
    // Cameras are for secure pages only, and no certificate reaches into the lab.
    const browser = await startChromium([`--unsafely-treat-insecure-origin-as-secure=${this.url}`], file);
    this.browsers.push(browser);
    return browser;
  }

  /** A Firefox in a client's namespace. */
  async firefox(host: string): Promise<Firefox> {
    const profile = mkdtempSync(join(this.folder, `${host}-firefox-`));
    firefoxProfile(profile, { 'dom.securecontext.allowlist': ADDRESS });
    const child = this.inside(host, FIREFOX, ['--profile', profile, ...FIREFOX_FLAGS, '--remote-debugging-port=0']);
    const found = await child.complaint(/WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/, PATIENCE);
    const browser = await connectFirefox(await this.bridge(host, Number(found[1])), Number(found[1]));
    this.browsers.push({
      close: async () => {
        await browser.close().catch(() => undefined);
        child.signal('SIGKILL');
        await child.ended(PATIENCE);
      },
    });
    return browser;
  }

  /** Ends everything that is in it, and then the networks. */
  async stop(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    for (const listener of this.listeners) {
      listener.close();
    }
    this.server?.signal('SIGTERM');
    await this.server?.ended(PATIENCE);
    this.holder.finish();
    await this.holder.ended(PATIENCE);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async runServer(): Promise<Child> {
    const args = ['serve', '--listen', `${ADDRESS}:${WEB_PORT}`, '--insecure-http', '--media-port', String(MEDIA_PORT)];
    const data = join(this.folder, 'data');
    const server = this.inside('server', binary(), [...args, '--data', data], { PARLOR_API_KEYS: `${API_KEY}: ${API_SECRET}` });
    this.server = server;
    await server.line(/Open (https?:\/\/[^\s/]+)/, PATIENCE);
    return server;
  }

  private async startServer(): Promise<void> {
    const server = await this.runServer();
    const [, code = ''] = await server.line(/Set-up code: ([0-9A-Z-]+)/, PATIENCE);
    const account = { name: ADMIN, displayName: 'Ada', password: PASSWORD };
    await this.post('/api/v1/setup', { code, serverName: 'Parlor', create: 'anyone', signUp: true, account });
  }

  /** Asks the server from its own namespace. */
  private async post(path: string, body: unknown): Promise<string> {
    const header = ['--header', 'content-type: application/json', '--data', JSON.stringify(body)];
    const retry = ['--retry', '20', '--retry-connrefused', '--retry-delay', '1'];
    const curl = this.inside('server', 'curl', ['--silent', '--show-error', '--fail-with-body', '--noproxy', '*', ...retry, ...header, `${this.url}${path}`]);
    const code = await curl.ended(PATIENCE);
    if (code !== 0) {
      throw new Error(`${path}: ${curl.tail()}`);
    }
    return curl.lines.join('\n');
  }

  /** What starts a program in a host. */
  starter(host: string): Starter {
    return (program, args) => this.inside(host, program, args);
  }

  /** Ends the server's process at once, as a crash would, and starts it again with the same data; back when it answers. */
  async killServer(): Promise<void> {
    this.server?.signal('SIGKILL');
    await this.server?.ended(PATIENCE);
    await this.runServer();
  }

  private inside(host: string, program: string, args: string[], environment: Record<string, string> = {}): Child {
    return Child.start(netlab(), ['exec', this.name, host, '--', program, ...args], environment);
  }

  /** A port of this machine that leads to one of the loopback inside. */
  private async bridge(host: string, port: number): Promise<number> {
    const pipe = `const s=require('net').connect(${port},'127.0.0.1');process.stdin.pipe(s);s.pipe(process.stdout)`;
    const listener = createServer((socket) => {
      const child = spawn(netlab(), ['exec', this.name, host, '--', process.execPath, '-e', pipe], { stdio: ['pipe', 'pipe', 'inherit'] });
      socket.pipe(child.stdin).on('error', () => socket.destroy());
      child.stdout.pipe(socket).on('error', () => child.kill());
      socket.on('close', () => child.kill());
    });
    this.listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return (listener.address() as AddressInfo).port;
  }
}
