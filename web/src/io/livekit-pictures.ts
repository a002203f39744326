// Pictures by the names that the state knows them by: tracks themselves never enter it.

import type { Track } from 'livekit-client';
import type { End } from '../ports';

export class Pictures {
  readonly #tracks = new Map<string, Track>();
  readonly #names = new WeakMap<Track, string>();

  /** The name of a track, the same for as long as it is not forgotten. */
  name(track: Track): string {
    const known = this.#names.get(track);
    if (known !== undefined) return known;
    const name = `v${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
    this.#names.set(track, name);
    this.#tracks.set(name, track);
    return name;
  }

  forget(track: Track): void {
    const name = this.#names.get(track);
    if (name !== undefined) this.#tracks.delete(name);
    this.#names.delete(track);
  }

  attach(name: string, element: HTMLVideoElement): End {
    const track = this.#tracks.get(name);
    if (!track) return () => undefined;
    track.attach(element);
    return () => {
      track.detach(element);
    };
  }

  close(): void {
    for (const track of this.#tracks.values()) track.detach();
    this.#tracks.clear();
  }
}
