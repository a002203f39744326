/** The chat in the room: who sees what, that nothing in it does harm, and files. */

import { readFile } from 'node:fs/promises';

import sharp from 'sharp';

import { makeRoom, signUp, type OwnRoom, type Policy } from '../harness/account.ts';
import type { Person } from '../harness/person.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

test('lines come and stay, are counted while unread, and are safe to read', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const fay = await person('Fay', 'firefox');
  const { link } = await meet(server, [ada, fay], 'ada-who-writes', { history: true });
  await openChat(ada);
  await ada.expectWords(/Nobody has written yet\./, true);

  await test.step('unread lines are counted on the key and in the title', async () => {
    await write(ada, 'The first line');
    await fay.sees('button', 'Chat, 1 unread line');
    await write(ada, 'The second line');
    await fay.sees('button', 'Chat, 2 unread lines');
    expect(await fay.tab.evaluate(() => document.title, undefined)).toMatch(/^\(2\) /);
    await fay.tab.press('button', 'Chat, 2 unread lines');
    await fay.expectWords(/The first line[\s\S]*The second line/, true);
    await fay.sees('button', 'Chat');
    expect(await fay.tab.evaluate(() => document.title, undefined)).not.toMatch(/^\(/);
  });

  await test.step('and answered', async () => {
    await write(fay, 'And **mine**');
    await ada.expectWords(/And mine/, true);
  });

  await test.step('Markdown is drawn, and nothing in it runs', async () => {
    await write(ada, '<img src=x onerror="document.title=1"> [press](javascript:alert(1)) https://example.org/ *so*');
    await fay.expectWords(/<img src=x/, true);
    const drawn = await fay.tab.evaluate(() => {
      const lines = [...document.querySelectorAll('[data-line]')];
      return {
        pictures: lines.flatMap((line) => [...line.querySelectorAll('img[src="x"]')]).length,
        links: lines.flatMap((line) => [...line.querySelectorAll('a')]).map(({ href, rel, target }) => ({ href, rel, target })),
        strong: lines.flatMap((line) => [...line.querySelectorAll('strong')]).map(({ textContent }) => textContent),
        em: lines.flatMap((line) => [...line.querySelectorAll('em')]).map(({ textContent }) => textContent),
      };
    }, undefined);
    expect(drawn.pictures).toBe(0);
    expect(drawn.links).toEqual([
      { href: 'https://example.org/', rel: expect.stringContaining('noopener') as unknown, target: '_blank' },
    ]);
    expect(drawn.strong).toContain('mine');
    expect(drawn.em).toContain('so');
  });

  await test.step('a late joiner reads what was written before', async () => {
    const gus = await person('Gus', 'chromium');
    await gus.join(link);
    await openChat(gus);
    await gus.expectWords(/The first line/, true);
  });
});

test('where a room keeps its past to itself, a late joiner reads only what follows', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  const { link } = await meet(server, [ada], 'ada-who-keeps', { history: false });
  await openChat(ada);
  await write(ada, 'Before anybody came');
  await ben.join(link);
  await openChat(ben);
  await write(ada, 'Welcome');
  await ben.expectWords(/Welcome/, true);
  await ben.expectWords(/Before anybody came/, false);
});

test('a line is answered, changed, reacted to, deleted, and said to one alone', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  const cy = await person('Cy', 'chromium');
  await meet(server, [ada, ben, cy], 'ada-who-edits', { history: true });
  for (const one of [ada, ben, cy]) {
    await openChat(one);
  }
  await write(ada, 'Shal we begin?');
  await ben.expectWords(/Shal we begin\?/, true);

  await test.step('changed', async () => {
    await withLine(ada, 'Shal we begin?', 'Change');
    await ada.tab.fill('Message everyone', 'Shall we begin?');
    await ada.tab.press('button', 'Save');
    await ben.expectWords(/Shall we begin\?/, true);
    await ben.expectWords(/changed/, true);
    await ben.expectWords(/Shal we/, false);
  });

  await test.step('answered', async () => {
    await withLine(ben, 'Shall we begin?', 'Reply');
    await ben.expectWords(/Reply to Ada/, true);
    await write(ben, 'Yes, now');
    await ada.expectWords(/Ada: Shall we begin\?\s*Yes, now/, true);
  });

  await test.step('reacted to', async () => {
    await withLine(ben, 'Shall we begin?', 'React with 👏');
    await ada.sees('button', '👏, Ben');
    await ada.tab.press('button', '👏, Ben');
    await expect(ben.page().getByRole('button', { name: /^👏, .*You/ })).toHaveText(/2/);
  });

  await test.step('said to one alone', async () => {
    await ada.tab.press('button', 'To: Everyone');
    await ada.tab.press('menuitemradio', 'Ben');
    await ada.tab.fill('Message Ben alone', 'Only for you');
    await ada.tab.press('button', 'Send');
    await ben.expectWords(/To you alone\s*Only for you/, true);
    await ada.tab.press('button', 'To: Ben');
    await ada.tab.press('menuitemradio', 'Everyone');
    await write(ada, 'For all again');
    await cy.expectWords(/For all again/, true);
    await cy.expectWords(/Only for you/, false);
  });

  await test.step('deleted', async () => {
    await withLine(ben, 'Yes, now', 'Delete');
    await ben.page().getByRole('group', { name: 'Delete this line?' }).getByRole('button', { name: 'Delete' }).click();
    for (const one of [ada, ben, cy]) {
      await one.expectWords(/Yes, now/, false);
    }
    await withLine(ada, 'Shall we begin?', 'Delete');
    await ada.page().getByRole('group', { name: 'Delete this line?' }).getByRole('button', { name: 'Delete' }).click();
    await cy.expectWords(/Shall we begin/, false);
  });
});

test('files go in and come out as they were; one that hides another is refused', async ({ server, person }) => {
  const ada = await person('Ada', 'chromium');
  const ben = await person('Ben', 'chromium');
  await meet(server, [ada, ben], 'ada-who-sends', { history: true });
  await openChat(ada);
  await openChat(ben);
  const picture = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#7a5' } }).png().toBuffer();

  await test.step('a text', async () => {
    const text = Buffer.from('What we said.\n');
    await give(ada, 'notes of today.txt', text);
    await ada.tab.fill('Message everyone', 'Our notes');
    await ada.tab.press('button', 'Send');
    const waiting = ben.page().waitForEvent('download');
    await ben.page().getByRole('link', { name: 'Download notes of today.txt' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('notes of today.txt');
    expect(await readFile(await download.path())).toEqual(text);
  });

  await test.step('a picture, with its preview', async () => {
    await give(ada, 'lamp.png', picture);
    await ada.tab.press('button', 'Send');
    const preview = ben.page().getByRole('img', { name: 'Picture lamp.png' });
    await expect
      .poll(() => preview.evaluate((image) => (image instanceof HTMLImageElement && image.complete ? image.naturalWidth : 0)))
      .toBe(320);
  });

  await test.step('a picture with an archive behind it', async () => {
    const archive = Buffer.concat([picture, Buffer.from('PK\u0003\u0004hidden')]);
    await choose(ada, 'both.png', archive);
    await ada.expectWords(/That file cannot be taken\./, true);
    await ada.tab.press('button', 'Take away both.png');
  });

  await test.step('a page that calls itself a picture', async () => {
    await choose(ada, 'page.png', Buffer.from('<!doctype html><script>alert(1)</script>'));
    await ada.expectWords(/That file cannot be taken\./, true);
    await ada.tab.press('button', 'Take away page.png');
    expect(await ben.tab.evaluate(() => document.querySelectorAll('[data-line]').length, undefined)).toBe(2);
  });

  await test.step('a page comes out as a file and never as a page', async () => {
    await give(ada, 'page.html', Buffer.from('<!doctype html><script>alert(1)</script>'));
    await ada.tab.press('button', 'Send');
    const link = ben.page().getByRole('link', { name: 'Download page.html' });
    await expect(link).toBeVisible();
    const headers = await ben.tab.evaluate(async (path) => {
      const answer = await fetch(path);
      return ['content-type', 'content-disposition', 'x-content-type-options'].map((name) => answer.headers.get(name));
    }, (await link.getAttribute('href')) ?? '');
    expect(headers[0]).not.toMatch(/html/);
    expect(headers[1]).toMatch(/^attachment/);
    expect(headers[2]).toBe('nosniff');
  });
});

/** The first makes a room that anybody may enter and goes in, then the others do. */
async function meet(server: Server, people: readonly Person[], account: string, policy: Partial<Policy>): Promise<OwnRoom> {
  const [owner] = people;
  if (owner === undefined) {
    throw new Error('nobody meets');
  }
  await signUp(owner.tab, server, account, owner.name);
  const room = await makeRoom(owner.tab, server, 'Meeting', { lobby: 'off', ...policy });
  for (const one of people) {
    await one.join(room.link);
  }
  for (const one of people) {
    await one.expectTiles(people.map(({ name }) => name));
  }
  return room;
}

async function openChat(at: Person): Promise<void> {
  await at.tab.press('button', 'Chat');
  await at.sees('textbox', 'Message everyone');
}

async function write(at: Person, text: string): Promise<void> {
  await at.tab.fill('Message everyone', text);
  await at.tab.press('button', 'Send');
}

/** Picks from the menu of a line. */
async function withLine(at: Person, text: string, item: string): Promise<void> {
  const line = at.page().locator('[data-line]').filter({ has: at.page().getByText(text, { exact: true }).last() });
  await line.last().hover();
  await line.last().getByRole('button', { name: /^Line of .*: more$/ }).click();
  await at.tab.press('menuitem', item);
}

/** Chooses a file for the next line. */
async function choose(at: Person, name: string, buffer: Buffer): Promise<void> {
  await at.page().locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

/** Chooses a file and waits until the server has it. */
async function give(at: Person, name: string, buffer: Buffer): Promise<void> {
  await choose(at, name, buffer);
  await at.sees('button', `Take away ${name}`);
  await expect(at.page().getByRole('progressbar')).toHaveCount(0);
}
