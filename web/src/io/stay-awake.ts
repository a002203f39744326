// Keeps the screen on during a meeting, where the browser can.

export class StayAwake {
  #lock: WakeLockSentinel | null = null;
  #wanted = false;
  // The browser takes the lock back whenever the page is hidden.
  readonly #again = (): void => {
    if (this.#wanted && document.visibilityState === 'visible') void this.#take();
  };

  start(): void {
    if (this.#wanted || !('wakeLock' in navigator)) return;
    this.#wanted = true;
    document.addEventListener('visibilitychange', this.#again);
    void this.#take();
  }

  end(): void {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.#again);
    void this.#lock?.release();
    this.#lock = null;
  }

  async #take(): Promise<void> {
    const lock = await navigator.wakeLock.request('screen').catch(() => null);
    if (this.#wanted) this.#lock = lock;
    else void lock?.release();
  }
}
