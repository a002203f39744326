// My share: one screen, sharp or fluent, and standing still while it is paused.

import { LocalVideoTrack, RoomEvent, Track, type LocalTrack, type LocalTrackPublication, type Room, type ScreenShareCaptureOptions } from 'livekit-client';
import type { ShareMode } from '../core/viewing';
import type { MediaListener, ShareOutcome } from './media-session';

interface Tuning {
  readonly hint: 'text' | 'motion';
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
  /** What gives way when the line is narrow. */
  readonly keeps: RTCDegradationPreference;
}

/** Text needs every point and few frames: the encoder goes down to 5 before points are lost. Motion needs its frames. */
const TUNING: Readonly<Record<ShareMode, Tuning>> = {
  text: { hint: 'text', framesPerSecond: 15, bitsPerSecond: 2_500_000, keeps: 'maintain-resolution' },
  motion: { hint: 'motion', framesPerSecond: 30, bitsPerSecond: 4_000_000, keeps: 'maintain-framerate' },
};

/** As it is on the screen: no browser makes it larger than that. */
const FULL = { width: 3840, height: 2160 };

const CAPTURE: ScreenShareCaptureOptions = {
  audio: true,
  contentHint: 'text',
  resolution: { ...FULL, frameRate: TUNING.text.framesPerSecond },
  surfaceSwitching: 'include',
  systemAudio: 'include',
};

/** A tab that is shared with its sound plays something; all else is to be read. */
function fitting(tracks: readonly LocalTrack[]): ShareMode {
  const picture = tracks.find((track) => track.source === Track.Source.ScreenShare);
  const tab = picture?.mediaStreamTrack.getSettings().displaySurface === 'browser';
  return tab && tracks.some((track) => track.source === Track.Source.ScreenShareAudio) ? 'motion' : 'text';
}

export class Sharing {
  readonly #room: Room;
  readonly #listener: Pick<MediaListener, 'tuned' | 'shareSounds'>;
  #paused = false;
  /** Whether its sound is to be heard, if it has any. */
  #sounds = true;

  constructor(room: Room, listener: Pick<MediaListener, 'tuned' | 'shareSounds'>) {
    this.#room = room;
    this.#listener = listener;
    room
      .on(RoomEvent.LocalTrackPublished, ({ source }) => this.#sounding(source, true))
      .on(RoomEvent.LocalTrackUnpublished, ({ source }) => this.#sounding(source, false));
  }

  #sounding(source: Track.Source, there: boolean): void {
    if (source === Track.Source.ScreenShareAudio) this.#listener.shareSounds(there);
  }

  async turn(on: boolean): Promise<ShareOutcome> {
    try {
      if (on) return await this.#start();
      await this.#room.localParticipant.setScreenShareEnabled(false);
      return 'cancelled';
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async #start(): Promise<ShareOutcome> {
    const me = this.#room.localParticipant;
    this.#paused = false;
    this.#sounds = true;
    const tracks = await me.createScreenTracks(CAPTURE);
    try {
      const mode = fitting(tracks);
      const tuning = TUNING[mode];
      for (const track of tracks) {
        if (track instanceof LocalVideoTrack) await this.#capture(track, tuning);
        await me.publishTrack(track, {
          screenShareEncoding: { maxBitrate: tuning.bitsPerSecond, maxFramerate: tuning.framesPerSecond },
          degradationPreference: tuning.keeps,
        });
      }
      this.#listener.tuned(mode);
      return 'shared';
    } catch (error) {
      for (const track of tracks) {
        void me.unpublishTrack(track).catch(() => undefined);
        track.stop();
      }
      throw error;
    }
  }

  async #capture(track: LocalVideoTrack, { hint, framesPerSecond }: Tuning): Promise<void> {
    track.mediaStreamTrack.contentHint = hint;
    const frameRate = { ideal: framesPerSecond, max: framesPerSecond };
    // Safari refuses to change what it captures; it goes on as it was then.
    await track.mediaStreamTrack.applyConstraints({ width: { ideal: FULL.width }, height: { ideal: FULL.height }, frameRate }).catch(() => undefined);
  }

  /** Tunes the share that runs. */
  async tune(mode: ShareMode): Promise<void> {
    const track = this.#picture();
    if (!track) return;
    const tuning = TUNING[mode];
    await this.#capture(track, tuning);
    const { sender } = track;
    if (!sender) return;
    const parameters = sender.getParameters();
    const [first] = parameters.encodings.toSorted((a, b) => (b.maxBitrate ?? 0) - (a.maxBitrate ?? 0));
    for (const encoding of parameters.encodings) {
      encoding.maxFramerate = tuning.framesPerSecond;
      if (encoding === first) encoding.maxBitrate = tuning.bitsPerSecond;
    }
    await sender.setParameters(parameters).catch(() => undefined);
    await track.setDegradationPreference(tuning.keeps);
  }

  /** Nothing is sent while it is paused, and the others are told: their last picture stays. */
  async pause(on: boolean): Promise<void> {
    this.#paused = on;
    const picture = this.#picture();
    if (on) {
      await picture?.pauseUpstream();
      // Whatever may be sent in spite of it, as after a broken line, is black.
      if (picture && this.#paused) picture.mediaStreamTrack.enabled = false;
      await this.#sound()?.mute();
      return;
    }
    if (picture) picture.mediaStreamTrack.enabled = true;
    await picture?.resumeUpstream();
    if (this.#sounds) await this.#sound()?.unmute();
  }

  /** Lets its sound be heard, or not; while it is paused nothing is. */
  async sound(on: boolean): Promise<void> {
    this.#sounds = on;
    if (!on) await this.#sound()?.mute();
    else if (!this.#paused) await this.#sound()?.unmute();
  }

  /** The session was made anew, and what was paused was sent again with it. */
  async again(): Promise<void> {
    if (!this.#sounds || this.#paused) await this.#sound()?.mute();
    if (!this.#paused) return;
    const picture = this.#picture();
    await picture?.resumeUpstream();
    if (this.#paused) await picture?.pauseUpstream();
  }

  #sound(): LocalTrackPublication | undefined {
    return this.#room.localParticipant.getTrackPublication(Track.Source.ScreenShareAudio);
  }

  #picture(): LocalVideoTrack | null {
    const track = this.#room.localParticipant.getTrackPublication(Track.Source.ScreenShare)?.track;
    return track instanceof LocalVideoTrack ? track : null;
  }
}

function outcomeOf(error: unknown): ShareOutcome {
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : '';
  if (name === 'NotAllowedError') return /system/i.test(message) ? 'refused-system' : 'cancelled';
  if (name === 'DeviceUnsupportedError') return 'unsupported';
  // Firefox speaks so when the system forbids it.
  return name === 'NotFoundError' ? 'refused-system' : 'failed';
}
