/** What hosts do through the pages: a meeting of their own, the people panel, the host controls. */

import { makeRoom, signUp, type OwnRoom } from './account.ts';
import type { Person } from './person.ts';
import type { Server } from './server.ts';

/** The first makes a room that anybody may enter and goes in, then the others do. */
export async function meet(server: Server, people: readonly Person[], account: string): Promise<OwnRoom> {
  const [owner] = people;
  if (owner === undefined) {
    throw new Error('nobody meets');
  }
  await signUp(owner.tab, server, account, owner.name);
  const room = await makeRoom(owner.tab, server, 'Meeting', { lobby: 'off' });
  for (const one of people) {
    await one.join(room.link);
  }
  for (const one of people) {
    await one.expectTiles(people.map(({ name }) => name));
  }
  return room;
}

/** Opens the list of people, unless it is open. */
export async function openPeople(at: Person): Promise<void> {
  if (!(await at.tab.shows('heading', 'People'))) {
    await at.tab.press('button', 'People');
    await at.sees('heading', 'People');
  }
}

/** Picks from the menu of somebody in the people panel. */
export async function withPerson(at: Person, name: string, item: string): Promise<void> {
  await openPeople(at);
  await at.tab.press('button', `${name}: more`);
  await at.tab.press('menuitem', item);
}

/** Picks from the host controls; what is ticked there stays open, and is closed again. */
export async function control(at: Person, role: 'menuitem' | 'menuitemcheckbox', item: string): Promise<void> {
  await at.tab.press('button', 'Host controls');
  await at.tab.press(role, item);
  if (role === 'menuitemcheckbox') {
    await at.tab.key('Escape');
  }
}
