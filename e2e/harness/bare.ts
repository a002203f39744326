/** Serves the bare page from an origin of its own, and types what it offers to the specs. */

import { createReadStream } from 'node:fs';
import { createServer, type Server as Listener } from 'node:http';

import { expect, type Page } from '@playwright/test';

import type { cast as Stage } from '../bare/cast.js';
import type { bare as Bare } from '../bare/page.js';
import { FIREFOX_TONE } from './browsers.ts';
import { MEDIA_PATIENCE } from './person.ts';
import { readInbound, readOutbound, type Inbound, type Outbound } from './probe.ts';
import { token, type Claims } from './token.ts';
import type { Tab } from './tab.ts';

declare global {
  // The only form in which globals of a page can be declared.
  var bare: typeof Bare;
  var cast: typeof Stage;
}

/** What Chromium's bystanders sing, in hertz. */
const CHROMIUM_TONE = 880;

const FILES: Record<string, { path: string; type: string }> = {
  '/': { path: '../bare/index.html', type: 'text/html' },
  '/page.js': { path: '../bare/page.js', type: 'text/javascript' },
  '/cast': { path: '../bare/cast.html', type: 'text/html' },
  '/cast.js': { path: '../bare/cast.js', type: 'text/javascript' },
  '/livekit-client.esm.mjs': {
    path: '../node_modules/livekit-client/dist/livekit-client.esm.mjs',
    type: 'text/javascript',
  },
};

function fileAt(url: string): { path: string; type: string } | undefined {
  const face = /^\/people\/([a-z]+)\.svg$/.exec(url)?.[1];
  return face === undefined ? FILES[url] : { path: `../assets/people/${face}.svg`, type: 'image/svg+xml' };
}

/** The little site. */
export class BareSite {
  private constructor(private readonly listener: Listener) {}

  static start(): Promise<BareSite> {
    return new Promise((resolve, reject) => {
      const listener = createServer((request, response) => {
        const file = fileAt(request.url ?? '');
        if (file === undefined) {
          response.writeHead(404).end();
          return;
        }
        response.writeHead(200, { 'content-type': `${file.type}; charset=utf-8` });
        createReadStream(new URL(file.path, import.meta.url)).pipe(response);
      });
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', () => resolve(new BareSite(listener)));
    });
  }

  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the bare site is not listening');
    }
    return `http://127.0.0.1:${address.port}/`;
  }

  async stop(): Promise<void> {
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}

/** The same site, for a page that cannot reach this machine: under an address that its browser takes for secure. */
export async function serveBare(page: Page, origin: string): Promise<Pick<BareSite, 'url'>> {
  const entry = '/bare-page';
  for (const [path, { path: file, type }] of Object.entries(FILES)) {
    const answer = { path: new URL(file, import.meta.url).pathname, contentType: `${type}; charset=utf-8` };
    await page.route(origin + (path === '/' ? entry : path), (route) => route.fulfill(answer));
  }
  return { url: origin + entry };
}

/** Somebody whose application is the bare page. */
export class Bystander {
  constructor(
    readonly identity: string,
    readonly tab: Tab,
  ) {}

  /** Opens the page and joins. */
  async join(site: Pick<BareSite, 'url'>, server: string, room: string, claims: Claims & { autoSubscribe?: boolean } = {}): Promise<void> {
    await this.open(site);
    const how = { url: server, token: token(room, this.identity, claims), autoSubscribe: claims.autoSubscribe ?? true };
    await this.tab.evaluate((how) => globalThis.bare.join(how), how);
  }

  /** Opens the page. */
  async open(site: Pick<BareSite, 'url'>): Promise<void> {
    await this.tab.goto(site.url);
    await expect.poll(() => this.tab.evaluate(() => typeof globalThis.bare, null), 'the page is ready').toBe('object');
  }

  /** The pitch of what this one publishes: Firefox has only the tone of its fake microphone. */
  get tone(): number {
    return this.tab.engine === 'firefox' ? FIREFOX_TONE : CHROMIUM_TONE;
  }

  async publishTone(): Promise<void> {
    const hertz = this.tab.engine === 'firefox' ? null : CHROMIUM_TONE;
    await this.tab.evaluate((hertz) => globalThis.bare.publishTone(hertz), hertz);
  }

  inbound(): Promise<Inbound[]> {
    return this.tab.evaluate(readInbound, undefined);
  }

  outbound(): Promise<Outbound[]> {
    return this.tab.evaluate(readOutbound, undefined);
  }

  /** What somebody publishes under a source, as this one sees it. */
  async track(of: string, source: string) {
    const others = await this.tab.evaluate(() => globalThis.bare.others(), null);
    return others.find((one) => one.identity === of)?.tracks.find((one) => one.source === source);
  }

  /** The received stream of what somebody publishes under a source. */
  async stream(of: string, source: string): Promise<Inbound | undefined> {
    const track = await this.track(of, source);
    return (await this.inbound()).find((one) => track !== undefined && one.track === track.live);
  }

  /** Waits until frames of somebody's picture go on being decoded. */
  async expectPictureOf(of: string, source = 'camera'): Promise<Inbound> {
    let first: Inbound | undefined;
    let last: Inbound | undefined;
    const rise = async (): Promise<number> => {
      last = await this.stream(of, source);
      if (last === undefined || last.framesDecoded === 0) {
        return 0;
      }
      first = first?.track === last.track && first.framesDecoded <= last.framesDecoded ? first : last;
      return last.framesDecoded - first.framesDecoded;
    };
    const message = `${this.identity} decodes the ${source} of ${of}`;
    await expect.poll(rise, { message, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(10);
    if (last === undefined) {
      throw new Error(message);
    }
    return last;
  }

  /** Waits until somebody's sound has this pitch, within one per cent. */
  async expectPitchOf(of: string, hertz: number): Promise<void> {
    const off = async (): Promise<number> => {
      const published = await this.track(of, 'microphone');
      const pitch = published === undefined ? 0 : await this.tab.evaluate((of) => globalThis.bare.pitch(of), of);
      return Math.abs(pitch - hertz) / hertz;
    };
    await expect
      .poll(off, { message: `${this.identity} hears ${of} at ${hertz} Hz`, timeout: MEDIA_PATIENCE })
      .toBeLessThanOrEqual(0.01);
  }

  /** Waits until something was heard: an event of the page with sender and text. */
  async expectHeard(what: string, from: string, text?: string): Promise<void> {
    const count = async (): Promise<number> =>
      (await this.tab.evaluate(() => globalThis.bare.heard(), null)).filter(
        (one) => one.what === what && one.from === from && (text === undefined || one.text === text),
      ).length;
    await expect
      .poll(count, { message: `${this.identity} hears '${what}' from '${from}'`, timeout: MEDIA_PATIENCE })
      .toBeGreaterThan(0);
  }
}

/** Somebody in the cast. */
export interface Role {
  name: string;
  /** The portrait in `assets/people`; null for no camera. */
  face: string | null;
  speaks: boolean;
  shares?: boolean;
}

/** Drawn people who fill a meeting, all in one page. */
export class Cast {
  private isOpen = false;

  constructor(
    private readonly tab: Tab,
    private readonly site: BareSite,
  ) {}

  /** Lets people into the room of a link, one after the other. */
  async enter(link: string, roles: Role[]): Promise<void> {
    if (!this.isOpen) {
      await this.tab.goto(`${this.site.url}cast`);
      await expect.poll(() => this.tab.evaluate(() => typeof globalThis.cast, null), 'the cast is ready').toBe('object');
      this.isOpen = true;
    }
    const { origin, pathname } = new URL(link);
    const room = pathname.replace('/r/', '');
    for (const { name, face, speaks, shares } of roles) {
      const access = token(room, `cast-${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`, { name });
      const how = { url: origin.replace(/^http/, 'ws'), token: access, face, speaks, shares: shares ?? false };
      await this.tab.evaluate((how) => globalThis.cast.enter(how), how);
    }
  }

  async end(): Promise<void> {
    if (this.isOpen) {
      await this.tab.evaluate(() => globalThis.cast.end(), null);
    }
  }
}
