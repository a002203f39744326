/** Once through every screen of calls and of what is beside them; at each one somebody looks. */

import { atHome, dial, rings } from './calling.ts';
import type { Person } from './person.ts';
import type { Server } from './server.ts';
import type { Role } from './tab.ts';
import { screen, type Look } from './tour.ts';

/** Where the tour goes. */
export interface CallsRoute {
  /** A server on which nobody else is. */
  server: Server;
  /** Gives somebody new, who is seen as all of them are. */
  person: (name: string) => Promise<Person>;
  look: Look;
}

/** Goes through all of them. */
export async function tourCalls(route: CallsRoute): Promise<void> {
  const [ann, gus, lou] = [await route.person('Ann'), await route.person('Gus'), await route.person('Lou')];
  await atHome(route.server, ann, gus, lou);
  await beside(route, ann);
  await rung(route, ann, gus);
  await unanswered(route, ann, gus);
  await talking(route, ann, gus);
  await two(route, ann, gus, lou);
  await past(route, ann, gus);
}

const press = (at: Person, name: string, role: Role = 'button') => (): Promise<void> => at.tab.press(role, name);

/** What was said for those who do not see is gone, and the toast with it. */
async function quiet(at: Person, words: RegExp): Promise<void> {
  await at.expectWords(words, false);
}

async function beside(route: CallsRoute, ann: Person): Promise<void> {
  const { server } = route;
  await ann.tab.goto(`${server.url}/contacts`);
  await ann.expectWords(/Lou\s+Available/, true);
  await screen(route, 'contacts', ann, async () => undefined, /Gus\s+Available/);
  const write = async (): Promise<void> => {
    await ann.tab.press('button', 'Message Gus');
    await ann.sees('textbox', 'Message Gus');
    await ann.tab.fill('Message Gus', 'Shall we talk?');
    await ann.tab.press('button', 'Send');
  };
  await screen(route, 'conversation', ann, write, /Shall we talk\?/);
}

async function rung(route: CallsRoute, ann: Person, gus: Person): Promise<void> {
  await ann.tab.goto(`${route.server.url}/`);
  await gus.tab.goto(`${route.server.url}/contacts`);
  const ring = async (): Promise<void> => {
    await dial(gus, 'Ann');
    await rings(ann);
    await quiet(ann, /Gus calls you/);
  };
  await screen(route, 'call-incoming', ann, ring, ['button', 'Answer']);
  await screen(route, 'call-incoming-message', ann, press(ann, 'Message'), ['button', 'In 10 minutes']);
  await ann.tab.press('button', 'Back');
  await gus.tab.press('button', 'End');
  await gus.tab.press('button', 'Home');
  const missed = async (): Promise<void> => {
    await ann.expectWords(/Missed call from Gus/, true);
    await quiet(ann, /Missed call from Gus/);
  };
  await screen(route, 'call-missed', ann, missed, ['link', 'Calls 1 missed']);
}

async function unanswered(route: CallsRoute, ann: Person, gus: Person): Promise<void> {
  await ann.tab.goto(`${route.server.url}/contacts`);
  const ring = async (): Promise<void> => {
    await dial(ann, 'Gus');
    await rings(gus);
    // On the way into the room the bar has one key.
    await ann.sees('button', 'Mute');
  };
  await screen(route, 'call-ringing', ann, ring, /Ringing on 1 device/);
  await screen(route, 'call-declined', ann, press(gus, 'Decline'), ['heading', 'Gus declined']);
  const leave = async (): Promise<void> => {
    await ann.tab.press('button', 'Leave a message');
    // Longer than a second: what is shorter is not kept.
    await ann.expectWords(/0:0[2-9] of 3:00|0:[1-9]\d of 3:00/, true);
  };
  await screen(route, 'voicemail-recording', ann, leave, ['button', 'Stop'], 'dialog');
  await screen(route, 'voicemail-spoken', ann, press(ann, 'Stop'), ['button', 'Send'], 'dialog');
  await screen(route, 'voicemail-sent', ann, press(ann, 'Send'), /on its way to Gus/, 'dialog');
  await ann.tab.key('Escape');
}

async function talking(route: CallsRoute, ann: Person, gus: Person): Promise<void> {
  const talk = async (): Promise<void> => {
    await ann.tab.press('button', 'Call again');
    await rings(gus);
    await gus.tab.press('button', 'Answer');
    for (const one of [ann, gus]) {
      await one.expectTiles(['Ann', 'Gus']);
      await one.expectSounds(1);
    }
  };
  await screen(route, 'call', ann, talk, ['button', 'Hold']);
  for (const [what, name] of [['Add person', 'call-add'], ['Transfer', 'call-transfer']] as const) {
    await screen(route, name, ann, press(ann, what), ['button', what === 'Transfer' ? 'Ask first: Lou' : 'Add person: Lou'], 'dialog');
    await ann.tab.key('Escape');
  }
  await screen(route, 'call-hold', ann, press(ann, 'Hold'), ['button', 'Resume the call with Gus']);
  await screen(route, 'call-held', gus, async () => undefined, /On hold by Ann/);
  await ann.tab.press('button', 'Resume the call with Gus');
  await gus.expectWords(/On hold by Ann/, false);
}

async function two(route: CallsRoute, ann: Person, gus: Person, lou: Person): Promise<void> {
  const ring = async (): Promise<void> => {
    await lou.tab.goto(`${route.server.url}/contacts`);
    await dial(lou, 'Ann');
    await screen(route, 'call-busy', lou, async () => undefined, ['button', 'Ring anyway']);
    await lou.tab.press('button', 'Ring anyway');
    await rings(ann, 'Hold and answer');
    await quiet(ann, /Lou calls you/);
  };
  await screen(route, 'call-second', ann, ring, ['button', 'Hold and answer']);
  const answer = async (): Promise<void> => {
    await ann.tab.press('button', 'Hold and answer');
    await ann.expectTiles(['Ann', 'Lou']);
    await lou.expectSounds(1);
  };
  await screen(route, 'call-two', ann, answer, ['button', 'Swap']);
  await screen(route, 'call-waits', ann, press(lou, 'End'), ['button', 'Resume the call with Gus']);
  const over = async (): Promise<void> => {
    await ann.tab.press('button', 'Resume the call with Gus');
    await ann.expectTiles(['Ann', 'Gus']);
    await gus.expectSounds(1);
    await ann.tab.press('button', 'End');
  };
  await screen(route, 'call-ended', ann, over, ['heading', 'Call ended']);
}

async function past(route: CallsRoute, ann: Person, gus: Person): Promise<void> {
  const { server } = route;
  const list = async (): Promise<void> => {
    await ann.tab.goto(`${server.url}/calls`);
    await ann.sees('radio', 'Missed');
  };
  // Those that were missed are looked at now, and counted no more.
  await screen(route, 'calls', ann, list, ['link', 'Calls']);
  const mail = async (): Promise<void> => {
    await gus.tab.goto(`${server.url}/calls`);
    await gus.sees('link', 'Calls 1 message');
    await gus.tab.press('radio', 'Voicemail');
  };
  await screen(route, 'voicemail', gus, mail, ['button', 'Play the message from Ann']);
}
