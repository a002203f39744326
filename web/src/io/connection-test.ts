// Carries out the connection test, one thing after the other, and tells what came of each.

import type { Effect } from '../core/effect';
import type { Event } from '../core/event';
import { assertNever } from '../core/never';
import { AGENT, WHEN } from '../core/trial/report';
import type { Item, Outcome, Way } from '../core/trial/run';
import type { Trial } from '../proto/api.gen';
import type { Result } from '../proto/calls';
import { isTrial } from '../proto/decode';
import { request } from './api';
import { openDevices } from './devices';
import type { Meter } from './levels';

/** How long a WebSocket may take to be answered. */
const SOCKET_MS = 8_000;
const WAYS: readonly Way[] = ['udp', 'tcp', 'relay'];

/** Any microphone that works gives its own noise at once; those without a wire take up to two seconds to begin. */
const HEARD_MS = 3_000;

/** The camera and the microphone of a run, as far as they were had. */
export interface Sources {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
}

/** What listens to the microphone of a run. */
export type Ear = Pick<Meter, 'watch' | 'leave' | 'hears'>;

export class ConnectionTest {
  readonly #tell: (event: Event) => void;
  readonly #meter: Ear;
  #current: AbortController | null = null;

  constructor(tell: (event: Event) => void, meter: Ear) {
    this.#tell = tell;
    this.#meter = meter;
  }

  take(effect: Extract<Effect, { type: 'test/run' | 'test/stop' | 'test/report' }>): void {
    switch (effect.type) {
      case 'test/run':
        void this.run(effect);
        return;
      case 'test/stop':
        this.stop();
        return;
      case 'test/report':
        saveReport(effect.text);
        return;
      default:
        assertNever(effect);
    }
  }

  /** Gives the run up. Camera and microphone are closed at once, the rest as it is noticed. */
  stop(): void {
    this.#current?.abort();
    this.#current = null;
  }

  async run(effect: Extract<Effect, { type: 'test/run' }>): Promise<void> {
    this.stop();
    const control = new AbortController();
    this.#current = control;
    const over = control.signal;
    const { run } = effect;
    const at = (item: Item): void => {
      if (!over.aborted) this.#tell({ type: 'test/at', run, item });
    };
    const heard = (item: Item, outcome: Outcome): void => {
      if (!over.aborted) this.#tell({ type: 'test/heard', run, item, outcome });
    };
    const open: MediaStreamTrack[] = [];
    const close = (): void => {
      for (const track of open) {
        // The page that one went to may listen to another microphone by now.
        this.#meter.leave(track);
        track.stop();
      }
    };
    over.addEventListener('abort', close, { once: true });
    try {
      const sources = effect.scope === 'all' ? await this.#open(effect.devices, open, { at, heard, over }) : { microphone: null, camera: null };
      if (over.aborted) return;
      at('socket');
      const result = await begin();
      if (over.aborted) return;
      this.#tell({ type: 'test/trial', run, result });
      if (result.ok) await through(result.value, effect.scope === 'all' ? sources : null, { at, heard, over });
    } catch {
      // The part that tries the ways did not load, or the browser lacks what it needs: what was not tried is shown as such.
    } finally {
      close();
      if (!over.aborted) this.#tell({ type: 'test/over', run });
    }
  }

  /** Opens what there is, and notes it in `open`. */
  async #open(devices: boolean, open: MediaStreamTrack[], { at, heard, over }: Telling): Promise<Sources> {
    if (!devices) {
      heard('microphone', { is: 'unasked' });
      heard('camera', { is: 'unasked' });
      return { microphone: null, camera: null };
    }
    at('microphone');
    const opened = await openDevices([{ kind: 'microphone', id: null }, { kind: 'camera', id: null }]);
    open.push(...opened.flatMap((one) => ('track' in one ? [one.track] : [])));
    const tracks: Record<keyof Sources, MediaStreamTrack | null> = { microphone: null, camera: null };
    // Left while the browser asked for the devices: then the microphone is nobody's to listen to.
    if (over.aborted) return tracks;
    for (const one of opened) {
      if ('trouble' in one) {
        heard(one.kind, { is: 'trouble', trouble: one.trouble });
        continue;
      }
      tracks[one.kind] = one.track;
      if (one.kind === 'microphone') continue;
      const { width, height } = one.track.getSettings();
      const name = one.track.label;
      heard(one.kind, width && height ? { is: 'picture', name, width, height } : { is: 'device', name });
    }
    const { microphone } = tracks;
    if (microphone) {
      this.#meter.watch(microphone);
      const silent = (await this.#meter.hears(HEARD_MS, over)) === false;
      heard('microphone', silent ? { is: 'trouble', trouble: 'silent' } : { is: 'device', name: microphone.label });
    }
    return tracks;
  }
}

async function begin(): Promise<Result<Trial>> {
  const answer = await request('POST', 'trials', null);
  if (!answer.ok) return answer;
  return isTrial(answer.value) ? { ok: true, value: answer.value } : { ok: false, problem: { code: 'unreadable', message: '' } };
}

interface Telling {
  readonly at: (item: Item) => void;
  readonly heard: (item: Item, outcome: Outcome) => void;
  readonly over: AbortSignal;
}

/** Everything that goes through the server. Without `sources` the ways alone. */
async function through(trial: Trial, sources: Sources | null, { at, heard, over }: Telling): Promise<void> {
  const server = location.origin.replace(/^http/, 'ws');
  const carrier = import('./livekit-trial');
  carrier.catch(() => undefined); // looked at below
  const ordinary = trial.ways.find((way) => way.over === 'any');
  if (!ordinary) return;
  heard('socket', await socketOpens(`${server}/rtc/v1?access_token=${encodeURIComponent(ordinary.sender)}&auto_subscribe=0`, over));
  if (over.aborted) return;
  const { tryMeeting, tryWay } = await carrier;
  let open = false;
  for (const name of WAYS) {
    const way = trial.ways.find((one) => one.over === name);
    if (over.aborted) return;
    if (!way) continue;
    at(name);
    const outcome: Outcome = way.offered ? await tryWay(server, way, over) : { is: 'absent' };
    open ||= outcome.is === 'answered';
    heard(name, outcome);
  }
  if (sources === null || over.aborted) return;
  if (open) {
    await tryMeeting(server, ordinary, sources, { at, heard, over });
  } else {
    for (const item of ['sending', 'receiving', 'return'] as const) heard(item, { is: 'needless' });
  }
}

/** How long it takes to open a signalling socket and to be answered. */
function socketOpens(url: string, over: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      over.removeEventListener('abort', fail);
      socket.close();
      resolve(outcome);
    };
    const fail = (): void => end({ is: 'silent', seconds: Math.round((performance.now() - start) / 1_000) });
    const timer = setTimeout(fail, SOCKET_MS);
    over.addEventListener('abort', fail, { once: true });
    socket.addEventListener('message', () => end({ is: 'answered', ms: performance.now() - start }), { once: true });
    socket.addEventListener('error', fail, { once: true });
    socket.addEventListener('close', fail, { once: true });
  });
}

/** Gives a report as a file. */
export function saveReport(text: string): void {
  const now = new Date().toISOString();
  const filled = text.replace(WHEN, () => now).replace(AGENT, () => navigator.userAgent);
  const url = URL.createObjectURL(new Blob([filled], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `connection-test-${now.slice(0, 16).replace(/[:T]/g, '-')}.txt`;
  link.click();
  // The browser has begun to save it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
