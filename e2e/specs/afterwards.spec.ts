/** Around calls: what became of them, what people say of themselves, and the phone book with whom one likes to hear and whom not. */

import { call } from '../harness/account.ts';
import { atHome, dial } from '../harness/calling.ts';
import { MEDIA_PATIENCE, type Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

async function contacts(at: Person): Promise<void> {
  await at.tab.press('link', 'Contacts');
  await at.sees('heading', 'Contacts');
}

/** Opens the menu about somebody among the contacts, and picks. */
async function pick(at: Person, of: string, item: string): Promise<void> {
  await at.sees('button', `More about ${of}`);
  await at.tab.press('button', `More about ${of}`);
  await at.sees('menuitem', item);
  await at.tab.press('menuitem', item);
}

/** What stands on the rail beside the calls. */
async function badge(at: Person, count: string): Promise<void> {
  await expect
    .poll(() => at.tab.evaluate(readBadge, undefined), { message: `${at.name} has missed '${count}'`, timeout: MEDIA_PATIENCE })
    .toBe(count);
}

test('a missed call is counted until it is looked at, says why it ended, and is called back', async ({ server, person }) => {
  const oda = await person('Odalys', 'chromium');
  const per = await person('Pernille', 'firefox');
  await atHome(server, oda, per);

  await test.step('missed, it stands on the rail, also after the page was loaded again', async () => {
    await dial(oda, 'Pernille');
    await per.sees('button', 'Answer');
    await oda.tab.press('button', 'End');
    await badge(per, '1');
    await per.tab.goto(`${server.url}/`);
    await badge(per, '1');
  });

  await test.step('looked at, it is not counted any more, and says what it was', async () => {
    await per.tab.press('link', 'Calls 1 missed');
    await per.sees('heading', 'Calls');
    await per.expectWords(/Odalys\s+Missed, [^·]+· Rang, and gave up/, true);
    await badge(per, '');
    await per.tab.press('radio', 'Missed');
    await per.expectWords(/Rang, and gave up/, true);
  });

  await test.step('called back from the list, and both histories say how long it was', async () => {
    await per.tab.press('button', 'Call Odalys');
    await oda.sees('button', 'Answer');
    await oda.tab.press('button', 'Answer');
    await per.expectSounds(1);
    await oda.tab.press('button', 'End');
    await per.sees('heading', 'Call ended');
    for (const [one, way] of [[oda, 'Incoming'], [per, 'Outgoing']] as const) {
      await one.tab.goto(`${server.url}/calls`);
      await one.expectWords(new RegExp(`${way}, [^·]+· \\d+ (second|minute)`), true);
    }
    await oda.expectWords(/Outgoing, [^·]+· You gave up/, true);
  });
});

test('what somebody says of themselves and their note are read by others, and kept', async ({ server, person }) => {
  const quin = await person('Quintin', 'chromium');
  const rhea = await person('Rheanna', 'chromium');
  await atHome(server, quin, rhea);
  await contacts(rhea);
  await rhea.expectWords(/Quintin\s+Available/, true);
  await quin.tab.press('button', 'Quintin: account menu');
  await quin.tab.press('menuitemradio', 'Do not disturb');
  await rhea.expectWords(/Quintin\s+Do not disturb/, true);
  await quin.tab.press('button', 'Quintin: account menu');
  await quin.tab.press('menuitem', 'Write a note');
  await quin.tab.fill('Your note', 'Writing until five');
  await quin.tab.press('button', 'Save');
  await rhea.expectWords(/Quintin\s+Do not disturb\s*· Writing until five/, true);
  await rhea.tab.press('button', 'Call Quintin');
  await rhea.expectWords(/Quintin does not want to be disturbed/, true);
  await quin.tab.goto(`${server.url}/`);
  await quin.tab.press('button', 'Quintin: account menu');
  await quin.sees('menuitem', 'Writing until five');
  await expect.poll(() => quin.tab.evaluate(readTicked, undefined)).toBe('Do not disturb');
});

test('people are renamed, favourites, in groups, and blocked, and who is blocked does not learn of it', async ({ server, person }) => {
  const sol = await person('Solveig', 'chromium');
  const tor = await person('Torvald', 'chromium');
  await atHome(server, sol, tor);
  await contacts(sol);

  await test.step('renamed for me: in the list, and when the call comes in', async () => {
    await pick(sol, 'Torvald', 'Rename for me');
    await sol.tab.fill('What you call them', 'Tovi');
    await sol.tab.fill('Group', 'Choir');
    await sol.tab.press('button', 'Save');
    await sol.sees('heading', 'Choir');
    await sol.expectWords(/Tovi Torvald here/, true);
    await dial(tor, 'Solveig');
    await sol.sees('heading', 'Tovi');
    await tor.tab.press('button', 'End');
    await sol.expectWords(/Missed call from Tovi/, true);
  });

  await test.step('favourites stand first', async () => {
    await pick(sol, 'Tovi', 'Add to favourites');
    await sol.sees('heading', 'Favourites');
  });

  await test.step('blocked: offline to them, nothing rings, and nothing is counted', async () => {
    await tor.tab.press('button', 'Home');
    await contacts(tor);
    await tor.expectWords(/Solveig\s+Available/, true);
    await sol.tab.press('link', 'Calls 1 missed');
    await badge(sol, '');
    await contacts(sol);
    await pick(sol, 'Tovi', 'Block');
    await sol.sees('heading', 'Blocked');
    await tor.expectWords(/Solveig\s+Offline/, true);
    await tor.tab.press('button', 'Call Solveig');
    await tor.expectWords(/Solveig has no device that could be reached/, true);
    // What is told after a call that would have been told has come.
    expect((await call(tor.tab, 'PUT', 'me/presence', { chosen: 'busy', note: '' })).status).toBe(204);
    await sol.expectWords(/Tovi Torvald here\s+Busy/, true);
    await sol.expectWords(/Voice call, ringing for/, false);
    await badge(sol, '');
    await pick(sol, 'Tovi', 'Unblock');
    await tor.expectWords(/Solveig\s+Available/, true);
  });

  await test.step('a card of somebody who is not here', async () => {
    await sol.tab.press('button', 'Add contact');
    await sol.tab.fill('Name', 'Town hall');
    await sol.tab.fill('Telephone numbers', '+33 1 00 00 00 00');
    await sol.tab.press('button', 'Save');
    await sol.sees('heading', 'Phone book');
    await sol.sees('link', 'Telephone +33 1 00 00 00 00');
    const file = await sol.tab.evaluate(readExport, undefined);
    expect(file).toContain('FN:Town hall\r\nTEL;VALUE=text:+33 1 00 00 00 00');
  });
});

/** Runs in the page. */
function readBadge(): string {
  return document.querySelector('.rail .count')?.textContent ?? '';
}

/** Runs in the page. */
function readTicked(): string | undefined {
  return document.querySelector('[role="menuitemradio"][aria-checked="true"]')?.textContent?.trim();
}

/** Runs in the page. */
async function readExport(): Promise<string> {
  return (await fetch('/api/v1/contacts/export')).text();
}
