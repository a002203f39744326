// A picture that moves and shows nobody: for what is tried without a camera.

/** Fifteen a second: enough to see how a line carries pictures. */
const FRAME_MS = 66;

const BARS = 6;

export class TestPicture {
  readonly track: MediaStreamTrack;
  readonly #canvas = document.createElement('canvas');
  readonly #timer: ReturnType<typeof setInterval>;
  /** The system's own two: they differ, whatever the theme. */
  readonly #ground = 'Canvas';
  readonly #figure = 'CanvasText';
  #frame = 0;

  constructor(width: number, height: number) {
    this.#canvas.width = width;
    this.#canvas.height = height;
    // Before the stream is taken: without a context there is nothing to capture (Firefox says so by throwing).
    this.#draw();
    const [track] = this.#canvas.captureStream().getVideoTracks();
    if (!track) throw new Error('a canvas has one picture');
    this.track = track;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.track.stop();
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const { width, height } = this.#canvas;
    context.fillStyle = this.#ground;
    context.fillRect(0, 0, width, height);
    context.fillStyle = this.#figure;
    // Bars that wander at paces of their own: every frame differs from the one before in many places.
    for (let bar = 0; bar < BARS; bar += 1) {
      const x = (this.#frame * (5 + bar * 3) + bar * 97) % width;
      context.fillRect(x, (bar * height) / BARS, width / 8, height / BARS / 2);
    }
    this.#frame += 1;
  }
}
