/** One person calls another: rung, answered, declined, given up, busy, on two devices. Who is called by whom is seen from both ends. */

import { call, signIn } from '../harness/account.ts';
import { atHome, dial, hangUp, readRing, rings, silent } from '../harness/calling.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** Where something is waited for while others ring on, they must not give up before whoever waits does. */
const LONG = { PARLOR_RINGS: '120' };

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
    // A toast does not wait until a slow browser has told of the other end.
    await Promise.all([caller.sees('heading', 'No answer'), called.expectWords(new RegExp(`Missed call from ${caller.name}`), true)]);
    await called.sees('link', 'Calls 1 missed');
    await silent(called);
    await caller.tab.press('button', 'Home');
  }
});

test('two devices ring, one answers, and the other says where', async ({ server, person }) => {
  const cid = await person('Cidonia', 'chromium');
  const eve = await person('Evelina', 'chromium');
  const second = await person('Evelina', 'firefox');
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
      await taker.expectSounds(1);
      await taker.tab.press('button', 'End');
      await cid.sees('heading', 'Call ended');
      await cid.tab.press('button', 'Home');
      await taker.tab.press('button', 'Home');
    });
  }
});

test('two devices ring, one declines, and the other says where', async ({ server, person }) => {
  const olla = await person('Ollabella', 'chromium');
  const rut = await person('Ruthild', 'chromium');
  const second = await person('Ruthild', 'firefox');
  await atHome(server, olla, rut);
  await signIn(second.tab, server, 'calls-ruthild');
  for (const one of [rut, second]) {
    await one.tab.press('link', 'Contacts');
  }
  /** Whoever pressed is not told what became of it, also when all that came of it has been told. */
  const knows = async (one: Person): Promise<void> => {
    await one.expectWords(/Ollabella\s+Available/, true);
    await one.expectWords(/Declined on /, false);
  };

  await test.step('with a quick reply, in Chromium', async () => {
    await dial(olla, 'Ruthild');
    await rings(rut);
    await rings(second);
    await olla.expectWords(/Ringing on 2 devices/, true);
    for (const one of [rut, second]) {
      await one.expectWords(/Ollabella\s+In a call/, true);
    }
    await rut.tab.press('button', 'Message');
    await rut.tab.press('button', 'In 10 minutes');
    await second.expectWords(/Declined on Chrome on Linux/, true);
    await silent(second);
    await silent(rut);
    await knows(rut);
    await olla.sees('heading', 'Ruthild declined');
    await olla.expectWords(/In 10 minutes/, true);
  });

  await test.step('without a word, in Firefox', async () => {
    await olla.tab.press('button', 'Call again');
    await rings(rut);
    await rings(second);
    await second.tab.press('button', 'Decline');
    await rut.expectWords(/Declined on Firefox on Linux/, true);
    await silent(rut);
    await knows(second);
  });
});

test('two call somebody at once: both are seen, one is declined, and the other is answered', async ({ ownServer, person }) => {
  const server = await ownServer(LONG);
  const pia = await person('Piaggia', 'chromium');
  const rex = await person('Rexanne', 'firefox');
  const sol = await person('Solveiga', 'chromium');
  await atHome(server, pia, rex, sol);

  await test.step('both ring, and both callers are told what is true', async () => {
    await dial(pia, 'Solveiga');
    await rings(sol);
    await dial(rex, 'Solveiga');
    await expect.poll(() => sol.tab.evaluate(readRing, undefined), { message: 'two cards', timeout: MEDIA_PATIENCE }).toMatchObject({ cards: 2, title: true });
    for (const one of [pia, rex]) {
      await one.expectWords(/Ringing on 1 device/, true);
    }
    await sol.expectWords(/Piaggia[^]*Rexanne/, true);
  });

  await test.step('the first is declined, and the second rings on', async () => {
    expect(await sol.tab.evaluate(pressOnCard, { of: 'Piaggia', button: 'Decline' })).toBe(true);
    await pia.sees('heading', 'Solveiga declined');
    await expect.poll(() => sol.tab.evaluate(readTitle, undefined)).toMatch(/^Rexanne calls/);
    await rex.expectWords(/Ringing on 1 device/, true);
  });

  await test.step('and while it is answered, the first one calls again: a call waits beside the one that goes on', async () => {
    await pia.tab.press('button', 'Call again');
    await expect.poll(() => sol.tab.evaluate(readRing, undefined), { message: 'two cards again', timeout: MEDIA_PATIENCE }).toMatchObject({ cards: 2 });
    expect(await sol.tab.evaluate(pressOnCard, { of: 'Rexanne', button: 'Answer' })).toBe(true);
    await rex.expectSounds(1);
    await sol.sees('button', 'Hold and answer');
    await pia.expectWords(/Ringing on 1 device/, true);
    await sol.tab.press('button', 'Decline');
    await pia.sees('heading', 'Solveiga declined');
    await sol.tab.press('button', 'End');
    await rex.sees('heading', 'Call ended');
  });
});

test('a group of the phone book is called by its heading, and several by choosing them: all ring, and whoever answers is in', async ({ ownServer, person }) => {
  const server = await ownServer(LONG);
  const pia = await person('Piamaria', 'chromium');
  const rob = await person('Robrecht', 'chromium');
  const sia = await person('Siavush', 'chromium');
  await atHome(server, pia, rob, sia);
  const { body } = await call(pia.tab, 'GET', 'people');
  for (const { account, name } of body as readonly { readonly account: string; readonly name: string }[]) {
    if (name === 'Robrecht' || name === 'Siavush') {
      expect((await call(pia.tab, 'POST', 'contacts', { account, entry: { circle: 'Rowing' } })).status).toBe(201);
    }
  }

  await test.step('both ring; one answers, and the other goes on ringing', async () => {
    await pia.tab.press('link', 'Contacts');
    await pia.sees('button', 'Call everybody in Rowing');
    await pia.tab.press('button', 'Call everybody in Rowing');
    await rings(rob);
    await rob.expectWords(/Piamaria\s+Also calls Siavush/, true);
    await rings(sia);
    await pia.expectWords(/Ringing on 2 devices/, true);
    await rob.tab.press('button', 'Answer');
    await pia.expectSounds(1);
    await rings(sia);
  });

  await test.step('whoever answers later hears both, and is heard', async () => {
    await sia.tab.press('button', 'Answer');
    for (const one of [pia, rob, sia]) {
      await one.expectSounds(2);
    }
    await silent(rob);
    await silent(sia);
  });

  await test.step('the others go on when the caller leaves, and it is over when one is left', async () => {
    await pia.tab.press('button', 'End');
    await rob.expectSounds(1);
    await rob.tab.press('button', 'End');
    await sia.sees('heading', 'Call ended');
  });

  await test.step('chosen one by one; nobody takes the call, and that is said of both', async () => {
    await pia.tab.press('button', 'Home');
    await pia.tab.press('link', 'Contacts');
    await pia.tab.press('button', 'Call several people');
    for (const name of ['Robrecht', 'Siavush']) {
      await pia.page().getByRole('checkbox', { name }).check();
    }
    await pia.expectWords(/Chosen: Robrecht and Siavush/, true);
    await pia.tab.press('button', 'Video call');
    await rings(rob, 'Answer with video');
    await rings(sia, 'Answer with video');
    await rob.tab.press('button', 'Decline');
    await rings(sia, 'Answer with video');
    await sia.tab.press('button', 'Decline');
    await pia.sees('heading', 'Nobody took the call');
    await pia.expectWords(/Robrecht and Siavush/, true);
  });
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

/** Runs in the page: presses a button on the card of one of several who call. Says whether it is there. */
function pressOnCard({ of, button }: { of: string; button: string }): boolean {
  const card = [...document.querySelectorAll('.ring[data-call-card]')].find((one) => one.querySelector('h2')?.textContent === of);
  const found = [...(card?.querySelectorAll('button') ?? [])].find((one) => one.textContent.trim() === button);
  found?.click();
  return found !== undefined;
}

/** Runs in the page. */
function readTitle(): string {
  return document.title;
}

function readAddress(): string {
  return location.href;
}
