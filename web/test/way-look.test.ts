// The watch over the way of the media goes on whatever statistics do.

import { ConnectionState, RoomEvent, type Room } from 'livekit-client';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchWay } from '../src/io/livekit-way';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('navigator', { userAgent: 'Firefox' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A room whose statistics are asked for; `answer` gives them. */
function room(answer: () => Promise<Map<string, object>>): { room: Room; emit: (event: RoomEvent) => void; asked: () => number } {
  let asked = 0;
  const publisher = {
    getSignallingState: () => 'stable',
    getConnectionState: () => 'connected',
    getStats: () => {
      asked += 1;
      return answer();
    },
  };
  const line = new EventEmitter();
  const one = Object.assign(Object.create(null), {
    on: (event: RoomEvent, then: () => void) => {
      line.on(event, then);
      return one;
    },
    state: ConnectionState.Connected,
    engine: { pcManager: { publisher }, client: { rtt: 20 } },
    localParticipant: { trackPublications: new Map() },
    remoteParticipants: new Map(),
  });
  return { room: one, emit: (event) => void line.emit(event), asked: () => asked };
}

it('looks again where statistics never come: Firefox forgets to tell those of a connection that is closed meanwhile', async () => {
  const { room: one, emit, asked } = room(() => new Promise(() => undefined));
  watchWay(one);
  emit(RoomEvent.Connected);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked()).toBeGreaterThan(3);
  emit(RoomEvent.Disconnected);
  const before = asked();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked()).toBe(before);
});

it('looks twice a second where they come', async () => {
  const { room: one, emit, asked } = room(() => Promise.resolve(new Map()));
  watchWay(one);
  emit(RoomEvent.Connected);
  await vi.advanceTimersByTimeAsync(10_000);
  emit(RoomEvent.Disconnected);
  expect(asked()).toBe(20);
});
