// The browser's offer to install the client as an application, held until the person takes it.

/** Chromium alone makes it; the standard library does not know it. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

const isOffer = (event: Event): event is InstallOffer => 'prompt' in event && typeof event.prompt === 'function';

export class InstallOffers {
  readonly #tell: (can: boolean) => void;
  #offer: InstallOffer | null = null;

  constructor(tell: (can: boolean) => void) {
    this.#tell = tell;
  }

  watch(): void {
    window.addEventListener('beforeinstallprompt', (event) => {
      if (!isOffer(event)) return;
      event.preventDefault(); // else some browsers lay a bar over the page by themselves
      this.#offer = event;
      this.#tell(true);
    });
    window.addEventListener('appinstalled', () => {
      this.#offer = null;
      this.#tell(false);
    });
  }

  /** Asks in the browser's own words. Each offer can be taken once. */
  async take(): Promise<void> {
    const offer = this.#offer;
    this.#offer = null;
    await offer?.prompt().catch(() => undefined);
  }
}
