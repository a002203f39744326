/** A server that speaks TLS with an authority of its own, and browsers that were told to trust it, as people are by its page. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, type Browser as Chromium } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { call, makeRoom } from './account.ts';
import { startChromium, startFirefox } from './browsers.ts';
import { Child } from './process.ts';
import { ADMIN, PASSWORD, binary } from './server.ts';
import type { Tab } from './tab.ts';

/** A server on a busy machine may need this long to start, and this long to end. */
const PATIENCE = 30_000;

/** Why no browser can be made to trust anybody here; null when it can. */
export function certutilMissing(): string | null {
  try {
    execFileSync('certutil', ['-H'], { stdio: 'ignore' });
    return null;
  } catch (error) {
    // It ends with an error after its help, and that it does at all is what counts.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'certutil is not here (libnss3-tools)' : null;
  }
}

/** A running server. */
export class SecureServer {
  private readonly homes: string[] = [];

  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    private readonly port: string,
  ) {}

  static async start(): Promise<SecureServer> {
    const folder = mkdtempSync(join(tmpdir(), 'parlor-secure-'));
    // Beyond loopback it speaks TLS. Media is on the machine's own addresses, as elsewhere: a relayed address is none of
    // loopback, and Firefox pairs no such one with 127.0.0.1, so that over a relay nothing would be tried at all.
    const args = ['serve', '--listen', '0.0.0.0:0', '--media-port', '0', '--data', folder];
    const child = Child.start(binary(), args);
    const found = await child.line(/Open https:\/\/127\.0\.0\.1:(\d+)/, PATIENCE);
    await child.line(/Data lies in/, PATIENCE);
    return new SecureServer(child, folder, found[1] ?? '');
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** The page that says how to trust it, as who does not yet opens it. */
  get trustUrl(): string {
    return `http://localhost:${this.port}/trust`;
  }

  /** What the console said the authority's fingerprint is. */
  async fingerprint(): Promise<string> {
    return (await this.child.line(/^ {2}((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/, PATIENCE))[1] ?? '';
  }

  /** Sets it up and makes a room that anybody may enter, from a page of its own. Gives the room's link. */
  async createRoom(tab: Tab): Promise<string> {
    const [, code = ''] = await this.child.line(/Set-up code: ([0-9A-Z-]+)/, PATIENCE);
    await tab.goto(`${this.url}/`);
    const account = { name: ADMIN, displayName: 'Ada', password: PASSWORD };
    const { status } = await call(tab, 'POST', 'setup', { code, serverName: 'Parlor', create: 'anyone', signUp: true, account });
    expect(status, 'the server is set up').toBe(201);
    return (await makeRoom(tab, this, 'A meeting', { lobby: 'off' })).link;
  }

  /** A Chromium that trusts it, when `trusting`: it reads the database of the user that it runs as. */
  async chromium(trusting: boolean): Promise<Chromium> {
    const home = this.home();
    const database = join(home, '.pki', 'nssdb');
    mkdirSync(database, { recursive: true });
    this.furnish(database, trusting);
    return startChromium([], undefined, { HOME: home });
  }

  /** A Firefox that trusts it: its profile has a database of its own. */
  async firefox(): Promise<Firefox> {
    const profile = this.home();
    this.furnish(profile, true);
    return startFirefox(profile);
  }

  async stop(): Promise<void> {
    this.child.signal('SIGTERM');
    await this.child.ended(PATIENCE);
    for (const folder of [this.folder, ...this.homes]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private home(): string {
    const home = mkdtempSync(join(tmpdir(), 'parlor-home-'));
    this.homes.push(home);
    return home;
  }

  private furnish(database: string, trusting: boolean): void {
    const certutil = (...args: string[]): void => {
      execFileSync('certutil', ['-d', `sql:${database}`, ...args], { stdio: 'ignore' });
    };
    certutil('-N', '--empty-password');
    if (trusting) {
      certutil('-A', '-t', 'C,,', '-n', 'parlor', '-i', join(this.folder, 'ca.pem'));
    }
  }
}
