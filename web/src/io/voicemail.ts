// Carries out what messages need: the microphone, the way to the server, the tone, and what is asked of the server.

import { assertNever } from '../core/never';
import type { Chosen, VoicemailEffect, VoicemailEvent } from '../core/voicemail/words';
import { say } from '../i18n/text';
import type { Greeting, Recorded, Recording } from '../proto/api.gen';
import type { Result } from '../proto/calls';
import { isFlag, isNumber, isText, maybe, shape, type Guard } from '../proto/shape';
import { isMails } from '../proto/voicemail';
import { request } from './api';
import { openDevices } from './devices';
import type { Meter } from './levels';
import type { Speaking } from './livekit-speaking';

/** As long as the words before the tone take to be read, where nobody has said others. */
const GREETING_MS = 2_500;
/** Before one's own greeting: time to draw breath. */
const BREATH_MS = 1_000;
/** A greeting that has not ended so long after it should have is not waited for. */
const LATE_MS = 5_000;
const TONE_HZ = 880;
const TONE_S = 0.45;

const isRecording: Guard<Recording> = shape<Recording>({ id: isText, token: isText, seconds: isNumber, greeting: maybe(isNumber) });
const isGreeting: Guard<Greeting> = shape<Greeting>({ ms: maybe(isNumber) });
const isRecorded: Guard<Recorded> = shape<Recorded>({ ms: isNumber, kept: isFlag });

type Tell = (event: VoicemailEvent) => void;

/** One message that is being spoken, or was. */
interface Spoken {
  readonly over: AbortController;
  /** Enough of the greeting was heard. */
  readonly skip: AbortController;
  id: string | null;
  track: MediaStreamTrack | null;
  speaking: Speaking | null;
  sent: boolean;
}

export class Voicemail {
  readonly #tell: Tell;
  readonly #meter: Meter;
  readonly #chosen: Chosen;
  #spoken: Spoken | null = null;

  constructor(tell: Tell, meter: Meter, chosen: Chosen) {
    this.#tell = tell;
    this.#meter = meter;
    this.#chosen = chosen;
  }

  run(effect: VoicemailEffect): void {
    switch (effect.type) {
      case 'leaving/record':
        this.end();
        void this.#record(effect.call);
        return;
      case 'leaving/skip':
        this.#spoken?.skip.abort();
        return;
      case 'leaving/end':
        void this.#stop();
        return;
      case 'leaving/deliver':
        void this.#deliver(effect.id);
        return;
      case 'mail/list':
        void this.#list();
        return;
      case 'mail/mark':
        void this.#done(request('PATCH', path(effect.id), { json: { heard: effect.heard } }));
        return;
      case 'mail/delete':
        void this.#done(request('DELETE', path(effect.id), null));
        return;
      case 'mail/default':
        void this.#done(request('DELETE', OWN, null));
        return;
      default:
        assertNever(effect);
    }
  }

  /** Gives up what was not sent. */
  end(): void {
    const spoken = this.#spoken;
    this.#spoken = null;
    if (!spoken) return;
    spoken.over.abort();
    spoken.skip.abort();
    this.#close(spoken);
    if (spoken.id !== null && !spoken.sent) void request('DELETE', path(spoken.id), null);
  }

  async #record(call: string | null): Promise<void> {
    const spoken: Spoken = { over: new AbortController(), skip: new AbortController(), id: null, track: null, speaking: null, sent: false };
    this.#spoken = spoken;
    const over = (): boolean => spoken.over.signal.aborted;
    const carrier = import('./livekit-speaking');
    carrier.catch(() => undefined); // looked at below
    const [opened] = await openDevices([{ kind: 'microphone', id: this.#chosen.microphone }]);
    if (!opened || 'trouble' in opened) {
      if (opened && !over()) this.#tell({ type: 'leaving/none', text: say(`trouble.microphone.${opened.trouble}`) });
      return;
    }
    spoken.track = opened.track;
    if (over()) {
      this.#close(spoken);
      return;
    }
    this.#meter.watch(opened.track);
    const begun = read(await request('POST', call === null ? OWN : `${after(call)}/voicemail`, null), isRecording);
    if (begun.ok) spoken.id = begun.value.id;
    if (over()) {
      if (begun.ok) void request('DELETE', path(begun.value.id), null);
      return;
    }
    if (!begun.ok) {
      this.#close(spoken);
      this.#tell({ type: 'leaving/failed', problem: begun.problem });
      return;
    }
    try {
      const { enterToSpeak } = await carrier;
      const lost = (): void => {
        if (!over()) this.#tell({ type: 'leaving/lost' });
      };
      spoken.speaking = await enterToSpeak(location.origin.replace(/^http/, 'ws'), begun.value.token, opened.track, lost);
      if (over()) {
        this.#close(spoken);
        return;
      }
      this.#tell({ type: 'leaving/ready', id: begun.value.id, seconds: begun.value.seconds, greeting: begun.value.greeting ?? null });
      await this.#greet(call, begun.value.greeting, spoken.skip.signal);
      if (over()) return;
      await tone(this.#chosen.speaker);
      if (over()) return;
      await spoken.speaking.publish();
      if (over()) return;
    } catch {
      if (over()) return;
      this.#close(spoken);
      this.#tell({ type: 'leaving/none', text: say('voicemail.no-way') });
      return;
    }
    this.#tell({ type: 'leaving/recording', at: Date.now() });
    const timer = window.setTimeout(() => this.#tell({ type: 'leaving/stop' }), begun.value.seconds * 1_000);
    spoken.over.signal.addEventListener('abort', () => window.clearTimeout(timer), { once: true });
  }

  /** What is heard before the tone. */
  async #greet(call: string | null, ms: number | undefined, skip: AbortSignal): Promise<void> {
    if (call === null) return pause(BREATH_MS);
    if (ms === undefined || !await play(`/api/v1/${after(call)}/greeting`, ms, this.#chosen.speaker, skip)) await pause(GREETING_MS);
  }

  async #stop(): Promise<void> {
    const spoken = this.#spoken;
    if (spoken?.id === null || !spoken) return;
    this.#close(spoken);
    const recorded = read(await request('POST', `${path(spoken.id)}/stop`, null), isRecorded);
    if (this.#spoken !== spoken) return;
    this.#tell(recorded.ok ? { type: 'leaving/stopped', ...recorded.value } : { type: 'leaving/failed', problem: recorded.problem });
  }

  async #deliver(id: string): Promise<void> {
    const spoken = this.#spoken;
    // Whoever closes the page now has sent it: it is not taken back.
    if (spoken) spoken.sent = true;
    const sent = await request('POST', `${path(id)}/send`, null);
    if (!sent.ok && spoken) spoken.sent = false;
    if (this.#spoken === spoken) this.#tell(sent.ok ? { type: 'leaving/sent' } : { type: 'leaving/failed', problem: sent.problem });
  }

  /** Takes the microphone back. */
  #close(spoken: Spoken): void {
    if (spoken.track) {
      this.#meter.leave(spoken.track);
      spoken.track.stop();
    }
    void spoken.speaking?.end();
    spoken.speaking = null;
  }

  async #list(): Promise<void> {
    const [greeting, mails] = await Promise.all([
      request('GET', OWN, null).then((result) => read(result, isGreeting)),
      request('GET', 'voicemail', null).then((result) => read(result, isMails)),
    ]);
    if (greeting.ok) this.#tell({ type: 'mail/greeting', ms: greeting.value.ms ?? null });
    this.#tell(mails.ok ? { type: 'mail/listed', mails: mails.value } : { type: 'mail/failed', problem: mails.problem });
  }

  async #done(asked: Promise<Result<unknown>>): Promise<void> {
    const done = await asked;
    if (!done.ok) this.#tell({ type: 'mail/failed', problem: done.problem });
  }
}

const OWN = 'voicemail/greeting';
const after = (call: string): string => `calls/${encodeURIComponent(call)}`;
const path = (id: string): string => `voicemail/${encodeURIComponent(id)}`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

const read = <T>(result: Result<unknown>, guard: Guard<T>): Result<T> => {
  if (!result.ok) return result;
  return guard(result.value) ? { ok: true, value: result.value } : { ok: false, problem: { code: 'unreadable', message: '' } };
};

/** Plays a greeting until it ends or is skipped. Whether it could be heard. */
async function play(source: string, ms: number, speaker: string | null, skip: AbortSignal): Promise<boolean> {
  const player = new Audio(source);
  let timer = 0;
  try {
    if (speaker !== null && 'setSinkId' in player) await player.setSinkId(speaker).catch(() => undefined);
    if (skip.aborted) return true;
    const over = new Promise<boolean>((resolve) => {
      player.addEventListener('ended', () => resolve(true), { once: true });
      player.addEventListener('error', () => resolve(false), { once: true });
      skip.addEventListener('abort', () => resolve(true), { once: true });
      timer = window.setTimeout(() => resolve(true), ms + LATE_MS);
    });
    // Skipped while it is still being fetched, its playing fails, which is nothing to be told of.
    const begun = player.play().then(() => true, () => skip.aborted);
    // Also while it is still being fetched: a line that stalls keeps nobody from the tone.
    return await Promise.race([over, begun.then((plays) => (plays ? over : false))]);
  } finally {
    window.clearTimeout(timer);
    player.pause();
    player.removeAttribute('src');
    player.load();
  }
}

/** The tone after which one speaks, through the chosen speaker. Where it cannot be heard, its time passes all the same. */
async function tone(speaker: string | null): Promise<void> {
  const player = new Audio();
  let context: AudioContext | null = null;
  try {
    context = new AudioContext();
    const out = context.createMediaStreamDestination();
    player.srcObject = out.stream;
    if (speaker !== null && 'setSinkId' in player) await player.setSinkId(speaker).catch(() => undefined);
    const volume = new GainNode(context, { gain: 0 });
    const source = new OscillatorNode(context, { frequency: TONE_HZ });
    const at = context.currentTime + 0.05;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
    volume.gain.setValueAtTime(0.2, at + TONE_S - 0.05);
    volume.gain.linearRampToValueAtTime(0, at + TONE_S);
    source.connect(volume).connect(out);
    source.start(at);
    source.stop(at + TONE_S);
    await player.play();
  } catch {
    // A page that nobody has touched yet may not make a sound.
  }
  await pause(TONE_S * 1_000 + 150);
  player.srcObject = null;
  await context?.close().catch(() => undefined);
}
