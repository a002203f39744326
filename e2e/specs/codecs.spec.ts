/** Each codec from publisher to subscriber, and the choice of a simulcast layer. */

import type { Bystander } from '../harness/bare.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** How long the first estimate of the sender may take to grow to the largest layer. */
const LAYER_PATIENCE = 90_000;

let sender: Bystander;
let receiver: Bystander;

test.beforeEach(async ({ bystander, site, server, room }) => {
  sender = await bystander('sender', 'chromium');
  receiver = await bystander('receiver', 'chromium');
  await sender.join(site, server.socketUrl, room);
  await receiver.join(site, server.socketUrl, room);
});

for (const { codec, mime, layered } of [
  { codec: 'vp8', mime: 'video/VP8', layered: 'simulcast' },
  { codec: 'vp9', mime: 'video/VP9', layered: 'svc' },
  { codec: 'av1', mime: 'video/AV1', layered: 'svc' },
  { codec: 'h264', mime: 'video/H264', layered: 'simulcast' },
] as const) {
  test(`${codec}, ${layered}`, async () => {
    await sender.tab.evaluate((codec) => globalThis.bare.publishPicture({ codec }), codec);
    const stream = await receiver.expectPictureOf('sender');
    expect(stream.codec).toBe(mime);
    const sent = (await sender.outbound()).filter((one) => one.kind === 'video' && one.packets > 0);
    expect(new Set(sent.map((one) => one.codec))).toEqual(new Set([mime]));
    if (layered === 'svc') {
      expect(sent.map((one) => one.scalability)).toEqual([expect.stringMatching(/^L[23]T[123]_KEY/)]);
    } else {
      await expectLayers(['q', 'h']);
    }
  });
}

test('a chosen size arrives within a second', async () => {
  await sender.tab.evaluate(() => globalThis.bare.publishPicture({ width: 1280, height: 720 }), null);
  await receiver.expectPictureOf('sender');
  await expectLayers(['f', 'h', 'q']);
  const steps = [
    { quality: 'low', width: 320 },
    { quality: 'high', width: 1280 },
    { quality: 'medium', width: 640 },
    { quality: 'high', width: 1280 },
    { quality: 'low', width: 320 },
  ] as const;
  for (const step of steps) {
    // The layer aimed at must be alive just now: a busy sender pauses the largest one.
    await expectLayers(['f', 'h', 'q']);
    const how = { identity: 'sender', patience: 10_000, ...step };
    const { took, width } = await receiver.tab.evaluate((how) => globalThis.bare.chooseSize(how), how);
    test.info().annotations.push({ type: 'measured', description: `${step.quality}: ${took.toFixed(0)} ms` });
    expect(width, `${step.quality} gives its width`).toBe(step.width);
    expect(took, `${step.quality} comes in time`).toBeLessThanOrEqual(1_000);
    await receiver.expectPictureOf('sender');
  }
});

test('a size that is not sent gives the one that is', async () => {
  await sender.tab.evaluate(() => globalThis.bare.publishPicture({ simulcast: false }), null);
  await receiver.expectPictureOf('sender');
  for (const quality of ['low', 'high', 'medium'] as const) {
    const how = { identity: 'sender', quality, width: 640, patience: 10_000 };
    const { width } = await receiver.tab.evaluate((how) => globalThis.bare.chooseSize(how), how);
    expect(width).toBe(640);
    await receiver.expectPictureOf('sender');
  }
});

/** Waits until the sender encodes these layers at this moment. */
async function expectLayers(rids: string[]): Promise<void> {
  const before = new Map<string, number>();
  const alive = async (): Promise<string[]> => {
    const layers = (await sender.outbound()).filter((one) => one.kind === 'video');
    const moving = layers.filter((one) => {
      const last = before.get(one.rid) ?? one.framesEncoded;
      before.set(one.rid, one.framesEncoded);
      return one.framesEncoded > last;
    });
    return rids.filter((rid) => !moving.some((one) => one.rid === rid));
  };
  await expect.poll(alive, { message: `layers ${rids} are sent`, timeout: LAYER_PATIENCE, intervals: [500] }).toEqual([]);
}
