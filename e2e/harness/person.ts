/** A person at a browser who uses Parlor through its pages. */

import { expect, type Page } from '@playwright/test';

import { readInbound, readOutbound, type Inbound, type Outbound } from './probe.ts';
import { ChromiumTab, type Tab } from './tab.ts';

/** Media may take this long to start on a small and busy machine: a key frame, an ICE round, a decoder. */
export const MEDIA_PATIENCE = 45_000;

/** A tile of the meeting, as drawn. */
export interface Tile {
  kind: 'camera' | 'share';
  participant: string;
  /** The accessible name. */
  name: string;
  /** The id of the video track shown in it; empty when none is. */
  track: string;
}

/** The person. */
export class Person {
  constructor(
    readonly name: string,
    readonly tab: Tab,
  ) {}

  /** The page itself, for what only Chromium's driver offers. */
  page(): Page {
    if (!(this.tab instanceof ChromiumTab)) {
      throw new Error(`${this.name} is not in Chromium`);
    }
    return this.tab.page;
  }

  /** From the start page: makes a meeting and goes in. Gives the link. */
  async startMeeting(origin: string): Promise<string> {
    await this.tab.goto(`${origin}/`);
    await this.tab.press('button', 'New meeting');
    await expect.poll(() => new URL(this.tab.url()).pathname, 'the page of the new room').toMatch(/^\/r\/.+/);
    const link = this.tab.url();
    await this.enter();
    return link;
  }

  /** Opens a link and goes in. */
  async join(link: string): Promise<void> {
    await this.tab.goto(link);
    await this.enter();
  }

  /** Opens a link and gets ready: what is left is to press Join. */
  async ready(link: string): Promise<void> {
    await this.tab.goto(link);
    await this.prepare();
  }

  /** On the pre-join screen: lets the devices start, says who one is, joins, and waits to be in the meeting. */
  async enter(): Promise<void> {
    await this.prepare();
    await this.tab.press('button', 'Join');
    await this.expectInside();
  }

  /** Opens the link of a room whose door is watched, and asks to be let in. */
  async knock(link: string): Promise<void> {
    await this.tab.goto(link);
    await this.prepare();
    await this.tab.press('button', 'Ask to join');
  }

  /** Lets the devices start and says who one is; whoever is signed in need not. */
  private async prepare(): Promise<void> {
    await this.allowDevices();
    if (await this.tab.shows('textbox', 'Your name')) {
      await this.tab.fill('Your name', this.name);
    }
  }

  /** Agrees where the page asks for devices, and waits until they run or the page says why they do not. */
  async allowDevices(): Promise<void> {
    const state = async (): Promise<string> => {
      if (await this.tab.shows('button', 'Allow')) {
        await this.tab.press('button', 'Allow');
        return 'allowed';
      }
      return (await this.tab.shows('button', 'Try again')) || (await this.tab.evaluate(hasPicture, undefined))
        ? 'settled'
        : 'waiting';
    };
    await expect.poll(state, { message: `${this.name}'s devices`, timeout: MEDIA_PATIENCE }).toBe('settled');
  }

  async expectInside(): Promise<void> {
    await this.sees('button', 'Leave');
  }

  async leave(): Promise<void> {
    await this.tab.press('button', 'Leave');
    await this.sees('heading', 'You left');
  }

  async sees(role: Parameters<Tab['shows']>[0], name: string): Promise<void> {
    await expect
      .poll(() => this.tab.shows(role, name), { message: `${this.name} sees the ${role} '${name}'`, timeout: MEDIA_PATIENCE })
      .toBe(true);
  }

  /** Waits until words are shown, or are no longer. */
  async expectWords(words: RegExp, shown: boolean): Promise<void> {
    const message = `${this.name} ${shown ? 'reads' : 'no longer reads'} ${words}`;
    await expect
      .poll(async () => words.test(await this.tab.evaluate(readWords, undefined)), { message, timeout: MEDIA_PATIENCE })
      .toBe(shown);
  }

  /** All tiles that are drawn now. */
  tiles(): Promise<Tile[]> {
    return this.tab.evaluate(readTiles, undefined);
  }

  /** The tile of somebody, by the name they gave. */
  async tile(of: string, kind: Tile['kind'] = 'camera'): Promise<Tile | undefined> {
    return (await this.tiles()).find((tile) => tile.kind === kind && tile.name.startsWith(of));
  }

  inbound(): Promise<Inbound[]> {
    return this.tab.evaluate(readInbound, undefined);
  }

  outbound(): Promise<Outbound[]> {
    return this.tab.evaluate(readOutbound, undefined);
  }

  /** Waits until the picture in somebody's tile has moved on by at least ten decoded frames. */
  async expectPictureOf(of: string, kind: Tile['kind'] = 'camera'): Promise<void> {
    const message = `${this.name} decodes the ${kind} of ${of}`;
    let first: { track: string; frames: number } | undefined;
    const rise = async (): Promise<number> => {
      const tile = await this.tile(of, kind);
      const stream = (await this.inbound()).find((one) => tile !== undefined && one.track === tile.track);
      if (stream === undefined || stream.framesDecoded === 0) {
        return 0;
      }
      if (first?.track !== stream.track) {
        first = { track: stream.track, frames: stream.framesDecoded };
      }
      return stream.framesDecoded - first.frames;
    };
    await expect.poll(rise, { message, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(10);
  }

  /** Waits until this many received sounds have each brought new energy. */
  async expectSounds(count: number): Promise<void> {
    const first = new Map<string, number>();
    const rising = async (): Promise<number> => {
      const sounds = (await this.inbound()).filter((one) => one.kind === 'audio');
      for (const sound of sounds) {
        first.set(sound.track, first.get(sound.track) ?? sound.energy);
      }
      return sounds.filter((one) => one.energy > (first.get(one.track) ?? one.energy)).length;
    };
    await expect
      .poll(rising, { message: `${this.name} hears ${count}`, timeout: MEDIA_PATIENCE })
      .toBeGreaterThanOrEqual(count);
  }

  /** Waits until the names on the camera tiles are these, one's own included, in any order. */
  async expectTiles(names: string[]): Promise<void> {
    const missing = async (): Promise<string[]> => {
      const cameras = (await this.tiles()).filter((tile) => tile.kind === 'camera');
      const absent = names.filter((name) => !cameras.some((tile) => tile.name.startsWith(name)));
      return cameras.length > names.length ? [...absent, `${cameras.length - names.length} too many`] : absent;
    };
    await expect.poll(missing, { message: `${this.name} has a tile of each`, timeout: MEDIA_PATIENCE }).toEqual([]);
  }
}

/** Runs in the page: whether any video shows something. */
function hasPicture(): boolean {
  return [...document.querySelectorAll('video')].some((one) => one.videoWidth > 0);
}

/** Runs in the page: the text that is drawn. */
function readWords(): string {
  return document.body.innerText;
}

/** Runs in the page. */
function readTiles(): Tile[] {
  return [...document.querySelectorAll<HTMLElement>('[data-tile]')].map((element) => {
    const stream = element.querySelector('video')?.srcObject;
    const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
    const labelled = (element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ');
    return {
      kind: element.dataset['tile'] === 'share' ? 'share' : 'camera',
      participant: element.dataset['participant'] ?? '',
      name: (element.getAttribute('aria-label') ?? labelled).trim(),
      track: track?.id ?? '',
    };
  });
}
