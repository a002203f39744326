// The line to the server: how long a broken one is tried again, and what a break takes with it.

import {
  ConnectionState, CriticalTimers, isLocalTrack, RoomEvent,
  type LocalParticipant, type LocalTrack, type ReconnectPolicy, type Room, type Track,
} from 'livekit-client';

/**
 * So long a broken line is tried again, and the server keeps the seat. Whoever finds the server started anew enters anew with
 * the token, which is renewed over the socket every five minutes and is good for ten: so it holds for these five.
 */
const TRIED_MS = 300_000;
/**
 * The first try comes at once. Each further one waits for a sign of life, which is looked for from then on (io/livekit-signs):
 * a try over a network that is gone hangs for seconds, also when it is back, and Firefox makes every socket wait ever longer
 * that follows one that failed. This pause is for networks that let sockets through and no signs.
 */
const PAUSE_MS = 30_000;
/**
 * The least between two tries, in pairs: the server that was started anew answers the first one that it does not know the seat,
 * and the second one then enters anew. Between pairs chance keeps a full house from knocking all at once, within the two seconds
 * after which everybody is to be back.
 */
const SECOND_MS = 100;
const LEAST_MS = 300;
const SCATTER_MS = 1_000;

export const patient: ReconnectPolicy = {
  nextRetryDelayInMs({ elapsedMs, retryCount }) {
    if (elapsedMs > TRIED_MS) return null;
    if (retryCount === 0) return 0;
    least = retryCount % 2 === 1 ? SECOND_MS : LEAST_MS + Math.random() * SCATTER_MS;
    length = PAUSE_MS + Math.random() * SCATTER_MS;
    return length;
  },
};

/** The length of the pause that begins now, and what of it is not to be cut. */
let length: number | null = null;
let least = 0;
/** The pause that lasts. */
let rest: { readonly timer: ReturnType<typeof setTimeout>; readonly end: () => void; readonly from: number; cut: boolean } | null = null;
const pauseBegan = new Set<() => void>();

/** Tells whenever a pause begins. Gives back what ends that. */
export function onPause(began: () => void): () => void {
  pauseBegan.add(began);
  return () => void pauseBegan.delete(began);
}

// livekit-client asks for the length of a pause and at once sets a timer of just that length, with this clock of its own
// that may be exchanged: so a pause can be known, and cut short.
const { setTimeout: start, clearTimeout: stop } = CriticalTimers;
CriticalTimers.setTimeout = (run, ms, ...more) => {
  if (idle && ms === IDLE_MS) {
    idle = false;
    return start(run, 0, ...more);
  }
  if (typeof run !== 'function' || ms !== length) return start(run, ms, ...more);
  length = null;
  const end = (): void => {
    rest = null;
    run(...more);
  };
  const timer = start(end, ms);
  rest = { timer, end, from: performance.now() + least, cut: false };
  for (const began of pauseBegan) began();
  return timer;
};

/**
 * Whoever comes in anew waits in livekit-client for this long before it is looked whether sound and pictures are connected: meant
 * for connections that were there before and may still look alive. A new one does not, and until then nothing of the others is
 * asked for or shown.
 */
const IDLE_MS = 2_000;
/** Whether that wait comes next. */
let idle = false;

/** Lets those who come in anew ask for the others at once; `entered` is called when it is known again who is there. */
export function hasten(room: Room, entered: () => void): void {
  room.engine.on('signalRestarted', () => {
    entered();
    idle = true;
    queueMicrotask(() => {
      idle = false;
    });
  });
}

// Whoever leaves while the line is broken: then nobody waits for the end of the pause, and nothing is to be tried at it.
CriticalTimers.clearTimeout = (timer) => {
  if (rest !== null && timer === rest.timer) rest = null;
  stop(timer);
};

/** Tries at once, or as soon as a try may follow the last one, where the next try waits for the end of a pause. */
export function hurry(): void {
  const pause = rest;
  if (pause === null || pause.cut) return;
  pause.cut = true;
  const end = (): void => {
    if (rest !== pause) return;
    stop(pause.timer);
    pause.end();
  };
  const early = pause.from - performance.now();
  if (early > 0) start(end, early);
  else end();
}

/**
 * After a break livekit-client closes every device and opens it again, in case the computer slept. That takes a second of
 * sound, makes the camera's light blink, and fails where two pages want one camera: so only where a device no longer works.
 */
function keepDevices(me: LocalParticipant, deviceOf: DeviceOf): void {
  const again = me.republishAllTracks.bind(me);
  me.republishAllTracks = (options, restart = true) => {
    const open = [...me.trackPublications.values()].flatMap(({ track, isMuted }) => (isLocalTrack(track) && !isMuted ? [deviceOf(track)] : []));
    return again(options, restart && open.some(({ readyState, muted }) => readyState === 'ended' || muted));
  };
}

/** The device's own track, also where a picture is changed before it is sent. */
type DeviceOf = (track: LocalTrack) => MediaStreamTrack;

export class Line {
  readonly #room: Room;
  #breaks = 0;

  constructor(room: Room, deviceOf: DeviceOf) {
    this.#room = room;
    const broke = (): void => {
      this.#breaks += 1;
    };
    room.on(RoomEvent.SignalReconnecting, broke).on(RoomEvent.Reconnecting, broke);
    keepDevices(room.localParticipant, deviceOf);
  }

  /** How often it has broken. */
  get breaks(): number {
    return this.#breaks;
  }

  /**
   * Whether what was to be sent failed because the line has broken since there were so many breaks. That is no failure to
   * tell of: when the line is back it can be sent again, which livekit-client does only with what had arrived.
   */
  hasLost(source: Track.Source, breaks: number): boolean {
    const broken = this.#breaks !== breaks || this.#room.state !== ConnectionState.Connected;
    return broken && !this.#room.localParticipant.getTrackPublication(source);
  }
}
