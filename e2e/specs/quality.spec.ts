/**
 * The truth, on the screen: who has a bad line and why, who is not heard and why, and after the meeting what was not good.
 */

import { Line } from '../harness/line.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

declare global {
  interface Window {
    /** Whose voice was held back, and the track that it had. */
    __voices: Map<RTCRtpSender, MediaStreamTrack> | undefined;
  }
}

test.describe.configure({ timeout: 240_000 });

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a bad upload of ${engine} is marked with its reason on both screens, and told after the meeting`, async ({ server, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const ada = await person('Ada', 'chromium');
    await ada.join(link);
    const ben = await person('Ben', engine);
    const line = await Line.start(ben.tab);
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    expect(await marks(ada), 'nothing is bad yet').toEqual([]);

    line.up.fault = { loss: 0.3 };
    await reads(ada, 'Ben has a weak connection: what they send is lost on its way.');
    await reads(ben, MINE);
    // In words on the tile, and in a sentence when it is pointed at.
    const tile = ada.page().locator('[data-tile]', { hasText: 'Ben' });
    await expect(tile.getByText('Weak connection')).toBeVisible();
    await tile.getByRole('button', { name: /^Ben has a weak connection/u }).hover();
    await expect(tile.getByText('Ben has a weak connection: what they send is lost on its way.')).toBeVisible();
    // Long enough to be worth a sentence afterwards: see `NOTICED` in engine/hub.
    await pass(12_000);

    line.up.fault = {};
    await expect.poll(() => marks(ada), { message: 'the mark goes', timeout: MEDIA_PATIENCE }).toEqual([]);
    await ben.leave();
    await ben.expectWords(/What was not good/u, true);
    await ben.expectWords(/Your upload was weak for \d+ seconds, .+: the others heard and saw you badly\./u, true);
    line.stop();
  });

  test(`${engine} says what it gave up on a line too narrow for pictures, until there is room again`, async ({ server, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const ada = await person('Ada', 'chromium');
    await ada.join(link);
    const ben = await person('Ben', engine);
    const line = await Line.start(ben.tab);
    await ben.join(link);
    await ben.expectPictureOf('Ada');

    line.down.fault = { rate: 80_000 };
    await ben.expectWords(/Video of others is paused to keep the sound good/u, true);
    await reads(ben, 'Your connection is weak: what the others send does not all get through to you.');
    line.down.fault = {};
    await ben.expectWords(/Video of others is paused/u, false);
    await expect.poll(() => marks(ben), { message: 'the mark goes', timeout: MEDIA_PATIENCE }).toEqual([]);
    line.stop();
  });

  test(`who is unmuted in ${engine} and not heard is told why, and so are the others`, async ({ server, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const ada = await person('Ada', 'chromium');
    await ada.join(link);
    const ben = await person('Ben', engine);
    const line = await Line.start(ben.tab);
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    await ada.expectSounds(1);

    // The browser itself sends nothing, though everything it shows says that it does.
    await ben.tab.evaluate(sendVoice, false);
    await ben.expectWords(/Nobody hears you: this browser sends no sound\./u, true);
    await reads(ada, 'Ben is not heard: the microphone is on, and no sound arrives.');
    await ben.tab.evaluate(sendVoice, true);
    await ben.expectWords(/Nobody hears you/u, false);
    await expect.poll(() => marks(ada), { message: 'the mark goes', timeout: MEDIA_PATIENCE }).toEqual([]);

    // The network lets everything through but sound.
    line.up.fault = { sound: true };
    await ben.expectWords(/Nobody hears you: your network does not let your sound through\./u, true);
    line.up.fault = {};
    await ben.expectWords(/Nobody hears you/u, false);
    line.stop();
  });
}

const MINE = 'Your connection is weak: what you send is lost on its way, so the others hear and see you badly.';

async function reads(who: Person, sentence: string): Promise<void> {
  await expect
    .poll(() => marks(who), { message: `${who.name} finds the mark '${sentence}'`, timeout: MEDIA_PATIENCE })
    .toContain(sentence);
}

/** What all marks of bad connections say that are drawn. */
function marks(who: Person): Promise<string[]> {
  return who.tab.evaluate(readMarks, undefined);
}

/** Runs in the page. */
function readMarks(): string[] {
  return [...document.querySelectorAll('[data-net]')].map((mark) => mark.getAttribute('aria-label') ?? '');
}

/** Runs in the page: lets packets of the voice leave, or none. The page itself does not hear of it. */
async function sendVoice(on: boolean): Promise<void> {
  window.__voices ??= new Map();
  for (const connection of window.__connections.filter((one) => one.connectionState !== 'closed')) {
    for (const sender of connection.getSenders()) {
      if (!on && sender.track?.kind === 'audio') {
        window.__voices.set(sender, sender.track);
        await sender.replaceTrack(null);
      }
      const kept = window.__voices.get(sender);
      if (on && kept !== undefined) {
        await sender.replaceTrack(kept);
      }
    }
  }
}

/** The clock of a measurement: nothing is waited for. */
function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
