// How this window is reached: the event socket, and what calls do outside of the page: sounds, the title, notices of the system.

import { assertNever } from '../core/never';
import { ringsHere } from '../core/calling/calling';
import type { Alert } from '../core/calling/watch';
import type { Effect } from '../core/effect';
import type { Event } from '../core/event';
import { say } from '../i18n/text';
import type { Call } from '../proto/api.gen';
import { isFields, isText } from '../proto/shape';
import { EventLine } from './events';
import { watchIdle } from './idle';
import { Ringing } from './ringing';
import { Windows } from './windows';
import { wokenHere } from './woken-kept';
import type { WindowTitle } from './title';

export type ReachEffect = Extract<Effect, { type: 'attend' | 'quit' | 'here' | 'here/end' | 'calling/sound' | 'calling/hush' | 'calling/alert' | 'calling/free' | 'calling/free-over' | 'notices/ask' | 'push' }>;

export class Reach {
  readonly #tell: (event: Event) => void;
  readonly #events: EventLine;
  readonly #title: WindowTitle;
  readonly #ringing = new Ringing();
  /** Between the windows of this browser: the ids of calls that are to ring without a sound. */
  readonly #hushed: Windows;
  /** The call that was answered in a notice of the system, until it rings here. */
  #answered: string | null = null;
  /** The calls that ring here, as last told. */
  #rings: readonly string[] = [];

  constructor(tell: (event: Event) => void, title: WindowTitle) {
    this.#tell = tell;
    this.#events = new EventLine({
      told: (event) => {
        tell({ type: 'told', event });
        if (event.event === 'calls') this.#listed(event.calls);
      },
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
        if (mayShow() && !inFront()) void outside().then(({ free }) => free(effect)).catch(() => undefined);
        return;
      case 'calling/free-over':
        if (mayShow()) void outside().then(({ freeOver }) => freeOver(effect.account)).catch(() => undefined);
        return;
      case 'push':
        if (effect.to === 'renew' && !wokenHere(effect.account)) return;
        void outside().then(({ push }) => push(effect)).then(this.#tell, () => this.#tell({ type: 'push', on: effect.to === 'off', wrong: say('trouble.network') }));
        return;
      case 'notices/ask':
        void allowed().then((yes) => this.#tell({ type: 'notices/allowed', allowed: yes, ...(effect.wakes === true ? { wakes: true } : {}) }));
        return;
      default:
        assertNever(effect);
    }
  }

  #alert(alert: Alert | null): void {
    this.#title.ring(alert?.title ?? null);
    const answers = alert !== null && alert.id === this.#answered;
    if (answers) this.#answered = null;
    if (answers) this.#tell({ type: 'calling/answer', id: alert.id, video: false, keep: true });
    if (!mayShow()) return;
    const shown = alert !== null && alert.system && !answers && !inFront() ? alert : null;
    void outside().then(({ show }) => show(shown)).catch(() => undefined);
  }

  /** Answered outside of this page: at once if it rings here, and else as soon as it does. */
  #answer(id: string): void {
    this.#answered = this.#rings.includes(id) ? null : id;
    if (this.#answered === null) this.#tell({ type: 'calling/answer', id, video: false, keep: true });
    else this.hurry();
  }

  /** What was answered before a list told of it is in the next one, or over. */
  #listed(calls: readonly Call[]): void {
    this.#rings = calls.filter(ringsHere).map(({ id }) => id);
    const id = this.#answered;
    if (id === null) return;
    this.#answered = null;
    this.#tell(this.#rings.includes(id) ? { type: 'calling/answer', id, video: false, keep: true } : { type: 'calling/gone' });
  }
}

/** How a page is opened to answer a call. */
const ANSWER = '#answer=';

const outside = () => import('./outside');

const mayShow = (): boolean => 'Notification' in window && Notification.permission === 'granted';

const inFront = (): boolean => !document.hidden && document.hasFocus();

async function allowed(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission().catch(() => 'denied')) === 'granted';
}
