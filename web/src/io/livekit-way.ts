// Looks over what media come, and does what core/way decides: no browser finds a way again by itself soon enough.

import { ConnectionState, RoomEvent, type Room } from 'livekit-client';
import { LOOK_MS, looked, pauseAfter, watch, type Door, type Look } from '../core/way';
import { Signs } from './livekit-signs';

/** What getStats() says of the way in use; `now` is the time since 1970, as packets are noted. */
export function wayOf(report: Iterable<unknown>, now = performance.timeOrigin + performance.now()): Pick<Look, 'bytes' | 'age' | 'door'> {
  const all = new Map<string, Record<string, unknown>>();
  for (const one of report) {
    if (isEntry(one)) all.set(String(one['id']), one);
  }
  const entries = [...all.values()];
  const chosen = new Set(entries.filter((one) => one['type'] === 'transport').map((one) => one['selectedCandidatePairId']));
  let bytes = 0;
  let last = -Infinity;
  let door: Door | null = null;
  for (const one of entries) {
    if (one['type'] === 'inbound-rtp' || one['type'] === 'transport') bytes += Number(one['bytesReceived'] ?? 0);
    if (one['type'] === 'inbound-rtp') last = Math.max(last, Number(one['lastPacketReceivedTimestamp'] ?? last));
    // Whoever only sends is told by these that it arrives.
    if (one['type'] === 'remote-inbound-rtp') bytes += Number(one['roundTripTimeMeasurements'] ?? 0);
    // Firefox knows no transport's selected pair, but says which pair is.
    if (one['type'] !== 'candidate-pair' || !(chosen.has(one['id']) || one['selected'] === true)) continue;
    const local = all.get(String(one['localCandidateId']));
    door = local?.['candidateType'] === 'relay' ? 'relay' : local?.['protocol'] === 'tcp' ? 'tcp' : 'udp';
  }
  return { bytes, age: Number.isFinite(last) ? Math.max(0, now - last) : null, door };
}

const isEntry = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null;

/** Watches the way of a room's media from the time it is connected until it ends. */
export function watchWay(room: Room): void {
  const way = new Way(room);
  room
    .on(RoomEvent.Connected, () => way.begin())
    .on(RoomEvent.Reconnected, () => way.fresh())
    .on(RoomEvent.Disconnected, () => way.end());
}

class Way {
  readonly #room: Room;
  #watch = watch(0);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #moved = false;
  #signs: Signs | null = null;

  constructor(room: Room) {
    this.#room = room;
  }

  begin(): void {
    this.end();
    this.fresh();
    this.#signs = new Signs(this.#room);
    shortenTries(this.#room, () => this.#signs?.lostFor() ?? 0);
    this.#next(LOOK_MS);
    window.addEventListener('online', this.#move);
    connection()?.addEventListener('change', this.#move);
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#signs?.end();
    this.#signs = null;
    window.removeEventListener('online', this.#move);
    connection()?.removeEventListener('change', this.#move);
  }

  fresh(): void {
    this.#watch = watch(performance.now());
    this.#moved = false;
    this.#signs?.back();
  }

  readonly #move = (): void => {
    this.#moved = true;
  };

  #next(ms: number): void {
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    let next = LOOK_MS;
    try {
      if (this.#room.state === ConnectionState.Connected) next = await this.#through();
    } catch {
      // A connection that ends while it is looked at: the next look tells.
    }
    if (this.#timer !== null) this.#next(next);
  }

  /** How long until the next look. */
  async #through(): Promise<number> {
    const { pcManager } = this.#room.engine;
    const coming = pcManager?.publisher.getStats();
    const report = coming && (await inTime(coming));
    if (!pcManager || !report || this.#timer === null) return LOOK_MS;
    const moved = this.#moved;
    this.#moved = false;
    const unanswered = pcManager.publisher.getSignallingState() === 'have-local-offer';
    const look = { at: performance.now(), ...wayOf(report.values()), expected: this.#expects(), unanswered, roundTrip: this.#room.engine.client.rtt, moved };
    const [next, remedy] = looked(this.#watch, look);
    this.#watch = next;
    if (remedy === 'search') await pcManager.triggerIceRestart();
    // By its name for tests: it does nothing but give the socket up and take the seat again over a new one.
    if (remedy === 'renew') await this.#room.simulateScenario('signal-reconnect');
    return pauseAfter(next, look.at);
  }

  /** I send something, and so get reports; or something of somebody must come. */
  #expects(): boolean {
    const { localParticipant, remoteParticipants } = this.#room;
    const sends = [...localParticipant.trackPublications.values()].some(({ track, isMuted }) => track && !isMuted);
    return sends || [...remoteParticipants.values()].some((one) =>
      [...one.trackPublications.values()].some(({ track, isMuted, source }) => track && !isMuted && String(source) === 'microphone'));
  }
}

/** What comes, or nothing where it does not come soon: Firefox never tells statistics of a connection that is closed meanwhile. */
function inTime<T>(coming: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, STATISTICS_MS, undefined);
    coming.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Some browsers tell when the device goes to another network. */
function connection(): EventTarget | null {
  const found: unknown = Reflect.get(navigator, 'connection');
  return found instanceof EventTarget ? found : null;
}

/**
 * A try over a network that is gone hangs, and goes on hanging for seconds when it is back: what was lost of it is sent
 * again ever more rarely. livekit-client gives each fifteen seconds, and lets that be said only together with the first try,
 * which must not be cut short.
 */
function shortenTries(room: Room, lostFor: () => number): void {
  const options: unknown = Reflect.get(room.engine, 'signalOpts');
  if (typeof options !== 'object' || options === null) return;
  const whole: unknown = Reflect.get(options, 'websocketTimeout');
  let tries = 0;
  const get = (): unknown => {
    tries += 1;
    return lostFor() > LONG_MS && tries % 2 === 0 ? whole : TRY_MS;
  };
  Reflect.defineProperty(options, 'websocketTimeout', { get, enumerable: true, configurable: true });
}

/** Statistics take some milliseconds, on a busy machine some hundred. */
const STATISTICS_MS = 2_000;
/** Four round trips (connection, TLS, upgrade, the first message) of most lines; later every second try is for all others. */
const TRY_MS = 4_000;
/** After so long it may be the tries that are too short. */
const LONG_MS = 60_000;
