/** The ways into a meeting that are left when a network lets not everything through. */

import { doorInUse, leaveOnly } from '../harness/doors.ts';
import { Person } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 180_000 });

for (const engine of ['chromium', 'firefox'] as const) {
  test(`${engine} meets others where only TCP passes`, async ({ server, open, person }) => {
    const link = `${server.url}/r/${await server.createRoom()}`;
    const tab = await open(engine);
    await leaveOnly(tab, 'tcp');
    const ada = new Person('Ada', tab);
    await ada.join(link);
    const ben = await person('Ben', 'chromium');
    await ben.join(link);
    await ada.expectPictureOf('Ben');
    await ada.expectSounds(1);
    await ben.expectPictureOf('Ada');
    await ben.expectSounds(1);
    expect(await doorInUse(tab), 'what carries media').toBe('tcp');
    expect(await doorInUse(ben.tab), 'what carries the media of others').toBe('udp');
  });
}
