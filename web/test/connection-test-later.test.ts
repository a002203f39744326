// The connection test when it cannot be fetched.

import { expect, it, vi } from 'vitest';
import type { Event } from '../src/core/event';
import { LaterConnectionTest } from '../src/io/connection-test-later';

vi.mock('../src/io/connection-test', () => {
  throw new Error('another version is served by now');
});

it('a connection test that cannot be fetched is over, and one that was not begun is not fetched to be stopped', async () => {
  const told: Event[] = [];
  const test = new LaterConnectionTest((event) => void told.push(event), { watch: () => undefined, leave: () => undefined, hears: () => Promise.resolve(null) });
  await test.take({ type: 'test/stop' });
  expect(told).toEqual([]);
  await test.take({ type: 'test/run', run: 3, scope: 'all', devices: true });
  expect(told).toEqual([{ type: 'test/over', run: 3 }]);
});
