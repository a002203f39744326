/** Everything that a guest needs, and the core of what a host does, with the keyboard alone: no pointer moves the focus. */

import { makeRoom, signUp, type OwnRoom, type Policy } from '../harness/account.ts';
import { askFirst, sayYes } from '../harness/devices.ts';
import { Keyboard } from '../harness/keyboard.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a guest comes in, mutes, writes and leaves with the keyboard alone, in ${engine}`, async ({ server, person }) => {
    const ada = await person('Ada', 'chromium');
    const gus = await person('Gus', engine);
    const keys = new Keyboard(gus);
    const { link } = await host(ada, server, `ada-and-keys-in-${engine}`);

    await test.step('the devices are allowed, and the form goes on', async () => {
      await gus.tab.prepare(askFirst, undefined);
      await gus.tab.goto(link);
      await gus.sees('button', 'Allow');
      await keys.to('button', 'Allow');
      await keys.press('Enter');
      await gus.tab.evaluate(sayYes, undefined);
      await keys.expectAt('textbox', 'Your name');
      await gus.sees('button', 'Stop video');
    });

    await test.step('without a name Enter says what is missing, where it is missing', async () => {
      await keys.press('Enter');
      await gus.expectWords(/Type the name that others will see\./, true);
      await keys.expectAt('textbox', 'Your name');
      expect(await gus.tab.evaluate(isWrong, undefined)).toBe(true);
    });

    await test.step('with a name Enter joins', async () => {
      await keys.type('Gus');
      await keys.press('Enter');
      await gus.expectInside();
      await keys.expectAt('heading', 'Meeting');
      await ada.expectPictureOf('Gus');
    });

    await test.step('the microphone goes off and on', async () => {
      await keys.press('F2');
      await keys.expectAt('button', 'Mute');
      await keys.press('Enter');
      await keys.expectAt('button', 'Unmute');
      expect(await gus.tab.evaluate(isPressed, undefined)).toBe('true');
      await expectMuted(ada, 'Gus', true);
      await keys.press(' ');
      await keys.expectAt('button', 'Mute');
      expect(await gus.tab.evaluate(isPressed, undefined)).toBe('false');
      await expectMuted(ada, 'Gus', false);
      await keys.press('m');
      await keys.expectAt('button', 'Unmute');
    });

    await test.step('the camera too; the arrows walk along the bar', async () => {
      await keys.press('ArrowRight', 'ArrowRight');
      await keys.expectAt('button', 'Stop video');
      await keys.press('Enter');
      await keys.expectAt('button', 'Start video');
      await keys.press('Enter');
      await keys.expectAt('button', 'Stop video');
    });

    await test.step('a line is written', async () => {
      await keys.to('button', 'Chat');
      await keys.press('Enter');
      await keys.expectAt('textbox', 'Message everyone');
      await keys.type('Good to see you');
      await keys.press('Enter');
      await ada.tab.press('button', 'Chat, 1 unread line');
      await ada.expectWords(/Good to see you/, true);
      await keys.expectAt('textbox', 'Message everyone');
      await keys.press('Escape');
      await keys.expectAt('button', 'Chat');
    });

    await test.step('and left, and come back to, and left for good', async () => {
      await keys.to('button', 'Leave');
      await keys.press('Enter');
      await keys.expectAt('heading', 'You left');
      await keys.to('button', 'Rejoin');
      await keys.press('Enter');
      await gus.expectInside();
      await keys.expectAt('heading', 'Meeting');
      await ada.expectTiles(['Ada', 'Gus']);
      await keys.press('F2');
      await keys.to('button', 'Leave', 'ArrowLeft');
      await keys.press('Enter');
      await keys.expectAt('heading', 'You left');
      await keys.to('button', 'Home');
      await keys.press('Enter');
      await keys.expectAt('heading', /^Good (morning|afternoon|evening), Gus$/);
    });
  });
}

/** Without what a slow machine adds and takes away meanwhile: marks of the network, whose names are sentences, and what tiles say of the moment. */
const lasting = (stops: readonly string[]): string[] =>
  stops.filter((stop) => !stop.endsWith(".'")).map((stop) => stop.replace(/, (?:speaking|Paused)/g, ''));

test('in the meeting everything is reached, and given back, with the keyboard alone', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  const keys = new Keyboard(gus);
  const { link } = await host(ada, server, 'ada-and-all-keys');
  await gus.join(link);
  await gus.expectPictureOf('Ada');
  await keys.press('F2');

  await test.step('a hand, a reaction', async () => {
    await keys.to('button', 'Raise hand');
    await keys.press('Enter');
    await keys.expectAt('button', 'Lower hand');
    await ada.expectWords(/Gus raised a hand/, true);
    await keys.press('h');
    await keys.expectAt('button', 'Raise hand');
    await keys.to('button', 'React');
    await keys.press('Enter');
    await keys.to('menuitem', 'React with 🎉', 'ArrowRight');
    await keys.press('Enter');
    await keys.expectAt('button', 'React');
    await ada.expectWords(/🎉/, true);
  });

  await test.step('a line is answered', async () => {
    await ada.tab.press('button', 'Chat');
    await ada.tab.fill('Message everyone', 'Shall we begin?');
    await ada.tab.press('button', 'Send');
    await gus.sees('button', 'Chat, 1 unread line');
    await keys.press('c');
    await keys.expectAt('textbox', 'Message everyone');
    await keys.to('button', 'Line of Ada: more', 'Shift+Tab');
    await keys.press('Enter');
    await keys.to('menuitem', 'Reply', 'ArrowDown');
    await keys.press('Enter');
    await keys.expectAt('textbox', 'Message everyone');
    await gus.expectWords(/Reply to Ada/, true);
    await keys.type('Yes, now');
    await keys.press('Enter');
    await ada.expectWords(/Ada: Shall we begin\?\s*Yes, now/, true);
    await keys.to('button', 'Close the chat', 'Shift+Tab');
    await keys.press('Enter');
    await keys.expectAt('button', 'Chat');
  });

  await test.step('the people', async () => {
    await keys.to('button', 'People');
    await keys.press('Enter');
    await keys.expectAt('heading', 'People');
    await keys.to('button', 'Ada: more');
    await keys.press('Enter');
    await keys.expectAt('menuitem', 'Message privately');
    await keys.press('Escape');
    await keys.expectAt('button', 'Ada: more');
    await keys.press('Escape');
    await keys.expectAt('button', 'People');
  });

  await test.step('menus, settings, the help and the palette', async () => {
    await keys.to('button', 'More');
    await keys.press('Enter');
    await keys.to('menuitem', 'Settings', 'ArrowUp');
    await keys.press('Enter');
    await gus.sees('heading', 'Settings');
    await keys.to('radio', 'System');
    await keys.press('ArrowRight', 'ArrowRight');
    await keys.expectAt('radio', 'Dark');
    expect(await gus.tab.evaluate(() => document.documentElement.dataset['theme'], undefined)).toBe('dark');
    await keys.press('Escape');
    await keys.expectAt('button', 'More');
    await keys.press('?');
    await gus.sees('heading', 'Keyboard shortcuts');
    await keys.seen();
    await keys.press('Escape');
    await keys.expectAt('button', 'More');
    await keys.press('Control+k');
    await keys.expectAt('combobox', 'Type what to do');
    await keys.type('raise');
    await keys.press('Enter');
    await gus.sees('button', 'Lower hand');
    await keys.expectAt('button', 'More');
    await keys.press('/');
    await keys.expectAt('combobox', 'Type what to do');
    await keys.press('Escape');
    await keys.expectAt('button', 'More');
  });

  await test.step('a screen is shared, paused and stopped', async () => {
    await keys.to('button', 'Share', 'Shift+Tab');
    await keys.press('Enter');
    await keys.expectAt('button', 'Stop sharing');
    await ada.expectPictureOf('Gus', 'share');
    await keys.to('button', 'Pause', 'Shift+Tab');
    await keys.press('Enter');
    await keys.expectAt('button', 'Resume');
    await keys.to('button', 'Stop sharing');
    await keys.press('Enter');
    await gus.sees('button', 'Share');
    await expect.poll(() => ada.tile('Gus', 'share'), { timeout: MEDIA_PATIENCE }).toBeUndefined();
    await keys.seen();
  });

  await test.step('F6 walks from place to place; a tile is made large, and the layout changed', async () => {
    await ada.tab.press('button', 'Share');
    await gus.expectPictureOf('Ada', 'share');
    await keys.press('F2');
    await keys.press('F6');
    await keys.expectAt('radio', 'Side by side');
    await keys.press('ArrowLeft');
    await keys.expectAt('radio', 'Grid');
    await expectStage(gus, 'grid');
    await keys.press('l');
    await expectStage(gus, 'share');
    await keys.press('F6');
    await keys.to('group', 'Ada');
    await keys.press('Enter');
    await keys.expectAt('group', /^Ada.*, Pinned/);
    await expectStage(gus, 'speaker');
    await keys.press('Enter');
    await expectStage(gus, 'share');
    await keys.press('F6');
    await keys.expectAt('button', 'Mute');
  });

  await test.step('Tab goes round the whole page and is caught nowhere', async () => {
    await keys.press('p');
    await keys.expectAt('heading', 'People');
    await keys.press('F2');
    const there = lasting(await keys.round('Tab'));
    const back = lasting(await keys.round('Shift+Tab'));
    const bar = ['Mute', 'Sound devices', 'Stop video', 'Camera devices', 'Share', 'Lower hand', 'React', 'Chat', 'People', 'More', 'Leave'];
    expect(there.slice(0, bar.length)).toEqual(bar.map((name) => `button '${name}'`));
    expect(there).toEqual(expect.arrayContaining(["group 'Gus (you)'", "button 'Full screen'", "button 'Ada: more'"]));
    expect(back.slice(1).toReversed()).toEqual(there.slice(1));
  });
});

test('doors that do not open at once are met with the keyboard alone', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  const keys = new Keyboard(gus);
  const { code } = await host(ada, server, 'ada-behind-the-door', { lobby: 'guests' });

  await test.step('a wrong code', async () => {
    await gus.tab.goto(`${server.url}/r/bolu-kesi-zzzz`);
    await gus.sees('heading', 'There is no room here');
    await keys.to('button', 'Home');
    await keys.press('Enter');
    await keys.expectAt('heading', /^Good /);
  });

  await test.step('a code typed at home, wrong and right', async () => {
    await keys.to('textbox', 'Code or link');
    await keys.type('?!');
    await keys.press('Enter');
    await gus.expectWords(/This is not a code\./, true);
    await keys.expectAt('textbox', 'Code or link');
    await keys.press('Control+a');
    await keys.type(code);
    await keys.press('Enter');
    await gus.sees('button', 'Ask to join');
    await keys.seen();
  });

  await test.step('one knocks, waits, and goes away', async () => {
    await keys.to('textbox', 'Your name');
    await keys.type('Gus');
    await keys.press('Enter');
    await gus.sees('heading', 'Waiting for someone to let you in');
    await keys.expectAt('heading', 'Waiting for someone to let you in');
    await ada.expectWords(/Gus is at the door/, true);
    await keys.to('button', 'Leave');
    await keys.press('Enter');
    await ada.expectWords(/Gus is at the door/, false);
    await keys.seen();
  });
});

test('a host admits and leads with the keyboard alone', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const gus = await person('Gus', 'chromium');
  const keys = new Keyboard(ada);
  const { link } = await host(ada, server, 'ada-who-leads-by-keys', { lobby: 'guests' });

  await test.step('from the card of who knocks', async () => {
    await keys.press('F2');
    await keys.expectAt('button', 'Mute');
    await gus.knock(link);
    await ada.expectWords(/Gus is at the door/, true);
    await keys.to('button', 'Deny', 'F6');
    await keys.to('button', 'Admit');
    await keys.press('Enter');
    await gus.expectInside();
    await ada.expectWords(/Gus is at the door/, false);
    await keys.seen();
  });

  await test.step('by the host controls', async () => {
    await ada.expectTiles(['Ada', 'Gus']);
    await keys.press('F2');
    await keys.to('button', 'Host controls');
    await keys.press('Enter');
    await keys.to('menuitemcheckbox', 'Lock the room', 'ArrowUp');
    await keys.press(' ');
    await keys.expectAt('menuitemcheckbox', 'Locked: nobody new comes in');
    await keys.to('menuitem', 'Mute all', 'ArrowDown');
    await keys.press('Enter');
    await keys.expectAt('button', 'Host controls');
    await gus.sees('button', 'Unmute');
  });

  await test.step('in the people panel', async () => {
    await keys.press('p');
    await keys.expectAt('heading', 'People');
    await keys.to('button', 'Gus: more');
    await keys.press('Enter');
    await keys.to('menuitem', 'Remove', 'ArrowUp');
    await keys.press('Enter');
    await keys.to('button', 'Remove');
    await keys.press('Enter');
    await gus.sees('heading', 'You were removed from the meeting');
    await keys.seen();
    await keys.press('Escape');
    await keys.expectAt('button', 'People');
  });

  await test.step('and goes', async () => {
    await ada.expectTiles(['Ada']);
    await keys.to('button', 'Leave');
    await keys.press('Enter');
    await keys.expectAt('heading', 'You left');
  });
});

/** Makes a room with these rules and goes in, in any way. */
async function host(owner: Person, server: Server, account: string, policy: Partial<Policy> = { lobby: 'off' }): Promise<OwnRoom> {
  await signUp(owner.tab, server, account, owner.name);
  const room = await makeRoom(owner.tab, server, 'Meeting', policy);
  await owner.join(room.link);
  return room;
}

async function expectMuted(at: Person, of: string, muted: boolean): Promise<void> {
  await expect
    .poll(async () => /muted/i.test((await at.tile(of))?.name ?? ''), { message: `${at.name} sees ${of}'s microphone`, timeout: MEDIA_PATIENCE })
    .toBe(muted);
}

async function expectStage(at: Person, kind: 'grid' | 'share' | 'speaker'): Promise<void> {
  const drawn = (): Promise<string | undefined> =>
    at.tab.evaluate(() => document.querySelector<HTMLElement>('main[data-stage]')?.dataset['stage'], undefined);
  await expect.poll(drawn, { message: `${at.name}'s stage` }).toBe(kind);
}

/** Runs in the page: whether what has the focus says that it is pressed. */
function isPressed(): string | null {
  return document.activeElement?.getAttribute('aria-pressed') ?? null;
}

/** Runs in the page: whether the field in focus says that it is wrong, and by what words. */
function isWrong(): boolean {
  const field = document.activeElement;
  const words = document.getElementById(field?.getAttribute('aria-describedby') ?? '');
  return field?.getAttribute('aria-invalid') === 'true' && words?.getAttribute('role') === 'alert';
}
