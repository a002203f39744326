/** One person calls another: rung, answered, declined, given up, busy, on two devices. Who is called by whom is seen from both ends. */

import { signIn } from '../harness/account.ts';
import { atHome, dial, hangUp, rings, silent } from '../harness/calling.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { measured } from '../harness/place.ts';
import { noteMoments, took } from '../harness/moments.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

test('a call from Chromium is answered in Firefox, heard at both ends, and ended', async ({ server, person }) => {
  const ada = await person('Adele', 'chromium');
  const gus = await person('Gustav', 'firefox');
  await atHome(server, ada, gus);

  await test.step('the caller is told the truth step by step', async () => {
    await ada.tab.press('link', 'Contacts');
    await ada.expectWords(/Gustav\s+Available/, true);
    await dial(ada, 'Gustav');
    await rings(gus);
    await ada.expectWords(/Ringing on 1 device/, true);
    await gus.expectWords(/Voice call, ringing for/, true);
    await expect.poll(() => gus.tab.evaluate(readTitle, undefined)).toMatch(/^Adele calls/);
  });

  await test.step('answered, both hear each other, and neither camera is on', async () => {
    await gus.tab.press('button', 'Answer');
    for (const one of [ada, gus]) {
      await one.sees('button', 'End');
      await one.expectSounds(1);
      await one.sees('button', 'Start video');
    }
    await silent(gus);
  });

  await test.step('hung up at one end, both are told', async () => {
    await gus.tab.press('button', 'End');
    await gus.sees('heading', 'Call ended');
    await ada.sees('heading', 'Call ended');
    await ada.expectWords(/It lasted/, true);
  });

  await test.step('called again with pictures, and answered with pictures', async () => {
    await ada.tab.press('button', 'Home');
    await dial(ada, 'Gustav', 'Video call');
    await rings(gus, 'Answer with video');
    await gus.tab.press('button', 'Answer with video');
    await ada.expectPictureOf('Gustav');
    await gus.expectPictureOf('Adele');
    await ada.tab.press('button', 'End');
    await gus.sees('heading', 'Call ended');
  });
});

test('a call is declined with a word, by keys, or given up, and the other end is told', async ({ server, person }) => {
  const bea = await person('Beatrix', 'chromium');
  const hal = await person('Haldor', 'firefox');
  const [keys, hers] = [new Keyboard(hal), new Keyboard(bea)];
  await atHome(server, bea, hal);

  await test.step('with a quick reply', async () => {
    await dial(bea, 'Haldor');
    await rings(hal);
    await hal.tab.press('button', 'Message');
    await hal.tab.press('button', 'In 10 minutes');
    await bea.sees('heading', 'Haldor declined');
    await bea.expectWords(/In 10 minutes/, true);
    await silent(hal);
  });

  await test.step('by keys alone', async () => {
    await bea.tab.press('button', 'Call again');
    await rings(hal);
    await keys.press('Control+Shift+D');
    await bea.sees('heading', 'Haldor declined');
    await silent(hal);
  });

  await test.step('given up by the caller: a missed call', async () => {
    await bea.tab.press('button', 'Call again');
    await rings(hal);
    await bea.tab.press('button', 'End');
    await bea.sees('heading', 'Call ended');
    await hal.expectWords(/Missed call from Beatrix/, true);
    await hal.sees('link', 'Calls 1 missed');
    await silent(hal);
  });

  await test.step('the other way round: declined, and given up', async () => {
    await bea.tab.press('button', 'Home');
    await dial(hal, 'Beatrix');
    await rings(bea);
    await bea.tab.press('button', 'Decline');
    await hal.sees('heading', 'Beatrix declined');
    await silent(bea);
    await hal.tab.press('button', 'Call again');
    await rings(bea);
    await hers.press('Control+Shift+D');
    await hal.sees('heading', 'Beatrix declined');
    await hal.tab.press('button', 'Call again');
    await rings(bea);
    await hangUp(hal);
    await bea.expectWords(/Missed call from Haldor/, true);
    await bea.sees('link', 'Calls 1 missed');
    await silent(bea);
  });

  await test.step('answered by keys alone', async () => {
    await dial(bea, 'Haldor');
    await rings(hal);
    await keys.press('Control+Enter');
    await hal.sees('button', 'End');
    await bea.expectSounds(1);
    // A page that is loaded elsewhere may come back: it is waited for a little, and then lost.
    await bea.tab.goto(`${server.url}/contacts`);
    await hal.sees('heading', 'The connection to Beatrix was lost');
  });
});

test('a page that is loaded again comes back into the call', async ({ server, person }) => {
  const una = await person('Unadora', 'chromium');
  const vic = await person('Viorela', 'chromium');
  await atHome(server, una, vic);
  await dial(una, 'Viorela');
  await rings(vic);
  await vic.tab.press('button', 'Answer');
  for (const one of [una, vic]) {
    await one.sees('button', 'End');
    await one.expectSounds(1);
  }
  for (const one of [una, vic]) {
    await one.tab.goto(await one.tab.evaluate(readAddress, undefined));
    await one.sees('button', 'Join');
    await one.tab.press('button', 'Join');
    await one.sees('button', 'End');
    await una.expectSounds(1);
    await vic.expectSounds(1);
  }
  await vic.tab.press('button', 'End');
  await una.sees('heading', 'Call ended');
});

test('nobody answers: the server says when it is over', async ({ ownServer, person }) => {
  // Both ways take less than one of thirty seconds, and a busy machine still sees it ring.
  const server = await ownServer({ PARLOR_RINGS: '12' });
  const ivo = await person('Ivonne', 'chromium');
  const jan = await person('Jandis', 'firefox');
  await atHome(server, ivo, jan);
  for (const [caller, called] of [[ivo, jan], [jan, ivo]] as const) {
    await dial(caller, called.name);
    await rings(called);
    await caller.sees('heading', 'No answer');
    await called.expectWords(new RegExp(`Missed call from ${caller.name}`), true);
    await called.sees('link', 'Calls 1 missed');
    await silent(called);
    await caller.tab.press('button', 'Home');
  }
});

/** So soon the other devices are silent, in milliseconds. */
const SILENT_WITHIN = 1_000;

/** What a machine of two cores adds to that which runs three pages and the server: a page that begins a call keeps it busy. */
const SLACK = 1_000;

test('two devices ring, one answers, and the other says where', async ({ server, person }) => {
  const cid = await person('Cidonia', 'chromium');
  const eve = await person('Evelina', 'chromium');
  const second = await person('Evelina', 'firefox');
  for (const one of [cid, eve, second]) {
    await noteMoments(one.tab);
  }
  await atHome(server, cid, eve);
  await signIn(second.tab, server, 'calls-evelina');
  for (const [taker, other] of [[eve, second], [second, eve]] as const) {
    await test.step(`answered in ${taker.tab.engine}`, async () => {
      await dial(cid, 'Evelina');
      await rings(eve);
      await rings(second);
      await cid.expectWords(/Ringing on 2 devices/, true);
      await taker.tab.press('button', 'Answer');
      await other.expectWords(/Answered on /, true);
      await silent(other);
      const late = await took([taker, 'pressed Answer'], [other, 'silent']);
      measured(`from Answer in ${taker.tab.engine} to silence in ${other.tab.engine} ${late} ms`);
      expect(late, 'from Answer on one device to silence on the other').toBeLessThan(SILENT_WITHIN + SLACK);
      await taker.expectSounds(1);
      await taker.tab.press('button', 'End');
      await cid.sees('heading', 'Call ended');
      await cid.tab.press('button', 'Home');
      await taker.tab.press('button', 'Home');
    });
  }
});

test('somebody in a call is busy, rings anyway, and changes over', async ({ server, person }) => {
  const fay = await person('Fayette', 'chromium');
  const kim = await person('Kimberly', 'firefox');
  const lou = await person('Louella', 'chromium');
  await atHome(server, fay, kim, lou);
  await dial(fay, 'Kimberly');
  await rings(kim);
  await kim.tab.press('button', 'Answer');
  await fay.expectSounds(1);

  await test.step('the third is told at once', async () => {
    await dial(lou, 'Kimberly');
    await lou.expectWords(/Kimberly is in a call/, true);
    await kim.expectWords(/Voice call, ringing for/, false);
  });

  await test.step('and rings anyway', async () => {
    await lou.tab.press('button', 'Ring anyway');
    await rings(kim, 'End and answer');
    await kim.tab.press('button', 'End and answer');
    await lou.expectSounds(1);
    await fay.sees('heading', 'Call ended');
  });
});

test('whoever finds somebody in a call is told when they are free, and calls them', async ({ server, person }) => {
  const ulla = await person('Ulla-Britt', 'chromium');
  const vera = await person('Veronika', 'chromium');
  const wim = await person('Willem', 'firefox');
  await atHome(server, ulla, vera, wim);
  await dial(ulla, 'Veronika');
  await rings(vera);
  await vera.tab.press('button', 'Answer');
  await ulla.expectSounds(1);

  await test.step('one button asks, and takes it back', async () => {
    await dial(wim, 'Veronika');
    await wim.expectWords(/Veronika is in a call/, true);
    await wim.tab.press('button', 'Tell me when free');
    await wim.expectWords(/You will be told when Veronika is free/, true);
    await wim.tab.press('button', 'Don’t tell me');
    await wim.expectWords(/You will be told when Veronika is free/, false);
    await wim.tab.press('button', 'Tell me when free');
    await wim.expectWords(/You will be told when Veronika is free/, true);
    // The card is left open: the one that says that she is free takes its place.
    await wim.tab.press('link', 'Home');
    await wim.expectWords(/You will be told when Veronika is free/, true);
  });

  await test.step('she hangs up, and a card says so with a button that calls', async () => {
    await wim.expectWords(/Veronika is free now/, false);
    await vera.tab.press('button', 'End');
    await wim.expectWords(/Veronika is free now/, true);
    await wim.tab.press('button', 'Call Veronika');
    await rings(vera);
    await vera.expectWords(/Willem/, true);
    await wim.expectWords(/Veronika is free now/, false);
    await vera.tab.press('button', 'Decline');
    await wim.sees('heading', 'Veronika declined');
  });
});

test('whoever has no device here cannot be reached, and that is said at once', async ({ server, person }) => {
  const max = await person('Maximus', 'chromium');
  const ned = await person('Nedjma', 'chromium');
  await atHome(server, max, ned);
  await ned.tab.goto('about:blank');
  await max.tab.press('link', 'Contacts');
  await max.expectWords(/Nedjma\s+Offline/, true);
  await dial(max, 'Nedjma', 'Call', true);
  await max.expectWords(/Nedjma has no device that could be reached/, true);
  await max.tab.press('button', 'Close');
  await max.expectWords(/Nedjma has no device that could be reached/, false);
});

/** Runs in the page. */
function readTitle(): string {
  return document.title;
}

function readAddress(): string {
  return location.href;
}
