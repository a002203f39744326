// How this window is reached: the event socket, and what calls do outside of the page: sounds, the title, notices of the system.

import { assertNever } from '../core/never';
import type { Alert } from '../core/calling/watch';
import type { Effect } from '../core/effect';
import type { Event } from '../core/event';
import { EventLine } from './events';
import { watchIdle } from './idle';
import { Ringing } from './ringing';
import { Windows } from './windows';
import type { WindowTitle } from './title';

export type ReachEffect = Extract<Effect, { type: 'attend' | 'quit' | 'here' | 'here/end' | 'calling/sound' | 'calling/hush' | 'calling/alert' | 'notices/ask' }>;

export class Reach {
  readonly #tell: (event: Event) => void;
  readonly #events: EventLine;
  readonly #title: WindowTitle;
  readonly #ringing = new Ringing();
  /** Between the windows of this browser: the ids of calls that are to ring without a sound. */
  readonly #hushed: Windows;
  #notice: Notification | null = null;

  constructor(tell: (event: Event) => void, title: WindowTitle) {
    this.#tell = tell;
    this.#events = new EventLine({
      told: (event) => tell({ type: 'told', event }),
      line: (up, restarting) => tell({ type: 'line', up, ...(restarting ? { restarting } : {}) }),
    });
    this.#title = title;
    this.#hushed = new Windows('parlor.hushed', (id) => tell({ type: 'calling/hush', id, elsewhere: true }));
  }

  watch(): void {
    watchIdle((idle) => this.#tell({ type: 'calling/idle', idle }));
  }

  /** Tries a lost line at once. */
  hurry(): void {
    this.#events.hurry();
  }

  take(effect: ReachEffect): void {
    switch (effect.type) {
      case 'attend':
        this.#events.attend(effect.code);
        return;
      case 'quit':
        this.#events.quit();
        return;
      case 'here':
        this.#events.here({ device: effect.device, idle: effect.idle });
        return;
      case 'here/end':
        this.#events.gone();
        return;
      case 'calling/sound':
        this.#ringing.sound(effect.sound, effect.speaker);
        return;
      case 'calling/hush':
        this.#hushed.say(effect.id);
        return;
      case 'calling/alert':
        this.#alert(effect.alert);
        return;
      case 'notices/ask':
        void allowed().then((yes) => this.#tell({ type: 'notices/allowed', allowed: yes }));
        return;
      default:
        assertNever(effect);
    }
  }

  #alert(alert: Alert | null): void {
    this.#title.ring(alert?.title ?? null);
    this.#notice?.close();
    this.#notice = alert !== null && alert.system && !inFront() ? show(alert) : null;
  }
}

const inFront = (): boolean => !document.hidden && document.hasFocus();

async function allowed(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission().catch(() => 'denied')) === 'granted';
}

function show({ id, title, text }: Alert): Notification | null {
  if (!('Notification' in window) || Notification.permission !== 'granted') return null;
  try {
    // Of several windows with one tag the system shows one.
    const notice = new Notification(title, { body: text, tag: id, icon: '/icon-192.png', requireInteraction: true });
    notice.addEventListener('click', () => {
      window.focus();
      notice.close();
    });
    return notice;
  } catch {
    return null; // phones show notices of service workers alone
  }
}
