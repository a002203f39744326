/**
 * The networks of a lab with the server in them, and people in its hosts: Ada at the phone, whose line breaks, and whoever she meets
 * at home, on a clean one.
 */

import type { Browser as Chromium } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { LOOKED, STRANGER, lookForAddresses, type Way } from './addresses.ts';
import { chromiumTab, firefoxTab, hasFirefox } from './browsers.ts';
import { MODEST, limitCamera } from './camera.ts';
import { Lab, labMissing } from './lab.ts';
import { Person } from './person.ts';
import { keepPulse, pulse, type Beat } from './pulse.ts';
import { SdkPerson } from './sdk.ts';
import type { Engine, Tab } from './tab.ts';
import { attach, closeAll, expect, reportAll, skipOrFail, test as base } from './test.ts';

/** Delays of a home at some distance; nothing is lost but by what the tests do. */
const SCENARIO = `
seed = 11
[[client]]
name = "phone"
nat = "symmetric"
up = "delay=10ms rate=20Mbit"
down = "delay=10ms rate=50Mbit"
[[client]]
name = "home"
`;

export type Host = 'phone' | 'home';

/** The place of each among the clients of the scenario, from which its addresses are made. */
const CLIENTS: Readonly<Record<Host, number>> = { phone: 1, home: 2 };

/** The networks, and the browsers in them, by host and engine. */
export interface Place {
  lab: Lab;
  browser: (host: Host, engine: Engine) => Promise<Chromium | Firefox>;
}

/** Whoever notes when media came: a page, or a program. */
export interface Watcher {
  name: string;
  beats: (since: number) => Promise<Beat[]>;
}

interface Fresh {
  /** A new page of an engine in a host, of which it is noted when media came. */
  tabAt: (host: Host, engine: Engine) => Promise<Tab>;
  /** Somebody at a page of Parlor's. */
  personAt: (name: string, host: Host, engine: Engine) => Promise<Person>;
  /** Somebody at the Python SDK. */
  sdkAt: (identity: string, host: Host) => Promise<SdkPerson>;
}

export const test = base.extend<Fresh, { place: Place }>({
  place: [
    async ({}, use) => {
      skipOrFail(await labMissing());
      const lab = await Lab.start(SCENARIO);
      const open = new Map<string, Promise<Chromium | Firefox>>();
      const browser: Place['browser'] = (host, engine) => {
        const key = `${host} ${engine}`;
        const found = open.get(key) ?? (engine === 'chromium' ? lab.chromium(host) : lab.firefox(host));
        open.set(key, found);
        return found;
      };
      await use({ lab, browser });
      await lab.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  tabAt: async ({ place }, use, info) => {
    const tabs: Tab[] = [];
    await calm(place.lab);
    await use(async (host, engine) => {
      skipOrFail(engine === 'firefox' && !hasFirefox() ? 'there is no Firefox' : null);
      const browser = await place.browser(host, engine);
      const tab = engine === 'chromium' ? await chromiumTab(browser as Chromium) : await firefoxTab(browser as Firefox);
      tabs.push(tab);
      await lookForAddresses(tab, Object.entries(CLIENTS).flatMap(([other, number]) => (other === host ? [] : [number])));
      await keepPulse(tab);
      return tab;
    });
    await calm(place.lab);
    if (info.status !== info.expectedStatus) {
      await attach(info, 'lab-server-log', place.lab.log());
    }
    await reportAll(info, 'lab-tab', tabs);
    const strangers = tabs.flatMap((tab) => tab.told(STRANGER));
    await closeAll(tabs);
    expect(strangers, 'nobody is given an address of somebody else').toEqual([]);
  },
  personAt: async ({ tabAt }, use) => {
    await use(async (name, host, engine) => {
      const tab = await tabAt(host, engine);
      await tab.prepare(limitCamera, MODEST);
      return new Person(name, tab);
    });
  },
  sdkAt: async ({ place, sdkMissing }, use, info) => {
    const started: SdkPerson[] = [];
    await use(async (identity, host) => {
      skipOrFail(sdkMissing === null ? null : `the Python SDK is not here: ${sdkMissing}`);
      const person = await SdkPerson.start(identity, place.lab.starter(host));
      started.push(person);
      return person;
    });
    for (const person of started) {
      if (info.status !== info.expectedStatus) {
        await attach(info, `sdk-${person.identity}`, person.log());
      }
      await person.stop();
    }
  },
});

/** The lines as the scenario has them. */
async function calm(lab: Lab): Promise<void> {
  await lab.act('heal phone');
  await lab.act('set phone up delay=10ms jitter=0ms loss=0% rate=20Mbit');
  await lab.act('set phone down delay=10ms jitter=0ms loss=0% rate=50Mbit');
}

export const watching = ({ name, tab }: Person): Watcher => ({ name, beats: (since) => pulse(tab, since) });

export const listening = (person: SdkPerson): Watcher => ({ name: person.identity, beats: (since) => person.beats(since) });

/** What was under way when a line is cut arrives and is decoded within this. */
export const UNDER_WAY = 700;

/** When media came to somebody, in milliseconds after something happened. */
export interface Came {
  heard: number;
  seen: number;
}

/** How long it took after something happened until media came again, in milliseconds: to Ada, and to the other. */
export interface Outage {
  ada: Came;
  ben: Came;
  longest: number;
}

export async function outage(ada: Watcher, ben: Watcher, happen: () => Promise<unknown>, underWay = UNDER_WAY): Promise<Outage> {
  const start = Date.now();
  await happen();
  await pass(underWay);
  const [of, by] = await flows(ada, ben, start + underWay);
  const late = ({ heard, seen }: Came): Came => ({ heard: heard + underWay, seen: seen + underWay });
  return { ada: late(of), ben: late(by), longest: Math.max(of.heard, of.seen, by.heard, by.seen) + underWay };
}

export const told = ({ ada, ben }: Outage): string => `Ada hears after ${ada.heard} ms and sees after ${ada.seen} ms, Ben ${ben.heard} and ${ben.seen}`;

/** Until both have got new pictures and sound since a moment; how long it took each. */
export function flows(ada: Watcher, ben: Watcher, since: number): Promise<[Came, Came]> {
  const anew = async (person: Watcher): Promise<Came> => {
    const more = (of: 'frames' | 'sounds', count: number): Promise<number> => {
      let had: number | undefined;
      return first(person, since, (beat) => beat[of] >= (had ??= beat[of]) + count);
    };
    return { heard: await more('sounds', 10), seen: await more('frames', 3) };
  };
  return Promise.all([anew(ada), anew(ben)]);
}

/** The first moment since `start` at which what had come to somebody is enough; milliseconds after it. */
export async function first(person: Watcher, start: number, enough: (beat: Beat) => boolean): Promise<number> {
  let took = 0;
  const look = async (): Promise<boolean> => {
    const found = (await person.beats(start)).find(enough);
    took = found === undefined ? 0 : found.at - start;
    return found !== undefined;
  };
  await expect.poll(look, { message: `media comes to ${person.name}`, timeout: 60_000, intervals: [200] }).toBe(true);
  return took;
}

/** The longest time in which none came, in milliseconds. */
export function longestWithout(of: 'frames' | 'sounds', beats: Beat[]): number {
  let longest = 0;
  let last = beats[0];
  for (const beat of beats) {
    if (last === undefined || beat[of] !== last[of]) {
      last = beat;
    }
    longest = Math.max(longest, beat.at - last.at);
  }
  return longest;
}

export function measured(description: string): void {
  console.log(`measured: ${base.info().title}: ${description}`);
  base.info().annotations.push({ type: 'measured', description });
}

/** The clock of a measurement: nothing is waited for. */
export function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** In what a page was looked for addresses of others, so far. */
export const lookedIn = ({ tab }: Person): Set<Way> => new Set(tab.told(LOOKED) as Way[]);
