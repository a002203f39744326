/** Pictures of how it is told what is not good: in the meeting, after it, and on the page of the room. In each language. */

import type { BrowserContextOptions, Page } from '@playwright/test';

import { speech, tongues, type Speech } from '../../web/src/i18n/text.ts';
import type { Event, Mark, PastMeeting, Report } from '../../web/src/proto/api.gen.ts';
import { call, makeRoom, signIn } from '../harness/account.ts';
import { becomeFace } from '../harness/devices.ts';
import { Person } from '../harness/person.ts';
import { expectNoToast, expectPictures, picture, portrait, SIZES } from '../harness/picture.ts';
import { ADMIN } from '../harness/server.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

/** An evening of the house, and the week before: what the server would tell of them. */
const EVENING = Date.UTC(2026, 0, 14, 19, 0);
const minute = (n: number): number => EVENING + n * 60_000;
const WEEK = 7 * 24 * 60;

const REPORT: Report = {
  me: 'ines',
  from: EVENING,
  until: minute(1),
  // In a meeting that is as short as the one that is pictured.
  troubles: [
    { person: 'ines', name: 'Ines', cause: 'upload', from: EVENING, until: minute(1), seconds: 24 },
    { person: 'jonas', name: 'Jonas', cause: 'computer', from: minute(1), until: minute(1), seconds: 12 },
  ],
};

const PAST: PastMeeting[] = [
  {
    began: EVENING,
    until: minute(48),
    people: ['Ines', 'Jonas', 'Mei', 'Amara'].map((name) => ({ person: name, name, from: EVENING, until: minute(48) })),
    troubles: [
      { person: 'ines', name: 'Ines', cause: 'upload', from: minute(12), until: minute(15), seconds: 180 },
      { person: 'jonas', name: 'Jonas', cause: 'computer', from: minute(20), until: minute(21), seconds: 60 },
      { person: 'ines', name: 'Ines', cause: 'lost', from: minute(31), until: minute(31), seconds: 14 },
    ],
  },
  {
    began: minute(-WEEK),
    until: minute(-WEEK + 95),
    people: ['Ines', 'Mei', 'Karim', 'Léa', 'Tomas', 'Paul', 'Noor', 'Amara'].map((name) => ({ person: name, name, from: minute(-WEEK), until: minute(-WEEK + 95) })),
    troubles: [{ person: 'Karim', name: 'Karim', cause: 'delay', from: minute(-WEEK + 30), until: minute(-WEEK + 42), seconds: 300 }],
  },
];

for (const { tongue } of tongues) {
  const t = speech(tongue);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const sight: BrowserContextOptions = { viewport, colorScheme, locale: tongue };
      const shoot = (page: Page, name: string): Promise<void> =>
        picture(page, `${tongue === 'en' ? '' : `${tongue}/`}${name}-${size}-${colorScheme}`);

      test(`what is not good, ${tongue}, ${size} and ${colorScheme}`, async ({ ownServer, chromium, cast }) => {
        const server = await ownServer();
        const tab = await chromium(sight);
        const { page } = tab;
        await becomeFace(page, portrait('ines'));
        const marks = await mark(page);
        await page.route('**/api/v1/rooms/*/report', (route) => route.fulfill({ json: REPORT }));
        await page.route('**/api/v1/rooms/*/meetings', (route) => route.fulfill({ json: PAST }));
        await signIn(tab, server, ADMIN);
        await call(tab, 'PATCH', 'me', { displayName: 'Ines' });
        const { code, link } = await makeRoom(tab, server, 'House meeting', { lobby: 'off' });
        const ines = await goIn(tab, link, t);

        await test.step('marks', async () => {
          marks.of('cast-jonas', { cause: 'upload' });
          marks.of('cast-mei', { cause: 'computer' });
          // She speaks, as far as the server hears.
          marks.of('cast-amara', { unheard: 'untaken' });
          marks.of('me', { cause: 'download' });
          await cast.enter(link, [
            { name: 'Jonas', face: 'jonas', speaks: false },
            { name: 'Mei', face: 'mei', speaks: false },
            { name: 'Amara', face: 'amara', speaks: true },
          ]);
          await expectPictures(page, size === 'wide' ? 4 : 3);
          await expect(page.locator('[data-net]')).toHaveCount(4);
          await expectNoToast(ines);
          await shoot(page, 'meeting-marks');
          // The sentence, as whoever goes there by keys finds it.
          const mine = page.getByRole('button', { name: t('meeting.net.download') });
          await page.keyboard.press('F6');
          await mine.focus();
          await expect(page.locator('.tip', { hasText: t('meeting.net.download') })).toBeVisible();
          await shoot(page, 'meeting-mark-why');
        });

        await test.step('nobody hears me', async () => {
          marks.clear();
          marks.of('me', { unheard: 'silent' });
          await cast.enter(link, [{ name: 'Karim', face: 'karim', speaks: false }]);
          await expect(page.locator('[data-unheard]')).toHaveText(t('meeting.unheard.silent'));
          await expectPictures(page, size === 'wide' ? 5 : 4);
          await expectNoToast(ines);
          await shoot(page, 'meeting-unheard');
        });

        await test.step('afterwards', async () => {
          await tab.press('button', t('meeting.leave'));
          await tab.press('menuitem', t('leave.end'));
          await expect(page.getByRole('heading', { name: t('report.title') })).toBeVisible();
          await shoot(page, 'ended-report');
          await page.goto(`${server.url}/rooms/${code}`);
          const past = page.getByRole('heading', { name: t('rooms.past') });
          await expect(past).toBeVisible();
          await past.evaluate((one) => one.closest('section')?.scrollIntoView({ block: 'center' }));
          await shoot(page, 'room-past');
        });
      });
    }
  }
}

/** What the server is to have marked, of whom; `me` is whoever looks. */
interface Marks {
  of: (identity: string, mark: Omit<Mark, 'identity'>) => void;
  clear: () => void;
}

/** Stands between the page and its events, and marks people in what is told of a meeting. To be called before the page is opened. */
async function mark(page: Page): Promise<Marks> {
  let marks: Mark[] = [];
  await page.routeWebSocket('**/api/v1/events', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const told = JSON.parse(String(message)) as Event;
      if (told.event === 'meeting') {
        const { state } = told;
        const mine = state.people.find(({ person }) => person === state.me)?.identities[0];
        const here = new Set(state.people.flatMap(({ identities }) => identities));
        state.marks = marks.map((one) => ({ ...one, identity: one.identity === 'me' ? (mine ?? 'me') : one.identity })).filter(({ identity }) => here.has(identity));
      }
      socket.send(JSON.stringify(told));
    });
  });
  return {
    of: (identity, one) => void marks.push({ ...one, identity }),
    clear: () => {
      marks = [];
    },
  };
}

/** Goes in at the door of a link. */
async function goIn(tab: ChromiumTab, link: string, t: Speech): Promise<Person> {
  const { page } = tab;
  await page.goto(link);
  const allow = page.getByRole('button', { name: t('prejoin.allow'), exact: true });
  await expect(allow.or(page.locator('video')).first()).toBeVisible();
  if (await allow.isVisible()) {
    await allow.click();
  }
  await expectPictures(page, 1);
  await tab.press('button', t('prejoin.join'));
  await expect(page.getByRole('button', { name: t('meeting.leave'), exact: true })).toBeVisible();
  return new Person('Ines', tab);
}
