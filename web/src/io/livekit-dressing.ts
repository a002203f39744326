// What is done to my sound and picture before they are sent: opened when it is switched on, ended when it is switched off.

import { LocalAudioTrack, LocalVideoTrack, type LocalTrack } from 'livekit-client';
import type { Capture } from '../core/state';
import type { Dressing, Viewing } from '../core/viewing';
import type { TrackEffect } from './track-effect';

/** What we opened, to know it again on a track. */
const OURS = new WeakMap<object, TrackEffect>();

function effectOf(track: Pick<LocalTrack, 'getProcessor'>): TrackEffect | null {
  const effect = track.getProcessor();
  return effect ? (OURS.get(effect) ?? null) : null;
}

/** What is told of them. */
export interface DressingListener {
  /** It did not start, or broke while it `ran`. */
  undressed(dressing: Dressing, ran: boolean): void;
  /** It takes more than this machine has. */
  strained(dressing: Dressing): void;
}

export class Dressings {
  readonly #listener: DressingListener;
  #wanted: Readonly<Record<Dressing, boolean>> = { noise: false, blur: false };

  constructor(listener: DressingListener) {
    this.#listener = listener;
  }

  want({ noise, blur }: Viewing): void {
    this.#wanted = { noise, blur };
  }

  /** Brings what is wanted of a kind to this machine. What cannot be fetched is told when it is opened. */
  async fetch(kind: Capture): Promise<void> {
    try {
      if (kind === 'microphone' && this.#wanted.noise) await (await import('./effects-noise')).fetchNoise();
      if (kind === 'camera' && this.#wanted.blur) await (await import('./effects-blur')).fetchBlur();
    } catch {
      // as it says
    }
  }

  /** The device behind a track, also where something stands between it and what is sent. */
  deviceTrack(track: Pick<LocalTrack, 'getProcessor' | 'mediaStreamTrack'>): MediaStreamTrack {
    return effectOf(track)?.source ?? track.mediaStreamTrack;
  }

  /**
   * Puts on a track what is wanted, and takes off what is not. Fails when a picture could not be blurred: whoever wanted
   * that must not be sent as they are. Sound that could not be cleaned is sent as it is, and that is told. Tells whether
   * anything changed.
   */
  async dress(track: LocalTrack): Promise<boolean> {
    if (track instanceof LocalAudioTrack) return this.#audio(track);
    return track instanceof LocalVideoTrack ? this.#video(track) : false;
  }

  async #audio(track: LocalAudioTrack): Promise<boolean> {
    const on = effectOf(track) !== null;
    if (on === this.#wanted.noise) return false;
    if (on) {
      await track.stopProcessor();
      return true;
    }
    try {
      const { openNoise } = await import('./effects-noise');
      const effect = await openNoise(() => this.#listener.undressed('noise', true));
      OURS.set(effect, effect);
      try {
        await track.setAudioContext(effect.context);
        await track.setProcessor(effect);
        return true;
      } catch (error) {
        await effect.destroy();
        throw error;
      }
    } catch {
      this.#listener.undressed('noise', false);
      return false;
    }
  }

  async #video(track: LocalVideoTrack): Promise<boolean> {
    const on = effectOf(track) !== null;
    if (on === this.#wanted.blur) return false;
    if (on) {
      await track.stopProcessor();
      return true;
    }
    const effect = await this.blur();
    try {
      await track.setProcessor(effect);
      return true;
    } catch (error) {
      await effect.destroy();
      this.#listener.undressed('blur', false);
      throw error;
    }
  }

  get blurs(): boolean {
    return this.#wanted.blur;
  }

  /** For a camera that is only being opened. */
  async blur(): Promise<TrackEffect> {
    try {
      const { openBlur } = await import('./effects-blur');
      const effect = await openBlur({
        broken: () => this.#listener.undressed('blur', true),
        slow: () => this.#listener.strained('blur'),
      });
      OURS.set(effect, effect);
      return effect;
    } catch (error) {
      this.#listener.undressed('blur', false);
      throw error;
    }
  }
}
