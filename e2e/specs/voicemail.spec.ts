/** A message for whoever did not answer: left in Chromium after a greeting from Firefox, heard again there, and played in Firefox; and the other way round. */

import { atHome, dial, rings } from '../harness/calling.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

/** So long is spoken, at least. */
const SPOKEN_S = 4;
/** So long is a greeting, at least. */
const GREETED_S = 2;
/** Quieter than this, over all of it, is nothing: the microphone of the test beeps. */
const SILENCE = 0.002;

/** A clock that says so many seconds or more, up to half a minute: a busy machine may not look at each of them. */
const recorded = (seconds: number, most: string): RegExp => new RegExp(`0:(?:0[${String(seconds)}-9]|[12]\\d) of ${most}`);

test('a message is left, heard again and sent, and its owner plays and deletes it', async ({ server, person }) => {
  const zoe = await person('Zoella', 'chromium');
  const ugo = await person('Ugolino', 'firefox');
  await atHome(server, zoe, ugo);

  await test.step('a greeting is recorded, heard again and kept', async () => {
    await ugo.tab.press('link', 'Calls');
    await ugo.sees('radio', 'Voicemail');
    await ugo.tab.press('radio', 'Voicemail');
    await ugo.sees('button', 'Record a greeting');
    await ugo.tab.press('button', 'Record a greeting');
    await ugo.expectWords(recorded(GREETED_S, '0:30'), true);
    await ugo.tab.press('button', 'Stop');
    await ugo.sees('button', 'Keep it');
    await ugo.tab.press('button', 'Keep it');
    await ugo.expectWords(/Callers hear your greeting from now on/, true);
    await ugo.tab.press('button', 'Close');
    await ugo.sees('button', 'Use the default');
  });

  await test.step('declined, the caller hears it, and may leave a message', async () => {
    await dial(zoe, 'Ugolino');
    await rings(ugo);
    await ugo.tab.press('button', 'Decline');
    await zoe.sees('heading', 'Ugolino declined');
    await zoe.tab.evaluate(listen, undefined);
    await zoe.tab.press('button', 'Leave a message');
    await zoe.expectWords(/Speak after the tone/, true);
    await zoe.sees('button', 'Stop');
    const greeting = await zoe.tab.evaluate(readGreeting, undefined);
    expect(greeting.seconds, 'all of the greeting was played').toBeGreaterThan(GREETED_S * 0.9);
    expect(greeting.loud, 'and it could be heard').toBeGreaterThan(SILENCE);
    await expect.poll(() => zoe.tab.evaluate(readLevel, undefined), { message: 'the level moves', timeout: MEDIA_PATIENCE }).toBeGreaterThan(0);
    await zoe.expectWords(recorded(SPOKEN_S, '3:00'), true);
    await zoe.tab.press('button', 'Stop');
  });

  await test.step('heard again before it is sent', async () => {
    await zoe.sees('button', 'Play your message');
    await zoe.tab.press('button', 'Play your message');
    await expect.poll(() => zoe.tab.evaluate(readPlayed, undefined), { message: 'it plays', timeout: MEDIA_PATIENCE }).toBeGreaterThan(0.5);
    await zoe.tab.press('button', 'Send');
    await zoe.expectWords(/on its way to Ugolino/, true);
  });

  await test.step('its owner is told at once, and hears it', async () => {
    await ugo.sees('link', 'Calls 1 message');
    await ugo.tab.press('link', 'Calls 1 message');
    await ugo.sees('radio', 'Voicemail');
    await ugo.tab.press('radio', 'Voicemail');
    await ugo.sees('button', 'Play the message from Zoella');
    const { seconds, loud } = await ugo.tab.evaluate(decode, undefined);
    expect(seconds).toBeGreaterThan(SPOKEN_S * 0.9);
    expect(seconds).toBeLessThan(SPOKEN_S + 10);
    expect(loud).toBeGreaterThan(SILENCE);
    await ugo.tab.press('radio', '2 times');
    await ugo.tab.press('button', 'Play the message from Zoella');
    await expect.poll(() => ugo.tab.evaluate(readPlayed, undefined), { message: 'it plays', timeout: MEDIA_PATIENCE }).toBeGreaterThan(0.5);
    const said = await ugo.tab.evaluate(readDuration, undefined);
    expect(Math.abs(said - seconds)).toBeLessThan(seconds / 10);
    // Played is heard: it is not counted any more.
    await ugo.sees('link', 'Calls');
    await ugo.sees('button', 'Mark as not heard');
  });

  await test.step('deleted, it is gone', async () => {
    await ugo.tab.press('button', 'Delete the message from Zoella');
    await ugo.expectWords(/No messages/, true);
  });
});

test('the other way round: left in Firefox, heard in Chromium', async ({ server, person }) => {
  const ulf = await person('Ulfrida', 'firefox');
  const zed = await person('Zedekia', 'chromium');
  await atHome(server, ulf, zed);
  await dial(ulf, 'Zedekia');
  await rings(zed);
  await zed.tab.press('button', 'Decline');
  await ulf.sees('heading', 'Zedekia declined');
  await ulf.tab.press('button', 'Leave a message');
  await ulf.sees('button', 'Stop');
  await ulf.expectWords(recorded(GREETED_S, '3:00'), true);
  await ulf.tab.press('button', 'Stop');
  await ulf.sees('button', 'Send');
  await ulf.tab.press('button', 'Send');
  await ulf.expectWords(/on its way to Zedekia/, true);
  await zed.sees('link', 'Calls 1 message');
  await zed.tab.press('link', 'Calls 1 message');
  await zed.tab.press('radio', 'Voicemail');
  await zed.sees('button', 'Play the message from Ulfrida');
  const { seconds, loud } = await zed.tab.evaluate(decode, undefined);
  expect(seconds).toBeGreaterThan(GREETED_S * 0.9);
  expect(loud).toBeGreaterThan(SILENCE);
  await zed.tab.press('button', 'Play the message from Ulfrida');
  await expect.poll(() => zed.tab.evaluate(readPlayed, undefined), { message: 'it plays', timeout: MEDIA_PATIENCE }).toBeGreaterThan(0.5);
});

interface Heard {
  seconds: number;
  loud: number;
}

/** In the page: listens to the greeting that will be played, as Chromium can. */
function listen(): void {
  const heard: Heard = { seconds: 0, loud: 0 };
  Object.assign(window, { heard });
  const play = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'play')?.value as () => Promise<void>;
  HTMLMediaElement.prototype.play = function begin(this: HTMLMediaElement & { captureStream(): MediaStream }): Promise<void> {
    if (this.src.endsWith('/greeting')) {
      const context = new AudioContext();
      // Longer than the time between two looks.
      const ear = new AnalyserNode(context, { fftSize: 32_768 });
      const samples = new Float32Array(ear.fftSize);
      this.addEventListener('playing', () => context.createMediaStreamSource(this.captureStream()).connect(ear), { once: true });
      this.addEventListener('timeupdate', () => {
        ear.getFloatTimeDomainData(samples);
        heard.seconds = Math.max(heard.seconds, this.currentTime);
        heard.loud = Math.max(heard.loud, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
      });
    }
    return play.call(this);
  };
}

/** In the page: what was heard of it by now. */
function readGreeting(): Heard {
  return (window as unknown as { heard: Heard }).heard;
}

/** In the page: how many marks of the level are lit. */
function readLevel(): number {
  return document.querySelectorAll('[role=meter] > .on').length;
}

/** In the page: how far the player is, in seconds. */
function readPlayed(): number {
  return document.querySelector<HTMLAudioElement>('li audio, dialog audio')?.currentTime ?? 0;
}

/** In the page: how long the player says that it is, in seconds. */
function readDuration(): number {
  return document.querySelector<HTMLAudioElement>('li audio, dialog audio')?.duration ?? 0;
}

/** In the page: how long the message is, and how loud on the average. */
async function decode(): Promise<{ seconds: number; loud: number }> {
  const source = document.querySelector<HTMLAudioElement>('li audio, dialog audio')?.src ?? '';
  const bytes = await (await fetch(source)).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
  const samples = sound.getChannelData(0);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return { seconds: sound.duration, loud: Math.sqrt(power) };
}
