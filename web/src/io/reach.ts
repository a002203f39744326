// How this window is reached: the event socket, and what calls do outside of the page: sounds, the title, notices of the system.

import { assertNever } from '../core/never';
import type { Alert } from '../core/calling/watch';
import type { Effect } from '../core/effect';
import type { Event } from '../core/event';
import { say } from '../i18n/text';
import { isFields, isText } from '../proto/shape';
import { EventLine } from './events';
import { watchIdle } from './idle';
import { Ringing } from './ringing';
import { Windows } from './windows';
import type { WindowTitle } from './title';

export type ReachEffect = Extract<Effect, { type: 'attend' | 'quit' | 'here' | 'here/end' | 'calling/sound' | 'calling/hush' | 'calling/alert' | 'calling/free' | 'notices/ask' | 'push' }>;

export class Reach {
  readonly #tell: (event: Event) => void;
  readonly #events: EventLine;
  readonly #title: WindowTitle;
  readonly #ringing = new Ringing();
  /** Between the windows of this browser: the ids of calls that are to ring without a sound. */
  readonly #hushed: Windows;
  /** The call that was answered in a notice of the system, until it rings here. */
  #answered: string | null = null;

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
    // By the service worker: see src/worker/calls.ts.
    if ('serviceWorker' in navigator) {
      navigator.serviceWorker.addEventListener('message', ({ data }) => {
        if (isFields(data) && isText(data['answer'])) this.#answer(data['answer']);
      });
    }
    const { hash, pathname } = location;
    if (hash.startsWith(ANSWER)) {
      history.replaceState(null, '', pathname);
      this.#answered = hash.slice(ANSWER.length);
    }
    watchIdle((idle) => this.#tell({ type: 'calling/idle', idle }));
    document.addEventListener('visibilitychange', () => this.#tell({ type: 'talks/front', front: !document.hidden }));
    // A line that broke in the dark, or with the network, is not left to its pauses: a ring does not wait for them.
    window.addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.hurry();
    });
  }

  /** Tries a lost line at once, and asks one that stands whether it lives. */
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
      case 'calling/free':
        if ('Notification' in window && Notification.permission === 'granted' && !inFront()) void outside().then(({ free }) => free(effect)).catch(() => undefined);
        return;
      case 'push':
        void outside().then(({ push }) => push(effect)).then(this.#tell, () => this.#tell({ type: 'push', on: effect.to === 'off', wrong: say('trouble.network') }));
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
    const answers = alert !== null && alert.id === this.#answered;
    if (alert === null || answers) this.#answered = null;
    if (answers) this.#tell({ type: 'calling/answer', id: alert.id, video: false, keep: true });
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const shown = alert !== null && alert.system && !answers && !inFront() ? alert : null;
    void outside().then(({ show }) => show(shown)).catch(() => undefined);
  }

  /** Answered outside of this page: at once if it rings here, and else as soon as it does. */
  #answer(id: string): void {
    this.#answered = id;
    this.#tell({ type: 'calling/answer', id, video: false, keep: true });
  }
}

/** How a page is opened to answer a call. */
const ANSWER = '#answer=';

const outside = () => import('./outside');

const inFront = (): boolean => !document.hidden && document.hasFocus();

async function allowed(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission().catch(() => 'denied')) === 'granted';
}
