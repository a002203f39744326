// What is answered in a notice of the system before this page knows of the call. The browser is pretended.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../src/core/event';
import { Reach } from '../src/io/reach';
import { WindowTitle } from '../src/io/title';
import type { Call } from '../src/proto/api.gen';

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: FakeSocket | null = null;
  readyState = 1;
  constructor() {
    super();
    FakeSocket.last = this;
  }
  send(): void { /* nobody listens */ }
  close(): void { /* it ends */ }
}

let told: Event[] = [];
let number = 0;
let worker = new EventTarget();

function page(hash: string): Reach {
  vi.stubGlobal('location', { origin: 'https://meet.example.org', pathname: '/', hash });
  const reach = new Reach((event) => void told.push(event), new WindowTitle());
  reach.watch();
  reach.take({ type: 'here', device: 'd1', idle: false });
  FakeSocket.last?.dispatchEvent(new globalThis.Event('open'));
  return reach;
}

const call = (id: string, is: 'ringing' | 'active'): Call =>
  ({ id, code: 'call-room', video: false, outgoing: false, began: 1, stage: { is }, others: [{ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 }] });
const lists = (...calls: readonly Call[]): void =>
  void FakeSocket.last?.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ event: 'calls', number: ++number, calls }) }));
const answers = (id: string): void => void worker.dispatchEvent(new MessageEvent('message', { data: { answer: id } }));
/** What was told but for the lists themselves, and the line. */
const done = (): readonly Event[] => told.filter(({ type }) => type.startsWith('calling/'));
const ANSWER: Event = { type: 'calling/answer', id: 'CL_1', video: false, keep: true };

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  worker = new EventTarget();
  vi.stubGlobal('window', Object.assign(new EventTarget(), { setTimeout, clearTimeout, setInterval, clearInterval }));
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false, title: '', hasFocus: () => true }));
  vi.stubGlobal('navigator', { serviceWorker: worker });
  vi.stubGlobal('history', { replaceState: () => undefined });
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a call that was answered in a notice of the system', () => {
  it('is answered when it is told of, though another rings before it', () => {
    page('#answer=CL_1');
    expect(done()).toEqual([]);
    lists(call('CL_0', 'ringing'), call('CL_1', 'ringing'));
    expect(done()).toEqual([ANSWER]);
    lists(call('CL_1', 'active'));
    expect(done()).toEqual([ANSWER]);
  });

  it('is said to be over where it rings no more, once', () => {
    page('#answer=CL_1');
    lists(call('CL_1', 'active'));
    expect(done()).toEqual([{ type: 'calling/gone' }]);
    lists();
    expect(done()).toHaveLength(1);
  });

  it('is answered at once by a page that knows it, and else with the next list', () => {
    page('');
    lists(call('CL_1', 'ringing'));
    answers('CL_1');
    expect(done()).toEqual([ANSWER]);
    lists(call('CL_1', 'active'));
    answers('CL_1');
    expect(done()).toEqual([ANSWER]);
    lists();
    expect(done()).toEqual([ANSWER, { type: 'calling/gone' }]);
  });
});
