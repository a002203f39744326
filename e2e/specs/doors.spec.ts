/** The ways into a meeting that are left when a network lets not everything through. */

import { doorInUse, leaveOnly } from '../harness/doors.ts';
import { Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

const WAYS = [
  { door: 'tcp', where: 'where only TCP passes' },
  { door: 'relay', where: "over the server's own relay" },
] as const;

for (const { engine, door, where } of (['chromium', 'firefox'] as const).flatMap((engine) => WAYS.map((way) => ({ engine, ...way })))) {
  test(`${engine} meets others ${where}`, async ({ server, open, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const tab = await open(engine);
    await leaveOnly(tab, door);
    const ada = new Person('Ada', tab);
    await ada.join(link);
    const ben = await person('Ben', 'chromium');
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    await ada.expectSounds(1);
    await ben.expectPictureOf('Ada');
    await ben.expectSounds(1);
    expect(await doorInUse(tab), 'what carries media').toBe(door);
    expect(await doorInUse(ben.tab), 'what carries the media of others').toBe('udp');
  });
}
