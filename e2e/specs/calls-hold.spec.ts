/** Calls on hold, two calls at once, and how people come into a call and leave it to others. */

import { atHome, dial, expectNothingPasses, rings, talk } from '../harness/calling.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

test('a call is held and goes on: nothing passes meanwhile, in either direction', async ({ server, person }) => {
  const ada = await person('Adabella', 'chromium');
  const gus = await person('Gustavus', 'firefox');
  await atHome(server, ada, gus);
  await talk(ada, gus, 'Video call');
  await gus.expectPictureOf('Adabella');
  const keys = new Keyboard(ada);

  await test.step('put on hold by a key: neither hears or sees anything of the other', async () => {
    await keys.press('Control+h');
    await gus.expectWords(/On hold by Adabella/, true);
    await ada.expectWords(/You put the call on hold/, true);
    await expectNothingPasses(gus);
    await expectNothingPasses(ada);
    await expect.poll(() => gus.tab.evaluate(readFilters, undefined)).toContain('grayscale');
  });

  await test.step('resumed by a key: both hear and see each other again', async () => {
    await keys.press('Control+h');
    await gus.expectWords(/On hold by Adabella/, false);
    await gus.expectSounds(1);
    await ada.expectSounds(1);
    await gus.expectPictureOf('Adabella');
    await ada.expectPictureOf('Gustavus');
  });

  await test.step('the same from the other end, in the other browser', async () => {
    const theirs = new Keyboard(gus);
    await theirs.press('Control+h');
    await ada.expectWords(/On hold by Gustavus/, true);
    await gus.expectWords(/You put the call on hold/, true);
    await expectNothingPasses(ada);
    await expectNothingPasses(gus);
    await theirs.press('Control+h');
    await ada.expectWords(/On hold by Gustavus/, false);
    await ada.expectSounds(1);
    await gus.expectSounds(1);
  });

  await test.step('whoever is on hold may hang up', async () => {
    await ada.tab.press('button', 'Hold');
    await gus.expectWords(/On hold by Adabella/, true);
    await gus.tab.press('button', 'End');
    await ada.sees('heading', 'Call ended');
  });
});

test('a second call: hold and answer, swap, merge', async ({ server, person }) => {
  const kim = await person('Kimiko', 'firefox');
  const fay = await person('Fayruz', 'chromium');
  const lou = await person('Loulou', 'chromium');
  await atHome(server, kim, fay, lou);
  await talk(fay, kim);

  await test.step('the second is answered, and the first waits', async () => {
    await dial(lou, 'Kimiko');
    await lou.tab.press('button', 'Ring anyway');
    await rings(kim, 'Hold and answer');
    await kim.tab.press('button', 'Hold and answer');
    await lou.expectSounds(1);
    await kim.expectSounds(1);
    await fay.expectWords(/On hold by Kimiko/, true);
  });

  await test.step('swapped: the first is talked to, and the second waits', async () => {
    await kim.tab.press('button', 'Swap');
    await lou.expectWords(/On hold by Kimiko/, true);
    await fay.expectWords(/On hold by Kimiko/, false);
    await fay.expectSounds(1);
    await kim.expectSounds(1);
  });

  await test.step('merged: all three hear each other', async () => {
    await kim.tab.press('button', 'Merge');
    for (const one of [kim, fay, lou]) {
      await one.expectSounds(2);
    }
    await kim.tab.press('button', 'End');
    await kim.sees('heading', 'Call ended');
    await lou.expectSounds(1);
  });
});

test('a second call that ends: whoever waits is not forgotten', async ({ server, person }) => {
  const una = await person('Unathi', 'chromium');
  const vic = await person('Victorin', 'chromium');
  const wim = await person('Wimala', 'chromium');
  await atHome(server, una, vic, wim);
  await talk(vic, una);
  await dial(wim, 'Unathi');
  await wim.tab.press('button', 'Ring anyway');
  await rings(una, 'Hold and answer');
  await una.tab.press('button', 'Hold and answer');
  await wim.expectSounds(1);
  for (const [waits, talks] of [[wim, vic], [vic, wim]] as const) {
    await una.tab.press('button', 'Swap');
    await waits.expectWords(/On hold by Unathi/, true);
    await talks.expectSounds(1);
  }
  await wim.tab.press('button', 'End');
  await una.sees('button', 'Resume the call with Victorin');
  await una.tab.press('button', 'Resume the call with Victorin');
  await vic.expectSounds(1);
  await una.expectSounds(1);
});

test('somebody is rung into a call, and it is left to somebody else', async ({ server, person }) => {
  const bea = await person('Beatriz', 'firefox');
  const cyr = await person('Cyrille', 'chromium');
  const dan = await person('Danuta', 'chromium');
  await atHome(server, bea, cyr, dan);
  await talk(bea, cyr);

  await test.step('added while the others talk on', async () => {
    await bea.tab.press('button', 'Add person');
    await bea.sees('button', 'Add person: Danuta');
    await bea.tab.press('button', 'Add person: Danuta');
    await rings(dan);
    await dan.tab.press('button', 'Answer');
    for (const one of [bea, cyr, dan]) {
      await one.expectSounds(2);
    }
    await dan.tab.press('button', 'End');
  });

  await test.step('transferred to one who does not take it: it comes back', async () => {
    await bea.tab.press('button', 'Transfer');
    await bea.sees('button', 'Transfer now to Danuta');
    await bea.tab.press('button', 'Transfer now to Danuta');
    await rings(dan);
    await dan.tab.press('button', 'Decline');
    await bea.expectWords(/Returned from Danuta/, true);
    await bea.tab.press('button', 'Answer');
    await bea.expectSounds(1);
    await cyr.expectSounds(1);
  });

  await test.step('transferred to one who takes it', async () => {
    await bea.tab.press('button', 'Transfer');
    await bea.sees('button', 'Transfer now to Danuta');
    await bea.tab.press('button', 'Transfer now to Danuta');
    await rings(dan);
    await dan.tab.press('button', 'Answer');
    await dan.expectSounds(1);
    await cyr.expectSounds(1);
    await bea.expectWords(/Transferred/, true);
  });
});

test('somebody is asked first: back, and completed', async ({ server, person }) => {
  const eli = await person('Elisabet', 'firefox');
  const flo = await person('Florimond', 'chromium');
  const gil = await person('Gilberta', 'chromium');
  await atHome(server, eli, flo, gil);
  await talk(eli, flo);

  const ask = async (): Promise<void> => {
    await eli.tab.press('button', 'Transfer');
    await eli.sees('button', 'Ask first: Gilberta');
    await eli.tab.press('button', 'Ask first: Gilberta');
    await rings(gil);
    await flo.expectWords(/On hold by Elisabet/, true);
  };

  await test.step('asked, and no: back to the one who waits', async () => {
    await ask();
    await gil.tab.press('button', 'Decline');
    await eli.expectSounds(1);
    await flo.expectSounds(1);
  });

  await test.step('asked, and back by hand', async () => {
    await ask();
    await gil.tab.press('button', 'Answer');
    await gil.expectSounds(1);
    await eli.tab.press('button', 'Back');
    await flo.expectSounds(1);
    await gil.sees('heading', 'Call ended');
  });

  await test.step('asked, and completed', async () => {
    await ask();
    await gil.tab.press('button', 'Answer');
    await gil.expectSounds(1);
    await eli.sees('button', 'Complete the transfer');
    await eli.tab.press('button', 'Complete the transfer');
    await gil.expectSounds(1);
    await flo.expectSounds(1);
    await eli.expectWords(/Transferred/, true);
  });
});

test('two who call each other at the same time are joined, and nothing rings on', async ({ server, person }) => {
  const hed = await person('Hedwiga', 'chromium');
  const ian = await person('Ianthe', 'firefox');
  await atHome(server, hed, ian);
  for (const [one, other] of [[hed, 'Ianthe'], [ian, 'Hedwiga']] as const) {
    await one.tab.press('link', 'Contacts');
    await one.sees('button', `Call ${other}`);
  }
  await Promise.all([hed.tab.press('button', 'Call Ianthe'), ian.tab.press('button', 'Call Hedwiga')]);
  for (const one of [hed, ian]) {
    // Whoever was a moment later may have been rung for that moment: the keys do nothing when it is over.
    if (await one.tab.shows('button', 'Answer')) {
      await new Keyboard(one).press('Control+Enter');
    }
  }
  await hed.expectSounds(1);
  await ian.expectSounds(1);
});

for (const [calling, answering] of [['firefox', 'chromium'], ['chromium', 'firefox']] as const) {
  test(`by keys alone: called in ${calling}, answered, held, resumed and transferred in ${answering}, ended`, async ({ server, person }) => {
    const joy = await person(`Joyeuse-${calling}`, calling);
    const kit = await person(`Kittima-${answering}`, answering);
    const leo = await person(`Leopolda-${calling}`, 'chromium');
    await atHome(server, joy, kit, leo);
    const [caller, callee] = [new Keyboard(joy), new Keyboard(kit)];
    await joy.tab.press('link', 'Contacts');
    await joy.sees('button', `Call ${kit.name}`);
    await caller.to('button', `Call ${kit.name}`);
    await caller.press('Enter');
    await rings(kit);
    await callee.press('Control+Enter');
    await joy.expectSounds(1);
    await callee.press('Control+h');
    await joy.expectWords(new RegExp(`On hold by ${kit.name}`), true);
    await callee.press('Control+h');
    await joy.expectSounds(1);
    await callee.press('F2');
    await callee.to('button', 'Transfer', 'ArrowRight');
    await callee.press('Enter');
    await kit.sees('button', `Transfer now to ${leo.name}`);
    await callee.to('button', `Transfer now to ${leo.name}`);
    await callee.press('Enter');
    await rings(leo);
    await new Keyboard(leo).press('Control+Enter');
    await joy.expectSounds(1);
    await caller.press('F2');
    await caller.to('button', 'End', 'ArrowRight');
    await caller.press('Enter');
    await leo.sees('heading', 'Call ended');
  });
}

/** Runs in the page: what is done to the pictures of others. */
function readFilters(): string {
  return [...document.querySelectorAll('.tile video')].map((video) => getComputedStyle(video).filter).join();
}
