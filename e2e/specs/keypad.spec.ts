/** The keypad of a call: by the keyboard, by the pointer, and what the one at the other end hears of it. */

import { atHome, expectNothingPasses, talk } from '../harness/calling.ts';
import { violations } from '../harness/axe.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { Person } from '../harness/person.ts';
import { expectKeys, listenForKeys } from '../harness/tones.ts';
import { expectTree } from '../harness/tree.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

for (const [mine, theirs] of [['chromium', 'firefox'], ['firefox', 'chromium']] as const) {
  test(`keys are pressed by the keyboard and by the pointer in ${mine}, and heard in ${theirs}`, async ({ server, person }) => {
    const ada = await person(`Kepa-${mine}`, mine);
    const gus = await person(`Keno-${mine}`, theirs);
    for (const one of [ada, gus]) {
      await listenForKeys(one.tab);
    }
    await atHome(server, ada, gus);
    await talk(ada, gus);
    const keys = new Keyboard(ada);
    // The window of Firefox is so narrow that the bar has no room for it.
    const opener = mine === 'chromium' ? 'Keypad' : 'More';

    await test.step('opened from the bar, which gets the focus back', async () => {
      await keys.press('F2');
      await keys.to('button', opener, 'ArrowRight');
      await keys.press('Enter');
      if (mine === 'firefox') {
        await keys.press('Home');
        await keys.expectAt('menuitem', 'Keypad');
        await keys.press('Enter');
      }
      await keys.expectAt('dialog', 'Keypad');
      await keys.press('Escape');
      await keys.expectAt('button', opener);
      await keys.press('k');
      await keys.expectAt('dialog', 'Keypad');
    });

    await test.step('digits that are typed press the keys, and are nothing else', async () => {
      await keys.press('1', '2', '2');
      await expectKeys(gus, '122');
      await expectKeys(ada, '122');
      await ada.expectWords(/122/, true);
    });

    await test.step('by Tab and Enter, and by the pointer', async () => {
      await keys.to('button', '0');
      await keys.press('Enter');
      await ada.tab.press('button', 'Hash');
      await ada.tab.press('button', 'Star');
      await expectKeys(gus, '1220#*');
      await expectKeys(ada, '1220#*');
      // Elsewhere the same digits are reactions.
      expect(await ada.tab.evaluate(countActs, undefined)).toBe(0);
    });

    await test.step('on hold they reach nobody, and the page says so', async () => {
      await keys.press('Control+h');
      await gus.expectWords(/On hold by Kepa/, true);
      await ada.expectWords(/The call is on hold: keys reach nobody until it goes on\./, true);
      await keys.press('7');
      await expectNothingPasses(gus);
      await keys.press('Control+h');
      await gus.expectWords(/On hold by Kepa/, false);
      await ada.expectWords(/keys reach nobody/, false);
      await keys.press('9');
      await expectKeys(gus, '1220#*9');
      await expectKeys(ada, '1220#*9');
    });

    await test.step('Escape closes it, and the digits are reactions again', async () => {
      await keys.press('Escape');
      await keys.expectAt('button', opener);
      await keys.press('3');
      await expect.poll(() => ada.tab.evaluate(countActs, undefined), 'the reaction is sent').toBe(1);
      await keys.press('k');
      await keys.expectAt('dialog', 'Keypad');
      await keys.press('4');
      await expectKeys(gus, '1220#*94');
    });
  });
}

test('it makes sense by itself, and breaks no rule, on a phone too, dark and in high contrast', async ({ server, chromium, person }) => {
  const tab = await chromium({ locale: 'en-GB', viewport: { width: 390, height: 844 }, hasTouch: true });
  const ada = new Person('Kendra', tab);
  const gus = await person('Kenzo', 'chromium');
  await atHome(server, ada, gus);
  await talk(gus, ada);
  await tab.press('button', 'More');
  await tab.press('menuitem', 'Keypad');
  await expect(tab.page.getByRole('dialog', { name: 'Keypad' })).toBeVisible();
  await expectTree(tab.page, 'call-keypad', 'dialog');
  for (const key of await tab.page.getByRole('dialog', { name: 'Keypad' }).getByRole('button').all()) {
    const box = await key.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await key.getAttribute('aria-label') ?? '').toBeGreaterThanOrEqual(44);
  }
  await tab.press('button', '5');
  await tab.press('button', 'Star');
  for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'dark', contrast: 'more' }, { colorScheme: 'light', contrast: 'more' }, { forcedColors: 'active' }] as const) {
    await tab.page.emulateMedia(media);
    expect.soft(await violations(tab.page), JSON.stringify(media)).toEqual([]);
    await tab.page.emulateMedia({ colorScheme: null, contrast: null, forcedColors: null });
  }
  await tab.press('button', 'Close the keypad');
  await expect(tab.page.getByRole('button', { name: 'More', exact: true })).toBeFocused();
});

test('programs at the SDK for Python hear the keys, and are heard pressing them', async ({ server, person, sdkPerson }) => {
  const ada = await person('Kerensa', 'chromium');
  const gus = await person('Kester', 'chromium');
  await listenForKeys(ada.tab);
  await atHome(server, ada, gus);
  await talk(ada, gus);
  const pia = await sdkPerson('pia');
  const room = new URL(ada.tab.url()).pathname.split('/').at(-1) ?? '';
  await pia.join(server.socketUrl, room);
  await ada.expectTiles(['Kerensa', 'Kester', 'pia']);

  await test.step('one presses, and the page plays it', async () => {
    await pia.tell('press', { code: 7, digit: '7' });
    await pia.tell('press', { code: 10, digit: '*' });
    // What is no key makes no sound.
    await pia.tell('press', { code: 99, digit: 'boom' });
    await pia.tell('press', { code: 0, digit: '0' });
    await expectKeys(ada, '7*0');
  });

  await test.step('a person presses, and the program is told', async () => {
    const keys = new Keyboard(ada);
    await keys.press('k');
    await keys.expectAt('dialog', 'Keypad');
    await keys.press('1', '2', '#');
    await pia.expectKeys([[1, '1'], [2, '2'], [11, '#']]);
    await expectKeys(ada, '7*012#');
  });
});

/** Runs in the page: how many acts, as reactions are, it has sent to the room. */
function countActs(): number {
  return performance.getEntriesByType('resource').filter(({ name }) => /\/rooms\/[^/]+\/acts$/.test(name)).length;
}
