/** Pictures of what surrounds a meeting, in each language: the door, panels, menus, and the way out. */

import type { BrowserContextOptions, Page } from '@playwright/test';

import { speech, tongues, type Speech } from '../../web/src/i18n/text.ts';
import { call, signIn } from '../harness/account.ts';
import { becomeFace } from '../harness/devices.ts';
import { MEDIA_PATIENCE, Person } from '../harness/person.ts';
import { expectNoToast, expectPictures, picture, portrait, SIZES } from '../harness/picture.ts';
import { ADMIN } from '../harness/server.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

/** Below this width panels, hands and the share stand in the menu behind the bar: `useNarrow` of the client. */
const NARROW = 720;

for (const { tongue } of tongues) {
  const t = speech(tongue);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const sight: BrowserContextOptions = { viewport, colorScheme, locale: tongue };
      const shoot = (page: Page, name: string): Promise<void> =>
        picture(page, `${tongue === 'en' ? '' : `${tongue}/`}${name}-${size}-${colorScheme}`);

      test(`in and around the meeting, ${tongue}, ${size} and ${colorScheme}`, async ({ ownServer, chromium, cast }) => {
        const server = await ownServer();
        const tab = await chromium(sight);
        const { page } = tab;
        await becomeFace(page, portrait('ines'));
        await signIn(tab, server, ADMIN);
        await call(tab, 'PATCH', 'me', { displayName: 'Ines' });
        await page.reload();
        const { host, code, link } = await begin(tab, t);
        await test.step('the door, from both sides', async () => {
          await heading(page, t('meeting.ready'));
          await expectNoToast(host);
          await shoot(page, 'meeting-ready');
        });

        const guest = await chromium(sight);
        await becomeFace(guest.page, portrait('noor'));
        await goIn(guest, link, t, 'Noor');
        await heading(guest.page, t('lobby.waiting'));
        await expect(guest.page.getByText(t('lobby.host')).first()).toBeVisible();
        await shoot(guest.page, 'lobby');
        await expect(page.getByText(t('knock.at-door', { name: 'Noor' })).first()).toBeVisible();
        await shoot(page, 'meeting-knock');
        await tab.press('button', t('knock.deny'));
        await heading(guest.page, t('lobby.denied.title'));
        await shoot(guest.page, 'lobby-denied');
        await guest.press('button', t('lobby.ask-again'));
        await tab.press('button', t('knock.admit'));
        await expect(guest.page.getByRole('button', { name: t('meeting.leave'), exact: true })).toBeVisible();
        await cast.enter(link, [
          { name: 'Jonas', face: 'jonas', speaks: true },
          { name: 'Mei', face: 'mei', speaks: false },
          { name: 'Amara', face: 'amara', speaks: false },
        ]);
        await expectPictures(page, size === 'wide' ? 5 : 4);

        await test.step('people and hands', async () => {
          await guest.page.keyboard.press('h');
          await expect(page.getByLabel(t('hand.mark', { n: 1 })).first()).toBeVisible();
          await page.keyboard.press('p');
          await heading(page, t('people.title'));
          await expectNoToast(host);
          await shoot(page, 'meeting-people');
          await tab.press('button', t('people.more', { name: 'Noor' }));
          await expect(page.getByRole('menu')).toBeVisible();
          await shoot(page, 'meeting-person');
          await page.keyboard.press('Escape');
          await page.keyboard.press('Escape');
        });

        await test.step('chat', async () => {
          await talk(tab, guest, code);
          await page.keyboard.press('c');
          await expect(page.getByText('Shall we begin?', { exact: true }).last()).toBeVisible();
          await shoot(page, 'meeting-chat');
          await page.keyboard.press('Escape');
        });

        await test.step('menus', async () => {
          if (viewport.width >= NARROW) {
            await tab.press('button', t('host.controls'));
            await expect(page.getByRole('menu')).toBeVisible();
            await shoot(page, 'meeting-host');
            await page.keyboard.press('Escape');
          }
          await tab.press('button', t('meeting.more'));
          await expect(page.getByRole('menu')).toBeVisible();
          await shoot(page, 'meeting-more');
          await page.keyboard.press('Escape');
          await page.keyboard.press('Control+k');
          await expect(page.getByRole('dialog')).toBeVisible();
          await shoot(page, 'meeting-palette');
          await page.keyboard.press('Escape');
          await page.keyboard.press('?');
          await expect(page.getByRole('dialog')).toBeVisible();
          await shoot(page, 'meeting-help');
          await tab.press('button', t('help.change'));
          await expect(page.getByText(t('keys.hint')).first()).toBeVisible();
          await shoot(page, 'meeting-keys');
          await page.keyboard.press('Escape');
          await page.keyboard.press('Escape');
          await page.keyboard.press('Control+k');
          await page.getByRole('combobox').fill(t('meeting.settings'));
          await page.keyboard.press('Enter');
          await expect(page.getByRole('dialog', { name: t('settings.title') })).toBeVisible();
          await shoot(page, 'meeting-settings');
          await page.keyboard.press('Escape');
        });

        await test.step('one in the spotlight, then at the door again', async () => {
          await pick(tab, t, 'Noor', t('spotlight'));
          await expect(page.getByText(t('spotlight.mark')).first()).toBeVisible();
          await expectNoToast(host);
          await shoot(page, 'meeting-spotlight');
          await pick(tab, t, 'Noor', t('people.to-lobby'));
          await expect(guest.page.getByText(t('lobby.moved.title')).first()).toBeVisible();
          await shoot(guest.page, 'lobby-moved');
          await tab.press('button', t('knock.admit'));
          await expect(guest.page.getByRole('button', { name: t('meeting.leave'), exact: true })).toBeVisible();
        });

        await test.step('a share with the chat, and speaker view', async () => {
          await cast.enter(link, [{ name: 'Léa', face: 'lea', speaks: false, shares: true }]);
          // By the tile: its name begins with hers in one language, and ends with it in another.
          await expect
            .poll(() => page.locator('[data-tile=share] video').evaluateAll((all) => all.some((one) => (one as HTMLVideoElement).videoWidth > 0)), { timeout: MEDIA_PATIENCE })
            .toBe(true);
          await page.keyboard.press('c');
          await expectNoToast(host);
          await shoot(page, 'meeting-share-chat');
          await page.keyboard.press('Escape');
          await page.keyboard.press('Control+k');
          await page.getByRole('combobox').fill(t('palette.speaker'));
          await page.keyboard.press('Enter');
          await expectPictures(page, size === 'wide' ? 4 : 2);
          await expectNoToast(host);
          await shoot(page, 'meeting-speaker');
        });

        await test.step('everything paused', async () => {
          const pause = async (on: boolean): Promise<void> => {
            expect((await call(tab, 'POST', `rooms/${code}/acts`, { act: 'pause', on })).status).toBe(204);
          };
          await pause(true);
          await expect(guest.page.getByText(t('pause.text')).first()).toBeVisible();
          // The card that says so stays; what is told beside it goes.
          for (const at of [page, guest.page]) {
            await expect(at.locator('.toast[data-tone]')).toHaveCount(0);
          }
          await shoot(page, 'meeting-paused-host');
          await shoot(guest.page, 'meeting-paused');
          await pause(false);
          await expect(guest.page.getByText(t('pause.text'))).toHaveCount(0);
        });

        await test.step('the second device of one person', async () => {
          const other = await chromium(sight);
          await becomeFace(other.page, portrait('ines'));
          await signIn(other, server, ADMIN);
          await other.goto(link);
          const allow = other.page.getByRole('button', { name: t('prejoin.allow'), exact: true });
          await expect(allow.or(other.page.locator('video')).first()).toBeVisible();
          if (await allow.isVisible()) {
            await allow.click();
          }
          await expect(other.page.getByRole('button', { name: t('prejoin.add'), exact: true })).toBeVisible();
          await expectPictures(other.page, 1);
          await shoot(other.page, 'prejoin-twice');
        });

        await test.step('out', async () => {
          await page.keyboard.press('p');
          await tab.press('button', t('people.more', { name: 'Noor' }));
          await tab.press('menuitem', t('people.remove'));
          await expect(page.getByRole('dialog')).toBeVisible();
          await shoot(page, 'meeting-remove');
          await page.getByRole('dialog').getByRole('button', { name: t('people.remove.may-return'), exact: true }).click();
          await heading(guest.page, t('left.removed'));
          await shoot(guest.page, 'removed');
          await page.keyboard.press('Escape');
          await tab.press('button', t('meeting.leave'));
          await expect(page.getByRole('menu')).toBeVisible();
          await shoot(page, 'meeting-leave');
          await tab.press('menuitem', t('leave.choose'));
          await expect(page.getByRole('dialog', { name: t('leave.who') })).toBeVisible();
          await shoot(page, 'meeting-hand-over');
          await page.keyboard.press('Escape');
          await tab.press('button', t('meeting.leave'));
          await tab.press('menuitem', t('leave.end'));
          await heading(page, t('left.ended'));
          await shoot(page, 'ended');
          await page.getByRole('radio', { name: t('rating.stars.3'), exact: true }).check({ force: true });
          await expect(page.getByText(t('rating.reasons'), { exact: true })).toBeVisible();
          await shoot(page, 'ended-rating');
        });
      });
    }
  }
}

/** Starts a meeting in one press, gives its room a name, and goes in. */
async function begin(tab: ChromiumTab, t: Speech): Promise<{ host: Person; code: string; link: string }> {
  await tab.press('button', t('start.new'));
  await tab.page.waitForURL(/\/r\/./);
  const link = tab.url();
  const code = new URL(link).pathname.replace('/r/', '');
  expect((await call(tab, 'PATCH', `rooms/${code}`, { title: 'House meeting' })).status).toBe(200);
  return { host: await goIn(tab, null, t, null), code, link };
}

/** Opens the room, unless one is there already, lets the devices start, and goes in or asks to; a guest says a name. */
async function goIn(tab: ChromiumTab, link: string | null, t: Speech, name: string | null): Promise<Person> {
  const { page } = tab;
  if (link !== null) {
    await page.goto(link);
  }
  const allow = page.getByRole('button', { name: t('prejoin.allow'), exact: true });
  await expect(allow.or(page.locator('video')).first()).toBeVisible();
  if (await allow.isVisible()) {
    await allow.click();
  }
  await expectPictures(page, 1);
  if (name !== null) {
    await tab.fill(t('prejoin.name'), name);
  }
  await tab.press('button', t(name === null ? 'prejoin.join' : 'prejoin.knock'));
  if (name === null) {
    await expect(page.getByRole('button', { name: t('meeting.leave'), exact: true })).toBeVisible({ timeout: MEDIA_PATIENCE });
  }
  return new Person(name ?? 'Ines', tab);
}

/** Picks from the menu of somebody in the people panel, and closes that again. */
async function pick(tab: ChromiumTab, t: Speech, name: string, item: string): Promise<void> {
  await tab.page.keyboard.press('p');
  await tab.press('button', t('people.more', { name }));
  await tab.press('menuitem', item);
  await expect(tab.page.getByRole('menu')).toHaveCount(0);
  await tab.page.keyboard.press('p');
  await expect(tab.page.getByRole('heading', { name: t('people.title'), exact: true })).toHaveCount(0);
}

/** A few lines from both, with a picture and a reaction. */
async function talk(host: ChromiumTab, guest: ChromiumTab, code: string): Promise<void> {
  const write = async (tab: ChromiumTab, text: string): Promise<string> => {
    const { status, body } = await call(tab, 'POST', `rooms/${code}/messages`, { text });
    expect(status).toBe(201);
    return (body as { id: string }).id;
  };
  await write(host, 'Good evening, all. **Three points** for tonight: the roof, the garden, and who brings cake.');
  const first = await write(guest, 'I bring cake, if somebody else brings the coffee. The plan is at https://example.org/roof');
  await call(host, 'PUT', `rooms/${code}/messages/${first}/reactions/${encodeURIComponent('👏')}`);
  await write(guest, '- gutters\n- two tiles\n- the old chimney');
  await write(host, 'Shall we begin?');
}

async function heading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible();
}
