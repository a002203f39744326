// Measures what a meeting is like here and now, and hands it on; see core/measuring.

import { RoomEvent, Track, type Room } from 'livekit-client';
import { felt, MEASURE_MS, totalsOf, voiceSent, type Totals } from '../core/measuring';
import type { MediaListener } from './media-session';

/** Packets of a voice leave fifty times a second, and of silence twice: within this some do, or none. */
const VOICE_MS = 1_500;

/** Measures a room from the time it is connected until it ends. What is given back looks whether my voice leaves this browser. */
export function measure(room: Room, listener: MediaListener): () => void {
  const measuring = new Measuring(room, listener);
  room.on(RoomEvent.Connected, () => measuring.begin()).on(RoomEvent.Disconnected, () => measuring.close());
  return () => void measuring.lookAtVoice().catch(() => undefined);
}

class Measuring {
  readonly #room: Room;
  readonly #listener: MediaListener;
  #timer: number | null = null;
  #last: { readonly totals: Totals; readonly at: number } | null = null;
  #hidden = false;

  constructor(room: Room, listener: MediaListener) {
    this.#room = room;
    this.#listener = listener;
  }

  begin(): void {
    this.close();
    this.#timer = window.setInterval(() => void this.#measure().catch(() => undefined), MEASURE_MS);
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
    void this.#measure().catch(() => undefined);
  }

  close(): void {
    if (this.#timer !== null) window.clearInterval(this.#timer);
    this.#timer = null;
    this.#last = null;
    document.removeEventListener('visibilitychange', this.#look);
  }

  async lookAtVoice(): Promise<void> {
    const before = await this.#voice();
    await new Promise((resolve) => {
      window.setTimeout(resolve, VOICE_MS);
    });
    this.#listener.voice((await this.#voice()) > before);
  }

  readonly #look = (): void => {
    this.#hidden ||= document.hidden;
  };

  /** Of the microphone alone: the sound of a share leaves by a way of its own. */
  async #voice(): Promise<number> {
    const track = this.#room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    return voiceSent((await track?.sender?.getStats())?.values() ?? []);
  }

  async #stats(): Promise<Iterable<unknown>> {
    return (await this.#room.engine.pcManager?.publisher.getStats())?.values() ?? [];
  }

  async #measure(): Promise<void> {
    const [totals, at, last] = [totalsOf(await this.#stats()), performance.now(), this.#last];
    const hidden = this.#hidden;
    this.#hidden = document.hidden;
    if (this.#timer === null) return;
    this.#last = { totals, at };
    if (last !== null) this.#listener.measured(felt(last.totals, totals, at - last.at, !hidden));
  }
}
