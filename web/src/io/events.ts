// The event socket: tells what happens in the room that is attended, and, to those signed in, of people and calls; one for each window.

import type { Ask, Event as Told } from '../proto/api.gen';
import { isEvent } from '../proto/decode';

/** So often a sign of life is sent; half of what proxies commonly wait. */
const PING_MS = 20_000;
/**
 * So many pings in a row without any word: the line is dead, whatever the system says. They are counted, and no clock is looked at:
 * a window that nobody sees is woken once a minute, and answers that came meanwhile are as good as ever.
 */
const UNANSWERED = 2;
/** Who doubts a line asks once more and waits so long: three times what the slowest of usable networks takes. */
const ANSWER_MS = 5_000;
/** A sign of life that is so late was kept back by a machine that slept, or by a window that nobody sees: the line is doubted. */
const LATE_MS = 2 * PING_MS;
/** The first pause before another try; it doubles up to the longest. */
const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** The server says so when it stops and is expected back ("Service Restart", a registered code of RFC 6455, 7.4). */
const RESTART = 1012;

export interface EventListener {
  readonly told: (event: Told) => void;
  /** The line stands and everything is asked for again, or it was lost; `restarting`: because the server starts anew. */
  readonly line: (up: boolean, restarting?: true) => void;
}

/** To which device this window belongs, and whether anybody is at it. */
export interface Here {
  readonly device: string;
  readonly idle: boolean;
}

/** Jitter, so that not everybody comes back at once after a restart. */
export const pause = (tries: number, random: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.5 + random / 2);

export class EventLine {
  readonly #listener: EventListener;
  #socket: WebSocket | null = null;
  #code: string | null = null;
  #here: Here | null = null;
  #tries = 0;
  #again: number | null = null;
  #ping: number | null = null;
  /** When the last sign of life was sent. */
  #pinged = 0;
  /** How many were sent since anything was heard. */
  #unanswered = 0;
  /** Somebody doubts the line, and waits for a word until this rings. */
  #doubt: number | null = null;

  constructor(listener: EventListener) {
    this.#listener = listener;
  }

  /** Follows this room. Asked again for the same room it asks the server again, who then tells everything anew. */
  attend(code: string): void {
    this.#code = code;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ ask: 'attend', code });
    else this.#want();
  }

  /** This window belongs to a device of somebody who is signed in. Said again when it was touched, or has not been for a while. */
  here(here: Here): void {
    this.#here = here;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ ask: 'here', ...here });
    else this.#want();
  }

  /** Nobody is signed in any more: the line was opened in somebody's name, and is closed; a room that is attended gets another. */
  gone(): void {
    if (this.#here === null) return;
    this.#here = null;
    this.#end();
    if (this.#code !== null) this.#open();
  }

  /** Tries a lost line at once, where the next try waits for the end of a pause; one that stands is asked whether it lives. */
  hurry(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ask(this.#socket);
    if (this.#again === null || this.#idle) return;
    window.clearTimeout(this.#again);
    this.#again = null;
    this.#open();
  }

  /** Follows no room any more, and closes the line unless somebody is signed in. */
  quit(): void {
    if (this.#code === null) return;
    this.#code = null;
    this.#send({ ask: 'quit' });
    if (this.#here === null) this.#end();
  }

  /** Nothing is asked for. */
  get #idle(): boolean {
    return this.#code === null && this.#here === null;
  }

  #want(): void {
    if (this.#socket === null && this.#again === null) this.#open();
  }

  #end(): void {
    this.#tries = 0;
    if (this.#again !== null) window.clearTimeout(this.#again);
    this.#again = null;
    const socket = this.#socket;
    this.#socket = null;
    this.#stopPing();
    socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/events`);
    this.#socket = socket;
    const current = (): boolean => this.#socket === socket;
    socket.addEventListener('open', () => {
      if (!current()) return;
      this.#tries = 0;
      this.#unanswered = 0;
      this.#pinged = Date.now();
      this.#listener.line(true);
      if (this.#here !== null) this.#send({ ask: 'here', ...this.#here });
      if (this.#code !== null) this.#send({ ask: 'attend', code: this.#code });
      this.#ping = window.setInterval(() => this.#live(socket), PING_MS);
    });
    socket.addEventListener('message', (message) => {
      if (!current()) return;
      this.#unanswered = 0;
      this.#believe();
      const event = read(message.data);
      if (event !== null && event.event !== 'pong') this.#listener.told(event);
    });
    socket.addEventListener('close', ({ code }) => {
      if (current()) this.#lost(code === RESTART);
    });
  }

  #live(socket: WebSocket): void {
    if (this.#unanswered >= UNANSWERED) {
      this.#giveUp(socket);
      return;
    }
    this.#unanswered += 1;
    if (Date.now() - this.#pinged > LATE_MS) this.#ask(socket);
    else this.#send({ ask: 'ping' });
    this.#pinged = Date.now();
  }

  /** Asks for a word, and takes the line for dead if none comes. */
  #ask(socket: WebSocket): void {
    if (this.#doubt !== null) return;
    this.#send({ ask: 'ping' });
    this.#doubt = window.setTimeout(() => {
      this.#doubt = null;
      this.#giveUp(socket);
    }, ANSWER_MS);
  }

  #believe(): void {
    if (this.#doubt !== null) window.clearTimeout(this.#doubt);
    this.#doubt = null;
  }

  /** A dead line may take minutes to close; it is not waited for. */
  #giveUp(socket: WebSocket): void {
    socket.close();
    if (this.#socket === socket) this.#lost(false);
  }

  #lost(restarting: boolean): void {
    this.#socket = null;
    this.#stopPing();
    if (restarting) this.#listener.line(false, true);
    else this.#listener.line(false);
    if (this.#idle) return;
    // A window that nobody sees is woken once a minute: it tries at once, and only what fails then waits.
    if (document.hidden && this.#tries === 0 && !restarting) {
      this.#tries += 1;
      this.#open();
      return;
    }
    this.#again = window.setTimeout(() => {
      this.#again = null;
      this.#open();
    }, pause(this.#tries, Math.random()));
    this.#tries += 1;
  }

  #stopPing(): void {
    if (this.#ping !== null) window.clearInterval(this.#ping);
    this.#ping = null;
    this.#believe();
  }

  #send(ask: Ask): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(ask));
  }
}

function read(data: unknown): Told | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}
