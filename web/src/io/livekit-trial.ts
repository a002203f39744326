// Tries ways of media: somebody sends a picture, somebody else takes it, both of them this page.

import { Room, RoomEvent, Track, type RemoteTrack } from 'livekit-client';
import type { Item, Outcome } from '../core/trial/run';
import type { TrialWay } from '../proto/api.gen';
import { TestPicture } from './test-picture';
import { wayOf } from './livekit-way';
import type { Sources } from './connection-test';

/** How long one way may take until its picture is back. ICE gives up no sooner, and people wait no longer. */
const PATIENCE_MS = 10_000;
/** Packets after which a way is proved: more than a handshake and a stray. */
const ENOUGH = 5;
const LOOK_MS = 100;
/** How long a meeting is watched. */
const WATCH_MS = 3_000;

interface Telling {
  readonly at: (item: Item) => void;
  readonly heard: (item: Item, outcome: Outcome) => void;
  readonly over: AbortSignal;
}

/** Both ends of one way. */
class Pair {
  readonly sends = makeRoom();
  readonly takes = makeRoom();
  readonly #came: Promise<RemoteTrack>;
  readonly #seen = document.createElement('video');

  constructor() {
    this.#came = new Promise((resolve) => {
      this.takes.on(RoomEvent.TrackSubscribed, (track) => {
        if (track.kind === Track.Kind.Video) resolve(track);
      });
    });
    // Pictures that nobody looks at are not always decoded.
    this.#seen.muted = true;
    this.#seen.playsInline = true;
  }

  async connect(server: string, way: TrialWay): Promise<void> {
    const options = {
      maxRetries: 0,
      peerConnectionTimeout: PATIENCE_MS,
      websocketTimeout: PATIENCE_MS,
      ...(way.over === 'relay' ? { rtcConfig: { iceTransportPolicy: 'relay' as const } } : {}),
    };
    await Promise.all([this.sends.connect(server, way.sender, options), this.takes.connect(server, way.receiver, options)]);
  }

  async send(track: MediaStreamTrack, source: Track.Source): Promise<void> {
    await this.sends.localParticipant.publishTrack(track, { source, simulcast: false, videoCodec: 'vp8', videoEncoding: { maxBitrate: 1_700_000, maxFramerate: 30 } });
  }

  /** Until so many packets more than `than` have come. */
  async arrives(over: AbortSignal, than = 0): Promise<void> {
    const track = await this.#came;
    track.attach(this.#seen);
    while (!over.aborted && (await this.look()).packets < than + ENOUGH) await pause(LOOK_MS);
  }

  /** What was sent and received so far. */
  async look(): Promise<Look> {
    const [out, back] = await Promise.all([statistics(this.sends), statistics(this.takes)]);
    const sent = out.find((one) => one['type'] === 'outbound-rtp' && one['kind'] === 'video') ?? {};
    const came = back.find((one) => one['type'] === 'inbound-rtp' && one['kind'] === 'video') ?? {};
    const sum = (all: readonly Entry[], type: string, name: string): number => all.filter((one) => one['type'] === type).reduce((before, one) => before + number(one[name]), 0);
    const pair = out.find((one) => one['type'] === 'candidate-pair' && number(one['currentRoundTripTime']) > 0 && (one['nominated'] === true || one['selected'] === true));
    return {
      at: performance.now(),
      door: wayOf(out).door,
      roundTrip: pair ? number(pair['currentRoundTripTime']) * 1_000 : null,
      width: number(sent['frameWidth']),
      height: number(sent['frameHeight']),
      frames: number(sent['framesEncoded']),
      sent: sum(out, 'outbound-rtp', 'bytesSent'),
      packets: number(came['packetsReceived']),
      lost: number(came['packetsLost']),
      seenHeight: number(came['frameHeight']),
      seen: number(came['framesDecoded']),
      received: sum(back, 'inbound-rtp', 'bytesReceived'),
      voiceOut: sum(out.filter(isSound), 'outbound-rtp', 'packetsSent'),
      voiceIn: sum(back.filter(isSound), 'inbound-rtp', 'packetsReceived'),
    };
  }

  async end(): Promise<void> {
    this.#seen.srcObject = null;
    // The tracks are whoever's that gave them.
    await Promise.allSettled([this.sends.disconnect(false), this.takes.disconnect(false)]);
  }
}

type Entry = Readonly<Record<string, unknown>>;

interface Look {
  readonly at: number;
  readonly door: string | null;
  readonly roundTrip: number | null;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly sent: number;
  readonly packets: number;
  readonly lost: number;
  readonly seenHeight: number;
  readonly seen: number;
  readonly received: number;
  readonly voiceOut: number;
  readonly voiceIn: number;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null;
const isSound = (one: Entry): boolean => one['kind'] === 'audio';

/** Everything is taken as it is, whatever the size of a picture on the screen; nothing is tried a second time. */
const makeRoom = (): Room => new Room({ singlePeerConnection: true, adaptiveStream: false, dynacast: false, disconnectOnPageLeave: true });

async function statistics(room: Room): Promise<readonly Entry[]> {
  const report = await room.engine.pcManager?.publisher.getStats();
  const all: unknown[] = report ? [...report.values()] : [];
  return all.filter(isEntry);
}

/** Done with `work`, unless it takes too long or is given up; what fails is as good as silence. */
async function within(work: Promise<void>, over: AbortSignal): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
    over.addEventListener('abort', () => resolve(false), { once: true });
  });
  const done = work.then(() => true, () => false);
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result && !over.aborted;
}

/** Whether a picture passes over one way alone. */
export async function tryWay(server: string, way: TrialWay, over: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  const silent = (): Outcome => ({ is: 'silent', seconds: Math.max(1, Math.round((performance.now() - start) / 1_000)) });
  const pair = new Pair();
  const picture = new TestPicture(640, 360);
  const stop = new AbortController();
  const passes = async (): Promise<void> => {
    await pair.connect(server, way);
    await pair.send(picture.track, Track.Source.Camera);
    await pair.arrives(stop.signal);
  };
  try {
    if (!(await within(passes(), over))) return silent();
    const { door, roundTrip } = await pair.look();
    // The server told of this way alone; whatever else carries it is none that is proved.
    return door === null || door === way.over ? { is: 'answered', ms: roundTrip } : silent();
  } finally {
    stop.abort();
    picture.end();
    await pair.end();
  }
}

/** Watches a meeting for a while, and whether the page was seen all the time. */
async function watch(pair: Pair, over: AbortSignal): Promise<{ readonly before: Look; readonly after: Look; readonly hidden: boolean }> {
  let { hidden } = document;
  const look = (): void => {
    hidden ||= document.hidden;
  };
  document.addEventListener('visibilitychange', look);
  try {
    const before = await pair.look();
    for (const end = before.at + WATCH_MS; performance.now() < end && !over.aborted;) await pause(LOOK_MS);
    return { before, after: await pair.look(), hidden };
  } finally {
    document.removeEventListener('visibilitychange', look);
  }
}

/** A meeting of two as it would be: what is sent, what arrives, and whether it comes back after a cut. */
export async function tryMeeting(server: string, way: TrialWay, sources: Sources, { at, heard, over }: Telling): Promise<void> {
  const start = performance.now();
  const seconds = (from = start): number => Math.max(1, Math.round((performance.now() - from) / 1_000));
  const pair = new Pair();
  const picture = sources.camera === null ? new TestPicture(1_280, 720) : null;
  const stop = new AbortController();
  try {
    at('sending');
    const passes = async (): Promise<void> => {
      await pair.connect(server, way);
      if (sources.microphone) await pair.send(sources.microphone, Track.Source.Microphone);
      const camera = sources.camera ?? picture?.track;
      if (camera) await pair.send(camera, Track.Source.Camera);
      await pair.arrives(stop.signal);
    };
    if (!(await within(passes(), over))) {
      heard('sending', { is: 'silent', seconds: seconds() });
      heard('receiving', { is: 'needless' });
      heard('return', { is: 'needless' });
      return;
    }
    const watched = await watch(pair, over);
    if (over.aborted) return;
    const { before, after } = watched;
    const sound = (name: 'voiceOut' | 'voiceIn'): boolean => sources.microphone === null || after[name] > before[name];
    const span = (after.at - before.at) / 1_000;
    const kbps = (bytes: number): number => (bytes * 8) / 1_000 / span;
    heard('sending', watched.hidden ? { is: 'hidden' } : { is: 'sent', width: after.width, height: after.height, fps: (after.frames - before.frames) / span, kbps: kbps(after.sent - before.sent), sound: sound('voiceOut') });
    at('receiving');
    const lost = Math.max(0, after.lost - before.lost);
    const whole = lost + after.packets - before.packets;
    heard('receiving', watched.hidden ? { is: 'hidden' } : { is: 'received', height: after.seenHeight, fps: (after.seen - before.seen) / span, lost: whole > 0 ? lost / whole : 0, kbps: kbps(after.received - before.received), sound: sound('voiceIn') });
    at('return');
    const cut = performance.now();
    const packets = after.packets;
    const returns = async (): Promise<void> => {
      const back = new Promise<void>((resolve) => {
        pair.sends.once(RoomEvent.Reconnected, () => resolve());
      });
      await pair.sends.simulateScenario('signal-reconnect');
      await back;
      await pair.arrives(stop.signal, Math.max(packets, (await pair.look()).packets));
    };
    heard('return', (await within(returns(), over)) ? { is: 'answered', ms: performance.now() - cut } : { is: 'silent', seconds: seconds(cut) });
  } finally {
    stop.abort();
    picture?.end();
    await pair.end();
  }
}
