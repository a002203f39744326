/** Pictures of every page outside the meeting, in each language: two sizes, two themes. */

import type { BrowserContextOptions, Page } from '@playwright/test';

import { learn, speech, tongues, type Speech } from '../../web/src/i18n/text.ts';
import '../../web/src/i18n/account.ts';
import '../../web/src/i18n/administering.ts';
import '../../web/src/i18n/test.ts';
import { call, makeRoom, signIn } from '../harness/account.ts';
import { leaveOnly } from '../harness/doors.ts';
import { picture, SIZES } from '../harness/picture.ts';
import { ADMIN, PASSWORD, type Server } from '../harness/server.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

await learn('fr');

/** The accounts that the console lists. */
const NEIGHBOURS = [
  { name: 'jonas', displayName: 'Jonas Berg' },
  { name: 'mei', displayName: 'Mei Tanaka' },
  { name: 'lea', displayName: 'Léa Fontaine' },
];

/** The rooms of the one who looks. */
const ROOMS = ['House meeting', 'Reading circle', 'Choir', 'Garden'];

for (const { tongue } of tongues) {
  const t = speech(tongue);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const sight: BrowserContextOptions = { viewport, colorScheme, locale: tongue };
      const look = `${tongue}, ${size} and ${colorScheme}`;
      const shoot = (page: Page, name: string): Promise<void> =>
        picture(page, `${tongue === 'en' ? '' : `${tongue}/`}${name}-${size}-${colorScheme}`, 'plain');

      test(`the first start, ${look}`, async ({ ownServer, chromium }) => {
        const server = await ownServer('bare');
        const tab = await chromium(sight);
        const { page } = tab;
        await page.goto(`${server.url}/`);
        await heading(page, t('setup.title'));
        await shoot(page, 'setup-code');
        await tab.fill(t('setup.code'), await server.setUpCode());
        await tab.press('button', t('setup.code.go'));
        await tab.fill(t('setup.name.label'), 'Mill Lane');
        await tab.fill(t('setup.who.name'), 'ines');
        await tab.fill(t('sign.in.password'), 'short');
        await tab.press('button', t('setup.finish'));
        await expect(page.getByText(t('sign.password.short', { n: 10 }))).toBeVisible();
        await page.evaluate(() => scrollTo(0, 0));
        await shoot(page, 'setup-questions');
        await tab.fill(t('sign.in.password'), PASSWORD);
        await tab.press('button', t('setup.finish'));
        await heading(page, t('setup.done.title'));
        await expect(page.getByRole('button', { name: t('test.again') })).toBeEnabled({ timeout: 60_000 });
        await shoot(page, 'setup-done');
      });

      test(`the connection test, ${look}`, async ({ server, chromium }) => {
        const ends = (tab: ChromiumTab): Promise<void> => expect(tab.page.getByRole('button', { name: t('test.download') })).toBeVisible({ timeout: 120_000 });
        const open = await chromium(sight);
        await open.page.addInitScript(nameDevices);
        await open.page.goto(`${server.url}/test`);
        await heading(open.page, t('test.ready'));
        await shoot(open.page, 'test');
        await open.press('button', t('test.begin'));
        await ends(open);
        await shoot(open.page, 'test-over');
        const weak = await chromium(sight);
        await weak.page.addInitScript(nameDevices);
        await leaveOnly(weak, 'tcp');
        await weak.page.goto(`${server.url}/test`);
        await weak.press('button', t('test.begin'));
        await expect(weak.page.locator('[data-item=udp]')).toHaveAttribute('data-verdict', 'running');
        await shoot(weak.page, 'test-running');
        await ends(weak);
        await shoot(weak.page, 'test-weak');
        if (size === 'narrow') {
          await weak.page.locator('[data-item=return]').scrollIntoViewIfNeeded();
          await shoot(weak.page, 'test-weak-below');
        }
      });

      test(`the pages, ${look}`, async ({ ownServer, chromium, cast }) => {
        const server = await ownServer();
        const tab = await chromium(sight);
        const { page } = tab;
        await signPages(server, page, t, shoot);
        await signIn(tab, server, ADMIN);
        await expect(page.getByRole('button', { name: t('home.new.more') })).toBeVisible();
        await shoot(page, 'home-empty');

        await test.step('home and rooms', async () => {
          const codes = await furnish(tab, server);
          await cast.enter(`${server.url}/r/${codes[0] ?? ''}`, [
            { name: 'Jonas', face: 'jonas', speaks: false },
            { name: 'Mei', face: 'mei', speaks: false },
          ]);
          await page.goto(`${server.url}/`);
          await expect(page.getByText(t('home.now.just')).first()).toBeVisible();
          await shoot(page, 'home');
          await tab.press('button', t('home.new.more'));
          await expect(page.getByRole('menu')).toBeVisible();
          await shoot(page, 'home-new');
          await tab.press('menuitem', t('home.new.later'));
          await heading(page, t('meeting.ready'));
          await shoot(page, 'home-later');
          await page.goto(`${server.url}/rooms`);
          await expect(page.getByRole('link', { name: /^Choir/ })).toBeVisible();
          await shoot(page, 'meetings');
          await page.goto(`${server.url}/rooms/${codes[1] ?? ''}`);
          await expect(page.getByRole('button', { name: t('rooms.members.role', { name: 'Mei Tanaka' }) })).toBeVisible();
          await shoot(page, 'room');
          await page.getByRole('heading', { name: t('rooms.members') }).scrollIntoViewIfNeeded();
          await shoot(page, 'room-members');
          await tab.press('button', t('rooms.delete'));
          await expect(page.getByRole('button', { name: t('rooms.delete.do') })).toBeVisible();
          await page.getByRole('button', { name: t('rooms.delete.do') }).scrollIntoViewIfNeeded();
          await shoot(page, 'room-delete');
        });

        await test.step('account and console', async () => {
          await page.goto(`${server.url}/account`);
          await heading(page, t('account.devices'));
          await shoot(page, 'account');
          await page.goto(`${server.url}/console`);
          await heading(page, t('console.logo'));
          await shoot(page, 'console-settings');
          await page.goto(`${server.url}/console/people`);
          await tab.press('button', t('console.actions', { name: 'Mei Tanaka' }));
          await expect(page.getByRole('menu')).toBeVisible();
          await shoot(page, 'console-people');
          await page.goto(`${server.url}/console/invitations`);
          await tab.fill(t('console.invite.name'), 'Tomas');
          await tab.press('button', t('console.invite.go'));
          await heading(page, t('console.invite.link'));
          await shoot(page, 'console-invitations');
        });
      });

      test(`doors that are shut, ${look}`, async ({ ownServer, chromium }) => {
        const server = await ownServer();
        const desk = await chromium();
        await signIn(desk, server, ADMIN);
        const locked = await makeRoom(desk, server, 'House meeting', { locked: true });
        const members = await makeRoom(desk, server, 'House meeting', { guests: false });
        const { page } = await chromium(sight);
        await page.goto(`${server.url}/r/bolu-kesi-dafo`);
        await heading(page, t('room.unknown.title'));
        await shoot(page, 'door-unknown');
        await page.goto(locked.link);
        await heading(page, t('rooms.door.locked'));
        await shoot(page, 'door-locked');
        await page.goto(members.link);
        await heading(page, t('rooms.door.members'));
        await shoot(page, 'door-members');
      });
    }
  }
}

/** Runs in the page: the devices that browsers fake are called as real ones are. */
function nameDevices(): void {
  Object.defineProperty(MediaStreamTrack.prototype, 'label', {
    get(this: MediaStreamTrack) {
      return this.kind === 'video' ? 'Integrated Camera' : 'USB Headset';
    },
  });
}

/** What those see who are not signed in. */
async function signPages(server: Server, page: Page, t: Speech, shoot: (page: Page, name: string) => Promise<void>): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await heading(page, t('sign.in.title'));
  await shoot(page, 'sign-in');
  await page.getByRole('textbox', { name: t('sign.in.name'), exact: true }).fill('ines');
  await page.getByRole('textbox', { name: t('sign.in.password'), exact: true }).fill('not the password');
  await page.locator('form').getByRole('button', { name: t('sign.in.go'), exact: true }).click();
  await expect(page.getByText(t('problem.wrong-password')).first()).toBeVisible();
  await shoot(page, 'sign-in-wrong');
  await page.goto(`${server.url}/sign-up`);
  await heading(page, t('sign.up.title'));
  await shoot(page, 'sign-up');
  await page.goto(`${server.url}/reset#a-link-that-was-sent`);
  await heading(page, t('sign.reset.title'));
  await shoot(page, 'reset');
}

/** Accounts, rooms and a member, as a house would have them. Gives the codes of the rooms. */
async function furnish(tab: ChromiumTab, server: Server): Promise<string[]> {
  const codes: string[] = [];
  for (const title of ROOMS) {
    codes.push((await makeRoom(tab, server, title, { lobby: 'off' })).code);
  }
  for (const one of NEIGHBOURS) {
    // Without the cookie of the one who looks: a new account signs its maker in.
    const made = await fetch(`${server.url}/api/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...one, password: PASSWORD }),
    });
    expect(made.status).toBe(201);
  }
  await call(tab, 'PATCH', `rooms/${codes[1] ?? ''}`, { description: 'One book a month, the first Tuesday at eight.' });
  for (const [name, role] of [['mei', 'host'], ['lea', 'member']] as const) {
    const put = await call(tab, 'PUT', `rooms/${codes[1] ?? ''}/members/${name}`, { role });
    expect(put.status).toBeLessThan(300);
  }
  return codes;
}

async function heading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible();
}
