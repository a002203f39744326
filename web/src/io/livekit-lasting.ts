// The others while nothing comes from them, and when they have just come back: trouble shows step by step, and what they
// showed before a new beginning counts until they send it again.

import { RemoteAudioTrack, Track, type Participant, type Room } from 'livekit-client';
import type { Person } from '../core/state';

/** How often it is listened for those who send. */
const LOOK_MS = 500;
/** Nothing heard for this long shows as a small mark: voices come fifty times a second, silence at least twice. */
const AWAY_MS = 2_000;
/** After this long it is no hiccup any more: the picture greys. */
const LOST_MS = 10_000;
/** So long whoever comes in anew under the same name has to send again what was sent before: twice what that takes. */
const AGAIN_MS = 4_000;

interface Known {
  readonly sid: string;
  readonly person: Person;
  /** As it was in the stay before, and until when that counts. */
  readonly before: { readonly person: Person; readonly until: number } | null;
}

interface Heard {
  readonly packet: number;
  readonly at: number;
}

export class Lasting {
  readonly #room: Room;
  readonly #tell: () => void;
  readonly #known = new Map<string, Known>();
  /** The last packet of a voice, and when it was new. */
  readonly #heard = new Map<string, Heard>();
  /** Since when nothing comes from somebody. */
  readonly #trouble = new Map<string, number>();
  #timer: number | null = null;

  constructor(room: Room, tell: () => void) {
    this.#room = room;
    this.#tell = tell;
  }

  begin(): void {
    this.#timer = window.setInterval(() => this.#look(performance.now()), LOOK_MS);
  }

  close(): void {
    if (this.#timer !== null) window.clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Somebody as they are to be shown. */
  seen(one: Participant, now: Person, at: number = performance.now()): Person {
    if (one.isLocal) return now;
    const known = this.#known.get(one.identity);
    const before = known === undefined ? null
      : known.sid === one.sid ? known.before
      : { person: known.person, until: at + AGAIN_MS };
    const person = withTrouble(before !== null && at < before.until ? asBefore(one, now, before.person) : now, this.#since(now, at), at);
    this.#known.set(one.identity, { sid: one.sid, person, before });
    return person;
  }

  #since({ identity, connection }: Person, at: number): number | null {
    if (connection === 'lost' && !this.#trouble.has(identity)) this.#trouble.set(identity, at);
    return this.#trouble.get(identity) ?? null;
  }

  #look(at: number): void {
    const others = [...this.#room.remoteParticipants.values()];
    const silent = others.filter((one) => this.#isSilent(one, at));
    // Where nobody is heard, it is my own line.
    const mine = silent.length > 1 && silent.length === others.filter((one) => voiceOf(one) !== null).length;
    let tell = false;
    for (const one of others) {
      const { identity } = one;
      const lost = !mine && (silent.includes(one) || one.connectionQuality === 'lost');
      const since = this.#trouble.get(identity);
      if (!lost) tell = this.#trouble.delete(identity) || tell;
      else if (since === undefined) this.#trouble.set(identity, silent.includes(one) ? at - AWAY_MS : at);
      const shown = this.#known.get(identity);
      const stale = shown?.before !== null && shown?.before !== undefined && at >= shown.before.until && at - LOOK_MS < shown.before.until;
      tell ||= stale || (lost && step(since ?? at, at) !== shown?.person.connection);
    }
    for (const map of [this.#known, this.#heard, this.#trouble]) {
      for (const identity of map.keys()) if (!this.#room.remoteParticipants.has(identity)) map.delete(identity);
    }
    if (tell) this.#tell();
  }

  #isSilent(one: Participant, at: number): boolean {
    const voice = voiceOf(one);
    if (voice === null) {
      this.#heard.delete(one.identity);
      return false;
    }
    const packet = Math.max(0, ...voice.getSynchronizationSources().map(({ timestamp }) => timestamp));
    const last = this.#heard.get(one.identity);
    if (last === undefined || last.packet !== packet) this.#heard.set(one.identity, { packet, at });
    return last !== undefined && last.packet === packet && packet > 0 && at - last.at >= AWAY_MS;
  }
}

/** What receives somebody's voice, where one is to be heard. */
function voiceOf(one: Participant): RTCRtpReceiver | null {
  const publication = one.getTrackPublication(Track.Source.Microphone);
  const track = publication?.track;
  return publication !== undefined && !publication.isMuted && track instanceof RemoteAudioTrack ? (track.receiver ?? null) : null;
}

const step = (since: number, at: number): Person['connection'] => (at - since >= LOST_MS ? 'lost' : at - since >= AWAY_MS ? 'away' : 'good');

function withTrouble(person: Person, since: number | null, at: number): Person {
  if (since !== null) return { ...person, connection: step(since, at) };
  return person.connection === 'lost' ? { ...person, connection: 'good' } : person;
}

/** With a voice and a share that were there before and are not sent again yet. */
function asBefore(one: Participant, now: Person, before: Person): Person {
  const voice = one.getTrackPublication(Track.Source.Microphone) === undefined && before.microphone;
  const share = one.getTrackPublication(Track.Source.ScreenShare) === undefined ? before.share : now.share;
  return { ...now, microphone: voice || now.microphone, share };
}
