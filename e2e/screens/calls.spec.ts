/** Pictures of calls and of what is beside them: home, contacts, a call at every stage, earlier ones, conversations. */

import type { BrowserContextOptions, Page } from '@playwright/test';

import { FORWARDING } from '../../web/src/i18n/forwarding.ts';
import { KEYPAD } from '../../web/src/i18n/keypad.ts';
import { own } from '../../web/src/i18n/own.ts';
import { PROGRAMS } from '../../web/src/i18n/programs.ts';
import { SALON } from '../../web/src/i18n/salon.ts';
import { SEARCH_BUTTON } from '../../web/src/i18n/search-button.ts';
import { learn, speech, type Speech, type Tongue } from '../../web/src/i18n/text.ts';
import { makeRoom, signIn } from '../harness/account.ts';
import { becomeFace } from '../harness/devices.ts';
import { makeSound, soundLike } from '../harness/dressing.ts';
import { gazette } from '../harness/gazette.ts';
import { Neighbour } from '../harness/household.ts';
import { MEDIA_PATIENCE } from '../harness/person.ts';
import { expectPictures, picture, portrait, SIZES } from '../harness/picture.ts';
import { Server } from '../harness/server.ts';
import type { ChromiumTab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

await learn('fr');

/** In French two of the four are enough to see that the words fit. */
const LOOKS = [
  ...(['wide', 'narrow'] as const).flatMap((size) => (['light', 'dark'] as const).map((theme) => ['en', size, theme] as const)),
  ['fr', 'wide', 'light'],
  ['fr', 'narrow', 'dark'],
] as const satisfies readonly (readonly [Tongue, keyof typeof SIZES, 'light' | 'dark'])[];

for (const [tongue, size, colorScheme] of LOOKS) {
  const t = speech(tongue);
  const look = `${tongue}, ${size} and ${colorScheme}`;
  const sight: BrowserContextOptions = { viewport: SIZES[size], colorScheme, locale: tongue };
  const shoot = (page: Page, name: string): Promise<void> => picture(page, `${tongue === 'en' ? '' : `${tongue}/`}${name}-${size}-${colorScheme}`);

  test(`beside calls, ${look}`, async ({ chromium }) => {
    const site = await gazette();
    // The feed is on this machine.
    const server = await Server.start({ PARLOR_OUTGOING_PRIVATE: 'true' });
    try {
      const house = await household(server);
      const tab = await chromium(sight);
      const { page } = tab;
      await signIn(tab, server, house.ines.account);
      await makeRoom(tab, server, 'Reading circle', { lobby: 'guests' });
      for (const one of [house.amara, house.mei, house.jonas]) {
        await signIn(await chromium(), server, one.account);
      }

      await test.step('news', async () => {
        const w = own(PROGRAMS, tongue);
        await house.ines.does('PUT', 'news/feeds', { addresses: [site.address, site.elsewhere] });
        // The port is another one each time; in the pictures the site has a name.
        await page.route('**/api/v1/news/feeds', async (route) => {
          const answer = await route.fetch();
          await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'https://news.example') });
        });
        await page.goto(`${server.url}/console`);
        await expect(page.getByText('Mill Lane Gazette')).toBeVisible();
        await expect(page.getByText(w('feeds.refused'))).toBeVisible();
        await toTop(page, w('feeds'));
        await shoot(page, 'console-feeds');
      });

      await test.step('home, with what was missed', async () => {
        const w = own(SALON, tongue);
        await page.goto(`${server.url}/`);
        for (const [who, video] of [[house.mei, false], [house.amara, true]] as const) {
          await miss(page, who, house.ines, video);
        }
        await page.reload();
        await expect(page.getByRole('heading', { name: w('missed'), exact: true })).toBeVisible();
        await expect(page.getByRole('heading', { name: w('news'), exact: true })).toBeVisible();
        await expect(page.getByRole('img', { name: /Amara Osei.*Mei Tanaka/ })).toBeVisible();
        await faces(page);
        await shoot(page, 'home-calls');
        if (size === 'narrow') {
          await toTop(page, w('missed'));
          await shoot(page, 'home-calls-below');
        }
      });

      await test.step('contacts', async () => {
        await page.goto(`${server.url}/contacts`);
        await expect(page.getByText(t('presence.doNotDisturb'))).toBeVisible();
        await expect(page.getByText('Library, second floor')).toBeVisible();
        await faces(page);
        await shoot(page, 'contacts');
        await tab.press('button', t('book.menu', { name: 'Mei Tanaka' }));
        await expect(page.getByRole('menu')).toBeVisible();
        await shoot(page, 'contacts-menu');
        await page.keyboard.press('Escape');
      });

      await test.step('earlier calls', async () => {
        await house.ines.rings(house.karim, false);
        const id = await house.tomas.rings(house.ines, false);
        await house.ines.does('POST', `calls/${id}/acts`, { act: 'decline' });
        // The second time they have been looked at, and are new no more.
        for (const at of ['calls', '', 'calls']) {
          await page.goto(`${server.url}/${at}`);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        }
        await expect(page.getByText('Karim Haddad').first()).toBeVisible();
        await expect(page.getByText('Tomas Novak').first()).toBeVisible();
        await faces(page);
        await shoot(page, 'calls');
      });

      await test.step('conversations', async () => {
        const last = await talk(house);
        await page.goto(`${server.url}/chat`);
        await expect(page.getByText('Spring planning')).toBeVisible();
        await faces(page);
        await shoot(page, 'conversations');
        await page.getByRole('main').getByRole('link', { name: /Amara/ }).click();
        await expect(page.getByText(last).last()).toBeVisible();
        await expect(page.getByText('hall-plan.pdf')).toBeVisible();
        await faces(page);
        await shoot(page, 'conversation');
      });

      await test.step('the search', async () => {
        await page.goto(`${server.url}/`);
        await tab.press('button', own(SEARCH_BUTTON, tongue)('search'));
        await expect(page.getByRole('option', { name: /^Amara/ })).toBeVisible();
        await faces(page);
        await shoot(page, 'search');
        await page.getByRole('combobox').fill('am');
        await expect(page.getByRole('option', { name: /programme/ })).toBeVisible();
        await faces(page);
        await shoot(page, 'search-found');
        await page.keyboard.press('Escape');
      });

      await test.step('where calls go', async () => {
        const w = own(FORWARDING, tongue);
        await house.ines.does('PUT', 'me/calls', {
          always: { to: 'nobody' },
          busy: { to: 'person', person: house.mei.id },
          unanswered: { to: 'voicemail' },
          favourites: true,
        });
        await page.goto(`${server.url}/account`);
        await expect(page.getByRole('button', { name: w('to', { when: w('busy'), where: 'Mei Tanaka' }) })).toBeVisible();
        await toTop(page, w('title'));
        await shoot(page, 'account-calls');
      });
    } finally {
      await server.stop();
      await site.stop();
    }
  });

  test(`a call, ${look}`, async ({ ownServer, chromium }) => {
    const server = await ownServer();
    const house = await household(server);
    const seated = async (one: Neighbour, face: string, options: BrowserContextOptions = {}): Promise<ChromiumTab> => {
      const tab = await chromium({ locale: tongue, ...options });
      await soundLike(tab);
      await becomeFace(tab.page, portrait(face));
      await signIn(tab, server, one.account);
      return tab;
    };
    const amara = await seated(house.amara, 'amara');
    const mei = await seated(house.mei, 'mei');
    const tab = await seated(house.ines, 'ines', sight);
    const { page } = tab;
    await expect(page.getByRole('img', { name: /Amara Osei/ })).toBeVisible();
    const dial = dialling(t);

    await test.step('one comes in', async () => {
      const id = await house.amara.rings(house.ines, true);
      await expect(page.getByRole('button', { name: t('calling.answer'), exact: true })).toBeVisible();
      await faces(page);
      await shoot(page, 'incoming');
      await tab.press('button', t('calling.message'));
      await shoot(page, 'incoming-message');
      await house.amara.does('POST', `calls/${id}/acts`, { act: 'end' });
      await expect(page.getByText(t('calling.missed', { name: 'Amara Osei' })).last()).toBeVisible();
    });

    await test.step('one goes out, and is answered with a picture', async () => {
      await page.goto(`${server.url}/contacts`);
      await dial(tab, 'Amara Osei', 'video');
      await expect(page.locator('[data-call-stage=ringing]')).toBeVisible();
      await expectPictures(page, 1);
      await faces(page);
      await shoot(page, 'calling');
      await amara.press('button', t('calling.answer.video.name'));
      await expectPictures(page, 2);
      await speaks(amara, tab);
      await clear(page);
      await quiet(page);
      await shoot(page, 'call');
    });

    await test.step('whom to ask in, and to whom to leave it', async () => {
      for (const [what, name] of [['calling.add', 'call-add'], ['calling.transfer', 'call-transfer']] as const) {
        if (size === 'narrow') {
          await tab.press('button', t('meeting.more'));
          await tab.press('menuitem', t(what));
        } else {
          await tab.press('button', t(what));
        }
        await expect(page.getByRole('dialog').getByText('Mei Tanaka')).toBeVisible();
        await faces(page);
        await shoot(page, name);
        await page.keyboard.press('Escape');
      }
    });

    await test.step('the keypad', async () => {
      const w = own(KEYPAD, tongue);
      if (size === 'narrow') {
        await tab.press('button', t('meeting.more'));
        await tab.press('menuitem', w('keypad'));
      } else {
        await tab.press('button', w('keypad'));
      }
      await expect(page.getByRole('dialog', { name: w('keypad') })).toBeVisible();
      await page.keyboard.type('2580');
      await tab.press('button', w('hash'));
      await quiet(page);
      await shoot(page, 'call-keypad');
      await page.keyboard.press('Escape');
    });

    await test.step('on hold, by either', async () => {
      await tab.press('button', t('calling.hold'));
      await expect(page.locator('[data-rests=mine]')).toBeVisible();
      await quiet(page);
      await shoot(page, 'call-hold');
      await tab.press('button', t('calling.resume'));
      await expect(page.locator('[data-rests]')).toHaveCount(0);
      await amara.press('button', t('calling.hold'));
      await expect(page.locator('[data-rests=theirs]')).toBeVisible();
      await quiet(page);
      await shoot(page, 'call-held');
      await amara.press('button', t('calling.resume'));
      await expect(page.locator('[data-rests]')).toHaveCount(0);
    });

    await test.step('a second one', async () => {
      await mei.page.goto(`${server.url}/contacts`);
      await mei.press('button', t('contacts.video', { name: 'Ines Duarte' }));
      await mei.press('button', t('calling.anyway'));
      await expect(page.getByRole('button', { name: t('calling.answer.hold'), exact: true })).toBeVisible();
      await clear(page);
      await quiet(page);
      await shoot(page, 'call-incoming');
      await tab.press('button', t('calling.answer.hold'));
      await expect(page.getByRole('button', { name: t('calling.swap'), exact: true })).toBeVisible();
      await expectPictures(page, 1);
      await speaks(mei, tab);
      await clear(page);
      await quiet(page);
      await shoot(page, 'call-two');
      // The key goes with the press.
      await mei.page.getByRole('button', { name: t('calling.end'), exact: true }).dispatchEvent('click');
      await expect(page.getByRole('button', { name: t('calling.resume.with', { name: 'Amara Osei' }), exact: true })).toBeVisible();
      await shoot(page, 'call-left');
      await tab.press('button', t('calling.end.with', { name: 'Amara Osei' }));
      await expect(amara.page.getByRole('heading', { name: t('calling.ended') })).toBeVisible();
    });

    await test.step('with sound alone', async () => {
      await page.goto(`${server.url}/contacts`);
      await amara.page.goto(`${server.url}/`);
      await dial(tab, 'Amara Osei', 'voice');
      await amara.press('button', t('calling.answer'));
      await expect(page.locator('[data-tile]')).toHaveCount(2, { timeout: MEDIA_PATIENCE });
      await speaks(amara, tab);
      await faces(page);
      await quiet(page);
      await shoot(page, 'call-sound');
      await page.getByRole('button', { name: t('calling.end'), exact: true }).dispatchEvent('click');
      await expect(page.getByRole('heading', { name: t('calling.ended') })).toBeVisible();
      await shoot(page, 'call-ended');
    });
  });
}

type House = Record<'ines' | 'amara' | 'mei' | 'jonas' | 'lea' | 'karim' | 'tomas', Neighbour>;

/** Who lives there, and the phone book of Ines. */
async function household(server: Server): Promise<House> {
  const house: House = {
    ines: await Neighbour.landlady(server, 'Ines Duarte'),
    amara: await Neighbour.moveIn(server, 'amara', 'Amara Osei'),
    mei: await Neighbour.moveIn(server, 'mei', 'Mei Tanaka'),
    jonas: await Neighbour.moveIn(server, 'jonas', 'Jonas Berg'),
    lea: await Neighbour.moveIn(server, 'lea', 'Léa Fontaine'),
    karim: await Neighbour.moveIn(server, 'karim', 'Karim Haddad'),
    tomas: await Neighbour.moveIn(server, 'tomas', 'Tomas Novak'),
  };
  const { ines, amara, mei, jonas, tomas } = house;
  await amara.does('PUT', 'me/presence', { chosen: 'automatic', note: 'Library, second floor' });
  await jonas.does('PUT', 'me/presence', { chosen: 'doNotDisturb', note: 'Writing' });
  await ines.does('POST', 'contacts', { account: amara.id, entry: { favourite: true } });
  await ines.does('POST', 'contacts', { account: mei.id, entry: { circle: 'Choir' } });
  await ines.does('POST', 'contacts', { account: jonas.id, entry: { circle: 'Choir' } });
  await ines.does('POST', 'contacts', { account: tomas.id, entry: {} });
  await ines.does('POST', 'contacts', { entry: { name: 'Town hall', phones: ['+33 1 23 45 67 89'], mails: ['hall@town.example'] } });
  return house;
}

/** Rings and gives up; what is said of it on the page is closed. */
async function miss(page: Page, from: Neighbour, to: Neighbour, video: boolean): Promise<void> {
  const id = await from.rings(to, video);
  const card = page.locator('[data-call-card]');
  await expect(card.getByRole('heading', { name: from.name })).toBeVisible();
  await from.does('POST', `calls/${id}/acts`, { act: 'end' });
  await expect(card.getByRole('heading', { name: from.name })).toHaveCount(0);
}

/** Calls from the contacts; in a narrow window with a picture from the menu of the row. */
function dialling(t: Speech): (tab: ChromiumTab, name: string, kind: 'voice' | 'video') => Promise<void> {
  return async (tab, name, kind) => {
    const key = tab.page.getByRole('button', { name: t(kind === 'voice' ? 'contacts.call' : 'contacts.video', { name }), exact: true });
    await expect(tab.page.getByRole('button', { name: t('contacts.call', { name }), exact: true })).toBeVisible();
    if (await key.isVisible()) {
      await key.click();
    } else {
      await tab.press('button', t('book.menu', { name }));
      await tab.press('menuitem', t('contacts.video', { name }));
    }
  };
}

/** What was written between Ines and Amara, in a group, and with Mei; gives the last line to Ines. */
async function talk({ ines, amara, mei, jonas, tomas }: House): Promise<string> {
  const open = async (by: Neighbour, people: readonly Neighbour[], name?: string): Promise<string> =>
    ((await by.does('POST', 'conversations', { people: people.map(({ id }) => id), ...(name === undefined ? {} : { name }) })) as { id: string }).id;
  const last = 'Only if the paint is dry by Friday. I will touch it on Thursday and tell you.';
  const old = await open(tomas, [ines]);
  await tomas.writes(old, 'Thank you, see you Thursday');
  const group = await open(mei, [ines, jonas], 'Spring planning');
  await mei.writes(group, 'Who brings the programme?');
  await jonas.writes(group, 'I do. Two copies?');
  const two = await open(amara, [ines]);
  await amara.writes(two, 'Good morning! The hall is painted. It smells like a hall that is painted.');
  const asked = await ines.writes(two, 'Lovely. Is it dry enough for the carpenter to begin on Monday?');
  await amara.does('PUT', `rooms/${two}/messages/${asked}/reactions/${encodeURIComponent('🎉')}`);
  await ines.writes(two, 'Here is the plan for Thursday.', { file: await ines.gives(two, 'hall-plan.pdf', new TextEncoder().encode(PLAN)) });
  await amara.writes(two, last, { replyTo: asked });
  return last;
}

/** As little as a document of this kind can be. */
const PLAN = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

/** Scrolls until the section of this heading begins the page. */
async function toTop(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name, exact: true }).evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
}

/** Waits until every face is there. */
async function faces(page: Page): Promise<void> {
  const missing = (): Promise<number> => page.locator('img').evaluateAll((all) => all.filter((one) => one instanceof HTMLImageElement && !(one.complete && one.naturalWidth > 0)).length);
  await expect.poll(missing, { message: 'all pictures are there' }).toBe(0);
}

/** It is quiet with both; then one begins to speak, and is marked. */
async function speaks(one: ChromiumTab, to: ChromiumTab): Promise<void> {
  const marks = to.page.locator('[data-speaking]');
  for (const tab of [one, to]) {
    await makeSound(tab, 'quiet');
  }
  await expect(marks).toHaveCount(0);
  await expect(one.page.locator('[data-speaking]')).toHaveCount(0);
  await makeSound(one, 'voice');
  await expect(marks).toHaveCount(1, { timeout: MEDIA_PATIENCE });
}

/** A picture begins small; waits until it has come to what the tile has room for in either size. */
async function clear(page: Page): Promise<void> {
  const width = (): Promise<number> => page.locator('main video').first().evaluate((video) => (video instanceof HTMLVideoElement ? video.videoWidth : 0));
  await expect.poll(width, { message: 'the picture of the other is clear', timeout: MEDIA_PATIENCE }).toBeGreaterThanOrEqual(640);
}

/** Waits until no notice stands before the call. */
async function quiet(page: Page): Promise<void> {
  await expect(page.locator('.toast')).toHaveCount(0);
}
