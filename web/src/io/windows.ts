// A word from one window of this browser to all its others. A channel knows no origin to send to: it has its own alone.

export class Windows {
  readonly #channel: BroadcastChannel | null;

  constructor(name: string, heard: (word: string) => void) {
    this.#channel = 'BroadcastChannel' in window ? new BroadcastChannel(name) : null;
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') heard(data);
    });
  }

  say(word: string): void {
    this.#channel?.postMessage(word);
  }
}
