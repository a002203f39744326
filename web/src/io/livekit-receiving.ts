// What I take of the others, as the core decided it, and how loud each is for me.

import {
  RoomEvent, Track, VideoQuality, type RemoteParticipant, type RemoteTrackPublication, type Room, type TrackPublication,
} from 'livekit-client';
import { shareKey } from '../core/selectors';
import { NOTHING, type Most, type Taking } from '../core/taking';
import { earOf, VIEWING, type Viewing } from '../core/viewing';
import { hasten } from './livekit-line';

const QUALITY: Readonly<Record<Most, VideoQuality>> = { low: VideoQuality.LOW, medium: VideoQuality.MEDIUM, high: VideoQuality.HIGH };

export class Receiving {
  readonly #room: Room;
  #viewing: Viewing = VIEWING;
  #taking: Taking = NOTHING;
  #voices: ReadonlySet<string> = new Set();
  #hushed = false;
  /** What was last asked of each; large pictures are what livekit-client begins with. */
  readonly #asked = new WeakMap<RemoteTrackPublication, Most>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** Who is there is known long before the first packet can come: the first are asked for in that time, here and where I come in anew. */
  begin(first: () => Taking): void {
    this.#room.once(RoomEvent.SignalConnected, () => {
      this.take(first());
      hasten(this.#room, () => this.again());
    });
  }

  apply(viewing: Viewing): void {
    this.#viewing = viewing;
    for (const one of this.#room.remoteParticipants.values()) this.hear(one);
  }

  take(taking: Taking): void {
    this.#taking = taking;
    this.#voices = new Set(taking.voices);
    this.#fetch([...this.#room.remoteParticipants.values()]);
  }

  /** Everything as it is set, where it may have been lost. */
  again(): void {
    this.apply(this.#viewing);
    this.take(this.#taking);
  }

  /** Plays nothing at all, whatever is set for each of them. */
  hush(on: boolean): void {
    this.#hushed = on;
    for (const one of this.#room.remoteParticipants.values()) this.hear(one);
  }

  look(one: RemoteParticipant): void {
    this.#fetch([one]);
    this.hear(one);
  }

  /** Phones let no page choose how loud an element is; they know only whether it is. */
  hear(one: RemoteParticipant): void {
    const ear = earOf(this.#viewing, one.identity);
    const { volume } = ear;
    const hushed = ear.hushed || this.#hushed;
    one.setVolume(hushed ? 0 : volume / 100, Track.Source.Microphone);
    one.setVolume(hushed ? 0 : volume / 100, Track.Source.ScreenShareAudio);
    for (const { track } of one.audioTrackPublications.values()) {
      for (const element of track?.attachedElements ?? []) element.muted = hushed;
    }
  }

  /** A share that is paused keeps its last picture: livekit-client would black it out. */
  hold({ source, track, isMuted }: TrackPublication): void {
    if (source === Track.Source.ScreenShare && track && isMuted) track.mediaStreamTrack.enabled = true;
  }

  /** First what is let go of, so that its section is free for what comes. */
  #fetch(all: readonly RemoteParticipant[]): void {
    const each = all.flatMap((one) => [...one.trackPublications.values()].map((publication) => [publication, this.#most(one.identity, publication)] as const));
    for (const [publication, most] of each) {
      if (most === null && publication.isDesired) publication.setSubscribed(false);
    }
    for (const [publication, most] of each) {
      if (most === null) continue;
      if (!publication.isDesired) publication.setSubscribed(true);
      if (publication.kind === Track.Kind.Video) this.#size(publication, most);
    }
  }

  /** In which size a track is taken, if it is. */
  #most(identity: string, { source, kind }: TrackPublication): Most | null {
    switch (source) {
      case Track.Source.Camera:
        return this.#taking.pictures[identity] ?? null;
      case Track.Source.ScreenShare:
        return this.#taking.pictures[shareKey(identity)] ?? null;
      case Track.Source.Microphone:
        return this.#voices.has(identity) ? 'high' : null;
      default:
        // The sound of a share, and of clients that do not say what a sound is of. Pictures of that kind have no tile.
        return kind === Track.Kind.Audio ? 'high' : null;
    }
  }

  #size(publication: RemoteTrackPublication, most: Most): void {
    if ((this.#asked.get(publication) ?? 'high') === most) return;
    publication.setVideoQuality(QUALITY[most]);
    this.#asked.set(publication, most);
  }
}
