/**
 * Peers never learn each other's network address: two people in different networks do all that brings them together, and whatever
 * the server sends to one is searched for the addresses of the other. Every test in the labs is searched like that (`place.ts`);
 * this one goes where those do not.
 */

import { call, makeRoom, signUp } from '../harness/account.ts';
import { talk } from '../harness/calling.ts';
import type { Person } from '../harness/person.ts';
import { lookedIn, test } from '../harness/place.ts';
import { expect } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

/** All that is answered to anybody who is signed in and says nothing but who asks. */
const LISTS = [
  'server', 'me', 'me/presence', 'me/visibility', 'me/devices', 'me/calls', 'me/push', 'me/app-passwords', 'me/passkeys', 'people', 'contacts', 'contacts/export',
  'calls', 'calls/missed', 'voicemail', 'voicemail/greeting', 'conversations', 'rooms', 'rooms/now', 'attendance', 'news',
];

test('nothing that two people are sent has an address of the other', async ({ place, personAt }) => {
  const ada = await personAt('Adah', 'phone', 'firefox');
  const ben = await personAt('Benno', 'home', 'chromium');
  for (const one of [ada, ben]) {
    await signUp(one.tab, place.lab, `addresses-${one.name.toLowerCase()}`, one.name);
  }

  await test.step('a call with pictures, held and resumed', async () => {
    await talk(ada, ben, 'Video call');
    await ada.tab.press('button', 'Hold');
    await ben.expectWords(/On hold by Adah/, true);
    await ada.tab.press('button', 'Resume');
    await ben.expectSounds(1);
    await ada.tab.press('button', 'End');
    await ben.sees('heading', 'Call ended');
  });

  await test.step('they write to each other', async () => {
    await writeTo(ben, place.lab.url, 'Adah', 'Where are you?');
    await ada.tab.goto(`${place.lab.url}/chat`);
    await ada.expectWords(/Where are you\?/, true);
  });

  const { code, link } = await makeRoom(ben.tab, place.lab, 'Mill Lane', { lobby: 'everyone' });
  await test.step('a meeting: one knocks, is let in, writes, leads and is removed', async () => {
    await ben.join(link);
    await ada.knock(link);
    await ben.sees('button', 'Admit');
    await ben.tab.press('button', 'Admit');
    await ada.expectInside();
    await ada.expectPictureOf('Benno');
    await ben.expectPictureOf('Adah');
    await ada.expectSounds(1);
  });

  await test.step('everything that may be asked, by both', async () => {
    const ofRoom = ['', '/members', '/bans', '/messages', '/meetings', '/ratings', '/report'].map((end) => `rooms/${code}${end}`);
    for (const one of [ada, ben]) {
      for (const path of [...LISTS, ...ofRoom]) {
        const { status } = await call(one.tab, 'GET', path).catch(() => ({ status: 0 }));
        // What is not JSON cannot be read as such, and was looked at all the same; of the room some is for its owner alone.
        expect([0, 200, 403, 404], path).toContain(status);
      }
    }
  });

  for (const one of [ada, ben]) {
    expect([...lookedIn(one)].toSorted(), `what ${one.name} was sent was looked at`).toEqual(expect.arrayContaining(['answer', 'description', 'message', 'server']));
  }
});

async function writeTo(from: Person, url: string, to: string, text: string): Promise<void> {
  await from.tab.goto(`${url}/contacts`);
  await from.sees('button', `Message ${to}`);
  await from.tab.press('button', `Message ${to}`);
  await from.sees('textbox', `Message ${to}`);
  await from.tab.fill(`Message ${to}`, text);
  await from.tab.press('button', 'Send');
}
