/**
 * What a meeting of nine costs the page: milliseconds of script in a second, while nothing happens but that people speak.
 * A measurement and no test: it prints and writes numbers, and fails only when it could not measure.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';

import { Crowd } from '../harness/crowd.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { hanging } from '../harness/stage.ts';
import { expect, test } from '../harness/test.ts';
import { CATEGORIES, costOf } from '../harness/trace.ts';

/** The others: each with camera and microphone, who speak in turns. */
const OTHERS = 8;
const TURN_SECONDS = 2;
/** How long is measured. */
const SECONDS = 30;
/** How long the page is left alone before: by then all that follows the start is over. */
const CALM_SECONDS = 15;
/** Where the numbers go. */
const FOLDER = new URL('../out/cost/', import.meta.url).pathname;

// What people have is measured.
test.use({ whole: true });

test('a meeting of nine', async ({ server, person, chromiumBrowser }) => {
  const code = await server.createRoom('Nine');
  const link = `${server.url}/r/${code}`;
  const crowd = new Crowd(server, code);
  try {
    const ada = await person('Ada', 'chromium');
    await ada.join(link);
    const page = ada.page();
    await crowd.enter('Sam', OTHERS, { microphones: OTHERS, turns: TURN_SECONDS, fps: 15, bitrate: 150 });
    const seen = async (): Promise<number> => (await hanging(page)).tiles.filter((tile) => tile.isSeen).length;
    await expect.poll(seen, { message: 'all pictures are there', timeout: MEDIA_PATIENCE }).toBe(OTHERS + 1);
    const heard = async (): Promise<number> => (await ada.inbound()).filter((one) => one.kind === 'audio').length;
    await expect.poll(heard, { message: 'all sounds are there', timeout: MEDIA_PATIENCE }).toBe(OTHERS);
    // The clock of a measurement: nothing is waited for.
    await pass(CALM_SECONDS * 1_000);

    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const read = async (): Promise<Map<string, number>> =>
      new Map((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
    const before = await read();
    const frames = await decoded();
    await pass(SECONDS * 1_000);
    const after = await read();
    const shown = ((await decoded()) - frames) / SECONDS;
    const per = (name: string): number => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / SECONDS;
    const counted = { script: per('ScriptDuration'), layout: per('LayoutDuration'), styles: per('RecalcStyleDuration'), tasks: per('TaskDuration') };
    await session.send('Performance.disable');

    await chromiumBrowser.startTracing(page, { categories: CATEGORIES });
    const start = performance.now();
    await pass(SECONDS * 1_000);
    const traced = (performance.now() - start) / 1_000;
    const trace = await chromiumBrowser.stopTracing();
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}meeting-9.trace.json`, trace);
    const cost = costOf(trace, server.url);

    async function decoded(): Promise<number> {
      return (await ada.inbound()).reduce((sum, one) => sum + one.framesDecoded, 0);
    }

    const round = (value: number): number => Math.round(value * 100) / 100;
    const result = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
      browser: `Chromium ${chromiumBrowser.version()}`,
      others: OTHERS,
      framesPerSecond: round(shown),
      msPerSecond: {
        script: round(cost.script / traced),
        ofThatGarbage: round(cost.garbage / traced),
        drawing: round(cost.drawing / traced),
        allTasks: round(cost.tasks / traced),
      },
      countedWithoutTrace: Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, round(value)])),
      entries: cost.entries.slice(0, 25).map(({ what, ms, times }) => ({ what, msPerSecond: round(ms / traced), timesPerSecond: round(times / traced) })),
    };
    writeFileSync(`${FOLDER}meeting-9.json`, `${JSON.stringify(result, null, 2)}\n`);
    console.log(JSON.stringify(result, null, 2));
    expect(shown, 'pictures were decoded meanwhile').toBeGreaterThan(OTHERS);
  } finally {
    await crowd.end();
  }
});
