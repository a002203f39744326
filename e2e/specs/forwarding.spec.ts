/** Calls that go elsewhere: to somebody else, who sees by whom, and to a message. */

import { atHome, dial, rings } from '../harness/calling.ts';
import { expect, test } from '../harness/test.ts';

test.describe.configure({ timeout: 120_000 });

test('every call goes to somebody else, all three are told the truth, and then to a message', async ({ server, person }) => {
  const orla = await person('Orla', 'chromium');
  const pavel = await person('Pavel', 'chromium');
  const quinn = await person('Quintus', 'firefox');
  await atHome(server, orla, pavel, quinn);

  await test.step('set on the account page', async () => {
    await pavel.tab.goto(`${server.url}/account`);
    await pavel.sees('button', 'Every call: Not forwarded');
    await pavel.tab.press('button', 'Every call: Not forwarded');
    await pavel.tab.press('menuitemradio', 'Somebody else…');
    await pavel.sees('button', 'Forward to Quintus');
    await pavel.tab.press('button', 'Forward to Quintus');
    await pavel.sees('button', 'Every call: Quintus');
    await pavel.expectWords(/Saved: it counts from the next call on/, true);
  });

  await test.step('it rings the other alone', async () => {
    await dial(orla, 'Pavel');
    await rings(quinn);
    await quinn.expectWords(/Forwarded by Pavel/, true);
    await orla.expectWords(/Forwarded by Pavel to Quintus/, true);
    await orla.expectWords(/Ringing on 1 device/, true);
    expect(await pavel.tab.shows('button', 'Answer')).toBe(false);
  });

  await test.step('declined by the other, a message may be left for whoever was called', async () => {
    await quinn.tab.press('button', 'Decline');
    await orla.sees('heading', 'Quintus declined');
    await orla.sees('button', 'Leave a message');
  });

  await test.step('every call asks for a message', async () => {
    await pavel.tab.press('button', 'Every call: Quintus');
    await pavel.tab.press('menuitemradio', 'Voicemail');
    await pavel.sees('button', 'Every call: Voicemail');
    await pavel.expectWords(/Saved: it counts from the next call on/, true);
    await orla.tab.press('button', 'Call again');
    await orla.expectWords(/Pavel asks for a message/, true);
  });
});
