// Cameras, microphones and speakers before the meeting, and their list at any time.

import type { Capture, Device, Kind, Trouble } from '../core/state';
import type { Opening } from '../core/effect';
import type { End } from '../ports';

const INPUT: Readonly<Record<Capture, 'audioinput' | 'videoinput'>> = { microphone: 'audioinput', camera: 'videoinput' };
/** What is asked of a camera: enough for a large tile; browsers give less where there is less. */
const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
/** What is asked of it where data is saved. */
const SMALL_PICTURE: MediaTrackConstraints = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 20 } };
const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export const inputOf = (kind: Kind): 'audioinput' | 'videoinput' | 'audiooutput' =>
  kind === 'speaker' ? 'audiooutput' : INPUT[kind];

/**
 * How a track of this kind is asked for, also when it has to be opened again later. Chromium takes a device that is not
 * `exact` for a mere word and opens its default one; who asks so must be ready for the device not to be there.
 */
export function constraintsOf(kind: Capture, id: string | null): MediaTrackConstraints {
  const base = kind === 'camera' ? PICTURE : SOUND;
  return id === null ? base : { ...base, deviceId: { exact: id } };
}

/** A camera that gives no more than this needs not be made smaller. */
const SMALL_WIDTH = 640;

/** Has a camera give small pictures or large ones. Not every one has every size: then it stays as it is. */
export async function fit(camera: MediaStreamTrack, small: boolean): Promise<void> {
  const { width } = camera.getSettings();
  if ((width !== undefined && width <= SMALL_WIDTH) === small) return;
  await camera.applyConstraints(small ? SMALL_PICTURE : PICTURE).catch(() => undefined);
}

async function permission(kind: Capture): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: kind })).state;
  } catch {
    return 'unknown'; // not every browser tells
  }
}

/** Browsers give devices to pages by https alone, and to those of the machine itself. */
const nothingGiven = (): Trouble => (window.isSecureContext ? 'failed' : 'insecure');

/** Why the browser did not give a track. */
export async function troubleOf(error: unknown, kind: Capture): Promise<Trouble> {
  if (!('mediaDevices' in navigator)) return nothingGiven();
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      if (/system/i.test(message)) return 'refused-system';
      return (await permission(kind)) === 'granted' ? 'refused-system' : 'refused-browser';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
    case 'TrackStartError':
      return 'in-use';
    default:
      return 'failed';
  }
}

export type Opened =
  | { readonly kind: Capture; readonly track: MediaStreamTrack }
  | { readonly kind: Capture; readonly trouble: Trouble };

async function take(wanted: readonly Opening[]): Promise<readonly MediaStreamTrack[]> {
  const ask: MediaStreamConstraints = {};
  for (const { kind, id } of wanted) ask[kind === 'camera' ? 'video' : 'audio'] = constraintsOf(kind, id);
  return (await navigator.mediaDevices.getUserMedia(ask)).getTracks();
}

/** Whether the device that was asked for is not there (any more); another one may be. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'OverconstrainedError' || error.name === 'NotFoundError');

/** What was chosen on another visit may be in a drawer today: then whatever the system has is opened. */
async function takeOrAnother(wanted: readonly Opening[]): Promise<readonly MediaStreamTrack[]> {
  try {
    return await take(wanted);
  } catch (error) {
    if (!isMissing(error) || wanted.every(({ id }) => id === null)) throw error;
    const there = new Set((await listDevices()).map(({ id }) => id));
    return take(wanted.map((one) => (one.id !== null && there.has(one.id) ? one : { ...one, id: null })));
  }
}

const kindOf = (track: MediaStreamTrack): Capture => (track.kind === 'video' ? 'camera' : 'microphone');

/** Opens all at once, so that the browser asks once; what that refuses is tried one by one. */
export async function openDevices(wanted: readonly Opening[]): Promise<readonly Opened[]> {
  if (!('mediaDevices' in navigator)) return wanted.map(({ kind }) => ({ kind, trouble: nothingGiven() }));
  try {
    return (await takeOrAnother(wanted)).map((track) => ({ kind: kindOf(track), track }));
  } catch (error) {
    const [only] = wanted;
    if (wanted.length === 1 && only) return [{ kind: only.kind, trouble: await troubleOf(error, only.kind) }];
    const refused = error instanceof Error && error.name === 'NotAllowedError';
    const opened: Opened[] = [];
    for (const one of wanted) {
      // Asked and refused for both: asking again for each would only be a second and a third question.
      if (refused && (await permission(one.kind)) !== 'granted') {
        opened.push({ kind: one.kind, trouble: await troubleOf(error, one.kind) });
      } else {
        opened.push(...(await openDevices([one])));
      }
    }
    return opened;
  }
}

/** Why a track that was open went off by itself. */
export async function stopped(kind: Capture): Promise<Trouble> {
  if ((await permission(kind)) === 'denied') return 'refused-browser';
  return (await listDevices()).some((device) => device.kind === kind) ? 'stopped' : 'unplugged';
}

/** Whether the browser would give camera and microphone without asking. */
export async function alreadyGranted(kinds: readonly Capture[]): Promise<boolean> {
  const states = await Promise.all(kinds.map(permission));
  return states.length > 0 && states.every((state) => state === 'granted');
}

export async function listDevices(): Promise<readonly Device[]> {
  if (!('mediaDevices' in navigator)) return [];
  const kinds: Readonly<Record<string, Kind>> = { audioinput: 'microphone', videoinput: 'camera', audiooutput: 'speaker' };
  const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return found.flatMap((device) => {
    const kind = kinds[device.kind];
    // "communications" is a second name of a device which stands in the list under its own.
    return kind === undefined || device.deviceId === 'communications' ? [] : [{ kind, id: device.deviceId, label: device.label }];
  });
}

/** What is open before the meeting. Whoever takes a track owns it from then on. */
export class Preview {
  readonly #tracks = new Map<Capture, MediaStreamTrack>();
  readonly #screens = new Set<HTMLVideoElement>();

  put(kind: Capture, track: MediaStreamTrack): void {
    this.close(kind);
    this.#tracks.set(kind, track);
    if (kind === 'camera') this.#screens.forEach((screen) => this.#show(screen));
  }

  peek(kind: Capture): MediaStreamTrack | null {
    return this.#tracks.get(kind) ?? null;
  }

  take(kind: Capture): MediaStreamTrack | null {
    const track = this.peek(kind);
    this.#tracks.delete(kind);
    return track;
  }

  close(kind: Capture): void {
    this.take(kind)?.stop();
    if (kind === 'camera') this.#screens.forEach((screen) => this.#show(screen));
  }

  attach(screen: HTMLVideoElement): End {
    this.#screens.add(screen);
    this.#show(screen);
    return () => {
      this.#screens.delete(screen);
      screen.srcObject = null;
    };
  }

  #show(screen: HTMLVideoElement): void {
    const track = this.peek('camera');
    screen.srcObject = track ? new MediaStream([track]) : null;
  }
}

/** Two soft notes, and how long to wait for their end: a context that was never woken does not tell it. */
const NOTES_HZ = [523.25, 783.99];
const TONE_MS = 1_500;

/** Plays them through the chosen speaker. */
export async function playTone(speaker: string | null): Promise<void> {
  const context = new AudioContext();
  const player = new Audio();
  try {
    const out = context.createMediaStreamDestination();
    player.srcObject = out.stream;
    if (speaker !== null && 'setSinkId' in player) await player.setSinkId(speaker).catch(() => undefined);
    const notes = NOTES_HZ.map((pitch, index) => note(context, out, pitch, context.currentTime + 0.05 + index * 0.28));
    await player.play();
    await Promise.race([Promise.all(notes), new Promise((resolve) => window.setTimeout(resolve, TONE_MS))]);
  } catch {
    // Nothing is heard then, which is what the person listens for.
  } finally {
    player.srcObject = null;
    await context.close().catch(() => undefined);
  }
}

/** One note; resolves when it has sounded. */
function note(context: AudioContext, out: AudioNode, pitch: number, at: number): Promise<Event> {
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.25, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
  const source = new OscillatorNode(context, { frequency: pitch });
  source.connect(volume).connect(out);
  source.start(at);
  source.stop(at + 0.65);
  return new Promise((resolve) => source.addEventListener('ended', resolve));
}
