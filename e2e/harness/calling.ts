/** People who call each other: how they come to be at home, find somebody, and see that it rings. */

import { expect } from '@playwright/test';

import { signUp } from './account.ts';
import { MEDIA_PATIENCE, type Person } from './person.ts';
import type { Server } from './server.ts';

/** Everybody has an account of a name that no other test uses, and is at home. */
export async function atHome(server: Server, ...people: readonly Person[]): Promise<void> {
  for (const one of people) {
    await signUp(one.tab, server, `calls-${one.name.toLowerCase()}`, one.name);
  }
}

/** Finds somebody among the contacts, and presses. */
export async function dial(from: Person, to: string, kind: 'Call' | 'Video call' = 'Call'): Promise<void> {
  if (!(await from.tab.shows('heading', 'Contacts'))) {
    await from.tab.press('link', 'Contacts');
  }
  await from.sees('button', `${kind} ${to}`);
  await from.tab.press('button', `${kind} ${to}`);
}

export async function rings(at: Person, button = 'Answer'): Promise<void> {
  await at.sees('button', button);
}

/** Somebody calls another, who answers, and both hear each other. */
export async function talk(from: Person, to: Person, kind: 'Call' | 'Video call' = 'Call'): Promise<void> {
  await dial(from, to.name, kind);
  const answer = kind === 'Call' ? 'Answer' : 'Answer with video';
  await rings(to, answer);
  await to.tab.press('button', answer);
  await from.expectSounds(1);
  await to.expectSounds(1);
}

/** So many packets of one's own sound are at least a second of it. */
const A_SECOND = 50;

/** Waits until somebody has sent sound for more than a second, and checks that nothing of the others came in meanwhile. */
export async function expectNothingPasses(of: Person): Promise<void> {
  const sent = async (): Promise<number> => (await of.outbound()).filter((one) => one.kind === 'audio').reduce((sum, one) => sum + one.packets, 0);
  const heard = async (): Promise<number> => (await of.inbound()).reduce((sum, one) => sum + one.packets, 0);
  // What was on its way when it began has come by then.
  await rises(of, sent);
  const before = await heard();
  await rises(of, sent);
  // Fewer are as good: Firefox forgets what it counted of tracks that rest.
  expect(await heard(), `nothing passes to ${of.name}`).toBeLessThanOrEqual(before);
}

async function rises(of: Person, sent: () => Promise<number>): Promise<void> {
  const from = await sent();
  await expect.poll(async () => (await sent()) - from, { message: `${of.name} sends`, timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(A_SECOND);
}
