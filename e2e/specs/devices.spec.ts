/** Devices that change while one is in the call. */

import { signUp } from '../harness/account.ts';
import { devicesOf, endCaptures, plugIn, unplug, unplugAll, useSockets } from '../harness/devices.ts';
import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { readSent, type Sent } from '../harness/probe.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

// The bare shell names its devices anew in every page.
test.use({ whole: true });

test.describe.configure({ timeout: 180_000 });

/** What is the same for both, in the words of either. */
const KINDS = [
  {
    kind: 'camera',
    input: 'videoinput',
    media: 'video',
    menu: 'Camera devices',
    on: 'Stop video',
    off: 'Start video',
    none: /Your camera was unplugged\. Plug one in, then press Start video\./,
  },
  {
    kind: 'microphone',
    input: 'audioinput',
    media: 'audio',
    menu: 'Sound devices',
    on: 'Mute',
    off: 'Unmute',
    none: /Your microphone was unplugged\. Plug one in, then press Unmute\./,
  },
] as const;

test('what is chosen at the door is opened, sent, and opened again at the next visit', async ({ server, chromium }) => {
  const tab = await chromium();
  const ada = new Person('Ada', tab);
  const link = `${server.url}/r/${await server.createRoom()}`;
  await tab.goto(link);
  await ada.allowDevices();
  const chosen: Sent[] = [];
  for (const [name, input, kind] of [
    ['Camera', 'videoinput', 'video'],
    ['Microphone', 'audioinput', 'audio'],
  ] as const) {
    const device = (await devicesOf(tab.page, input)).at(-1);
    if (device === undefined) {
      throw new Error(`there is no ${name}`);
    }
    await tab.page.getByRole('button', { name: new RegExp(`^${name}: `) }).click();
    await tab.press('menuitemradio', device.label);
    await ada.sees('button', `${name}: ${device.label}`);
    chosen.push({ kind, device: device.id, live: true });
  }
  for (const visit of ['the first', 'the next']) {
    if (visit === 'the next') {
      await tab.goto(link);
      await ada.allowDevices();
    }
    await ada.enter();
    await expect
      .poll(async () => (await tab.evaluate(readSent, undefined)).toSorted((a, b) => b.kind.localeCompare(a.kind)), {
        message: `Ada sends from what she chose at ${visit} visit`,
        timeout: MEDIA_PATIENCE,
      })
      .toEqual(chosen);
    await ada.leave();
  }
});

test('calls that come in ring on the device that was chosen for that, which is heard at once and kept', async ({ server, chromium }) => {
  const tab = await chromium();
  await tab.page.addInitScript(noteSinks);
  const rita = new Person('Rita', tab);
  await signUp(tab, server, 'rings-elsewhere', 'Rita');
  await tab.goto(`${server.url}/r/${await server.createRoom()}`);
  await rita.allowDevices();
  const device = (await devicesOf(tab.page, 'audiooutput')).at(-1);
  if (device === undefined) {
    throw new Error('there is nothing to ring on');
  }
  await tab.press('button', 'Settings');
  await tab.press('button', 'Ring on: Same as the speaker');
  await tab.press('menuitemradio', device.label);
  await rita.sees('button', `Ring on: ${device.label}`);
  await expect.poll(() => tab.evaluate(readSinks, undefined)).toEqual([device.id]);
  await tab.page.reload();
  await rita.allowDevices();
  await tab.press('button', 'Settings');
  await rita.sees('button', `Ring on: ${device.label}`);
});

/** Runs in the page, before its own scripts: notes where its sounds go. */
function noteSinks(): void {
  const sinks: string[] = [];
  Object.assign(window, { sinks });
  const set = HTMLMediaElement.prototype.setSinkId;
  HTMLMediaElement.prototype.setSinkId = function (id) {
    sinks.push(id);
    return set.call(this, id);
  };
}

/** Runs in the page. */
function readSinks(): readonly string[] {
  return (window as unknown as { readonly sinks: readonly string[] }).sinks;
}

for (const { kind, input, media, menu, on, off, none } of KINDS) {
  test.describe(kind, () => {
    let tab: ChromiumTab;
    let ada: Person;
    let ben: Person;

    test.beforeEach(async ({ server, chromium, person }) => {
      tab = await chromium();
      await useSockets(tab.page);
      ada = new Person('Ada', tab);
      ben = await person('Ben', 'chromium');
      const link = `${server.url}/r/${await server.createRoom()}`;
      await ada.join(link);
      await ben.join(link);
      await expectReceived();
    });

    test('another one is chosen in the call: it is sent, and the others notice no break', async () => {
      const other = await last();
      expect((await sent())?.device).not.toBe(other.id);
      const before = await ben.tile('Ada');
      await choose(other.label);
      await expectSent(other.id);
      await expectReceived();
      await ada.sees('button', on);
      // The same stream goes on: nothing was published anew.
      expect((await ben.tile('Ada'))?.track).toBe(before?.track);

      await test.step('the menu ticks it', async () => {
        await tab.press('button', menu);
        await expect(tab.page.getByRole('menuitemradio', { name: other.label, exact: true })).toBeChecked();
        await tab.key('Escape');
      });

      await test.step('it stays chosen when switched off and on', async () => {
        await tab.press('button', on);
        await expectOff(true);
        await tab.press('button', off);
        await expectOff(false);
        await expectSent(other.id);
        await expectReceived();
      });
    });

    test('the one in use is unplugged: another takes over, and with none left the key goes off', async () => {
      const chosen = await last();
      await choose(chosen.label);
      await expectSent(chosen.id);

      await test.step('another takes over and is named', async () => {
        await unplug(tab.page, input, [chosen.id]);
        const [first] = await devicesOf(tab.page, input);
        await ada.expectWords(new RegExp(`${chosen.label} was unplugged. Using ${first?.label} now.`), true);
        await expectSent(first?.id ?? 'the first');
        await ada.sees('button', on);
        await expectReceived();
      });

      await test.step('with none left the key goes off', async () => {
        await unplugAll(tab.page, input);
        await ada.expectWords(none, true);
        await ada.sees('button', off);
        await expectOff(true);
        await expect.poll(async () => (await sent())?.live ?? false, { message: 'nothing is captured' }).toBe(false);
      });

      await test.step('plugged in again, the key turns it on', async () => {
        await plugIn(tab.page);
        await tab.press('button', off);
        await ada.sees('button', on);
        await expectOff(false);
        await expectReceived();
      });
    });

    test('one that goes off by itself is started again', async () => {
      const before = await sent();
      await endCaptures(tab.page);
      await expectSent(before?.device ?? 'the same');
      await expectOff(false);
      await expectReceived();
      await ada.sees('button', on);
    });

    /** The last in the list: never the one that a browser takes by itself. */
    async function last(): Promise<{ id: string; label: string }> {
      const found = (await devicesOf(tab.page, input)).at(-1);
      if (found === undefined) {
        throw new Error(`there is no ${kind}`);
      }
      return found;
    }

    async function choose(label: string): Promise<void> {
      await tab.press('button', menu);
      await tab.press('menuitemradio', label);
    }

    async function sent(): Promise<Sent | undefined> {
      return (await tab.evaluate(readSent, undefined)).find((one) => one.kind === media);
    }

    async function expectSent(device: string): Promise<void> {
      await expect
        .poll(sent, { message: `Ada sends from ${device}`, timeout: MEDIA_PATIENCE })
        .toEqual({ kind: media, device, live: true });
    }

    /** What Ben gets of Ada. */
    async function expectReceived(): Promise<void> {
      await (media === 'video' ? ben.expectPictureOf('Ada') : ben.expectSounds(1));
    }

    /** Whether Ben sees that Ada's is off. */
    async function expectOff(isOff: boolean): Promise<void> {
      const now = async (): Promise<boolean> => {
        const tile = await ben.tile('Ada');
        return media === 'video' ? tile?.track === '' : /muted/i.test(tile?.name ?? '');
      };
      await expect
        .poll(now, { message: `Ben sees Ada's ${kind} ${isOff ? 'off' : 'on'}`, timeout: MEDIA_PATIENCE })
        .toBe(isOff);
    }
  });
}
