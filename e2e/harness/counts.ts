/** Whether media still flow to a page: by what its receivers count, not by what is drawn. */

import { expect } from '@playwright/test';

import { MEDIA_PATIENCE, type Person } from './person.ts';
import type { Tab } from './tab.ts';

/** So many looks in a row must find the same, and that far apart: a stream that flows brings many packets in between. */
const LOOKS = 5;
const APART_MS = 300;

/** Makes the page unable to close its connections, as one of bad will would: then only the server can stop what flows to it. */
export async function keepOpen(tab: Tab): Promise<void> {
  await tab.prepare(() => {
    RTCPeerConnection.prototype.close = () => undefined;
  }, undefined);
}

/** Waits until the sum of packets received, of one kind or of both, has stood still. Something must have come before. */
export async function expectStill(at: Person, kind: 'audio' | 'video' | 'both', when: string): Promise<void> {
  expect(await received(at, kind), `${at.name} has received ${kind} at all ${when}`).toBeGreaterThan(0);
  let last = -1;
  let same = 0;
  const look = async (): Promise<number> => {
    const now = await received(at, kind);
    same = now === last ? same + 1 : 0;
    last = now;
    return same;
  };
  await expect
    .poll(look, { message: `nothing of ${kind} reaches ${at.name} ${when}`, timeout: MEDIA_PATIENCE, intervals: [APART_MS] })
    .toBeGreaterThanOrEqual(LOOKS);
}

/** Waits until more packets have come. */
export async function expectFlow(at: Person, kind: 'audio' | 'video' | 'both', when: string): Promise<void> {
  const first = await received(at, kind);
  await expect
    .poll(async () => (await received(at, kind)) - first, { message: `${kind} reaches ${at.name} ${when}`, timeout: MEDIA_PATIENCE })
    .toBeGreaterThan(10);
}

/** How many connections the page has made since it was opened. */
export function connections(at: Person): Promise<number> {
  return at.tab.evaluate(() => window.__connections.length, undefined);
}

async function received(at: Person, kind: 'audio' | 'video' | 'both'): Promise<number> {
  const streams = (await at.inbound()).filter((one) => kind === 'both' || one.kind === kind);
  return streams.reduce((sum, one) => sum + one.packets, 0);
}
