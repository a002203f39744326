/** People who call each other: how they come to be at home, find somebody, and see that it rings. */

import { expect } from '@playwright/test';

import { call, signUp } from './account.ts';
import { MEDIA_PATIENCE, type Person } from './person.ts';
import type { Server } from './server.ts';

/** Everybody has an account of a name that no other test uses, and is at home. */
export async function atHome(server: Server, ...people: readonly Person[]): Promise<void> {
  for (const one of people) {
    await signUp(one.tab, server, `calls-${one.name.toLowerCase()}`, one.name);
  }
}

/** Finds somebody among the contacts, and presses; unless they are known to be nowhere, as soon as a device of theirs is there. */
export async function dial(from: Person, to: string, kind: 'Call' | 'Video call' = 'Call', nowhere = false): Promise<void> {
  if (!(await from.tab.shows('heading', 'Contacts'))) {
    await from.tab.press('link', 'Contacts');
  }
  await from.sees('button', `${kind} ${to}`);
  if (!nowhere) {
    await from.expectWords(new RegExp(`${to}\\s+(?:Available|Busy|In a call|Away|Do not disturb)`), true);
  }
  await from.tab.press('button', `${kind} ${to}`);
}

export async function rings(at: Person, button = 'Answer'): Promise<void> {
  await at.sees('button', button);
}

/** It rings there no more: no card, nothing in the title. */
export async function silent(at: Person): Promise<void> {
  await expect
    .poll(() => at.tab.evaluate(readRing, undefined), { message: `nothing rings at ${at.name}'s`, timeout: MEDIA_PATIENCE })
    .toEqual({ cards: 0, title: false });
}

/**
 * Presses the key that ends the call at once, on the way in or inside: a driver that looks where it is first comes too late, or to one
 * that was replaced.
 */
export async function hangUp(by: Person): Promise<void> {
  await expect.poll(() => by.tab.evaluate(pressEnd, undefined), { message: `${by.name} hangs up`, timeout: MEDIA_PATIENCE }).toBe(true);
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

/** How a call went for somebody, as the history has it. */
export interface Past {
  outgoing: boolean;
  missed: boolean;
  /** Whether anybody came to it, and whether it is over. */
  answered: boolean;
  over: boolean;
  /** How somebody's own part ended, and those of the others by their names; how far they are where that is not over. */
  mine: string;
  theirs: Record<string, string>;
}

/** The calls of whoever sits at a page of the server, the last first. */
export async function pastOf(of: Person): Promise<Past[]> {
  const { status, body } = await call(of.tab, 'GET', 'calls');
  expect(status, `the calls of ${of.name}`).toBe(200);
  return (body as Listed[]).map(({ call: { outgoing, answered, ended, stage, others }, missed }) => ({
    outgoing,
    missed,
    answered: answered !== undefined,
    over: ended !== undefined,
    mine: told(stage),
    theirs: Object.fromEntries(others.map((one) => [one.name, told(one.stage)])),
  }));
}

/** What is read of the server's answer. */
interface Listed {
  call: { outgoing: boolean; answered?: number; ended?: number; stage: Stage; others: { name: string; stage: Stage }[] };
  missed: boolean;
}

interface Stage {
  is: string;
  why?: string;
}

const told = ({ is, why }: Stage): string => why ?? is;

/** Runs in the page. */
function pressEnd(): boolean {
  const key = document.querySelector<HTMLElement>('[role="toolbar"] button[aria-label="End"]');
  key?.click();
  return key !== null;
}

/** Runs in the page: how many calls ring on it, and whether its title says that one does. */
export function readRing(): { cards: number; title: boolean } {
  return { cards: document.querySelectorAll('.ring[data-call-card]').length, title: document.title.includes(' calls ') };
}
