/** `livekit-client`, unmodified and without our pages, from another origin, in both engines. */

import { MEDIA_PATIENCE } from '../harness/person.ts';
import type { Bystander } from '../harness/bare.ts';
import { token } from '../harness/token.ts';
import { expect, test } from '../harness/test.ts';
import type { Engine } from '../harness/tab.ts';

test.describe.configure({ timeout: 240_000 });

const PAIRS: [Engine, Engine][] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

for (const [mine, theirs] of PAIRS) {
  test.describe(`${mine} with ${theirs}`, () => {
    let una: Bystander;
    let vic: Bystander;

    test.beforeEach(async ({ bystander, site, server, room }) => {
      una = await bystander('una', mine);
      vic = await bystander('vic', theirs);
      await una.join(site, server.socketUrl, room, { grant: { canUpdateOwnMetadata: true } });
      await vic.join(site, server.socketUrl, room);
      await una.expectHeard('connected', 'vic');
    });

    test('media in both directions, mute, republish, unsubscribe', async () => {
      await test.step('publish and subscribe', async () => {
        await una.publishTone();
        await una.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
        await vic.publishTone();
        await vic.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
        await expectMedia();
      });

      await test.step('who speaks is told', async () => {
        await una.expectHeard('speaks', 'vic');
        await vic.expectHeard('speaks', 'una');
      });

      await test.step('mute and unmute', async () => {
        for (const muted of [true, false]) {
          await una.tab.evaluate((muted) => globalThis.bare.mute({ what: 'camera', muted }), muted);
          await una.tab.evaluate((muted) => globalThis.bare.mute({ what: 'tone', muted }), muted);
          for (const source of ['camera', 'microphone']) {
            await expect
              .poll(async () => (await vic.track('una', source))?.muted, { timeout: MEDIA_PATIENCE })
              .toBe(muted);
          }
        }
        await vic.expectPictureOf('una');
        await vic.expectPitchOf('una', una.tone);
      });

      await test.step('unpublish and publish again, both', async () => {
        for (const one of [una, vic]) {
          await one.tab.evaluate(() => globalThis.bare.unpublish('camera'), null);
          await one.tab.evaluate(() => globalThis.bare.unpublish('tone'), null);
        }
        for (const [one, of] of [
          [una, 'vic'],
          [vic, 'una'],
        ] as const) {
          await expect.poll(() => one.track(of, 'camera'), { timeout: MEDIA_PATIENCE }).toBeUndefined();
          await expect.poll(() => one.track(of, 'microphone'), { timeout: MEDIA_PATIENCE }).toBeUndefined();
        }
        await una.tab.evaluate(() => globalThis.bare.publishPicture({ simulcast: false }), null);
        await una.publishTone();
        await vic.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
        await vic.publishTone();
        await expectMedia();
      });

      await test.step('unsubscribe and subscribe again', async () => {
        for (const subscribed of [false, true]) {
          await vic.tab.evaluate(
            (subscribed) => globalThis.bare.subscribe({ identity: 'una', source: 'camera', subscribed }),
            subscribed,
          );
          await expect
            .poll(async () => (await vic.track('una', 'camera'))?.subscribed, { timeout: MEDIA_PATIENCE })
            .toBe(subscribed);
        }
        await vic.expectPictureOf('una');
      });
    });

    test('data, text, calls and descriptions', async ({ bystander, site, server, room }) => {
      await test.step('packets both ways, reliable and lossy', async () => {
        for (const reliable of [true, false]) {
          const topic = reliable ? 'sure' : 'quick';
          await una.tab.evaluate((how) => globalThis.bare.send({ text: 'to vic', ...how }), { reliable, topic });
          await vic.tab.evaluate((how) => globalThis.bare.send({ text: 'to una', ...how }), { reliable, topic });
          await vic.expectHeard(`data ${topic}`, 'una', 'to vic');
          await una.expectHeard(`data ${topic}`, 'vic', 'to una');
        }
      });

      await test.step('to some and not to all', async () => {
        const wes = await bystander('wes', theirs);
        await wes.join(site, server.socketUrl, room);
        await vic.expectHeard('connected', 'wes');
        await una.expectHeard('connected', 'wes');
        await una.tab.evaluate(() => globalThis.bare.send({ text: 'psst', reliable: true, to: ['vic'] }), null);
        await una.tab.evaluate(() => globalThis.bare.send({ text: 'all', reliable: true }), null);
        await vic.expectHeard('data', 'una', 'psst');
        // What is sent later on an ordered channel comes later: 'all' proves that 'psst' is not under way.
        await wes.expectHeard('data', 'una', 'all');
        const heard = await wes.tab.evaluate(() => globalThis.bare.heard(), null);
        expect(heard.filter((one) => one.text === 'psst')).toEqual([]);
        await wes.tab.evaluate(() => globalThis.bare.leave(), null);
        await una.expectHeard('disconnected', 'wes');
      });

      await test.step('a long text stream', async () => {
        const story = 'Once upon a time. '.repeat(5_000);
        await una.tab.evaluate((story) => globalThis.bare.tell(story), story);
        await vic.expectHeard('text', 'una', story);
      });

      await test.step('a call that is answered', async () => {
        const sum = await una.tab.evaluate(() => globalThis.bare.ask({ identity: 'vic', numbers: [19, 23] }), null);
        expect(sum).toBe('42');
      });

      await test.step('metadata, name and attributes', async () => {
        const described = { metadata: 'sits left', name: 'Una the first', attributes: { mood: 'calm' } };
        await una.tab.evaluate((described) => globalThis.bare.describe(described), described);
        await expect
          .poll(() => vic.tab.evaluate(() => globalThis.bare.others(), null), { timeout: MEDIA_PATIENCE })
          .toContainEqual(
            expect.objectContaining({ identity: 'una', metadata: 'sits left', attributes: { mood: 'calm' } }),
          );
      });
    });

    test('a lost socket and a lost session', async () => {
      for (const one of [una, vic]) {
        await one.publishTone();
        await one.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
      }
      await una.expectPictureOf('vic');
      await vic.expectPictureOf('una');

      await test.step('the socket alone: the other notices nothing', async () => {
        await una.tab.evaluate(() => globalThis.bare.simulate('signal-reconnect'), null);
        await una.expectHeard('signal reconnecting', '');
        await una.expectHeard('reconnected', '');
        await una.expectPictureOf('vic');
        await vic.expectPictureOf('una');
        const heard = await vic.tab.evaluate(() => globalThis.bare.heard(), null);
        expect(heard.filter((one) => one.what === 'disconnected')).toEqual([]);
      });

      await test.step('data still flow after that', async () => {
        await una.tab.evaluate(() => globalThis.bare.send({ text: 'still here', reliable: true }), null);
        await vic.expectHeard('data', 'una', 'still here');
      });

      await test.step('everything: a new session, and media again', async () => {
        await una.tab.evaluate(() => globalThis.bare.simulate('full-reconnect'), null);
        await una.expectHeard('reconnecting', '');
        await vic.expectHeard('disconnected', 'una');
        await expect
          .poll(() => una.tab.evaluate(() => globalThis.bare.state(), null), { timeout: MEDIA_PATIENCE })
          .toBe('connected');
        await vic.expectPictureOf('una');
        await una.expectPictureOf('vic');
      });
    });

    async function expectMedia(): Promise<void> {
      await una.expectPictureOf('vic');
      await vic.expectPictureOf('una');
      await una.expectPitchOf('vic', vic.tone);
      await vic.expectPitchOf('una', una.tone);
    }
  });
}

for (const [mine, theirs] of PAIRS) {
  test.describe(`the grants of a token, ${mine} with ${theirs}`, () => {
    let una: Bystander;
    let vic: Bystander;

    test.beforeEach(async ({ bystander, site, server, room }) => {
      una = await bystander('una', mine);
      vic = await bystander('vic', theirs);
      await vic.join(site, server.socketUrl, room);
    });

    test('without canPublish a track is refused, and nobody sees one', async ({ site, server, room }) => {
      await una.join(site, server.socketUrl, room, { grant: { canPublish: false } });
      await test.step('by the client', async () => {
        await expect(tone()).rejects.toThrow(/insufficient permissions/);
        await expect(picture()).rejects.toThrow(/insufficient permissions/);
      });
      await test.step('and by the server, when the client does not care', async () => {
        await una.tab.evaluate(() => globalThis.bare.presume(), null);
        await expect(tone()).rejects.toThrow();
        await expect(picture()).rejects.toThrow();
      });
      await vic.publishTone();
      await una.expectPitchOf('vic', vic.tone);
      expect(await trackNames(vic, 'una')).toEqual([]);
      expect(await vic.inbound()).toEqual([]);
    });

    test('without canSubscribe nothing is received', async ({ bystander, site, server, room }) => {
      const wes = await bystander('wes', theirs);
      await wes.join(site, server.socketUrl, room);
      await una.join(site, server.socketUrl, room, { grant: { canSubscribe: false } });
      await vic.publishTone();
      await vic.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
      await una.publishTone();
      // By the time the third person has a second of it, the first would have had some as well.
      await wes.expectPictureOf('vic');
      await wes.expectPitchOf('vic', vic.tone);
      expect(await subscriptions()).toEqual([]);
      expect(await una.inbound()).toEqual([]);

      await test.step('nor when it is asked for', async () => {
        for (const source of ['camera', 'microphone']) {
          if ((await una.track('vic', source)) !== undefined) {
            const how = { identity: 'vic', source, subscribed: true };
            await una.tab.evaluate((how) => globalThis.bare.subscribe(how), how);
          }
        }
        await wes.expectPictureOf('vic');
        await wes.expectPitchOf('una', una.tone);
        expect(await una.inbound()).toEqual([]);
      });

      async function subscriptions(): Promise<string[]> {
        const others = await una.tab.evaluate(() => globalThis.bare.others(), null);
        return others.flatMap((one) => one.tracks.filter((track) => track.subscribed).map((track) => track.source));
      }
    });

    test('canPublishSources lets through what it names', async ({ site, server, room }) => {
      await una.join(site, server.socketUrl, room, { grant: { canPublishSources: ['microphone'] } });
      await expect(picture()).rejects.toThrow(/insufficient permissions/);
      await una.publishTone();
      await vic.expectPitchOf('una', una.tone);
      await test.step('and the server says the same', async () => {
        await una.tab.evaluate(() => globalThis.bare.presume(), null);
        await expect(picture()).rejects.toThrow();
        await expect(
          una.tab.evaluate(() => globalThis.bare.publishPicture({ source: 'screen_share' }), null),
        ).rejects.toThrow();
      });
      await vic.expectPitchOf('una', una.tone);
      expect(await trackNames(vic, 'una')).toEqual(['microphone']);
    });

    test('somebody hidden hears, and is never seen', async ({ bystander, site, server, room }) => {
      await una.join(site, server.socketUrl, room, { grant: { hidden: true } });
      await vic.publishTone();
      await vic.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
      await una.expectPitchOf('vic', vic.tone);
      await una.expectPictureOf('vic');
      const wes = await bystander('wes', mine);
      await wes.join(site, server.socketUrl, room);
      await vic.expectHeard('connected', 'wes');
      await una.expectHeard('connected', 'wes');
      const seen = await wes.tab.evaluate(() => globalThis.bare.others(), null);
      expect(seen.map((one) => one.identity)).toEqual(['vic']);
      await una.tab.evaluate(() => globalThis.bare.leave(), null);
      await wes.tab.evaluate(() => globalThis.bare.leave(), null);
      // Whoever left first would have been told first.
      await vic.expectHeard('disconnected', 'wes');
      const heard = await vic.tab.evaluate(() => globalThis.bare.heard(), null);
      expect(heard.filter((one) => one.from === 'una')).toEqual([]);
      expect((await wes.tab.evaluate(() => globalThis.bare.heard(), null)).filter((one) => one.from === 'una')).toEqual([]);
      expect(await vic.tab.evaluate(() => globalThis.bare.others(), null)).toEqual([]);
    });

    const tone = (): Promise<void> => una.publishTone();
    const picture = (): Promise<void> => una.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
  });
}

/** What somebody publishes, as another sees it. */
async function trackNames(at: Bystander, of: string): Promise<string[] | undefined> {
  const others = await at.tab.evaluate(() => globalThis.bare.others(), null);
  return others.find((one) => one.identity === of)?.tracks.map((track) => track.source);
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine} is told why it is refused, from another origin`, async ({ bystander, site, server, room }) => {
    const una = await bystander('una', engine);
    await una.open(site);
    const tokens = {
      expired: token(room, 'una', { validFor: -3_600 }),
      forged: token(room, 'una', { secret: 'another secret of more than thirty-two bytes' }),
    };
    for (const [what, bad] of Object.entries(tokens)) {
      const how = { url: server.socketUrl, token: bad };
      const refusal = await una.tab.evaluate((how) => globalThis.bare.refusal(how), how);
      expect(refusal, what).toMatchObject({ reason: 'NotAllowed', status: 401 });
    }
  });
}

test('the same identity again replaces the first', async ({ bystander, site, server, room }) => {
  const first = await bystander('una', 'chromium');
  const second = await bystander('una', 'chromium');
  const vic = await bystander('vic', 'chromium');
  await vic.join(site, server.socketUrl, room);
  await first.join(site, server.socketUrl, room);
  await vic.expectHeard('connected', 'una');
  await second.join(site, server.socketUrl, room);
  // 2 is DUPLICATE_IDENTITY.
  await first.expectHeard('left', '', '2');
  await vic.expectHeard('disconnected', 'una');
  await expect
    .poll(async () => (await vic.tab.evaluate(() => globalThis.bare.others(), null)).map((one) => one.identity))
    .toEqual(['una']);
});
