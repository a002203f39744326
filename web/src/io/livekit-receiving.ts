// How I see and hear the others: how loud each is for me, and how much of their pictures is fetched.

import { Track, VideoQuality, type RemoteParticipant, type RemoteTrackPublication, type Room, type TrackPublication } from 'livekit-client';
import { earOf, VIEWING, type Viewing } from '../core/viewing';

export class Receiving {
  readonly #room: Room;
  #viewing: Viewing = VIEWING;
  #hushed = false;
  /** Pictures of which only small ones are asked for. */
  readonly #small = new WeakSet<RemoteTrackPublication>();

  constructor(room: Room) {
    this.#room = room;
  }

  apply(viewing: Viewing): void {
    this.#viewing = viewing;
    for (const one of this.#room.remoteParticipants.values()) this.look(one);
  }

  again(): void {
    this.apply(this.#viewing);
  }

  /** Plays nothing at all, whatever is set for each of them. */
  hush(on: boolean): void {
    this.#hushed = on;
    for (const one of this.#room.remoteParticipants.values()) this.hear(one);
  }

  look(one: RemoteParticipant): void {
    for (const publication of one.trackPublications.values()) {
      if (publication.source === Track.Source.Camera) this.#see(publication);
    }
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

  #see(publication: RemoteTrackPublication): void {
    const { saver } = this.#viewing;
    if ((saver !== 'sound') !== publication.isDesired) publication.setSubscribed(saver !== 'sound');
    const small = saver === 'data';
    if (saver === 'sound' || small === this.#small.has(publication)) return;
    publication.setVideoQuality(small ? VideoQuality.LOW : VideoQuality.HIGH);
    if (small) this.#small.add(publication);
    else this.#small.delete(publication);
  }
}
