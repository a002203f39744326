// Carries out effects and reports back with events: the only place where the core's wishes meet the browser.

import { assertNever } from '../core/never';
import type { Effect } from '../core/effect';
import type { Event, Route } from '../core/event';
import type { Capture, Settings } from '../core/state';
import { say } from '../i18n/text';
import type { Ports } from '../ports';
import { joinRoom, lookAtRoom, makeRoom } from './api';
import { Clock } from './clock';
import { alreadyGranted, listDevices, openDevices, playTone, Preview } from './devices';
import { Meter, Speaking } from './levels';
import { EntryError, type MediaListener, type MediaSession } from './media-session';
import { keep } from './storage';
import { StayAwake } from './stay-awake';

type Tell = (event: Event) => void;

export const pathOf = (route: Route): string => (route.to === 'start' ? '/' : `/r/${encodeURIComponent(route.code)}`);

export function routeOf(path: string): Route {
  const code = /^\/r\/([^/]+)\/?$/.exec(path)?.[1];
  if (code === undefined) return { to: 'start' };
  try {
    return { to: 'room', code: decodeURIComponent(code) };
  } catch {
    return { to: 'room', code };
  }
}

/** Theme, contrast and language live on the root element; the style sheets follow them. */
export function dress(settings: Settings): void {
  const { dataset } = document.documentElement;
  if (settings.theme === 'system') delete dataset['theme'];
  else dataset['theme'] = settings.theme;
  if (settings.contrast === 'system') delete dataset['contrast'];
  else dataset['contrast'] = settings.contrast;
  document.documentElement.lang = settings.language;
}

export class World {
  readonly #tell: Tell;
  readonly #clock = new Clock();
  readonly #preview = new Preview();
  readonly #awake = new StayAwake();
  readonly #speaking: Speaking;
  readonly #meter: Meter;
  #session: MediaSession | null = null;
  /** Counts attempts to get in, so that one which was given up does not go on. */
  #attempt = 0;
  readonly ports: Ports;

  constructor(tell: Tell) {
    this.#tell = tell;
    this.#meter = new Meter((silent) => tell({ type: 'devices/silent', silent }));
    this.#speaking = new Speaking((identity) => tell({ type: 'call/spoke', identity, at: Date.now() }));
    this.ports = {
      attach: (track, element) => this.#session?.attach(track, element) ?? (() => undefined),
      preview: (element) => this.#preview.attach(element),
      level: (draw) => this.#meter.subscribe(draw),
      speaking: (identity, show) => this.#speaking.subscribe(identity, show),
      everySecond: (tick) => this.#clock.everySecond(tick),
    };
  }

  /** Follows what happens outside of us: the address, plugging and unplugging, the first press. */
  watch(): void {
    window.addEventListener('popstate', () => this.#tell({ type: 'route', route: routeOf(location.pathname) }));
    window.addEventListener('pointerdown', () => this.#meter.wake());
    window.addEventListener('keydown', () => this.#meter.wake());
    if ('mediaDevices' in navigator) {
      navigator.mediaDevices.addEventListener('devicechange', () => void this.#list());
    }
  }

  run(effect: Effect): void {
    switch (effect.type) {
      case 'go':
        history[effect.replace ? 'replaceState' : 'pushState'](null, '', pathOf(effect.route));
        return;
      case 'room/make':
        void this.#make();
        return;
      case 'room/look':
        void this.#look(effect.code);
        return;
      case 'join':
        void this.#join(effect);
        return;
      case 'devices/look':
        void this.#permission();
        return;
      case 'devices/open':
        void this.#open(effect.open);
        return;
      case 'devices/close':
        this.#closePreview(effect.kinds);
        return;
      case 'devices/speaker':
        return; // nothing plays before the meeting but the tone, which is told its speaker
      case 'devices/tone':
        void playTone(effect.speaker);
        return;
      case 'call/switch':
        void this.#session?.turn(effect.kind, effect.on, effect.id);
        return;
      case 'call/device':
        void this.#session?.use(effect.kind, effect.id);
        return;
      case 'call/share':
        void this.#share(effect.on);
        return;
      case 'call/turn-on-sound':
        void this.#session?.turnOnSound();
        return;
      case 'call/leave':
        this.#attempt += 1;
        void this.#session?.leave();
        return;
      case 'fullscreen':
        void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())
          .catch(() => undefined);
        return;
      case 'copy':
        void this.#copy(`${location.origin}${pathOf({ to: 'room', code: effect.code })}`);
        return;
      case 'title':
        document.title = effect.title === null ? 'Parlor' : `${effect.title} · Parlor`;
        return;
      case 'dress':
        dress(effect.settings);
        return;
      case 'remember':
        keep(effect.settings, effect.devices);
        return;
      case 'timer':
        this.#clock.start(effect.timer, effect.ms, (timer) => this.#tell({ type: 'timer', timer }));
        return;
      case 'timer/stop':
        this.#clock.stop(effect.name);
        return;
      default:
        assertNever(effect);
    }
  }

  async #make(): Promise<void> {
    const answer = await makeRoom({});
    this.#tell(answer.ok ? { type: 'room/made', room: answer.value.room } : { type: 'room/failed', text: answer.text });
  }

  async #look(code: string): Promise<void> {
    const answer = await lookAtRoom(code);
    if (answer.ok) this.#tell({ type: 'room/found', view: answer.value });
    else this.#tell(answer.unknown ? { type: 'room/unknown', code } : { type: 'room/failed', text: answer.text });
  }

  async #permission(): Promise<void> {
    this.#tell({ type: 'devices/permission', granted: await alreadyGranted(['camera', 'microphone']) });
    await this.#list();
  }

  async #list(): Promise<void> {
    this.#tell({ type: 'devices/listed', list: await listDevices() });
  }

  async #open(open: Extract<Effect, { type: 'devices/open' }>['open']): Promise<void> {
    for (const opened of await openDevices(open)) {
      if ('trouble' in opened) {
        this.#tell({ type: 'devices/failed', kind: opened.kind, trouble: opened.trouble });
        continue;
      }
      const { kind, track } = opened;
      this.#preview.put(kind, track);
      if (kind === 'microphone') this.#meter.watch(track);
      track.addEventListener('ended', () => void this.#list());
      this.#tell({ type: 'devices/opened', kind, id: track.getSettings().deviceId ?? null });
    }
    await this.#list();
  }

  #closePreview(kinds: readonly Capture[]): void {
    for (const kind of kinds) {
      if (kind === 'microphone') this.#meter.watch(null);
      this.#preview.close(kind);
    }
  }

  async #join(effect: Extract<Effect, { type: 'join' }>): Promise<void> {
    const attempt = (this.#attempt += 1);
    const carrier = import('./livekit-session');
    carrier.catch(() => undefined); // looked at below, after the devices and the server
    if (effect.open.length > 0) {
      this.#tell({ type: 'devices/opening', kinds: effect.open.map(({ kind }) => kind) });
      await this.#open(effect.open);
    }
    const answer = await joinRoom(effect.code, { name: effect.name });
    if (attempt !== this.#attempt) return;
    if (!answer.ok) {
      this.#tell(answer.unknown ? { type: 'join/unknown' } : { type: 'join/refused', text: answer.text });
      return;
    }
    const { token, identity, room } = answer.value;
    try {
      const session = (await carrier).openSession(this.#listener(), effect.speaker);
      await session.enter({ url: location.origin.replace(/^http/, 'ws'), token, identity, speaker: effect.speaker });
      if (attempt !== this.#attempt) {
        await session.leave();
        return;
      }
      this.#session = session;
      this.#awake.start();
      this.#tell({ type: 'call/entered', title: room.title, me: identity, people: session.people(), at: Date.now() });
      for (const kind of effect.publish) {
        const track = this.#preview.take(kind);
        if (track) void session.publish(kind, track);
      }
      this.#closePreview(['camera']);
    } catch (error) {
      this.#tell({ type: 'join/refused', text: entryText(error) });
    }
  }

  #listener(): MediaListener {
    return {
      people: (people) => this.#tell({ type: 'call/people', people }),
      speaking: (identities) => this.#speaking.set(identities),
      link: (link) => this.#tell({ type: 'call/link', link }),
      soundBlocked: (blocked) => this.#tell({ type: 'call/sound', blocked }),
      shared: (sharing) => this.#tell({ type: 'call/shared', sharing }),
      opened: (kind, id) => {
        this.#tell({ type: 'devices/opened', kind, id });
        void this.#list();
      },
      failed: (kind, trouble) => this.#tell({ type: 'devices/failed', kind, trouble }),
      microphone: (track) => this.#meter.watch(track),
      over: (why) => {
        this.#session = null;
        this.#awake.end();
        this.#tell({ type: 'call/over', why, at: Date.now() });
      },
    };
  }

  async #share(on: boolean): Promise<void> {
    const outcome = await this.#session?.share(on);
    if (outcome === 'cancelled') this.#tell({ type: 'call/shared', sharing: false });
    else if (outcome !== undefined && outcome !== 'shared') this.#tell({ type: 'call/share-failed', why: outcome });
  }

  async #copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.#tell({ type: 'copied', done: true });
    } catch {
      this.#tell({ type: 'copied', done: false });
    }
  }
}

function entryText(error: unknown): Extract<Event, { type: 'join/refused' }>['text'] {
  if (error instanceof EntryError) {
    if (error.why === 'unreachable') return say('trouble.network');
    if (error.why === 'refused') return say('trouble.entry', { reason: error.message });
    return say('trouble.media');
  }
  // The code for the call could not be fetched although the server answered just before: it was replaced by a newer one
  // since this page was opened. Browsers remember such a failure, so that only a reload helps.
  return say('trouble.stale');
}
