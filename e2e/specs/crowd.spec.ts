/** A full room: 24 of our own clients and one Chromium at Parlor's pages, for a minute. */

import { MEDIA_PATIENCE } from '../harness/person.ts';
import { Child } from '../harness/process.ts';
import { binary } from '../harness/server.ts';
import { API_KEY, API_SECRET } from '../harness/token.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

const CLIENTS = 24;
const SECONDS = 60;

test('25 hold for a minute, and no packet is lost', async ({ server, person }) => {
  const code = await server.createRoom('A crowd');
  const bench = Child.start(binary(), [
    ...['bench', '--url', server.url, '--key', API_KEY, '--secret', API_SECRET],
    ...['--room', code, '--publishers', String(CLIENTS), '--seconds', String(SECONDS), '--json'],
  ]);
  try {
    const ada = await person('Ada', 'chromium');
    await ada.join(`${server.url}/r/${code}`);

    await test.step('everybody is there', async () => {
      const others = async (): Promise<number> => (await server.view(code)).count;
      await expect.poll(others, { timeout: MEDIA_PATIENCE }).toBe(CLIENTS + 1);
    });

    await test.step('several pictures move at Ada', async () => {
      const first = new Map<string, number>();
      const moving = async (): Promise<number> => {
        const pictures = (await ada.inbound()).filter((one) => one.kind === 'video' && one.framesDecoded > 0);
        for (const one of pictures) {
          first.set(one.track, first.get(one.track) ?? one.framesDecoded);
        }
        return pictures.filter((one) => one.framesDecoded - (first.get(one.track) ?? 0) >= 10).length;
      };
      await expect.poll(moving, { timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(4);
    });

    const code0 = await bench.ended((SECONDS + 60) * 1_000);
    expect(code0, bench.tail()).toBe(0);
    const report = JSON.parse(bench.lines.at(-1) ?? '{}') as Record<string, unknown>;
    test.info().annotations.push({ type: 'measured', description: JSON.stringify(report) });
    expect(report['lost'], 'packets lost on loopback').toBe(0);
    await ada.expectInside();
  } finally {
    bench.signal('SIGTERM');
  }
});
