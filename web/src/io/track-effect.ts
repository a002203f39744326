// The seam between a track that is sent and what is done to it before. Those who do it know nothing of who carries it.

/** Something between a microphone or camera and what is sent. Whoever opens one ends it with [destroy], also when it was never used. */
export interface TrackEffect {
  readonly name: string;
  /** What goes in: the device itself. */
  readonly source: MediaStreamTrack | null;
  /** What comes out. */
  processedTrack?: MediaStreamTrack;
  init(on: { readonly track: MediaStreamTrack }): Promise<void>;
  /** Another device, or the same one opened anew. */
  restart(on: { readonly track: MediaStreamTrack }): Promise<void>;
  destroy(): Promise<void>;
}
