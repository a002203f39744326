/** Once through every screen of the product, on a server that begins with its first start; at each one somebody looks. */

import { test } from '@playwright/test';

import { call, makeRoom } from './account.ts';
import { askFirst, refuseDevices, sayYes } from './devices.ts';
import { Person } from './person.ts';
import { PASSWORD, type Server } from './server.ts';
import type { Role, Tab } from './tab.ts';

/** What lies over a screen: then it alone is new there. */
export type Part = 'dialog' | 'menu' | 'complementary';

/** Called where a screen is there and at rest. */
export type Look = (name: string, at: Person, part?: Part) => Promise<void>;

/** Where the tour goes. */
export interface Route {
  /** A server at its first start. */
  server: Server;
  /** Opens a tab of somebody new. */
  open: () => Promise<Tab>;
  /** Whether it ends in the meeting alone: with others in it, it needs more than Firefox's driver does reliably. */
  short?: boolean;
  /** Whether the display is a small one, with fewer keys in the bar. */
  narrow?: boolean;
  look: Look;
}

/** Goes through all screens. */
export async function tour(route: Route): Promise<void> {
  const { server } = route;
  const ada = new Person('Ada', await route.open());
  await firstStart(route, ada);
  const circle = await ownPages(route, ada);
  const gus = new Person('Gus', await route.open());
  await withoutAccount(route, gus);
  await doors(route, ada, gus, circle);
  const link = await ada.startMeeting(server.url);
  await screen(route, 'meeting-alone', ada, async () => undefined, ['heading', 'Your meeting is ready']);
  if (route.short === true) {
    return;
  }
  await meeting(route, ada, gus, link);
  await ends(route, ada, gus, link);
}

/** What a screen is known by. */
export type Known = RegExp | readonly [Role, string];

/** One screen: it is gone to, and looked at once it shows what it is known by. */
export async function screen(
  { look }: { look: Look },
  name: string,
  at: Person,
  go: () => Promise<unknown>,
  known: Known,
  part?: Part,
): Promise<void> {
  await test.step(name, async () => {
    await go();
    if (known instanceof RegExp) {
      await at.expectWords(known, true);
    } else {
      await at.sees(...known);
    }
    await look(name, at, part);
  });
}

async function firstStart(route: Route, ada: Person): Promise<void> {
  const { server } = route;
  const { tab } = ada;
  await screen(route, 'setup-code', ada, () => tab.goto(`${server.url}/`), ['textbox', 'Set-up code']);
  const answer = async (): Promise<void> => {
    await tab.fill('Set-up code', await server.setUpCode());
    await tab.press('button', 'Continue');
  };
  await screen(route, 'setup-questions', ada, answer, ['textbox', 'Name of this server']);
  const finish = async (): Promise<void> => {
    await tab.fill('Name of this server', 'Mill Lane');
    await tab.fill('Name to sign in with', 'ada');
    // As long as it is hidden, Firefox calls it no textbox.
    await tab.press('button', 'Show: Password');
    await tab.fill('Password', PASSWORD);
    await tab.press('button', 'Finish');
  };
  await screen(route, 'setup-done', ada, finish, /5 open, 0 closed/);
  await call(tab, 'PATCH', 'me', { displayName: 'Ada' });
  await call(tab, 'PATCH', 'settings', { create: 'anyone', signUp: true });
}

/** What those see who are signed in. Gives the link of a room that anybody may enter. */
async function ownPages(route: Route, ada: Person): Promise<string> {
  const { server } = route;
  const { tab } = ada;
  const to = (path: string) => (): Promise<void> => tab.goto(`${server.url}${path}`);
  await screen(route, 'home-empty', ada, to('/'), /You have no rooms yet\./);
  await screen(route, 'account', ada, to('/account'), /This device/);
  await screen(route, 'console-settings', ada, to('/console'), ['button', 'Save']);
  await screen(route, 'console-people', ada, to('/console/people'), ['button', 'What to do with Ada']);
  await screen(route, 'console-invitations', ada, to('/console/invitations'), /No invitation is open\./);
  await screen(route, 'console-programs', ada, to('/console/programs'), /No program attends now\./);
  const { code, link } = await makeRoom(tab, server, 'Reading circle', { lobby: 'off' });
  await screen(route, 'home', ada, to('/'), /Reading circle/);
  const search = (): Promise<void> => tab.press('button', 'Search people, rooms, messages');
  await screen(route, 'search', ada, search, ['option', `Reading circle ${code} About the room`], 'dialog');
  await tab.key('Escape');
  await screen(route, 'meetings', ada, to('/rooms'), /Reading circle/);
  await screen(route, 'room-page', ada, to(`/rooms/${code}`), /Nobody else belongs to this room yet\./);
  return link;
}

async function withoutAccount(route: Route, gus: Person): Promise<void> {
  const { server } = route;
  const to = (path: string) => (): Promise<void> => gus.tab.goto(`${server.url}${path}`);
  await screen(route, 'start', gus, to('/'), ['button', 'New meeting']);
  await screen(route, 'sign-in', gus, to('/sign-in'), ['heading', 'Come in']);
  await screen(route, 'sign-up', gus, to('/sign-up'), ['textbox', 'Name to sign in with']);
  await screen(route, 'test', gus, to('/test'), ['button', 'Start the test']);
  const through = (): Promise<void> => gus.tab.press('button', 'Test without camera and microphone');
  await screen(route, 'test-over', gus, through, ['button', 'Download report']);
  await screen(route, 'reset', gus, to('/reset#a-link-that-was-sent'), ['heading', 'A new password']);
}

/** The ways into a room, and those that are closed. */
async function doors(route: Route, ada: Person, gus: Person, open: string): Promise<void> {
  const { server } = route;
  const to = (link: string) => (): Promise<void> => gus.tab.goto(link);

  const dot = new Person('Dot', await route.open());
  await dot.tab.prepare(askFirst, undefined);
  await screen(route, 'prejoin', dot, () => dot.tab.goto(open), ['button', 'Allow']);
  const allow = async (): Promise<void> => {
    await dot.tab.press('button', 'Allow');
    await dot.tab.evaluate(sayYes, undefined);
  };
  await screen(route, 'prejoin-allowed', dot, allow, ['button', 'Stop video']);
  await dot.tab.close();

  const eve = new Person('Eve', await route.open());
  await eve.tab.prepare(refuseDevices, { error: 'NotAllowedError', message: 'Permission denied' });
  const blocked = async (): Promise<void> => {
    await eve.tab.goto(open);
    await eve.allowDevices();
  };
  await screen(route, 'prejoin-blocked', eve, blocked, /The browser keeps your camera and microphone closed/);
  await eve.tab.prepare(sayFull, undefined);
  await screen(route, 'door-full', eve, () => eve.tab.goto(open), ['heading', 'This room is full']);
  await eve.tab.close();

  const watched = await makeRoom(ada.tab, server, 'Office', { lobby: 'guests' });
  await screen(route, 'lobby', gus, () => gus.knock(watched.link), ['heading', 'Waiting for someone to let you in']);
  await gus.tab.press('button', 'Leave');
  await screen(route, 'door-unknown', gus, to(`${server.url}/r/bolu-kesi-zzzz`), ['heading', 'There is no room here']);
  const locked = await makeRoom(ada.tab, server, 'Study', { locked: true });
  await screen(route, 'door-locked', gus, to(locked.link), ['heading', 'This room is locked']);
  const members = await makeRoom(ada.tab, server, 'Board', { guests: false });
  await screen(route, 'door-members', gus, to(members.link), ['heading', 'This room is for members']);
}

async function meeting(route: Route, ada: Person, gus: Person, link: string): Promise<void> {
  const { tab } = ada;
  const code = new URL(link).pathname.split('/').at(-1) ?? '';
  const nothing = async (): Promise<void> => undefined;
  const open = (name: string) => (): Promise<void> => tab.press('button', name);
  const key = (name: string) => (): Promise<void> => tab.key(name);
  const over = async (name: string, go: () => Promise<void>, known: RegExp | readonly [Role, string], part: Part): Promise<void> => {
    await screen(route, name, ada, go, known, part);
    await tab.key('Escape');
  };

  await screen(route, 'meeting-knock', ada, () => gus.knock(link), ['button', 'Admit']);
  await tab.press('button', 'Admit');
  await gus.expectInside();
  await call(tab, 'POST', `rooms/${code}/acts`, { act: 'lobby', lobby: 'off' });
  for (const one of [ada, gus]) {
    await one.expectTiles(['Ada', 'Gus']);
  }
  await ada.expectPictureOf('Gus');
  await gus.expectPictureOf('Ada');
  await screen(route, 'meeting-two', gus, nothing, ['button', 'Raise hand']);

  if (!route.narrow) {
    await over('menu-sound', open('Sound devices'), ['menuitem', 'Test the speaker'], 'menu');
    await over('menu-camera', open('Camera devices'), ['button', 'Camera devices'], 'menu');
    await over('menu-react', open('React'), ['menuitem', 'React with 🎉'], 'menu');
    await over('menu-host', open('Host controls'), ['menuitem', 'Mute all'], 'menu');
  }
  await over('menu-more', open('More'), ['menuitem', 'Settings'], 'menu');
  const settings = async (): Promise<void> => {
    await tab.press('button', 'More');
    await tab.press('menuitem', 'Settings');
  };
  await over('settings', settings, ['heading', 'Settings'], 'dialog');
  await over('help', key('Control+/'), ['heading', 'Keyboard shortcuts'], 'dialog');
  await over('palette', key('Control+k'), ['heading', 'What to do'], 'dialog');
  await gus.tab.press('button', 'Raise hand');
  await over('panel-people', key('p'), ['button', 'Lower the hand of Gus'], 'complementary');
  const write = async (): Promise<void> => {
    await tab.key('c');
    await ada.sees('textbox', 'Message everyone');
    await tab.fill('Message everyone', 'Shall we **begin**?');
    await tab.press('button', 'Send');
  };
  await over('panel-chat', write, /Shall we begin\?/, 'complementary');
  // The toast of that line stands for a while, longer on a fast machine than until the next screen.
  await gus.expectWords(/Shall we begin\?/, false);
  await gus.tab.key('s');
  await ada.expectPictureOf('Gus', 'share');
  await screen(route, 'meeting-sharing', gus, nothing, ['button', 'Pause']);
  await screen(route, 'meeting-shared', ada, nothing, /Gus’s screen/);
  await gus.tab.key('s');
  await gus.expectWords(/You are sharing your screen/, false);
}

async function ends(route: Route, ada: Person, gus: Person, link: string): Promise<void> {
  const { tab } = ada;
  const code = new URL(link).pathname.split('/').at(-1) ?? '';
  await screen(route, 'left', gus, () => gus.leave(), ['heading', 'You left']);
  await gus.tab.press('button', 'Rejoin');
  await gus.expectInside();
  const remove = async (): Promise<void> => {
    await tab.key('p');
    await ada.sees('heading', 'People');
    await tab.press('button', 'Gus: more');
    await tab.press('menuitem', 'Remove');
  };
  await screen(route, 'remove', ada, remove, ['heading', 'Remove Gus?'], 'dialog');
  await screen(route, 'left-removed', gus, () => tab.press('button', 'Remove, and do not let back in'), ['heading', 'You were removed from the meeting']);
  await screen(route, 'door-removed', gus, () => gus.tab.goto(link), ['heading', 'You were removed from this room']);
  const end = async (): Promise<void> => {
    await call(tab, 'POST', `rooms/${code}/acts`, { act: 'endForAll' });
  };
  await screen(route, 'left-ended', ada, end, ['heading', 'The meeting has ended']);
}

/** Runs in the page, before its own scripts: a room has more places than there are browsers here, so its answer is changed. */
function sayFull(): void {
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (!/\/api\/v1\/rooms\/[^/]+$/.test(new URL(answer.url).pathname)) {
      return answer;
    }
    const view = (await answer.json()) as object;
    return new Response(JSON.stringify({ ...view, door: 'full' }), { status: answer.status, headers: answer.headers });
  };
}
