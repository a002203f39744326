/** Who people are to a server: it is set up, they make accounts, sign in by password and passkey, and lose the way in again. */

import type { Page } from '@playwright/test';

import { call, signIn, signUp } from '../harness/account.ts';
import { atHome, dial, rings } from '../harness/calling.ts';
import { Person } from '../harness/person.ts';
import { ADMIN, PASSWORD } from '../harness/server.ts';
import type { Tab } from '../harness/tab.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

/** Another password that the server takes. */
const FRESH = 'seven lamps in a row';

for (const engine of ['chromium', 'firefox'] as const) {
  test(`the server is set up by whoever has its code, in ${engine}`, async ({ ownServer, open }) => {
    const server = await ownServer('bare');
    const tab = await open(engine);
    const ada = new Person('Ada', tab);

    await test.step('before, every address leads to the set-up', async () => {
      await tab.goto(`${server.url}/sign-in`);
      await ada.sees('heading', 'Let us light the room');
    });

    await test.step('a wrong code', async () => {
      await tab.fill('Set-up code', 'AAAA-BBBB-CCCC');
      await tab.press('button', 'Continue');
      await ada.expectWords(/That code is not right, or no longer good\./, true);
    });

    await test.step('the right code, and the questions', async () => {
      await tab.fill('Set-up code', await server.setUpCode());
      await tab.press('button', 'Continue');
      await ada.expectWords(/The set-up code was accepted\./, true);
      await tab.fill('Name of this server', 'Mill Lane');
      await tab.fill('Name to sign in with', 'ada');
      await tab.fill('Password', 'short');
      await tab.press('button', 'Finish');
      await ada.expectWords(/A password has at least 10 characters\./, true);
      await tab.fill('Password', PASSWORD);
      await tab.press('radio', 'Anyone Whoever opens the page');
      await tab.press('button', 'Finish');
      await ada.sees('heading', 'The room is ready');
    });

    await test.step('whoever did it administers the server, and is in', async () => {
      await tab.press('link', 'Start your first meeting');
      await ada.sees('button', 'New meeting');
      await ada.sees('link', 'Console');
      expect((await call(tab, 'GET', 'server')).body).toMatchObject({ name: 'Mill Lane', setUp: true, signUp: true });
    });

    await test.step('the code is good no more', async () => {
      const other = await open('chromium');
      await other.goto(`${server.url}/setup#${await server.setUpCode()}`);
      await new Person('Eve', other).sees('link', 'Sign in to start one');
      const again = await call(other, 'POST', 'setup/check', { code: await server.setUpCode() });
      expect(again).toMatchObject({ status: 403, body: { code: 'wrong_code' } });
    });
  });
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`one makes an account, signs out and in, and is told when the password is wrong, in ${engine}`, async ({ server, open }) => {
    const tab = await open(engine);
    const login = `bea-in-${engine}`;
    const bea = new Person('Bea', tab);
    await tab.goto(`${server.url}/`);
    await tab.press('link', 'Sign in');
    await tab.press('link', 'Make an account');

    await test.step('what cannot be is said at its field', async () => {
      await tab.fill('Name to sign in with', ADMIN.toUpperCase());
      await tab.fill('Your name', 'Bea');
      await tab.fill('Password', 'password1234');
      await tab.press('button', 'Make the account');
      await bea.expectWords(/none of the common ones/, true);
      await tab.fill('Password', PASSWORD);
      await tab.press('button', 'Make the account');
      await bea.expectWords(/That name is taken\./, true);
    });

    await test.step('then it is made', async () => {
      await tab.fill('Name to sign in with', login);
      await tab.press('button', 'Make the account');
      await bea.sees('button', 'Bea: account menu');
      await bea.expectWords(/Good (morning|afternoon|evening), Bea/, true);
    });

    await test.step('out', async () => {
      await signOut(tab, 'Bea');
      await bea.sees('link', 'Sign in');
      expect((await call(tab, 'GET', 'me')).status).toBe(401);
    });

    await test.step('a wrong password and an unknown name are answered alike', async () => {
      await tab.press('link', 'Sign in');
      for (const name of [login, 'nobody-of-that-name']) {
        await enterPassword(tab, name, 'not the password');
        await bea.expectWords(/Name or password is not right\./, true);
      }
    });

    await test.step('in', async () => {
      await enterPassword(tab, login.toUpperCase(), PASSWORD);
      await bea.sees('button', 'Bea: account menu');
    });
  });
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`guessing passwords becomes slow, in ${engine}`, async ({ ownServer, open }) => {
    const server = await ownServer();
    const tab = await open(engine);
    const eve = new Person('Eve', tab);
    await tab.goto(`${server.url}/sign-in`);
    const statuses: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      statuses.push((await call(tab, 'POST', 'session', { name: ADMIN, password: `guess ${tries}` })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    await enterPassword(tab, ADMIN, PASSWORD);
    await eve.expectWords(/Too many tries\. Try again in \d+ s\./, true);
  });
}

for (const engine of ['chromium', 'firefox'] as const) {
  test(`a new password signs out the other devices, ${engine} among them`, async ({ ownServer, open }) => {
    // Passwords are tried here, of which an address has so many a minute: those of other tests are not to count.
    const server = await ownServer();
    const login = `cleo-and-${engine}`;
    const here = await open('chromium');
    const there = await open(engine);
    await signUp(here, server, login, 'Cleo');
    await signIn(there, server, login);
    const cleo = new Person('Cleo', here);
    const away = new Person('Cleo elsewhere', there);
    await away.sees('button', 'New meeting');

    await toAccount(here, 'Cleo');
    await cleo.sees('heading', 'Signed-in devices');
    await here.fill('Password until now', 'not the password');
    await here.fill('New password', FRESH);
    await here.press('button', 'Change the password');
    await cleo.expectWords(/That is not your password until now\./, true);
    await here.fill('Password until now', PASSWORD);
    await here.press('button', 'Change the password');
    await cleo.expectWords(/Your password is changed, and your other devices are signed out\./, true);

    expect((await call(here, 'GET', 'me')).status, 'here one stays').toBe(200);
    expect((await call(there, 'GET', 'me')).status, 'there one is out').toBe(401);
    await there.goto(`${server.url}/account`);
    await away.sees('heading', 'Come in');
    await enterPassword(there, login, FRESH);
    await away.sees('heading', 'My account');

    await test.step('and a device can be signed out by hand', async () => {
      await here.goto(`${server.url}/account`);
      const other = page(here).getByRole('button', { name: engine === 'firefox' ? /^Sign out Firefox/ : /^Sign out Chrom/ });
      await other.click();
      await cleo.expectWords(/That device is signed out\./, true);
      expect((await call(there, 'GET', 'me')).status).toBe(401);
    });
  });
}

test('a passkey is made, and opens the door without a password', async ({ server, chromium }) => {
  const tab = await chromium();
  const named = server.url.replace('127.0.0.1', 'localhost');
  await withAuthenticator(tab.page);
  const dee = new Person('Dee', tab);
  await tab.goto(`${named}/sign-in`);
  expect((await call(tab, 'POST', 'accounts', { name: 'dee', displayName: 'Dee', password: PASSWORD })).status).toBe(201);

  await tab.goto(`${named}/account`);
  await tab.fill('What to call it', 'My laptop');
  await tab.press('button', 'Add a passkey');
  await dee.sees('button', 'Remove the passkey My laptop');

  await signOut(tab, 'Dee');
  await dee.sees('link', 'Sign in');
  await tab.press('link', 'Sign in');
  await tab.press('button', 'Use a passkey');
  await dee.sees('button', 'Dee: account menu');
  expect((await call(tab, 'GET', 'me')).body).toMatchObject({ account: { name: 'dee' } });

  await test.step('one that was removed opens nothing', async () => {
    await tab.goto(`${named}/account`);
    await tab.press('button', 'Remove the passkey My laptop');
    await dee.expectWords(/You have no passkey yet\./, true);
    await signOut(tab, 'Dee');
    await tab.press('link', 'Sign in');
    await tab.press('button', 'Use a passkey');
    await dee.expectWords(/That passkey did not work\./, true);
  });
});

test('who sees whether one is reachable is theirs to say, at once, and calls ring all the same', async ({ server, person }) => {
  const isolde = await person('Isolde', 'chromium');
  const joris = await person('Joris', 'chromium');
  await atHome(server, isolde, joris);
  await joris.tab.press('link', 'Contacts');
  const reads = (word: string): Promise<void> => joris.expectWords(new RegExp(`Isolde\\s+${word}`), true);
  await reads('Available');

  await test.step('nobody', async () => {
    await isolde.tab.goto(`${server.url}/account`);
    await isolde.page().getByRole('radio', { name: /^Nobody/ }).click();
    await isolde.expectWords(/Saved: it counts from now on\./, true);
    await reads('Not shown');
    expect(await joris.page().locator('li', { hasText: 'Isolde' }).locator('.pm').count(), 'marks beside whoever hides').toBe(0);
    await joris.tab.press('button', 'More about Isolde');
    await joris.sees('menuitem', 'Add to favourites');
    expect(await joris.tab.shows('menuitem', 'Tell me when free'), 'who cannot be waited for').toBe(false);
    await joris.tab.key('Escape');
  });

  await test.step('a call rings', async () => {
    await dial(joris, 'Isolde', 'Call', true);
    await rings(isolde);
    await isolde.tab.press('button', 'Decline');
    await joris.sees('heading', 'Isolde declined');
  });

  await test.step('everyone again', async () => {
    await isolde.page().getByRole('radio', { name: /^Everyone here/ }).click();
    await joris.tab.goto(`${server.url}/contacts`);
    await reads('Available');
  });
});

test('an invitation makes one account, and a link makes a new password', async ({ ownServer, open }) => {
  const server = await ownServer();
  const desk = await open('chromium');
  const ada = new Person('Ada', desk);
  await signIn(desk, server, ADMIN);
  await desk.goto(`${server.url}/console`);
  await desk.press('radio', 'Invited Only with a link from you');
  await desk.press('button', 'Save');
  await ada.expectWords(/Saved\./, true);

  const link = await test.step('the administrator makes an invitation', async () => {
    await desk.press('link', 'Invitations');
    await ada.expectWords(/No invitation is open\./, true);
    await desk.fill('For whom', 'Finn');
    await desk.press('button', 'Make a link');
    await ada.sees('heading', 'Your invitation');
    return secretLink(desk);
  });

  const tab = await open('chromium');
  const finn = new Person('Finn', tab);
  await test.step('without it no account is made', async () => {
    await tab.goto(`${server.url}/sign-up`);
    await finn.expectWords(/Accounts are made by invitation here\./, true);
  });
  await test.step('with it one is, named as meant', async () => {
    await tab.goto(link);
    await finn.sees('button', 'Make the account');
    await expect(page(tab).getByRole('textbox', { name: 'Your name', exact: true })).toHaveValue('Finn');
    await tab.fill('Name to sign in with', 'finn');
    await tab.fill('Password', PASSWORD);
    await tab.press('button', 'Make the account');
    await finn.sees('button', 'Finn: account menu');
  });
  await test.step('and not a second', async () => {
    const other = await open('chromium');
    await other.goto(link);
    await new Person('Eve', other).expectWords(/This link is not good, or no longer\./, true);
  });

  const reset = await test.step('the administrator makes a link for a new password', async () => {
    await desk.goto(`${server.url}/console/people`);
    await desk.press('button', 'What to do with Finn');
    await desk.press('menuitem', 'Link for a new password');
    await ada.sees('heading', 'A new password for Finn');
    return secretLink(desk);
  });
  await test.step('which works once, and signs out everywhere', async () => {
    const other = await open('chromium');
    const anew = new Person('Finn anew', other);
    await other.goto(reset);
    await other.fill('New password', FRESH);
    await other.press('button', 'Set the password');
    await anew.expectWords(/Your password is set\. Sign in with it\./, true);
    expect((await call(tab, 'GET', 'me')).status, 'the old session').toBe(401);
    await enterPassword(other, 'finn', FRESH);
    await anew.sees('button', 'Finn: account menu');
    await tab.goto(reset);
    await tab.fill('New password', 'another row of lamps');
    await tab.press('button', 'Set the password');
    await finn.expectWords(/This link is not good, or no longer\./, true);
  });

  await test.step('whoever is shut out is out at once', async () => {
    await desk.press('button', 'What to do with Finn');
    await desk.press('menuitem', 'Shut out');
    await ada.expectWords(/Shut out/, true);
    await tab.goto(`${server.url}/sign-in`);
    await enterPassword(tab, 'finn', FRESH);
    await finn.expectWords(/Name or password is not right\./, true);
  });
});

test('the console names and colours the server', async ({ ownServer, open }) => {
  const server = await ownServer();
  const desk = await open('chromium');
  const ada = new Person('Ada', desk);
  await signIn(desk, server, ADMIN);
  await desk.press('link', 'Console');
  await desk.fill('Name of this server', 'The old mill');
  await desk.fill('Colour of what acts', 'blue');
  await desk.press('button', 'Save');
  await ada.expectWords(/Write the colour as a sharp and six digits/, true);
  await desk.fill('Colour of what acts', '#7a1f5c');
  await desk.press('radio', 'Signed in Everyone with an account');
  await desk.press('button', 'Save');
  await ada.expectWords(/Saved\./, true);
  await page(desk)
    .getByLabel('Choose a logo')
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PIXEL });
  await ada.sees('button', 'Remove');

  await test.step('guests see it, and start no meetings now', async () => {
    const tab = await open('chromium');
    const guest = new Person('Guest', tab);
    await tab.goto(`${server.url}/`);
    await guest.sees('link', 'Sign in to start one');
    expect((await call(tab, 'POST', 'rooms', { title: 'No' })).status, 'a guest makes no room').toBe(401);
    expect((await call(tab, 'GET', 'server')).body).toMatchObject({
      name: 'The old mill',
      branding: { accent: '#7a1f5c', logo: expect.stringContaining('/api/v1/branding/logo') as unknown },
    });
  });

  await test.step('the last administrator stays one', async () => {
    await desk.press('link', 'People');
    await desk.press('button', 'What to do with Ada');
    await desk.press('menuitem', 'Administrator no more');
    await ada.expectWords(/Somebody has to administer this server\./, true);
  });
});

/** A picture of one point. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Fills the form of the sign-in page and sends it. */
async function enterPassword(tab: Tab, name: string, password: string): Promise<void> {
  await tab.fill('Name or e-mail', name);
  await tab.fill('Password', password);
  await tab.press('button', 'Sign in');
}

async function signOut(tab: Tab, name: string): Promise<void> {
  await tab.press('button', `${name}: account menu`);
  await tab.press('menuitem', 'Sign out');
}

async function toAccount(tab: Tab, name: string): Promise<void> {
  await tab.press('button', `${name}: account menu`);
  await tab.press('menuitem', 'My account');
}

function secretLink(tab: Tab): Promise<string> {
  return tab.evaluate(() => document.querySelector('[data-secret-link]')?.textContent ?? '', undefined);
}

function page(tab: Tab): Page {
  return new Person('somebody', tab).page();
}

/** A security key of the machine itself, that says yes to everything. */
async function withAuthenticator(where: Page): Promise<void> {
  const session = await where.context().newCDPSession(where);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
