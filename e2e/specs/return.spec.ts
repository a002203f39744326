/**
 * Coming back: a server that is killed and starts again, people whose line breaks for long, pages that are closed.
 * `ROUNDS` says how often the server is killed in one meeting; the ordinary run does it twice. `BACK` says how soon all must be back.
 */

import { makeRoom, signUp } from '../harness/account.ts';
import { openPeople, withPerson, control } from '../harness/hosting.ts';
import { Line } from '../harness/line.ts';
import type { Person } from '../harness/person.ts';
import { Relay } from '../harness/relay.ts';
import { expect, test } from '../harness/test.ts';
import { keepWords, words } from '../harness/words.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
/**
 * From the moment when the server answers again until everybody sends and receives, in milliseconds. The aim is 4,000, on a
 * machine that does nothing else and with a release build; three browsers beside a debug build on two busy cores need more.
 */
const BACK = Number(process.env['BACK'] ?? 12_000);

test.describe.configure({ timeout: 180_000 + ROUNDS * 60_000 });

test('a server that is killed and starts again costs a meeting some seconds and nothing else', async ({ ownServer, person }) => {
  const server = await ownServer();
  const [ada, fay, ben] = [await person('Ada', 'chromium'), await person('Fay', 'firefox'), await person('Ben', 'chromium')];
  const people = [ada, fay, ben];
  for (const { tab } of people) {
    await keepWords(tab);
  }
  await signUp(ada.tab, server, 'ada-who-returns', 'Ada');
  const { link } = await makeRoom(ada.tab, server, 'Meeting', { lobby: 'guests', history: true });
  await ada.join(link);
  for (const guest of [fay, ben]) {
    await guest.knock(link);
    await ada.tab.press('button', 'Admit');
    await guest.expectInside();
  }
  for (const one of people) {
    await one.expectTiles(people.map(({ name }) => name));
  }
  await withPerson(ada, 'Fay', 'Make co-host');
  await fay.sees('button', 'Host controls');
  await control(ada, 'menuitemcheckbox', 'Lock the room');
  await ben.tab.press('button', 'Mute');
  await ben.tab.press('button', 'Raise hand');
  await openPeople(ada);
  await ada.expectWords(/Raised hands|hand/i, true);
  for (const one of people) {
    for (const other of people) {
      if (one !== other) await one.expectPictureOf(other.name);
    }
  }
  expect((await words(ada.tab)).filter((text) => / joined$/.test(text)), 'what is said of coming is heard here').not.toEqual([]);
  const told: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await test.step(`round ${round}`, async () => {
      const before = await Promise.all(people.map(({ tab }) => words(tab)));
      await server.kill();
      await server.resume();
      const start = performance.now();
      await Promise.all(people.map((one) => flows(one, people.length - 1)));
      told.push(Math.round(performance.now() - start));
      for (const [nth, one] of people.entries()) {
        await one.expectTiles(people.map(({ name }) => name));
        const said = (await words(one.tab)).slice(before[nth]?.length);
        expect(said.filter((text) => / (left|joined)$/.test(text)), `${one.name} is not told that anybody came or went`).toEqual([]);
      }
      await fay.sees('button', 'Host controls');
      await ben.sees('button', 'Unmute');
      await ben.sees('button', 'Lower hand');
    });
  }
  test.info().annotations.push({ type: 'measured', description: `back after ${told.join(', ')} ms` });
  expect(Math.max(...told), 'the longest that a return took').toBeLessThan(BACK);
});

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a page of ${engine} that is closed leaves no ghost`, async ({ server, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const ada = await person('Ada', 'chromium');
    await ada.join(link);
    const ben = await person('Ben', engine);
    await ben.join(link);
    await ada.expectTiles(['Ada', 'Ben']);
    await ben.tab.goto('about:blank');
    await ada.expectTiles(['Ada']);
    await ada.expectWords(/Ben left/, true);
  });
}

test('somebody whose line is dead greys step by step, and is back without a word', async ({ server, person }) => {
  const relay = await Relay.start(server.url);
  const code = await server.createRoom();
  const ada = await person('Ada', 'chromium');
  await keepWords(ada.tab);
  await ada.join(`${server.url}/r/${code}`);
  const ben = await person('Ben', 'chromium');
  const line = await Line.start(ben.tab);
  await ben.join(`${relay.url}/r/${code}`);
  await ada.expectPictureOf('Ben');
  await ada.expectSounds(1);
  const before = (await words(ada.tab)).length;

  relay.cut();
  line.up.fault = { loss: 1 };
  line.down.fault = { loss: 1 };
  const tile = ada.page().locator('[data-tile]', { hasText: 'Ben' });
  await expect(tile.getByText('Reconnecting…')).toBeVisible({ timeout: 6_000 });
  await expect(tile.getByText('Lost connection')).toBeVisible({ timeout: 30_000 });
  await ben.expectWords(/Reconnecting/, true);
  // Longer than a page that was closed would be waited for, and than the media plane needs to find a line dead.
  await ben.expectWords(/The connection has been lost for a while/, true);
  await ben.sees('button', 'Try now');
  await ada.expectTiles(['Ada', 'Ben']);

  line.up.fault = {};
  line.down.fault = {};
  relay.mend();
  await ben.expectWords(/Reconnecting|lost for a while/, false);
  await ada.expectPictureOf('Ben');
  await expect(tile.getByText(/Reconnecting…|Lost connection/)).toHaveCount(0);
  const said = (await words(ada.tab)).slice(before);
  expect(said.filter((text) => / (left|joined)$/.test(text)), 'nobody came or went').toEqual([]);
  line.stop();
  await relay.stop();
});

/** Waits until this many pictures are decoded anew, and something is sent. */
async function flows(one: Person, pictures: number): Promise<void> {
  const first = new Map<string, number>();
  const moving = async (): Promise<boolean> => {
    const streams = (await one.inbound()).filter(({ kind }) => kind === 'video');
    const risen = streams.filter(({ track, framesDecoded }) => {
      first.set(track, Math.min(first.get(track) ?? framesDecoded, framesDecoded));
      return framesDecoded > (first.get(track) ?? 0);
    });
    return risen.length >= pictures && (await one.outbound()).some(({ packets }) => packets > 0);
  };
  await expect.poll(moving, { message: `${one.name} sends and receives`, timeout: 45_000, intervals: [50] }).toBe(true);
}
