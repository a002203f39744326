// Carries out effects and reports back with events: the only place where the core's wishes meet the browser.

import { assertNever } from '../core/never';
import type { Effect, Opening } from '../core/effect';
import type { CallEvent, Event } from '../core/event';
import { pathOf } from '../core/route';
import type { Capture } from '../core/state';
import { firstTaken } from '../core/taking';
import type { Ports } from '../ports';
import type { Ticket } from '../proto/api.gen';
import { carryOut, joinRoom } from './api';
import { wear } from './brand';
import { copied, wordsOf } from './clipboard';
import { Clock } from './clock';
import { LaterConnectionTest } from './connection-test-later';
import { alreadyGranted, listDevices, openDevices, playTone, Preview, stopped } from './devices';
import { dress } from './dress';
import { entryText } from './entry-text';
import { here } from './here';
import { InstallOffers } from './install';
import { Meter, Speaking } from './levels';
import type { MediaListener, MediaSession } from './media-session';
import { watchNetwork } from './network';
import { SmallWindow } from './picture-in-picture';
import { Reach } from './reach';
import { MutedEar } from './sound-muted';
import { looked, made } from './rooms';
import { steer } from './steer';
import { keepFor } from './keeping';
import { StayAwake } from './stay-awake';
import { Chimes } from './chimes';
import { WindowTitle } from './title';
import { laterVoicemail } from './voicemail-later';
import { Uploads } from './uploads';

type Tell = (event: Event) => void;

export class World {
  readonly #tell: Tell;
  readonly #clock = new Clock();
  readonly #preview = new Preview();
  readonly #awake = new StayAwake();
  readonly #reach: Reach;
  readonly #speaking: Speaking;
  readonly #meter: Meter;
  readonly #ear: MutedEar;
  readonly #small: SmallWindow;
  readonly #title = new WindowTitle();
  readonly #chimes = new Chimes();
  readonly #uploads: Uploads;
  readonly #install: InstallOffers;
  readonly #test: LaterConnectionTest;
  /** The attempt that is on its way in; one that is not it any more was given up. */
  #entering: number | null = null;
  /** The one session there may be, from the moment it begins to connect. */
  #call: { readonly attempt: number; readonly session: MediaSession } | null = null;
  /** Devices are opened one request after the other; whoever goes in waits for the last. */
  #opening: Promise<void> = Promise.resolve();
  readonly ports: Ports;

  constructor(tell: Tell) {
    this.#tell = tell;
    this.#reach = new Reach(tell, this.#title);
    this.#meter = new Meter((silent) => tell({ type: 'devices/silent', silent }));
    const inCall = (told: (attempt: number) => Event): void => (this.#call ? tell(told(this.#call.attempt)) : undefined);
    this.#ear = new MutedEar(() => inCall((attempt) => ({ type: 'call/talking', attempt, at: Date.now() })));
    this.#uploads = new Uploads(tell);
    this.#install = new InstallOffers((can) => tell({ type: 'install/offered', can }));
    this.#test = new LaterConnectionTest(tell, this.#meter);
    this.#small = new SmallWindow((open) => tell({ type: 'view/pip', open }));
    this.#speaking = new Speaking((identity, talks) => inCall((attempt) =>
      (talks ? { type: 'call/spoke', attempt, identity, at: Date.now() } : { type: 'call/fell-silent', attempt, identity })));
    this.ports = {
      attach: (track, element) => this.#call?.session.attach(track, element) ?? (() => undefined),
      preview: (element) => this.#preview.attach(element),
      level: (draw) => this.#meter.subscribe(draw),
      speaking: (identity, show) => this.#speaking.subscribe(identity, show),
      smallWindow: (show) => this.#small.subscribe(show),
      voicemail: laterVoicemail(this.#meter),
      title: (words) => this.#title.show(words),
      everySecond: (tick) => this.#clock.everySecond(tick),
    };
  }

  /** Follows what happens outside of us: the address, plugging and unplugging, the first press, the network. */
  watch(): void {
    window.addEventListener('popstate', () => this.#tell({ type: 'route', route: here() }));
    watchNetwork((online) => this.#tell({ type: 'network', online }));
    this.#install.watch();
    this.#reach.watch();
    for (const press of ['pointerdown', 'keydown'] as const) window.addEventListener(press, () => this.#meter.wake());
    if ('mediaDevices' in navigator) navigator.mediaDevices.addEventListener('devicechange', () => void this.#list());
  }

  run(effect: Effect): void {
    switch (effect.type) {
      case 'go':
        history[effect.replace ? 'replaceState' : 'pushState'](null, '', pathOf(effect.route));
        return;
      case 'call':
        void carryOut(effect.call.name, effect.call).then(this.#tell);
        return;
      case 'passkey':
        void import('./passkeys').then(({ passkey }) => passkey(effect)).then(this.#tell, () => this.#tell({ type: 'passkey', to: effect.to, result: { ok: false, problem: 'offline' } }));
        return;
      case 'attend':
      case 'quit':
      case 'here':
      case 'here/end':
      case 'calling/sound':
      case 'calling/hush':
      case 'calling/alert':
      case 'calling/free':
      case 'calling/free-over':
      case 'notices/ask':
      case 'push':
        this.#reach.take(effect);
        return;
      case 'room/make':
        void made().then(this.#tell);
        return;
      case 'room/look':
        void looked(effect.code).then(this.#tell);
        return;
      case 'join':
        void this.#join(effect);
        return;
      case 'test/run':
      case 'test/stop':
      case 'test/report':
        void this.#test.take(effect);
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
      case 'devices/tone':
        void playTone(effect.speaker);
        return;
      case 'call/switch':
        void this.#call?.session.turn(effect.kind, effect.on, effect.id);
        return;
      case 'call/share':
        void this.#share(effect.on);
        return;
      case 'share/pause':
      case 'share/sound':
      case 'share/mode':
      case 'call/device':
      case 'call/digit':
      case 'call/hush':
      case 'call/take':
      case 'call/turn-on-sound':
      case 'call/look-at-voice':
        if (this.#call) steer(this.#call.session, effect);
        return;
      case 'view/apply':
        void this.#call?.session.apply(effect.viewing);
        return;
      case 'remember':
      case 'view/keep':
      case 'asked/keep':
      case 'notices/keep':
        keepFor(effect);
        return;
      case 'chime':
        this.#chimes.play(effect.chime, effect.speaker);
        return;
      case 'upload':
        this.#uploads.start(effect);
        return;
      case 'upload/stop':
        this.#uploads.stop(effect.upload);
        return;
      case 'pip':
        if (effect.on) void this.#small.open(effect.key);
        else this.#small.close();
        return;
      case 'call/hurry':
        this.#call?.session.hurry();
        this.#reach.hurry();
        return;
      case 'call/leave':
        this.#leave(effect.attempt);
        return;
      case 'fullscreen':
        void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => undefined);
        return;
      case 'copy':
      case 'copy-path':
      case 'copy-text':
        void copied(wordsOf(effect)).then((done) => this.#tell({ type: 'copied', done }));
        return;
      case 'title':
        this.#title.show(effect.title);
        return;
      case 'install':
        void this.#install.take();
        return;
      case 'dress':
        dress(effect.settings);
        return;
      case 'brand':
        wear(effect.branding);
        this.#title.call(effect.name);
        return;
      case 'timer':
        this.#clock.start(effect.timer, effect.ms, (timer) => this.#tell({ type: 'timer', timer, at: Date.now() }));
        return;
      case 'timer/stop':
        this.#clock.stop(effect.name);
        return;
      default:
        assertNever(effect);
    }
  }

  async #permission(): Promise<void> {
    this.#tell({ type: 'devices/permission', granted: await alreadyGranted(['camera', 'microphone']) });
    await this.#list();
  }

  async #list(): Promise<void> {
    this.#tell({ type: 'devices/listed', list: await listDevices() });
  }

  #open(open: readonly Opening[]): Promise<void> {
    const opened = this.#opening.then(() => this.#openNow(open));
    this.#opening = opened.catch(() => undefined);
    return opened;
  }

  async #openNow(open: readonly Opening[]): Promise<void> {
    // Another choice may have been opened since this one was made, and some drivers give only one at a time.
    this.#closePreview(open.map(({ kind }) => kind));
    for (const opened of await openDevices(open)) {
      if ('trouble' in opened) {
        this.#tell({ type: 'devices/failed', kind: opened.kind, trouble: opened.trouble });
        continue;
      }
      const { kind, track } = opened;
      this.#preview.put(kind, track);
      track.addEventListener('ended', () => void this.#ended(kind, track));
      this.#tell({ type: 'devices/opened', kind, id: track.getSettings().deviceId ?? null });
      // The answer may have been to close it.
      if (kind === 'microphone' && this.#preview.peek(kind) === track) this.#meter.watch(track);
    }
    await this.#list();
  }

  /** A device of the preview ended by itself: unplugged, which the list tells, or taken away. */
  async #ended(kind: Capture, track: MediaStreamTrack): Promise<void> {
    await this.#list();
    const trouble = await stopped(kind);
    if (this.#preview.peek(kind) === track) this.#tell({ type: 'devices/failed', kind, trouble });
  }

  #closePreview(kinds: readonly Capture[]): void {
    for (const kind of kinds) {
      if (kind === 'microphone') this.#meter.leave(this.#preview.peek(kind));
      this.#preview.close(kind);
    }
  }

  async #join(effect: Extract<Effect, { type: 'join' }>): Promise<void> {
    const { attempt } = effect;
    this.#entering = attempt;
    const givenUp = (): boolean => this.#entering !== attempt;
    const carrier = import('./livekit-session');
    carrier.catch(() => undefined); // looked at below, after the server and the devices
    // The server first: whoever is not let in is not asked for a camera.
    const ticket = effect.ticket ?? await this.#ticket(effect);
    if (givenUp()) return;
    if (ticket === null) {
      this.#entering = null;
      return;
    }
    if (effect.open.length > 0) {
      this.#tell({ type: 'devices/opening', kinds: effect.open.map(({ kind }) => kind) });
      void this.#open(effect.open);
    }
    // The browser may still be asking, for this or for what was wanted before: inside, nobody could see its answer.
    await this.#opening;
    if (givenUp()) return;
    const { token, identity, room } = ticket;
    let session: MediaSession;
    try {
      const { openSession } = await carrier;
      if (givenUp()) return;
      session = openSession(this.#listener(attempt), effect.speaker, effect.lasting);
      this.#call = { attempt, session };
      await session.enter({ url: location.origin.replace(/^http/, 'ws'), token, first: (people) => firstTaken(people, identity, effect.saver) });
    } catch (error) {
      if (this.#call?.attempt === attempt) this.#call = null;
      if (givenUp()) return;
      this.#entering = null;
      this.#tell({ type: 'join/refused', attempt, text: entryText(error) });
      return;
    }
    if (givenUp()) return; // `#leave` has ended it
    this.#entering = null;
    this.#awake.start();
    this.#tell({ type: 'call/entered', attempt, title: room.title, me: identity, people: session.people(), soundBlocked: session.soundBlocked(), at: Date.now() });
    this.#speaking.set(session.speakers());
    this.#publish(attempt, session);
  }

  /** Asks to come in; what came instead of a ticket is told. */
  async #ticket({ attempt, code, name }: Extract<Effect, { type: 'join' }>): Promise<Ticket | null> {
    const answer = await joinRoom(code, { name });
    if (answer.ok && answer.value.state === 'admitted') return answer.value.ticket;
    if (this.#entering !== attempt) return null;
    if (answer.ok) this.#tell({ type: 'join/waiting', attempt, hostPresent: answer.value.state === 'waiting' && answer.value.hostPresent, at: Date.now() });
    else this.#tell(answer.unknown ? { type: 'join/unknown', attempt } : { type: 'join/refused', attempt, text: answer.text });
    return null;
  }

  /** Hands over what is open at this moment: a key may have been pressed on the way in. */
  #publish(attempt: number, session: MediaSession): void {
    for (const kind of ['microphone', 'camera'] as const) {
      const track = this.#preview.peek(kind);
      if (track?.readyState === 'live') void session.publish(kind, this.#preview.take(kind) ?? track);
      else if (track) void stopped(kind).then((trouble) => this.#tell({ type: 'call/failed', attempt, kind, trouble }));
    }
    this.#closePreview(['microphone', 'camera']);
  }

  /** Ends an attempt, wherever it is by now. */
  #leave(attempt: number): void {
    const entering = this.#entering === attempt;
    if (entering) this.#entering = null;
    const call = this.#call;
    if (call?.attempt !== attempt) return;
    if (entering) this.#call = null; // it was never inside, so that nobody says `over`
    this.#awake.end();
    void call.session.leave();
  }

  /** What a session tells counts as long as it is the one. */
  #listener(attempt: number): MediaListener {
    const current = (): boolean => this.#call?.attempt === attempt;
    let heard: MediaStreamTrack | null = null;
    const tell = (event: CallEvent): void => {
      if (current()) this.#tell(event);
    };
    return {
      people: (people) => tell({ type: 'call/people', attempt, people }),
      speaking: (identities) => (current() ? this.#speaking.set(identities) : undefined),
      link: (link) => tell({ type: 'call/link', attempt, link }),
      soundBlocked: (blocked) => tell({ type: 'call/sound', attempt, blocked }),
      shareSounds: (there) => tell({ type: 'call/share-sound', attempt, there }),
      shared: (sharing) => tell({ type: 'call/shared', attempt, sharing }),
      opened: (kind, id) => {
        tell({ type: 'call/opened', attempt, kind, id });
        void this.#list();
      },
      tuned: (mode) => tell({ type: 'call/share-mode', attempt, mode }),
      undressed: (dressing, ran) => tell({ type: 'call/undressed', attempt, dressing, ran }),
      measured: (felt) => tell({ type: 'call/measured', attempt, felt }),
      voice: (sent) => tell({ type: 'call/voice', attempt, sent }),
      digit: (identity, digit) => tell({ type: 'call/pressed', attempt, identity, digit }),
      strained: (dressing) => tell({ type: 'call/strained', attempt, dressing }),
      failed: (kind, trouble) => tell({ type: 'call/failed', attempt, kind, trouble }),
      speakerFailed: (used) => tell({ type: 'call/speaker-failed', attempt, used }),
      microphone: (track) => {
        if (!track) {
          this.#meter.leave(heard);
          this.#ear.leave(heard);
        } else if (current()) {
          this.#meter.watch(track);
          this.#ear.watch(track);
        }
        heard = track;
      },
      over: (why) => {
        if (!current()) return;
        this.#call = null;
        this.#awake.end();
        this.#small.close();
        this.#ear.watch(null);
        // A microphone that was handed over and never sent is not known to the session as one to listen to.
        if (!this.#preview.peek('microphone')) this.#meter.watch(null);
        this.#tell({ type: 'call/over', attempt, why, at: Date.now() });
      },
    };
  }

  async #share(on: boolean): Promise<void> {
    if (!this.#call) return;
    const { attempt, session } = this.#call;
    const outcome = await session.share(on);
    if (outcome === 'cancelled') this.#tell({ type: 'call/shared', attempt, sharing: false });
    else if (outcome !== 'shared') this.#tell({ type: 'call/share-failed', attempt, why: outcome });
  }
}
