// Who is in, as the media session tells it.

/** A participant as the media session knows it. Track ids are names for pictures that `io/` holds. */
export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly microphone: boolean;
  readonly camera: string | null;
  /** The server holds the camera's picture back, for want of room on the line. */
  readonly cameraHeld: boolean;
  /** The name of the share, from its beginning to its end, taken or not. */
  readonly share: string | null;
  /** Its picture, while it is taken. */
  readonly screen: string | null;
  readonly screenHeld: boolean;
  /** The share stands still: its last picture stays. */
  readonly sharePaused: boolean;
  /** `away`: nothing has come for a moment, `lost`: for longer. */
  readonly connection: 'good' | 'weak' | 'away' | 'lost';
}
