/** Background blur and noise suppression: fetched when they are switched on, sent while they are on, gone when they are off. */

import type { Page } from '@playwright/test';

import { BEFORE_A_WALL, detail, graphics, keepGraphics, loudness, makeSound, soundLike, steadyLoudness, watchPolicy } from '../harness/dressing.ts';
import { becomeFace } from '../harness/devices.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { readSent } from '../harness/probe.ts';
import { amount, amountAtRest, expectNothingOpen, keepCount } from '../harness/remains.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

/** A model on a small machine without a graphics card: seconds until its first picture, and a second for each. */
const MODEL_PATIENCE = 120_000;

/** The files of both, by what their names say. */
const BLUR_FILES = /effects-blur|selfie_segmentation/;
const NOISE_FILES = /effects-noise|rnnoise/i;

const MENU = { blur: 'Camera devices', noise: 'Sound devices' } as const;
const SWITCH = { blur: 'Background blur', noise: 'Noise suppression' } as const;

test('background blur in Chromium', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const page = ada.page();
  await becomeFace(page, BEFORE_A_WALL);
  await keepCount(ada.tab);
  await keepGraphics(page);
  const offences = await watchPolicy(ada.tab);
  const files = watchFiles(page);
  const link = `${server.url}/r/${await server.createRoom()}`;
  await ada.join(link);
  const ben = await person('Ben', 'chromium');
  await ben.join(link);
  await ben.expectPictureOf('Ada');
  await expect.poll(() => detail(ben, 'Ada'), { message: 'the wall is sharp', timeout: MEDIA_PATIENCE }).toBeGreaterThan(10);
  const sharp = await detail(ben, 'Ada');
  const track = (await ben.tile('Ada'))?.track;
  const camera = await cameraOf(ada);
  const open = await amountAtRest(ada.tab);
  expect(files(BLUR_FILES), 'nothing of it is fetched before').toEqual([]);
  expect(await graphics(page), 'no graphics context yet').toBe(0);

  await test.step('on: the wall is soft, and the picture goes on', async () => {
    await toggle(ada, 'blur');
    await expect.poll(() => detail(ben, 'Ada'), { message: 'the wall is soft at Ben', timeout: MODEL_PATIENCE }).toBeLessThan(sharp * 0.5);
    await expect.poll(() => detail(ada, 'Ada'), { message: 'and in my own picture' }).toBeLessThan(sharp * 0.5);
    await expectMoving(ben, 'Ada');
    expect((await ben.tile('Ada'))?.track, 'it is the same track').toBe(track);
    expect(await cameraOf(ada)).not.toBe(camera);
    expect(await graphics(page), 'the model has its graphics context').toBe(1);
    const fetched = files(BLUR_FILES);
    expect(fetched.length, 'code, loader, program, graph and model').toBeGreaterThanOrEqual(5);
    expect(fetched.filter((url) => !url.startsWith(`${server.url}/`)), 'all from our own server').toEqual([]);
    await page.screenshot({ path: test.info().outputPath('blur-mine.png') });
    await ben.page().screenshot({ path: test.info().outputPath('blur-ben.png') });
  });

  await test.step('a camera that is stopped and started again is blurred from its first picture on', async () => {
    await ada.tab.press('button', 'Stop video');
    await ben.sees('button', 'Mute');
    await expect.poll(async () => (await ben.tile('Ada'))?.track, 'the picture is gone').toBe('');
    await ada.tab.press('button', 'Start video');
    await expect.poll(() => detail(ben, 'Ada'), { message: 'a picture again', timeout: MODEL_PATIENCE }).toBeGreaterThan(0);
    expect(await detail(ben, 'Ada'), 'it is soft').toBeLessThan(sharp * 0.5);
    await expectMoving(ben, 'Ada');
  });

  await test.step('off: the device itself is sent, and the model is gone', async () => {
    await toggle(ada, 'blur');
    await expect.poll(() => detail(ben, 'Ada'), { message: 'the wall is sharp again', timeout: MODEL_PATIENCE }).toBeGreaterThan(sharp * 0.7);
    await ben.expectPictureOf('Ada');
    expect(await cameraOf(ada)).toBe(camera);
    await expect.poll(() => graphics(page), { message: 'no graphics context is left', timeout: MEDIA_PATIENCE }).toBe(0);
    await expect.poll(() => amount(ada.tab), { message: 'nothing more is open than before', timeout: MEDIA_PATIENCE }).toEqual(open);
  });

  await test.step('on once more, and out of the meeting', async () => {
    const before = files(BLUR_FILES).length;
    await toggle(ada, 'blur');
    await expect.poll(() => detail(ben, 'Ada'), { message: 'soft', timeout: MODEL_PATIENCE }).toBeLessThan(sharp * 0.5);
    expect(files(BLUR_FILES).length, 'fetched anew at most once').toBeLessThanOrEqual(before * 2);
    await ada.leave();
    await expectNothingOpen(ada.tab, 'after leaving');
    await expect.poll(() => graphics(page), { message: 'no graphics context is left', timeout: MEDIA_PATIENCE }).toBe(0);
  });

  expect(await offences.all()).toEqual([]);
  expect(files(/./).filter((url) => !url.startsWith(`${server.url}/`) && !url.startsWith('blob:') && !url.startsWith('data:')), 'nobody else was asked').toEqual([]);
});

/** What is left of a fan's energy at most: from nothing to an eighth was seen, since it is told from a voice anew all the time. */
const LEFT = 0.2;

test('noise suppression in Chromium', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  await soundLike(ada.tab);
  await keepCount(ada.tab);
  const offences = await watchPolicy(ada.tab);
  const files = watchFiles(ada.page());
  const link = `${server.url}/r/${await server.createRoom()}`;
  await ada.join(link);
  const ben = await person('Ben', 'chromium');
  await ben.join(link);
  // What is measured is sound: encoding pictures would only take the processor from it.
  for (const one of [ada, ben]) {
    await one.tab.press('button', 'Stop video');
  }
  await ben.expectSounds(1);
  const fan = await steadyLoudness(ben, 'Ben hears the fan');
  await hush(ada, ben, fan);
  await makeSound(ada.tab, 'voice');
  const voice = await steadyLoudness(ben, 'and the voice');
  const open = await amountAtRest(ada.tab);
  expect(open.captures).toEqual(['audio']);
  expect(files(NOISE_FILES), 'nothing of it is fetched before').toEqual([]);

  await test.step('on: the voice goes through, the fan does not', async () => {
    await toggle(ada, 'noise');
    await expect.poll(async () => (await amount(ada.tab)).sounds, { message: 'the graph runs', timeout: MODEL_PATIENCE }).toBe(open.sounds + 1);
    await makeSound(ada.tab, 'noise');
    await expect.poll(loudness(ben, true), { message: 'the fan is gone', timeout: MEDIA_PATIENCE }).toBeLessThan(fan * LEFT);
    await makeSound(ada.tab, 'voice');
    await expect.poll(loudness(ben), { message: 'the voice is there', timeout: MEDIA_PATIENCE }).toBeGreaterThan(voice * 0.1);
    const fetched = files(NOISE_FILES);
    expect(fetched.length, 'code, worklet and program').toBeGreaterThanOrEqual(3);
    expect(fetched.filter((url) => !url.startsWith(`${server.url}/`)), 'all from our own server').toEqual([]);
  });

  await test.step('muted is silent, and unmuted is as before', async () => {
    await ada.tab.press('button', 'Mute');
    await expect.poll(loudness(ben, true), { message: 'silence', timeout: MEDIA_PATIENCE }).toBeLessThan(voice * 1e-3);
    await ada.tab.press('button', 'Unmute');
    await expect.poll(loudness(ben), { message: 'the voice is there', timeout: MEDIA_PATIENCE }).toBeGreaterThan(voice * 0.1);
  });

  await test.step('off: all is heard, and the graph is gone', async () => {
    await makeSound(ada.tab, 'noise');
    await expect.poll(loudness(ben, true), { message: 'the fan is gone', timeout: MEDIA_PATIENCE }).toBeLessThan(fan * LEFT);
    await toggle(ada, 'noise');
    await expect.poll(loudness(ben), { message: 'the fan is heard', timeout: MEDIA_PATIENCE }).toBeGreaterThan(fan * 0.5);
    await expect.poll(() => amount(ada.tab), { message: 'the graph is gone', timeout: MEDIA_PATIENCE }).toEqual(open);
  });

  // Before leaving: what ends then may well be given up.
  expect(await offences.all()).toEqual([]);
  await ada.leave();
});

test('Firefox does not offer blur, which it cannot do', async ({ server, person }) => {
  const ada = await person('Ada', 'firefox');
  await ada.join(`${server.url}/r/${await server.createRoom()}`);
  await ada.tab.press('button', MENU.blur);
  const cameras = (): Promise<number> => ada.tab.evaluate(() => document.querySelectorAll('[role="menuitemradio"]').length, undefined);
  await expect.poll(cameras, 'the menu is open').toBeGreaterThan(0);
  expect(await ada.tab.shows('menuitemcheckbox', SWITCH.blur)).toBe(false);
});

/** What is heard next is heard alone: of what came before nothing is on its way any more. */
async function hush(from: Person, at: Person, loud: number): Promise<void> {
  await makeSound(from.tab, 'quiet');
  await expect.poll(loudness(at, true), { message: `${at.name} hears nothing`, timeout: MEDIA_PATIENCE }).toBeLessThan(loud * 0.01);
}

/** Presses a switch in the menu beside its key. */
async function toggle(at: Person, what: 'blur' | 'noise'): Promise<void> {
  await at.tab.press('button', MENU[what]);
  await at.tab.press('menuitemcheckbox', SWITCH[what]);
  if (await at.tab.shows('menuitemcheckbox', SWITCH[what])) {
    await at.tab.key('Escape');
  }
}

/** All addresses that the page asks for from now on, to be filtered. */
function watchFiles(page: Page): (which: RegExp) => string[] {
  const urls: string[] = [];
  page.context().on('request', (request) => urls.push(request.url()));
  return (which) => urls.filter((url) => which.test(url));
}

/** The device whose picture is sent; something else where the picture is made. */
async function cameraOf(at: Person): Promise<string | undefined> {
  return (await at.tab.evaluate(readSent, undefined)).find((one) => one.kind === 'video')?.device;
}

/** Waits for a few more frames: on a small machine the model gives one in a second or two. */
async function expectMoving(at: Person, of: string): Promise<void> {
  const frames = async (): Promise<number> => {
    const tile = await at.tile(of);
    return (await at.inbound()).find((one) => one.track === tile?.track)?.framesDecoded ?? 0;
  };
  const first = await frames();
  await expect.poll(frames, { message: `${at.name} decodes ${of}`, timeout: MODEL_PATIENCE }).toBeGreaterThanOrEqual(first + 5);
}
