/** Calls that are left to somebody who does not take them, and a second call that is not taken: whoever waits is not forgotten. */

import { call } from '../harness/account.ts';
import { atHome, dial, hangUp, pastOf, rings, silent, talk } from '../harness/calling.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** How long it rings here, in seconds: longer than a busy machine needs to answer a call that comes back. */
const RINGS = { PARLOR_RINGS: '12' };

/** Leaves the call to somebody, at once or after asking them. */
async function leave(by: Person, to: Person, how: 'Transfer now to ' | 'Ask first: '): Promise<void> {
  await by.tab.press('button', 'Transfer');
  await by.sees('button', `${how}${to.name}`);
  await by.tab.press('button', `${how}${to.name}`);
}

async function bothHear(...people: readonly Person[]): Promise<void> {
  for (const one of people) {
    await one.expectSounds(1);
  }
}

test('a call is left to somebody who does not answer: it comes back', async ({ ownServer, person }) => {
  const server = await ownServer(RINGS);
  const eli = await person('Elisheva', 'chromium');
  const flo = await person('Florinda', 'firefox');
  const gil = await person('Gilbrand', 'chromium');
  await atHome(server, eli, flo, gil);
  await talk(eli, flo);

  await test.step('transferred: whoever left is rung again, and told from whom', async () => {
    await leave(eli, gil, 'Transfer now to ');
    await rings(gil);
    await eli.expectWords(/Transferred/, true);
    await eli.expectWords(/Returned from Gilbrand/, true);
    await silent(gil);
    await eli.tab.press('button', 'Answer');
    await bothHear(eli, flo);
    await gil.expectWords(/Missed call from/, true);
  });

  await test.step('asked first: back to the one who waits', async () => {
    await leave(eli, gil, 'Ask first: ');
    await rings(gil);
    await flo.expectWords(/On hold by Elisheva/, true);
    await flo.expectWords(/On hold by Elisheva/, false);
    await silent(gil);
    await bothHear(eli, flo);
  });

  await test.step('and when whoever left does not answer either, the call is over for who waits', async () => {
    await leave(eli, gil, 'Transfer now to ');
    await rings(gil);
    await gil.tab.press('button', 'Decline');
    await eli.expectWords(/Returned from Gilbrand/, true);
    await flo.sees('heading', 'Call ended');
    await silent(eli);
  });
});

test('a call is left to somebody who is busy, or does not want to be disturbed: nothing changes, and it is said why', async ({ ownServer, person }) => {
  // Whoever calls is busy for as long as it rings.
  const server = await ownServer({ PARLOR_RINGS: '120' });
  const ena = await person('Enavant', 'firefox');
  const fox = await person('Foxglove', 'chromium');
  const gus = await person('Gustaaf', 'chromium');
  const hob = await person('Hobart', 'chromium');
  await atHome(server, ena, fox, gus, hob);
  await talk(ena, fox);

  const [now, first] = ['Transfer now to ', 'Ask first: '] as const;
  const refused = async (by: Person, words: RegExp, hows: readonly (typeof now | typeof first)[]): Promise<void> => {
    for (const how of hows) {
      await test.step(how, async () => {
        await leave(ena, by, how);
        await ena.expectWords(words, true);
        await bothHear(ena, fox);
        expect(await by.tab.shows('button', 'Answer'), 'nothing rings there').toBe(false);
        await fox.expectWords(/On hold by/, false);
        // It is said again, and not still, the next time: a card stays until it is closed, and what is said of a transfer goes by itself.
        if (how === 'Ask first: ') {
          await ena.sees('button', 'Close');
          await ena.tab.press('button', 'Close');
        }
        await ena.expectWords(words, false);
      });
    }
  };

  await test.step('in a call', async () => {
    await dial(gus, 'Hobart');
    await rings(hob);
    await refused(gus, /Gustaaf is in a call/, [now, now, first]);
    await hob.tab.press('button', 'Decline');
    await gus.sees('heading', 'Hobart declined');
  });

  await test.step('not to be disturbed', async () => {
    expect((await call(hob.tab, 'PUT', 'me/presence', { chosen: 'doNotDisturb', note: '' })).status).toBe(204);
    await refused(hob, /Hobart does not want to be disturbed/, [now, first]);
  });
});

test('a transfer is completed, and whoever took it leaves at once: whoever waited is not left alone', async ({ server, person }) => {
  const eve = await person('Everard', 'chromium');
  const fin = await person('Finlay', 'chromium');
  const gwen = await person('Gwenda', 'firefox');
  await atHome(server, eve, fin, gwen);
  await talk(eve, fin);
  await leave(eve, gwen, 'Ask first: ');
  await rings(gwen);
  await gwen.tab.press('button', 'Answer');
  await bothHear(eve, gwen);
  await eve.sees('button', 'Complete the transfer');
  await eve.tab.press('button', 'Complete the transfer');
  await hangUp(gwen);
  // Whoever leaves on the way to it has not taken it: it comes back. Whoever was there for a moment has, and it is over.
  const became = async (): Promise<string> =>
    (await eve.tab.shows('button', 'Answer')) ? 'back' : (await fin.tab.shows('heading', 'Call ended')) ? 'over' : '';
  let end = '';
  const known = async (): Promise<string> => (end = await became());
  await expect.poll(known, { message: 'Finlay is not left alone', timeout: MEDIA_PATIENCE }).not.toBe('');
  if (end === 'back') {
    await eve.expectWords(/Returned from Gwenda/, true);
    await eve.tab.press('button', 'Answer');
    await bothHear(eve, fin);
    await fin.tab.press('button', 'End');
  }
  await fin.sees('heading', 'Call ended');
  for (const one of [eve, fin, gwen]) {
    await silent(one);
    expect((await pastOf(one)).filter(({ over }) => !over), `no call of ${one.name} goes on`).toEqual([]);
  }
});

test('a second call is declined, with a word and without, and the first goes on', async ({ server, person }) => {
  const kit = await person('Kitanna', 'firefox');
  const fay = await person('Faylinn', 'chromium');
  const lou = await person('Louisette', 'chromium');
  await atHome(server, kit, fay, lou);
  await talk(fay, kit);
  for (const at of [kit, fay]) {
    await test.step(`in ${at.tab.engine}`, async () => {
      await dial(lou, at.name);
      await lou.tab.press('button', 'Ring anyway');
      await rings(at, 'Hold and answer');
      if (at === fay) {
        await expectBelowTheCard(at);
      }
      await at.tab.press('button', 'Decline');
      await lou.sees('heading', `${at.name} declined`);
      await silent(at);
      await lou.tab.press('button', 'Call again');
      await lou.tab.press('button', 'Ring anyway');
      await rings(at, 'Hold and answer');
      await at.tab.press('button', 'Message');
      await at.tab.press('button', 'I will call back');
      await lou.sees('heading', `${at.name} declined`);
      await lou.expectWords(/I will call back/, true);
      await silent(at);
      await bothHear(kit, fay);
      await lou.tab.press('button', 'Home');
    });
  }
});

/** On the display of a phone what is talked in lies below the card: it covers no key of it. */
async function expectBelowTheCard(at: Person): Promise<void> {
  const page = at.page();
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const covered = async (): Promise<number> => {
    const [card, heading] = [page.locator('[data-call-card]'), page.getByRole('heading', { level: 1 })];
    const [above, below] = [await card.boundingBox(), await heading.boundingBox()];
    return (above?.y ?? NaN) + (above?.height ?? NaN) - (below?.y ?? NaN);
  };
  await expect.poll(covered, { message: 'the card ends where the call begins' }).toBeLessThanOrEqual(0);
  if (size !== null) {
    await page.setViewportSize(size);
  }
}
