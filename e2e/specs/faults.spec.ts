/**
 * Real browsers behind bad networks, with the real server: Ada behind a symmetric NAT whose line breaks in many ways, Ben on
 * a clean one. How fast a meeting begins, and how soon it goes on.
 */

import type { Browser as Chromium } from '@playwright/test';
import type { Browser as Firefox } from 'puppeteer-core';

import { chromiumTab, firefoxTab, hasFirefox } from '../harness/browsers.ts';
import { MODEST, limitCamera } from '../harness/camera.ts';
import { doorInUse, type Door } from '../harness/doors.ts';
import { Lab, MEDIA_PORT, labMissing } from '../harness/lab.ts';
import { Person } from '../harness/person.ts';
import { keepPulse, pulse } from '../harness/pulse.ts';
import type { Engine, Tab } from '../harness/tab.ts';
import { attach, closeAll, expect, skipOrFail, test as base } from '../harness/test.ts';

base.describe.configure({ timeout: 180_000 });

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

/**
 * What a machine of two cores adds that runs two browsers and the server beside other work: starting decoders and getting
 * statistics takes it up to so long, in milliseconds.
 */
const SLACK = 2_500;
/** What was under way when a line is cut arrives and is decoded within this. */
const UNDER_WAY = 700;

/** So long there is no network: less than the server waits for pings and then keeps the seat. */
const AWAY = 30_000;

/** The networks, and the browsers in them, by host and engine. */
interface Place {
  lab: Lab;
  browser: (host: Host, engine: Engine) => Promise<Chromium | Firefox>;
}

type Host = 'phone' | 'home';

interface Pair {
  ada: Person;
  ben: Person;
  link: string;
}

const test = base.extend<{ pair: (engine: Engine) => Promise<Pair> }, { place: Place }>({
  place: [
    async ({}, use) => {
      const missing = await labMissing();
      skipOrFail(missing);
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
  pair: async ({ place }, use, info) => {
    const tabs: Tab[] = [];
    const open = async (name: string, host: Host, engine: Engine): Promise<Person> => {
      skipOrFail(engine === 'firefox' && !hasFirefox() ? 'there is no Firefox' : null);
      const browser = await place.browser(host, engine);
      const tab = engine === 'chromium' ? await chromiumTab(browser as Chromium) : await firefoxTab(browser as Firefox);
      tabs.push(tab);
      await tab.prepare(limitCamera, MODEST);
      await keepPulse(tab);
      return new Person(name, tab);
    };
    await place.lab.act('heal phone');
    await use(async (engine) => {
      const link = `${place.lab.url}/r/${await place.lab.createRoom()}`;
      const ben = await open('Ben', 'home', 'chromium');
      await ben.join(link);
      return { ada: await open('Ada', 'phone', engine), ben, link };
    });
    await place.lab.act('heal phone');
    if (info.status !== info.expectedStatus) {
      await attach(info, 'lab-server-log', place.lab.log());
      for (const [at, tab] of tabs.entries()) {
        await attach(info, `lab-tab-${at + 1}`, 'report' in tab ? await (tab as { report: () => Promise<string> }).report() : tab.url());
      }
    }
    await closeAll(tabs);
  },
});

for (const engine of ['chromium', 'firefox'] as const) {
  const WAYS: { where: string; actions: string[]; door: Door; limit: number }[] = [
    { where: 'behind a symmetric NAT', actions: [], door: 'udp', limit: 3_000 },
    { where: 'where UDP is blocked', actions: ['cut-udp phone'], door: 'tcp', limit: 5_000 },
    { where: 'where only the web port is open', actions: ['cut-udp phone', `cut-port phone ${MEDIA_PORT}`], door: 'relay', limit: 8_000 },
  ];
  for (const { where, actions, door, limit } of WAYS) {
    test(`${engine} joins ${where}`, async ({ place, pair }) => {
      const { ada, ben, link } = await pair(engine);
      for (const action of actions) {
        await place.lab.act(action);
      }
      await ada.ready(link);
      const start = Date.now();
      await ada.tab.press('button', 'Join');
      const took = await first(ada, start, (beat) => beat.frames > 0);
      measured(`from Join to the first picture ${took} ms`);
      await ben.expectPictureOf('Ada');
      await ben.expectSounds(1);
      await ada.expectSounds(1);
      expect(await doorInUse(ada.tab), 'what carries media').toBe(door);
      expect(took, 'from Join to the first picture').toBeLessThan(limit + SLACK);
    });
  }

  test(`${engine} goes on over TCP, the relay, and UDP again, as the network lets it`, async ({ place, pair }) => {
    const { ada, ben } = await meet(await pair(engine));
    const same = await sameness(ada, ben);
    const udp = await outage(ada, ben, () => place.lab.act('cut-udp phone'));
    const overTcp = await doorInUse(ada.tab);
    const tcp = await outage(ada, ben, () => place.lab.act(`cut-port phone ${MEDIA_PORT}`));
    const overRelay = await doorInUse(ada.tab);
    const healed = Date.now();
    await place.lab.act('heal phone');
    await expect.poll(() => doorInUse(ada.tab), { message: 'back on UDP', timeout: 60_000, intervals: [250] }).toBe('udp');
    const back = Date.now() - healed;
    await flows(ada, ben, Date.now());
    const gap = longestSilence(await pulse(ada.tab, healed));
    measured(`UDP cut: ${told(udp)}, on ${overTcp}; TCP cut: ${told(tcp)}, on ${overRelay}; healed: on UDP after ${back} ms, longest silence ${gap} ms`);
    expect(overTcp).toBe('tcp');
    expect(overRelay).toBe('relay');
    expect(udp.longest, 'without UDP').toBeLessThan(5_000 + SLACK);
    expect(tcp.longest, 'without TCP').toBeLessThan(10_000 + SLACK);
    expect(back, 'back on UDP').toBeLessThan(30_000 + SLACK);
    expect(gap, 'the way back is not heard').toBeLessThan(SILENCE);
    expect(await sameness(ada, ben)).toEqual(same);
  });

  test(`${engine} goes on under another address`, async ({ place, pair }) => {
    const { ada, ben } = await meet(await pair(engine));
    const same = await sameness(ada, ben);
    const words = watchWords(ada, ben);
    const took = await outage(ada, ben, () => place.lab.act('change-address phone'));
    measured(`address changed: ${told(took)}`);
    await flows(ada, ben, Date.now());
    expect(await words.stop(), 'what people were told').toEqual([]);
    expect(await sameness(ada, ben)).toEqual(same);
    expect(took.longest).toBeLessThan(3_000 + SLACK);
  });

  test(`${engine} goes on after ${AWAY / 1_000} s without network`, async ({ place, pair }) => {
    const { ada, ben } = await meet(await pair(engine));
    const same = await sameness(ada, ben);
    await place.lab.act('cut phone');
    await pass(AWAY);
    const took = await outage(ada, ben, () => place.lab.act('heal phone'), 0);
    measured(`network back after ${AWAY / 1_000} s: ${told(took)}`);
    // Firefox gives a connection up in that time: it comes in anew, to the same seat.
    const again = { ...same, connections: engine === 'firefox' ? same.connections + 1 : same.connections };
    expect(await sameness(ada, ben)).toEqual(again);
    expect(took.longest).toBeLessThan(3_000 + SLACK);
  });
}

/** As long as a jitter buffer hides, and what a busy machine adds to each look. */
const SILENCE = 1_000;

/** Both are in and get each other's picture and sound. */
async function meet(pair: Pair): Promise<Pair> {
  const { ada, ben, link } = pair;
  await ada.join(link);
  await ada.expectPictureOf('Ben');
  await ben.expectPictureOf('Ada');
  await ada.expectSounds(1);
  await ben.expectSounds(1);
  await expect.poll(() => doorInUse(ada.tab), 'begins on UDP').toBe('udp');
  return pair;
}

/** How long it took after something happened until media came again, in milliseconds. */
interface Outage {
  ada: Came;
  ben: Came;
  longest: number;
}

/** When it came to one of them. */
interface Came {
  heard: number;
  seen: number;
}

async function outage(ada: Person, ben: Person, happen: () => Promise<unknown>, underWay = UNDER_WAY): Promise<Outage> {
  const start = Date.now();
  await happen();
  await pass(underWay);
  const [of, by] = await flows(ada, ben, start + underWay);
  const late = ({ heard, seen }: Came): Came => ({ heard: heard + underWay, seen: seen + underWay });
  return { ada: late(of), ben: late(by), longest: Math.max(of.heard, of.seen, by.heard, by.seen) + underWay };
}

const told = ({ ada, ben }: Outage): string => `Ada hears after ${ada.heard} ms and sees after ${ada.seen} ms, Ben ${ben.heard} and ${ben.seen}`;

/** Until both have got new pictures and sound since a moment; how long it took each. */
function flows(ada: Person, ben: Person, since: number): Promise<[Came, Came]> {
  const anew = async (person: Person): Promise<Came> => {
    const more = (of: 'frames' | 'sounds', count: number): Promise<number> => {
      let had: number | undefined;
      return first(person, since, (beat) => beat[of] >= (had ??= beat[of]) + count);
    };
    return { heard: await more('sounds', 10), seen: await more('frames', 3) };
  };
  return Promise.all([anew(ada), anew(ben)]);
}

/** The first moment since `start` at which what had come to somebody is enough; milliseconds after it. */
async function first(person: Person, start: number, enough: (beat: { frames: number; sounds: number }) => boolean): Promise<number> {
  let took = 0;
  const look = async (): Promise<boolean> => {
    const found = (await pulse(person.tab, start)).find(enough);
    took = found === undefined ? 0 : found.at - start;
    return found !== undefined;
  };
  await expect.poll(look, { message: `media comes to ${person.name}`, timeout: 60_000, intervals: [200] }).toBe(true);
  return took;
}

/** The longest time without a packet of sound. */
function longestSilence(beats: { at: number; sounds: number }[]): number {
  let longest = 0;
  let last = beats[0];
  for (const beat of beats) {
    if (last === undefined || beat.sounds !== last.sounds) {
      last = beat;
    }
    longest = Math.max(longest, beat.at - last.at);
  }
  return longest;
}

/** What changes when somebody came in anew: the number of connections that Ada's page made, and what Ben has of her. */
async function sameness(ada: Person, ben: Person): Promise<{ connections: number; picture: string | null | undefined }> {
  return { connections: await ada.tab.evaluate(() => window.__connections.length, undefined), picture: (await ben.tile('Ada'))?.track };
}

/** Notes what people are told of their line. */
function watchWords(...people: Person[]): { stop: () => Promise<string[]> } {
  const said = new Set<string>();
  let going = true;
  const look = async (): Promise<void> => {
    while (going) {
      for (const { tab, name } of people) {
        for (const notice of await tab.evaluate(readNotices, undefined)) {
          said.add(`${name}: ${notice}`);
        }
      }
      await pass(200);
    }
  };
  const done = look();
  return {
    stop: async () => {
      going = false;
      await done;
      return [...said];
    },
  };
}

/** Runs in the page: what is said of the line or of what came over it. That it is being mended, from the second second on, may be said. */
function readNotices(): string[] {
  const words = [...document.querySelectorAll<HTMLElement>('.notice:not([data-mending]), .toast, dialog[open], [role="alertdialog"]')].map((one) => one.innerText);
  return words.filter((one) => /connect|network|lost|hear|paused/i.test(one));
}

function measured(description: string): void {
  console.log(`measured: ${base.info().title}: ${description}`);
  base.info().annotations.push({ type: 'measured', description });
}

/** The clock of a measurement: nothing is waited for. */
function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
