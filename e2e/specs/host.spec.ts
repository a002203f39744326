/** What hosts decide, seen from both sides, and counted in packets where something must stop. */

import { call } from '../harness/account.ts';
import { expectFlow, expectStill, keepOpen } from '../harness/counts.ts';
import { control, meet, openPeople, withPerson } from '../harness/hosting.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 300_000 });

test('hosts mute, ask, stop cameras and forbid, and it holds', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  await meet(server, [ada, ben], 'ada-who-mutes');

  await test.step('one is muted: their packets stop', async () => {
    await expectFlow(ada, 'audio', 'while Ben speaks');
    await withPerson(ada, 'Ben', 'Mute');
    await ben.expectWords(/A host muted you\./, true);
    await ben.sees('button', 'Unmute');
    await expectMuted(ada, 'Ben', true);
    await expectStill(ada, 'audio', 'once Ben is muted');
  });

  await test.step('and asked to speak again', async () => {
    await withPerson(ada, 'Ben', 'Ask to unmute');
    await ben.expectWords(/A host asks you to unmute/, true);
    await expectStill(ada, 'audio', 'before Ben says yes');
    await ben.page().getByRole('region', { name: 'A host asks you to unmute' }).getByRole('button', { name: 'Unmute' }).click();
    await ben.sees('button', 'Mute');
    await expectMuted(ada, 'Ben', false);
    await expectFlow(ada, 'audio', 'once Ben speaks again');
  });

  await test.step('a camera is stopped: no more pictures', async () => {
    await withPerson(ada, 'Ben', 'Stop camera');
    await ben.expectWords(/A host stopped your camera\./, true);
    await ben.sees('button', 'Start video');
    await expectStill(ada, 'video', 'once the camera is stopped');
    await ben.tab.press('button', 'Start video');
    await ada.expectPictureOf('Ben');
  });

  await test.step('all are muted, and all cameras stopped', async () => {
    await control(ada, 'menuitem', 'Mute all');
    await ben.sees('button', 'Unmute');
    await expectStill(ada, 'audio', 'once all are muted');
    await control(ada, 'menuitem', 'Stop all cameras');
    await ben.sees('button', 'Start video');
    await expectStill(ada, 'video', 'once all cameras are stopped');
    await ada.sees('button', 'Mute');
  });

  await test.step('nobody but hosts may speak', async () => {
    await control(ada, 'menuitemcheckbox', 'Speak');
    await ben.tab.press('button', 'Unmute');
    await ben.expectWords(/Only hosts may speak at the moment\. Raise your hand\./, true);
    await ben.sees('button', 'Unmute');
    await expectStill(ada, 'audio', 'while Ben may not speak');
    await control(ada, 'menuitemcheckbox', 'Speak');
    await expect
      .poll(async () => {
        if (await ben.tab.shows('button', 'Unmute')) await ben.tab.press('button', 'Unmute');
        return ben.tab.shows('button', 'Mute');
      })
      .toBe(true);
    await expectFlow(ada, 'audio', 'once Ben may speak again');
  });

  await test.step('nobody but hosts may share: what is shared stops', async () => {
    await ben.tab.press('button', 'Share');
    await expect.poll(() => ada.tile('Ben', 'share'), { timeout: MEDIA_PATIENCE }).toBeDefined();
    await control(ada, 'menuitemcheckbox', 'Share a screen');
    await expect.poll(() => ada.tile('Ben', 'share'), { timeout: MEDIA_PATIENCE }).toBeUndefined();
    await ben.sees('button', 'Share');
    await ben.tab.press('button', 'Share');
    await ben.expectWords(/Only hosts may share at the moment\./, true);
  });

  await test.step('nobody but hosts may write', async () => {
    await ben.tab.press('button', 'Chat');
    await ben.sees('textbox', 'Message everyone');
    await control(ada, 'menuitemcheckbox', 'Write in the chat');
    await ben.expectWords(/Only hosts may write at the moment\./, true);
    expect(await ben.tab.shows('textbox', 'Message everyone')).toBe(false);
  });
});

test('hosts make hosts, remove, and end for all', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  const cy = await person('Cy', 'chromium');
  await keepOpen(cy.tab);
  const { link, code } = await meet(server, [ada, ben, cy], 'ada-who-ends');

  await test.step('a guest becomes host, and no longer is', async () => {
    expect(await ben.tab.shows('button', 'Host controls')).toBe(false);
    await withPerson(ada, 'Ben', 'Make co-host');
    await ben.expectWords(/You are a host now\./, true);
    await ben.sees('button', 'Host controls');
    await control(ben, 'menuitemcheckbox', 'Lock the room');
    const stranger = await person('Dot', 'chromium');
    await stranger.tab.goto(link);
    await stranger.sees('heading', 'This room is locked');
    await control(ben, 'menuitemcheckbox', 'Locked: nobody new comes in');
    await stranger.sees('button', 'Join');
    await withPerson(ada, 'Ben', 'No longer co-host');
    await ben.expectWords(/You are no longer a host\./, true);
    expect(await ben.tab.shows('button', 'Host controls')).toBe(false);
  });

  await test.step('what the page does not offer, the server refuses', async () => {
    const answer = await call(ben.tab, 'POST', `rooms/${code}/acts`, { act: 'muteAll' });
    expect(answer.status).toBe(403);
  });

  await test.step('one is renamed', async () => {
    await withPerson(ada, 'Ben', 'Rename');
    await ada.tab.fill('Name in this meeting', 'Benedict');
    await ada.tab.press('button', 'Rename');
    await cy.expectTiles(['Ada', 'Benedict', 'Cy']);
  });

  await test.step('one is removed, and may return; not a packet follows them', async () => {
    await expectFlow(cy, 'both', 'before the removal');
    await withPerson(ada, 'Cy', 'Remove');
    await ada.page().getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await cy.sees('heading', 'You were removed from the meeting');
    await expectStill(cy, 'both', 'after the removal');
    await ada.expectTiles(['Ada', 'Benedict']);
    await cy.tab.press('button', 'Rejoin');
    await cy.expectInside();
    await ada.expectTiles(['Ada', 'Benedict', 'Cy']);
  });

  await test.step('and then for good', async () => {
    await withPerson(ada, 'Cy', 'Remove');
    await ada.tab.press('button', 'Remove, and do not let back in');
    await cy.expectWords(/A host removed you, and you cannot come back\./, true);
    await expectStill(cy, 'both', 'after the removal for good');
    await cy.tab.goto(link);
    await cy.sees('heading', 'You were removed from this room');
  });

  await test.step('the end, for all', async () => {
    await ada.tab.press('button', 'Leave');
    await ada.tab.press('menuitem', 'End for everyone');
    for (const one of [ada, ben]) {
      await one.sees('heading', 'The meeting has ended');
    }
  });
});

test('a host mutes, forbids and removes somebody in Firefox, and it holds there', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const fay = await person('Fay', 'firefox');
  await keepOpen(fay.tab);
  await meet(server, [ada, fay], 'ada-who-hosts-firefox');

  await test.step('muted: her packets stop, and she is told', async () => {
    await expectFlow(ada, 'audio', 'while Fay speaks');
    await withPerson(ada, 'Fay', 'Mute');
    await fay.expectWords(/A host muted you\./, true);
    await fay.sees('button', 'Unmute');
    await expectStill(ada, 'audio', 'once Fay is muted');
  });

  await test.step('nobody but hosts may speak', async () => {
    await control(ada, 'menuitemcheckbox', 'Speak');
    await fay.tab.press('button', 'Unmute');
    await fay.expectWords(/Only hosts may speak at the moment\. Raise your hand\./, true);
    await expectStill(ada, 'audio', 'while Fay may not speak');
    await control(ada, 'menuitemcheckbox', 'Speak');
  });

  await test.step('her camera is stopped', async () => {
    await ada.expectPictureOf('Fay');
    await withPerson(ada, 'Fay', 'Stop camera');
    await fay.sees('button', 'Start video');
    await expectStill(ada, 'video', 'once the camera is stopped');
  });

  await test.step('she is removed: not a packet follows her', async () => {
    await expectFlow(fay, 'both', 'before the removal');
    await withPerson(ada, 'Fay', 'Remove');
    await ada.page().getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await fay.sees('heading', 'You were removed from the meeting');
    await expectStill(fay, 'both', 'after the removal');
    await ada.expectTiles(['Ada']);
  });
});

test('hands are raised in order and lowered, and reactions rise, in both engines', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  const fay = await person('Fay', 'firefox');
  await meet(server, [ada, ben, fay], 'ada-who-sees-hands');

  await fay.tab.press('button', 'Raise hand');
  await fay.sees('button', 'Lower hand');
  await expectHand(ada, 1);
  await ben.tab.key('h');
  for (const one of [ada, ben, fay]) {
    await expectHand(one, 2);
  }
  await openPeople(ada);
  await ada.expectWords(/Hands, 2/i, true);
  await ada.tab.press('button', 'Lower the hand of Fay');
  await fay.sees('button', 'Raise hand');
  await control(ada, 'menuitem', 'Lower all hands');
  await ben.sees('button', 'Raise hand');
  await ada.expectWords(/Hands, /i, false);

  // It is drawn for a moment only: each page notes by itself that it was.
  for (const one of [ada, fay]) {
    await one.tab.evaluate(noteWords, '🎉');
  }
  await ben.tab.press('button', 'React');
  await ben.tab.press('menuitem', 'React with 🎉');
  for (const one of [ada, fay]) {
    const noted = (): Promise<boolean> => one.tab.evaluate(() => document.body.dataset['noted'] === 'yes', undefined);
    await expect.poll(noted, { message: `${one.name} sees the reaction`, timeout: MEDIA_PATIENCE }).toBe(true);
    await one.expectWords(/🎉/, false);
  }
});

/** Runs in the page: notes on the body when the words are drawn. */
function noteWords(words: string): void {
  const look = (): void => {
    if (document.body.innerText.includes(words)) {
      document.body.dataset['noted'] = 'yes';
      observer.disconnect();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** Waits until a raised hand with this number is drawn. */
async function expectHand(at: Person, place: number): Promise<void> {
  const drawn = (): Promise<boolean> =>
    at.tab.evaluate((label) => document.querySelector(`[aria-label="${label}"]`)?.checkVisibility() === true, `Hand raised, number ${place}`);
  await expect.poll(drawn, { message: `${at.name} sees hand ${place}`, timeout: MEDIA_PATIENCE }).toBe(true);
}

async function expectMuted(at: Person, of: string, muted: boolean): Promise<void> {
  await expect
    .poll(async () => /muted/i.test((await at.tile(of))?.name ?? ''), { message: `${at.name} sees ${of}'s microphone`, timeout: MEDIA_PATIENCE })
    .toBe(muted);
}
