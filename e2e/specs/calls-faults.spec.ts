/**
 * A server that is killed (`kill -9`) while it rings, in a call, and with one on hold: within four seconds the call goes on, or both are
 * told that it ended. What the history says afterwards is read at both ends.
 */

import { atHome, dial, expectNothingPasses, pastOf, rings, talk, type Past } from '../harness/calling.ts';
import { lastOf, noteMoments } from '../harness/moments.ts';
import type { Person } from '../harness/person.ts';
import { first, longestWithout, measured, watching } from '../harness/place.ts';
import { keepPulse, pulse } from '../harness/pulse.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

/** So soon it goes on, or is told to be over, in milliseconds since the process was killed. */
const WITHIN = 4_000;

/** What a machine of two cores adds that runs two browsers and the server beside other work, in milliseconds; as in faults.spec.ts. */
const SLACK = 2_500;

/** How long the seat of whoever does not return is kept here, in seconds. */
const KEPT_S = 6;

/** Ends the process as a crash would, lets something happen, and starts it again; gives when it was killed, and how long it was away. */
async function crash(server: Server, meanwhile?: () => Promise<unknown>): Promise<{ killed: number; away: number }> {
  await server.kill();
  const killed = Date.now();
  await meanwhile?.();
  await server.resume();
  return { killed, away: Date.now() - killed };
}

/** How long after a moment so much new sound had come that it flows, in milliseconds. */
function heardAgain(by: Person, since: number): Promise<number> {
  let had: number | undefined;
  return first(watching(by), since, ({ sounds }) => sounds >= (had ??= sounds) + 10);
}

/** How long after a moment words were read, in milliseconds. */
async function readAfter(at: Person, words: RegExp, since: number): Promise<number> {
  const look = async (): Promise<boolean> => words.test(await at.tab.evaluate(readWords, undefined));
  await expect.poll(look, { message: `${at.name} reads ${words}`, timeout: 60_000, intervals: [100] }).toBe(true);
  return Date.now() - since;
}

/** Runs in the page. */
function readWords(): string {
  return document.body.innerText;
}

const TALKED: Pick<Past, 'answered' | 'missed' | 'over'> = { answered: true, missed: false, over: true };

test('killed in a call: it goes on', async ({ ownServer, person }) => {
  const server = await ownServer();
  const mia = await person('Mirjana', 'chromium');
  const nat = await person('Natsumi', 'firefox');
  for (const one of [mia, nat]) {
    await keepPulse(one.tab);
  }
  await atHome(server, mia, nat);
  await talk(mia, nat);

  await test.step('both hear each other again', async () => {
    const { killed, away } = await crash(server);
    const after = await Promise.all([heardAgain(mia, killed), heardAgain(nat, killed)]);
    const silence = await Promise.all([mia, nat].map(async ({ tab }) => longestWithout('sounds', await pulse(tab, killed))));
    measured(`server away for ${away} ms; sound again after ${after.join(' and ')} ms, longest silence ${silence.join(' and ')} ms`);
    expect(Math.max(...after), 'the call goes on').toBeLessThan(WITHIN + SLACK);
    await mia.expectSounds(1);
    await nat.expectSounds(1);
  });

  await test.step('one that rests goes on resting, and is gone on with', async () => {
    await mia.tab.press('button', 'Hold');
    await nat.expectWords(/On hold by Mirjana/, true);
    await crash(server);
    await expectNothingPasses(nat);
    await nat.expectWords(/On hold by Mirjana/, true);
    await mia.tab.press('button', 'Resume');
    await mia.expectSounds(1);
    await nat.expectSounds(1);
  });

  await test.step('it was one call, which both had and one ended', async () => {
    await nat.tab.press('button', 'End');
    await mia.sees('heading', 'Call ended');
    expect(await pastOf(mia)).toEqual([{ ...TALKED, outgoing: true, mine: 'over', theirs: { Natsumi: 'hungUp' } }]);
    expect(await pastOf(nat)).toEqual([{ ...TALKED, outgoing: false, mine: 'hungUp', theirs: { Mirjana: 'over' } }]);
  });
});

for (const [caller, called] of [['chromium', 'firefox'], ['firefox', 'chromium']] as const) {
  test(`killed while ${caller} rings ${called}: both are told that nothing came of it, and it is among the missed calls`, async ({ ownServer, person }) => {
    const server = await ownServer();
    const ola = await person('Olander', caller);
    const pia = await person('Piacenza', called);
    await noteMoments(pia.tab);
    await atHome(server, ola, pia);
    await dial(ola, 'Piacenza');
    await rings(pia);
    const { killed, away } = await crash(server);
    const told = await Promise.all([readAfter(ola, /The call could not be connected/, killed), readAfter(pia, /Missed call from Olander/, killed)]);
    const silent = (await lastOf([pia, 'silent'])) - killed;
    measured(`server away for ${away} ms; the caller is told after ${told[0]} ms, whoever was called after ${told[1]} ms, silent after ${silent} ms`);
    expect(Math.max(...told, silent), 'both are told').toBeLessThan(WITHIN + SLACK);
    expect(await pia.tab.shows('button', 'Answer'), 'it rings no more').toBe(false);
    await pia.sees('link', 'Calls 1 missed');
    // Whoever calls waits in the room, or was on the way into it.
    const [nothing, waited] = [{ answered: false, over: true }, expect.stringMatching(/^(?:over|failed)$/)];
    expect(await pastOf(ola)).toEqual([{ ...nothing, outgoing: true, missed: false, mine: waited, theirs: { Piacenza: 'failed' } }]);
    expect(await pastOf(pia)).toEqual([{ ...nothing, outgoing: false, missed: true, mine: 'failed', theirs: { Olander: waited } }]);
  });
}

test('killed in a call, and one does not return: the other waits for as long as a seat is kept, and is told', async ({ ownServer, person }) => {
  const server = await ownServer({ PARLOR_SEAT_KEPT: String(KEPT_S) });
  const rob = await person('Roberta', 'chromium');
  const sam = await person('Samuela', 'firefox');
  await atHome(server, rob, sam);
  await talk(rob, sam);
  const { killed, away } = await crash(server, () => sam.tab.goto('about:blank'));
  const told = await readAfter(rob, /The connection to Samuela was lost/, killed);
  measured(`server away for ${away} ms, a seat is kept for ${KEPT_S} s: told after ${told} ms`);
  expect(told, 'the one who returned is told').toBeLessThan(away + KEPT_S * 1_000 + WITHIN + SLACK);
  await sam.tab.goto(`${server.url}/calls`);
  expect(await pastOf(rob)).toEqual([{ ...TALKED, outgoing: true, mine: 'over', theirs: { Samuela: 'lost' } }]);
  expect(await pastOf(sam)).toEqual([{ ...TALKED, outgoing: false, mine: 'lost', theirs: { Roberta: 'over' } }]);
});
