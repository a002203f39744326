/** Shortcuts are changed one by one, with the keyboard alone: a free key, a taken one, one of the browser's, and back again. */

import { Keyboard } from '../harness/keyboard.ts';
import type { Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

for (const engine of ['chromium', 'firefox'] as const) {
  test(`keys are changed, swapped, refused and given back, in ${engine}`, async ({ server, person }) => {
    const ada = await person('Ada', engine);
    const keys = new Keyboard(ada);
    const link = await ada.startMeeting(server.url);

    await test.step('a free key is taken, and said', async () => {
      await help(ada, keys);
      await keys.to('button', 'Change the keys');
      await keys.press('Enter');
      await keys.to('button', 'Mute or unmute: key M. Change');
      await keys.press('Enter');
      await keys.expectAt('textbox', 'New key for: Mute or unmute');
      await keys.press('n');
      await keys.expectAt('button', 'Mute or unmute: key N. Change');
      await ada.expectWords(/Mute or unmute: the key is N now\./, true);
    });

    await test.step('keys of the page and of the browser are refused with a reason; Escape cancels', async () => {
      await keys.press('Enter');
      await keys.press('Tab');
      await ada.expectWords(/This key walks around the page/, true);
      await keys.expectAt('textbox', 'New key for: Mute or unmute');
      await keys.press('Escape');
      await keys.expectAt('button', 'Mute or unmute: key N. Change');
      await ada.expectWords(/Choose what to change/, true);
      await keys.to('button', 'Mute or unmute: Ctrl D. Change');
      await keys.press('Enter', 'Control+p');
      await ada.expectWords(/The browser needs this one\./, true);
      await keys.press('Escape');
    });

    await test.step('a taken key is told, and swapped', async () => {
      await keys.to('button', 'Raise or lower my hand: key H. Change');
      await keys.press('Enter', 'c');
      await ada.expectWords(/C does this already: Open or close the chat\./, true);
      await keys.expectAt('button', 'Swap: Raise or lower my hand gets C, Open or close the chat gets H');
      await keys.press('Enter');
      await keys.expectAt('button', 'Raise or lower my hand: key C. Change');
    });

    await test.step('they act, and buttons tell them', async () => {
      await keys.press('Escape');
      await keys.press('F2');
      expect(await ada.tab.evaluate(told, undefined)).toEqual({ title: 'Mute (N)', keys: 'N Control+D' });
      await keys.press('n');
      await keys.expectAt('button', 'Unmute');
      await keys.press('m');
      await keys.expectAt('button', 'Unmute');
      await keys.press('c');
      await ada.sees('button', 'Lower hand');
    });

    await test.step('they stay after a reload, until all are given back', async () => {
      await ada.tab.press('button', 'Leave');
      await ada.sees('heading', 'You left');
      await ada.tab.goto(link);
      await ada.allowDevices();
      await ada.sees('button', 'Mute');
      await keys.press('n');
      await ada.sees('button', 'Unmute');
      await keys.to('button', 'Join');
      await keys.press('Enter');
      await ada.expectInside();
      await help(ada, keys);
      await keys.to('button', 'Change the keys');
      await keys.press('Enter');
      await keys.to('button', 'Reset all keys');
      await keys.press('Enter');
      await ada.expectWords(/All keys are as they came\./, true);
      await keys.press('Escape', 'm');
      await ada.sees('button', 'Mute');
    });
  });
}

/** Runs in the page: what the button in focus tells of its keys. */
function told(): { title: string | null; keys: string | null } {
  const button = document.activeElement;
  return { title: button?.getAttribute('title') ?? null, keys: button?.getAttribute('aria-keyshortcuts') ?? null };
}

/** Opens the list. What stands in a modal dialog is read: WebDriver BiDi finds no roles in there. */
async function help(ada: Person, keys: Keyboard): Promise<void> {
  await keys.press('?');
  await ada.expectWords(/They work whenever you are not typing\./, true);
}
