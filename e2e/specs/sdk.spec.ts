/** The unmodified Python SDK of LiveKit, with tokens made from the API key. */

import { request } from 'node:http';

import { expect, test } from '../harness/test.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { token } from '../harness/token.ts';

test.describe.configure({ timeout: 240_000 });

test('two at the SDK and one in a browser see, hear and write to each other', async ({
  sdkPerson,
  bystander,
  site,
  server,
  room,
}) => {
  const pia = await sdkPerson('pia');
  const quin = await sdkPerson('quin');
  const una = await bystander('una', 'chromium');
  await una.join(site, server.socketUrl, room);
  await pia.join(server.socketUrl, room, { grant: { canUpdateOwnMetadata: true } });
  await quin.join(server.socketUrl, room);

  await test.step('a tone and a moving picture from each', async () => {
    for (const [one, hertz] of [
      [pia, 440],
      [quin, 660],
    ] as const) {
      await one.tell('publish_tone', { hertz });
      await one.tell('publish_picture');
    }
    await una.publishTone();
    await una.tab.evaluate(() => globalThis.bare.publishPicture({}), null);
  });

  await test.step('the SDK gets those of the browser and of the other SDK', async () => {
    await pia.expectPictureOf('una');
    await pia.expectPictureOf('quin');
    await pia.expectPitchOf('una', una.tone);
    await pia.expectPitchOf('quin', 660);
    await quin.expectPictureOf('una');
    await quin.expectPictureOf('pia');
    await quin.expectPitchOf('una', una.tone);
    await quin.expectPitchOf('pia', 440);
  });

  await test.step('the browser gets those of both', async () => {
    await una.expectPictureOf('pia');
    await una.expectPictureOf('quin');
    await una.expectPitchOf('pia', 440);
    await una.expectPitchOf('quin', 660);
  });

  await test.step('data packets, reliable and lossy, every way', async () => {
    for (const reliable of [true, false]) {
      const text = reliable ? 'sure' : 'quick';
      await pia.tell('send', { text: `${text} from pia`, reliable });
      await quin.expectData('pia', `${text} from pia`, reliable);
      await una.expectHeard('data', 'pia', `${text} from pia`);
      await una.tab.evaluate((how) => globalThis.bare.send(how), { text: `${text} from una`, reliable });
      await pia.expectData('una', `${text} from una`, reliable);
      await quin.expectData('una', `${text} from una`, reliable);
    }
    await pia.tell('send', { text: 'for quin alone', reliable: true, to: ['quin'] });
    await pia.tell('send', { text: 'for all', reliable: true });
    await quin.expectData('pia', 'for quin alone', true);
    await una.expectHeard('data', 'pia', 'for all');
    const heard = await una.tab.evaluate(() => globalThis.bare.heard(), null);
    expect(heard.map((one) => one.text)).not.toContain('for quin alone');
  });

  await test.step('mute and metadata', async () => {
    await pia.tell('mute', { what: 'tone', muted: true });
    await expect.poll(async () => (await una.track('pia', 'microphone'))?.muted, { timeout: MEDIA_PATIENCE }).toBe(true);
    await pia.tell('describe', { metadata: 'plays the flute' });
    await expect
      .poll(async () => (await quin.state()).others['pia']?.metadata, { timeout: MEDIA_PATIENCE })
      .toBe('plays the flute');
  });

  await test.step('a leave is told', async () => {
    await pia.tell('leave');
    await una.expectHeard('disconnected', 'pia');
    await expect.poll(async () => (await quin.state()).left, { timeout: MEDIA_PATIENCE }).toContain('pia');
  });
});

test('without canPublish a track is refused, and nobody sees one', async ({ sdkPerson, server, room }) => {
  const pia = await sdkPerson('pia');
  const quin = await sdkPerson('quin');
  await pia.join(server.socketUrl, room, { grant: { canPublish: false } });
  await quin.join(server.socketUrl, room);
  await quin.tell('publish_tone', { hertz: 660 });
  await expect(pia.tell('publish_tone', { hertz: 440 })).rejects.toThrow();
  await pia.expectPitchOf('quin', 660);
  expect((await quin.state()).others['pia']?.tracks).toEqual([]);
});

test('without canSubscribe nothing is received', async ({ sdkPerson, server, room }) => {
  const pia = await sdkPerson('pia');
  const quin = await sdkPerson('quin');
  const rob = await sdkPerson('rob');
  await pia.join(server.socketUrl, room, { grant: { canSubscribe: false } });
  await quin.join(server.socketUrl, room);
  await rob.join(server.socketUrl, room);
  await quin.tell('publish_tone', { hertz: 660 });
  await quin.tell('publish_picture');
  // By the time the third person has a second of it, the first would have had some as well.
  await rob.expectPictureOf('quin');
  await rob.expectPitchOf('quin', 660);
  const { frames, pitches, others } = await pia.state();
  expect(frames).toEqual({});
  expect(pitches).toEqual({});
  expect(others['quin']?.tracks.filter((track) => track.subscribed) ?? []).toEqual([]);
});

test('without canPublishData nothing is passed on', async ({ sdkPerson, server, room }) => {
  const pia = await sdkPerson('pia');
  const quin = await sdkPerson('quin');
  const rob = await sdkPerson('rob');
  await pia.join(server.socketUrl, room, { grant: { canPublishData: false } });
  await quin.join(server.socketUrl, room);
  await rob.join(server.socketUrl, room);
  await pia.tell('send', { text: 'not allowed', reliable: true }).catch(() => undefined);
  await rob.tell('send', { text: 'allowed', reliable: true });
  await quin.expectData('rob', 'allowed', true);
  expect((await quin.state()).data.map((one) => one.text)).toEqual(['allowed']);
});

test('an expired or forged token gets 401', async ({ sdkPerson, server, room }) => {
  const bad = {
    expired: { validFor: -3_600 },
    forged: { secret: 'another secret of more than thirty-two bytes' },
  };
  const pia = await sdkPerson('pia');
  for (const [what, claims] of Object.entries(bad)) {
    const access = token(room, 'pia', claims);
    const validation = await fetch(`${server.url}/rtc/v1/validate?access_token=${access}`);
    expect(validation.status, `${what} at validate`).toBe(401);
    expect(await upgrade(`${server.url}/rtc/v1?access_token=${access}`), `${what} at the socket`).toBe(401);
    await expect(pia.join(server.socketUrl, room, claims), what).rejects.toThrow(/401|[Uu]nauthorized/);
  }
  const good = await fetch(`${server.url}/rtc/v1/validate?access_token=${token(room, 'pia')}`);
  expect(good.status).toBe(200);
});

/** Asks for a WebSocket, which `fetch` cannot, and gives the status of the answer. */
function upgrade(url: string): Promise<number> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers });
    asked.once('error', reject);
    asked.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.end();
  });
}
