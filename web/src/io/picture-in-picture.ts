// The small window above all others: a page of its own where the browser has that, else the picture of one tile.

import type { End } from '../ports';

/** Enough for one picture and a row of keys. */
const SIZE = { width: 384, height: 272 };

interface DocumentPictureInPicture {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
}

export function pictureInPicture(): 'document' | 'video' | 'none' {
  if ('documentPictureInPicture' in window) return 'document';
  return 'pictureInPictureEnabled' in document && document.pictureInPictureEnabled ? 'video' : 'none';
}

export class SmallWindow {
  readonly #told: (open: boolean) => void;
  readonly #shows = new Set<(place: HTMLElement | null) => void>();
  #window: Window | null = null;
  #place: HTMLElement | null = null;
  #asking = false;

  constructor(told: (open: boolean) => void) {
    this.#told = told;
  }

  /** To be called at a press: browsers open none without. `key` names the tile for a window that can hold a picture alone. */
  async open(key: string | null): Promise<void> {
    if (this.#asking || this.#window) return;
    this.#asking = true;
    try {
      await (window.documentPictureInPicture ? this.#page(window.documentPictureInPicture) : this.#picture(key));
    } catch {
      this.#told(false); // refused, or the press is too long ago
    } finally {
      this.#asking = false;
    }
  }

  close(): void {
    this.#window?.close();
    this.#left();
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined);
  }

  /** Tells the element to draw in, at once and at each change; null while there is no window. */
  subscribe(show: (place: HTMLElement | null) => void): End {
    this.#shows.add(show);
    show(this.#place);
    return () => {
      this.#shows.delete(show);
    };
  }

  async #page(maker: DocumentPictureInPicture): Promise<void> {
    const small = await maker.requestWindow(SIZE);
    const there = small.document;
    for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) there.head.append(there.importNode(sheet, true));
    Object.assign(there.documentElement.dataset, { ...document.documentElement.dataset });
    there.documentElement.lang = document.documentElement.lang;
    there.documentElement.dir = document.documentElement.dir;
    there.title = document.title;
    const place = there.createElement('div');
    there.body.append(place);
    this.#window = small;
    small.addEventListener('pagehide', () => {
      if (this.#window === small) this.#left();
    });
    this.#show(place);
    this.#told(true);
  }

  async #picture(key: string | null): Promise<void> {
    const tile = [...document.querySelectorAll<HTMLElement>('main [data-key]')].find((one) => one.dataset['key'] === key);
    const video = tile?.querySelector('video');
    if (!video) {
      this.#told(false);
      return;
    }
    await video.requestPictureInPicture();
    video.addEventListener('leavepictureinpicture', () => this.#told(false), { once: true });
    this.#told(true);
  }

  #left(): void {
    if (!this.#window) return;
    this.#window = null;
    this.#show(null);
    this.#told(false);
  }

  #show(place: HTMLElement | null): void {
    this.#place = place;
    for (const show of this.#shows) show(place);
  }
}
