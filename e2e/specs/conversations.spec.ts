/** Conversations beside rooms: two people and a group write to each other, on several devices, and nobody else reads it. */

import { call, signIn, signUp } from '../harness/account.ts';
import type { Person } from '../harness/person.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 240_000 });

/** Everybody has an account of a name that no other test uses, and is at home. */
async function atHome(server: Server, ...people: readonly Person[]): Promise<void> {
  for (const one of people) {
    await signUp(one.tab, server, accountOf(one.name), one.name);
  }
}

const accountOf = (name: string): string => `talks-${name.toLowerCase()}`;

async function write(at: Person, to: string, text: string): Promise<void> {
  await at.tab.fill(`Message ${to}`, text);
  await at.tab.press('button', 'Send');
}

/** Goes to the conversation with somebody, from the contacts. */
async function writeTo(at: Person, to: string): Promise<void> {
  await at.tab.press('link', 'Contacts');
  await at.sees('button', `Message ${to}`);
  await at.tab.press('button', `Message ${to}`);
  await at.sees('textbox', `Message ${to}`);
}

const title = (at: Person): Promise<string> => at.tab.evaluate(() => document.title, undefined);

/** Opens the conversation in the list whose name this is. */
async function open(at: Person, name: string): Promise<void> {
  const press = (wanted: string): boolean => {
    const row = [...document.querySelectorAll('main li a')].find((link) => link.querySelector('.t')?.textContent === wanted);
    if (row instanceof HTMLElement) row.click();
    return row !== undefined;
  };
  await expect.poll(() => at.tab.evaluate(press, name), { message: `${name} stands in the list of ${at.name}` }).toBe(true);
  await at.sees('textbox', `Message ${name}`);
}

test('two write to each other across engines, on two devices, and a lost line loses nothing', async ({ server, person }) => {
  const ada = await person('Agnes', 'chromium');
  const gus = await person('Gustl', 'firefox');
  await atHome(server, ada, gus);

  await test.step('the first message makes the conversation, and is told of elsewhere', async () => {
    await writeTo(ada, 'Gustl');
    await ada.expectWords(/Nobody has written yet\./, true);
    await write(ada, 'Gustl', 'Is the hall painted?');
    await gus.sees('link', 'Chat, 1 unread message');
    await expect.poll(() => title(gus)).toMatch(/^\(1\) /);
    await gus.expectWords(/Agnes: Is the hall painted\?/, true);
  });

  const telephone = await person('Gustl', 'chromium');
  await test.step('it is unread on each device until it is read on one', async () => {
    await signIn(telephone.tab, server, accountOf('Gustl'));
    await telephone.sees('link', 'Chat, 1 unread message');
    await gus.tab.press('link', 'Chat, 1 unread message');
    await open(gus, 'Agnes');
    await gus.expectWords(/Is the hall painted\?/, true);
    await gus.sees('link', 'Chat');
    await telephone.sees('link', 'Chat');
    await expect.poll(() => title(gus)).not.toMatch(/^\(/);
  });

  await test.step('who writes is seen, and what is written comes to all devices', async () => {
    await telephone.tab.press('link', 'Chat');
    await open(telephone, 'Agnes');
    await gus.tab.fill('Message Agnes', 'It is');
    await ada.expectWords(/Gustl is writing/, true);
    await gus.tab.press('button', 'Send');
    await ada.expectWords(/It is/, true);
    await telephone.expectWords(/It is/, true);
    await ada.expectWords(/Gustl is writing/, false);
  });

  await test.step('answered, changed, reacted to and deleted, as in a room', async () => {
    const withLine = async (at: Person, text: string, what: string): Promise<void> => {
      const line = at.page().locator('[data-line]', { hasText: text }).last();
      await line.hover();
      await line.getByRole('button', { name: /^Line of / }).click();
      await at.page().getByRole('menuitem', { name: what }).click();
    };
    await withLine(ada, 'It is', 'Reply');
    await ada.expectWords(/Reply to Gustl/, true);
    await write(ada, 'Gustl', 'Lovly');
    await gus.expectWords(/Gustl: It is\s*Lovly/, true);
    await withLine(ada, 'Lovly', 'Change');
    await ada.tab.fill('Message Gustl', 'Lovely');
    await ada.tab.press('button', 'Save');
    await gus.expectWords(/Lovely/, true);
    await withLine(ada, 'It is', 'React with 👏');
    await gus.sees('button', '👏, Agnes');
    await withLine(ada, 'Lovely', 'Delete');
    await ada.page().getByRole('group', { name: 'Delete this line?' }).getByRole('button', { name: 'Delete' }).click();
    for (const one of [gus, telephone]) {
      await one.expectWords(/Lovely/, false);
    }
  });

  await test.step('what is written while the line is lost stands there once when it is back', async () => {
    await telephone.page().context().setOffline(true);
    await write(ada, 'Gustl', 'While you were away');
    await gus.expectWords(/While you were away/, true);
    await telephone.page().context().setOffline(false);
    await telephone.expectWords(/While you were away/, true);
    const lines = await telephone.tab.evaluate(
      () => [...document.querySelectorAll('[data-line]')].filter((line) => line.textContent?.includes('While you were away')).length,
      undefined,
    );
    expect(lines).toBe(1);
  });

  await test.step('a file goes along, and comes out as it was', async () => {
    const choosing = ada.page().waitForEvent('filechooser');
    await ada.tab.press('button', 'Attach a file');
    await (await choosing).setFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Chapter four\n') });
    await ada.sees('button', 'Take away plan.txt');
    await ada.tab.press('button', 'Send');
    await telephone.sees('link', 'Download plan.txt');
    const path = await telephone.page().getByRole('link', { name: 'Download plan.txt' }).getAttribute('href');
    expect(await telephone.tab.evaluate(async (from) => (await fetch(from)).text(), path ?? '')).toBe('Chapter four\n');
  });

  await test.step('a line is found again', async () => {
    await ada.tab.press('button', 'Search messages');
    await ada.page().getByRole('searchbox', { name: 'Search messages' }).fill('PAINTED');
    await ada.tab.key('Enter');
    await ada.expectWords(/You: Is the hall painted\?/, true);
  });

  await test.step('nobody else reads it', async () => {
    const eve = await person('Eve', 'chromium');
    await signIn(eve.tab, server, 'admin');
    const path = new URL(ada.page().url()).pathname;
    const id = path.split('/').at(-1) ?? '';
    for (const wanted of [`rooms/${id}/messages`, `conversations/${id}`]) {
      expect((await call(eve.tab, 'GET', wanted)).status).toBe(404);
    }
    await eve.tab.goto(`${server.url}${path}`);
    await eve.expectWords(/Choose a conversation\./, true);
    await eve.expectWords(/painted/, false);
  });
});

test('a group is made, grows, is renamed and left, and says who did what', async ({ server, person }) => {
  const ida = await person('Ida', 'chromium');
  const jan = await person('Jan', 'firefox');
  const kim = await person('Kim', 'chromium');
  await atHome(server, ida, jan, kim);

  await test.step('made', async () => {
    await ida.tab.press('link', 'Chat');
    await ida.page().getByRole('button', { name: 'New message' }).first().click();
    for (const name of ['Jan', 'Kim']) {
      await ida.page().getByRole('dialog').getByRole('checkbox', { name }).check();
    }
    await ida.tab.press('button', 'Make the group');
    await ida.expectWords(/Give the group a name\./, true);
    await ida.tab.fill('Name of the group', 'Spring planning');
    await ida.tab.press('button', 'Make the group');
    await ida.sees('heading', 'Spring planning');
    await ida.expectWords(/You made the group “Spring planning”/, true);
  });

  await test.step('written in, it is told to all with its name', async () => {
    await write(ida, 'Spring planning', 'Shall we begin?');
    await jan.expectWords(/Ida in Spring planning: Shall we begin\?/, true);
    await jan.tab.press('link', 'Chat, 1 unread message');
    await open(jan, 'Spring planning');
    await jan.expectWords(/Ida made the group “Spring planning”[\s\S]*Shall we begin\?/, true);
  });

  await test.step('renamed', async () => {
    await ida.tab.press('button', 'More');
    await ida.tab.press('menuitem', 'Rename the group');
    await ida.tab.fill('Name of the group', 'Summer planning');
    await ida.tab.press('button', 'Save');
    await jan.sees('heading', 'Summer planning');
    await jan.expectWords(/Ida named the group “Summer planning”/, true);
  });

  await test.step('left', async () => {
    await kim.tab.press('link', 'Chat, 1 unread message');
    await open(kim, 'Summer planning');
    await kim.tab.press('button', 'More');
    await kim.tab.press('menuitem', 'Leave the group');
    await kim.expectWords(/Choose a conversation\./, true);
    await ida.expectWords(/Kim left/, true);
    await write(ida, 'Summer planning', 'Without Kim');
    await jan.expectWords(/Without Kim/, true);
    await kim.expectWords(/Without Kim/, false);
    await kim.expectWords(/Summer planning/, false);
  });

  await test.step('and joined again, from then on', async () => {
    await ida.tab.press('button', 'More');
    await ida.tab.press('menuitem', 'Add people');
    await ida.page().getByRole('dialog').getByRole('checkbox', { name: 'Kim' }).check();
    await ida.tab.press('button', 'Add');
    await jan.expectWords(/Ida added Kim/, true);
    await open(kim, 'Summer planning');
    await kim.expectWords(/Ida added Kim/, true);
    await kim.expectWords(/Without Kim/, false);
  });
});

test('where a call comes to nothing, one writes instead', async ({ server, person }) => {
  const lou = await person('Lou', 'chromium');
  const max = await person('Maxi', 'firefox');
  await atHome(server, lou, max);
  await max.tab.close();
  await lou.tab.press('link', 'Contacts');
  await lou.expectWords(/Maxi\s+Offline/, true);
  await lou.tab.press('button', 'Call Maxi');
  await lou.expectWords(/Maxi has no device that could be reached/, true);
  await lou.tab.press('button', 'Message');
  await lou.sees('textbox', 'Message Maxi');
  await lou.sees('button', 'Video call Maxi');
});
