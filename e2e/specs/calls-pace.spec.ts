/** How fast a call rings and falls silent, and that nobody who talks is interrupted when somebody joins: measured in the pages themselves. */

import { signIn } from '../harness/account.ts';
import { atHome, dial, rings, silent } from '../harness/calling.ts';
import { noteMoments, took } from '../harness/moments.ts';
import type { Person } from '../harness/person.ts';
import { longestWithout, measured } from '../harness/place.ts';
import { keepPulse, pulse, voices } from '../harness/pulse.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** So soon it rings at the other end, on a local network, in milliseconds. */
const RINGS_WITHIN = 300;

/** So soon the other devices are silent when one has answered, in milliseconds. */
const SILENT_WITHIN = 1_000;

/** What a machine of two cores adds that runs the pages of all and the server. */
const SLACK = 1_000;

/** The longest silence in the voice of whoever talks on, in milliseconds: what jitter buffers and concealment bridge. */
const GAP = 500;

/** In so long before the act, in milliseconds, a page has looked several times who is heard, however busy it is. */
const BEFORE = 30_000;

/** They are at home, and their pages note what happens. */
async function watchedAtHome(server: Server, people: readonly Person[]): Promise<void> {
  for (const one of people) {
    await keepPulse(one.tab);
    await noteMoments(one.tab);
  }
  await atHome(server, ...people);
}

/** Somebody calls, another answers, and both hear each other; how long it took from the key until it rang at both ends. */
async function talkTimed(from: Person, to: Person): Promise<string> {
  await dial(from, to.name);
  await rings(to);
  await from.expectWords(/Ringing on 1 device/, true);
  const pressed = [from, `pressed Call ${to.name}`] as const;
  const [there, here] = [await took(pressed, [to, 'rings']), await took(pressed, [from, 'rings there'])];
  expect(there, 'from the key to the ring').toBeLessThan(RINGS_WITHIN + SLACK);
  await to.tab.press('button', 'Answer');
  await from.expectSounds(1);
  await to.expectSounds(1);
  return `${from.tab.engine} calls ${to.tab.engine}: rings there after ${there} ms, which is told after ${here} ms`;
}

/** The longest silence, in milliseconds, of all voices that somebody heard when something began. */
async function gapAt(of: Person, began: number): Promise<number> {
  const heard = voices(await pulse(of.tab, began - BEFORE), began);
  expect(heard, `${of.name} heard one voice`).toHaveLength(1);
  return Math.max(...heard.map((beats) => longestWithout('sounds', beats)));
}

test('a person is added, and nobody who talks is interrupted', async ({ server, person }) => {
  const [abe, bob, cec] = [await person('Abelard', 'chromium'), await person('Bobbie', 'firefox'), await person('Cecily', 'chromium')];
  const people = [abe, bob, cec];
  await watchedAtHome(server, people);
  measured(await talkTimed(abe, bob));
  await abe.tab.press('button', 'Add person');
  await abe.sees('button', 'Add person: Cecily');
  const began = Date.now();
  await abe.tab.press('button', 'Add person: Cecily');
  await rings(cec);
  await cec.tab.press('button', 'Answer');
  for (const one of people) {
    await one.expectSounds(2);
  }
  const gaps = [await gapAt(abe, began), await gapAt(bob, began)] as const;
  measured(`longest silence while a third comes in: ${gaps[0]} ms in chromium, ${gaps[1]} ms in firefox`);
  expect(Math.max(...gaps), 'whoever talks is not interrupted').toBeLessThan(GAP);
});

test('one of two devices answers, and the other is silent soon', async ({ server, person }) => {
  const [cid, eve, second] = [await person('Cidalia', 'chromium'), await person('Evanthe', 'chromium'), await person('Evanthe', 'firefox')];
  for (const one of [eve, second]) {
    await noteMoments(one.tab);
  }
  await atHome(server, cid, eve);
  await signIn(second.tab, server, 'calls-evanthe');
  for (const [taker, other] of [[eve, second], [second, eve]] as const) {
    await dial(cid, 'Evanthe');
    await rings(eve);
    await rings(second);
    await taker.tab.press('button', 'Answer');
    await silent(other);
    const late = await took([taker, 'pressed Answer'], [other, 'silent']);
    measured(`from Answer in ${taker.tab.engine} to silence in ${other.tab.engine} ${late} ms`);
    expect(late, 'from Answer on one device to silence on the other').toBeLessThan(SILENT_WITHIN + SLACK);
    await taker.expectSounds(1);
    await taker.tab.press('button', 'End');
    await cid.sees('heading', 'Call ended');
    await cid.tab.press('button', 'Home');
    await taker.tab.press('button', 'Home');
  }
});

test('two calls are merged, and whoever talks is not interrupted', async ({ server, person }) => {
  const [kim, fay, lou] = [await person('Kimba', 'chromium'), await person('Fayola', 'firefox'), await person('Louane', 'chromium')];
  const people = [kim, fay, lou];
  await watchedAtHome(server, people);
  measured(await talkTimed(fay, kim));
  await dial(lou, 'Kimba');
  await lou.tab.press('button', 'Ring anyway');
  await rings(kim, 'Hold and answer');
  await kim.tab.press('button', 'Hold and answer');
  await lou.expectSounds(1);
  await kim.expectSounds(1);
  // What came of the first call is over when it is noted who is heard.
  await fay.expectWords(/On hold by Kimba/, true);
  const began = Date.now();
  await kim.tab.press('button', 'Merge');
  for (const one of people) {
    await one.expectSounds(2);
  }
  const gaps = [await gapAt(kim, began), await gapAt(lou, began)] as const;
  measured(`longest silence while two calls become one: ${gaps[0]} ms at whoever merges, ${gaps[1]} ms at the one talked to`);
  expect(Math.max(...gaps), 'whoever talks is not interrupted').toBeLessThan(GAP);
});
