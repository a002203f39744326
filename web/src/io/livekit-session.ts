// The one file, with livekit-line.ts and livekit-reasons.ts beside it, that knows livekit-client. World fetches it when Join is pressed, so that the first page stays small.
// A broken line is mended by livekit-client itself: it takes its seat again while the server keeps it, and later comes in anew.

import {
  ConnectionQuality, LocalAudioTrack, LocalVideoTrack, isLocalTrack, LogLevel, Room, RoomEvent, Track, setLogLevel, VideoPresets,
  type LocalTrackPublication, type Participant, type RemoteTrack, type TrackPublication,
} from 'livekit-client';
import type { Capture, Kind, LeaveReason, Person, Trouble } from '../core/state';
import type { End } from '../ports';
import { constraintsOf, inputOf, isMissing, listDevices, stopped } from './devices';
import { Line, patient } from './livekit-line';
import { entryError, reasonOf, sendingTrouble } from './livekit-reasons';
import { type Entrance, type MediaListener, type MediaSession, type ShareOutcome } from './media-session';

const CAPTURES: readonly Capture[] = ['microphone', 'camera'];
const SOURCE: Readonly<Record<Capture, Track.Source>> = { microphone: Track.Source.Microphone, camera: Track.Source.Camera };

const joined = (one: Participant): number => one.joinedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;

class LivekitSession implements MediaSession {
  readonly #room: Room;
  readonly #line: Line;
  readonly #listener: MediaListener;
  /** Pictures by the name that the state knows them by. */
  readonly #pictures = new Map<string, Track>();
  readonly #names = new WeakMap<Track, string>();
  readonly #sounds: HTMLElement;
  /** Tracks on their way to the others, by kind. */
  readonly #fresh = new Map<Capture, MediaStreamTrack>();
  /** The last thing that was begun with each kind. */
  readonly #last: Record<Capture, Promise<void>> = { camera: Promise.resolve(), microphone: Promise.resolve() };
  /** What was last asked of each kind: what goes off without having been asked to went off by itself. */
  readonly #asked: Record<Capture, boolean> = { camera: false, microphone: false };
  /** The device that was last asked for; null leaves the choice to the browser. */
  readonly #device: Record<Capture, string | null> = { camera: null, microphone: null };
  #inside = false;
  #away = false;
  #telling = false;

  constructor(listener: MediaListener, speaker: string | null) {
    this.#listener = listener;
    this.#sounds = document.createElement('div');
    this.#sounds.hidden = true;
    this.#room = new Room({
      adaptiveStream: true,
      dynacast: true,
      singlePeerConnection: true,
      disconnectOnPageLeave: true,
      reconnectPolicy: patient,
      publishDefaults: { simulcast: true, videoCodec: 'vp8' },
      videoCaptureDefaults: { resolution: VideoPresets.h720.resolution },
      ...(speaker === null ? {} : { audioOutput: { deviceId: speaker } }),
    });
    this.#line = new Line(this.#room);
    this.#listen();
  }

  #listen(): void {
    const tell = (): void => this.#tell();
    const room = this.#room;
    room
      .on(RoomEvent.ParticipantConnected, tell)
      .on(RoomEvent.ParticipantDisconnected, tell)
      .on(RoomEvent.ParticipantNameChanged, tell)
      .on(RoomEvent.TrackUnpublished, tell)
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        if (participant.isLocal) this.#lookAt(publication);
        this.#tell();
      })
      .on(RoomEvent.TrackUnmuted, tell)
      .on(RoomEvent.ConnectionQualityChanged, tell)
      .on(RoomEvent.TrackSubscribed, (track) => {
        this.#hear(track);
        this.#tell();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) element.remove();
        this.#forget(track);
        this.#tell();
      })
      .on(RoomEvent.LocalTrackPublished, (publication) => this.#published(publication))
      .on(RoomEvent.LocalTrackUnpublished, (publication) => {
        if (publication.source === Track.Source.ScreenShare) this.#listener.shared(false);
        if (publication.track) this.#forget(publication.track);
        this.#lookAt(publication);
        this.#tell();
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => this.#listener.speaking(speakers.map(({ identity }) => identity)))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.#listener.soundBlocked(!room.canPlaybackAudio))
      .on(RoomEvent.SignalReconnecting, () => this.#listener.link('wavering'))
      .on(RoomEvent.Reconnecting, () => {
        // Everyone seems to leave while the session is made anew; their seats are kept on the screen.
        this.#away = true;
        this.#listener.link('wavering');
      })
      .on(RoomEvent.Reconnected, () => {
        this.#away = false;
        this.#listener.link('connected');
        for (const kind of CAPTURES) this.#lookWhether(kind, true);
        this.#tell();
      })
      .on(RoomEvent.Disconnected, (reason) => this.#end(reasonOf(reason)));
  }

  async enter({ url, token }: Entrance): Promise<void> {
    document.body.append(this.#sounds);
    try {
      await this.#room.connect(url, token);
    } catch (error) {
      this.#close();
      throw entryError(error);
    }
    this.#inside = true;
  }

  soundBlocked(): boolean {
    return !this.#room.canPlaybackAudio;
  }

  people(): readonly Person[] {
    const all: Participant[] = [this.#room.localParticipant, ...this.#room.remoteParticipants.values()];
    return all.toSorted((a, b) => joined(a) - joined(b)).map((one) => this.#person(one));
  }

  #person(participant: Participant): Person {
    const picture = (source: Track.Source): string | null => {
      const publication = participant.getTrackPublication(source);
      return publication?.track && !publication.isMuted ? this.#name(publication.track) : null;
    };
    const quality = participant.connectionQuality;
    return {
      identity: participant.identity,
      name: participant.name ?? participant.identity,
      microphone: participant.isMicrophoneEnabled,
      camera: picture(Track.Source.Camera),
      share: picture(Track.Source.ScreenShare),
      connection: quality === ConnectionQuality.Lost ? 'lost' : quality === ConnectionQuality.Poor ? 'weak' : 'good',
    };
  }

  /** Tells who is in, once for all that changed in the same moment. */
  #tell(): void {
    if (this.#telling || !this.#inside) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      if (this.#inside && !this.#away) this.#listener.people(this.people());
    });
  }

  #name(track: Track): string {
    const known = this.#names.get(track);
    if (known !== undefined) return known;
    const name = `v${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
    this.#names.set(track, name);
    this.#pictures.set(name, track);
    return name;
  }

  #forget(track: Track): void {
    const name = this.#names.get(track);
    if (name !== undefined) this.#pictures.delete(name);
    this.#names.delete(track);
  }

  #hear(track: RemoteTrack): void {
    if (track.kind === Track.Kind.Audio) this.#sounds.append(track.attach());
  }

  attach(name: string, element: HTMLVideoElement): End {
    const track = this.#pictures.get(name);
    if (!track) return () => undefined;
    track.attach(element);
    return () => {
      track.detach(element);
    };
  }

  #published(publication: LocalTrackPublication): void {
    if (publication.source === Track.Source.ScreenShare) this.#listener.shared(true);
    if (publication.source === Track.Source.Microphone) this.#report('microphone');
    if (publication.source === Track.Source.Camera) this.#report('camera');
    this.#tell();
  }

  /** Which device a kind uses now. */
  #report(kind: Capture): void {
    const track = this.#room.localParticipant.getTrackPublication(SOURCE[kind])?.track?.mediaStreamTrack;
    this.#listener.opened(kind, track?.getSettings().deviceId ?? null);
    if (kind === 'microphone') this.#listener.microphone(track ?? null);
  }

  async publish(kind: Capture, track: MediaStreamTrack): Promise<void> {
    const constraints = constraintsOf(kind, track.getSettings().deviceId ?? null);
    const local: Track = kind === 'camera'
      ? new LocalVideoTrack(track, constraints, false)
      : new LocalAudioTrack(track, constraints, false);
    if (!isLocalTrack(local)) return; // never so: it only tells the compiler, whom optional fields confuse
    this.#fresh.set(kind, track);
    this.#asked[kind] = true;
    this.#device[kind] = track.getSettings().deviceId ?? null;
    await this.#inOrder(kind, async () => {
      const { breaks } = this.#line;
      try {
        await this.#room.localParticipant.publishTrack(local, { source: SOURCE[kind] });
      } catch {
        local.stop();
        // The device works, or it would not be open: the meeting did not take it.
        if (!this.#line.hasLost(SOURCE[kind], breaks)) this.#fail(kind, 'not-sent');
      } finally {
        this.#fresh.delete(kind);
      }
    });
  }

  async turn(kind: Capture, on: boolean, id: string | null): Promise<void> {
    // A track on its way to the others is not there yet to be muted, so that it falls silent by itself at once.
    const fresh = this.#fresh.get(kind);
    if (fresh && !on) fresh.enabled = false;
    this.#asked[kind] = on;
    if (on) this.#device[kind] = id;
    await this.#inOrder(kind, async () => {
      // Turned off again meanwhile, or given up for a failure that was told: the key says off.
      if (on && !this.#asked[kind]) return;
      const { breaks } = this.#line;
      try {
        await (on ? this.#open(kind, id) : this.#enable(kind, false));
        if (on) this.#report(kind);
      } catch (error) {
        if (!on || this.#line.hasLost(SOURCE[kind], breaks)) return;
        await this.#enable(kind, false).catch(() => undefined);
        this.#fail(kind, await sendingTrouble(error, kind));
      }
      this.#tell();
    });
  }

  async use(kind: Kind, id: string): Promise<void> {
    if (kind === 'speaker') {
      try {
        await this.#room.switchActiveDevice(inputOf(kind), id, true);
      } catch {
        const used = this.#room.getActiveDevice(inputOf(kind)) ?? '';
        this.#listener.speakerFailed(used === '' || used === 'default' ? null : used);
      }
      return;
    }
    this.#device[kind] = id;
    await this.#inOrder(kind, async () => {
      try {
        await this.#room.switchActiveDevice(inputOf(kind), id, true);
        // When the old device was pulled out, livekit-client tried it once more, failed, and muted the track.
        if (this.#asked[kind]) await this.#enable(kind, true);
        this.#report(kind);
      } catch (error) {
        // The old device is let go by now: others must not see somebody unmuted who sends nothing.
        await this.#enable(kind, false).catch(() => undefined);
        this.#fail(kind, await sendingTrouble(error, kind));
      }
      this.#tell();
    });
  }

  /** Turns a kind on: with the device that was chosen, or with the first there is when that one is gone. */
  async #open(kind: Capture, id: string | null): Promise<void> {
    try {
      if (id !== null) await this.#room.switchActiveDevice(inputOf(kind), id, true);
      await this.#enable(kind, true);
    } catch (error) {
      const another = (await listDevices()).find((device) => device.kind === kind && device.id !== id);
      if (!isMissing(error) || !another) throw error;
      await this.#room.switchActiveDevice(inputOf(kind), another.id, true);
      await this.#enable(kind, true);
    }
  }

  /** Goes to another device when the one in use was pulled out. */
  async #replaceGone(kind: Capture, publication: TrackPublication | undefined): Promise<boolean> {
    const used = publication?.track?.mediaStreamTrack.getSettings().deviceId;
    const there = (await listDevices()).filter((device) => device.kind === kind);
    const [another] = there;
    if (!another || there.some(({ id }) => id === used)) return false;
    try {
      await this.#open(kind, another.id);
    } catch {
      return false;
    }
    this.#report(kind);
    return true;
  }

  async #enable(kind: Capture, on: boolean): Promise<void> {
    const me = this.#room.localParticipant;
    if (kind === 'camera') await me.setCameraEnabled(on);
    else await me.setMicrophoneEnabled(on);
  }

  /** Told in the same moment as it is noted, so that the key and what is sent never part: see `turn`. */
  #fail(kind: Capture, trouble: Trouble): void {
    this.#asked[kind] = false;
    this.#listener.failed(kind, trouble);
  }

  #lookAt(publication: TrackPublication): void {
    const kind = CAPTURES.find((one) => SOURCE[one] === publication.source);
    if (kind) this.#lookWhether(kind);
  }

  /** Whether what should be on still is: the browser, the system or the server may have ended it, or a line that broke. */
  #lookWhether(kind: Capture, mended = false): void {
    if (!this.#asked[kind] || this.#away || !this.#inside) return;
    void this.#inOrder(kind, async () => {
      const publication = this.#room.localParticipant.getTrackPublication(SOURCE[kind]);
      if (!this.#asked[kind] || this.#away || !this.#inside || (publication?.track && !publication.isMuted)) return;
      if (mended && !publication) return this.#sendAgain(kind);
      const trouble = await stopped(kind);
      if (trouble !== 'stopped' || !(await this.#replaceGone(kind, publication))) this.#fail(kind, trouble);
      this.#tell();
    });
  }

  /** Opens a device anew for what was lost on its way to the others. */
  async #sendAgain(kind: Capture): Promise<void> {
    const { breaks } = this.#line;
    try {
      await this.#open(kind, this.#device[kind]);
    } catch (error) {
      if (!this.#line.hasLost(SOURCE[kind], breaks)) this.#fail(kind, await sendingTrouble(error, kind));
    }
    this.#tell();
  }

  /** One thing after the other for each kind: LiveKit forgets a mute that comes while the track is being published. */
  #inOrder(kind: Capture, job: () => Promise<void>): Promise<void> {
    const done = this.#last[kind].then(job);
    this.#last[kind] = done.catch(() => undefined);
    return done;
  }

  async share(on: boolean): Promise<ShareOutcome> {
    try {
      await this.#room.localParticipant.setScreenShareEnabled(on, {
        audio: true,
        contentHint: 'detail',
        surfaceSwitching: 'include',
        systemAudio: 'include',
      });
      return on ? 'shared' : 'cancelled';
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      const message = error instanceof Error ? error.message : '';
      if (name === 'NotAllowedError') return /system/i.test(message) ? 'refused-system' : 'cancelled';
      if (name === 'DeviceUnsupportedError') return 'unsupported';
      // Firefox speaks so when the system forbids it.
      return name === 'NotFoundError' ? 'refused-system' : 'failed';
    }
  }

  turnOnSound(): Promise<void> {
    return this.#room.startAudio().catch(() => undefined);
  }

  async leave(): Promise<void> {
    try {
      await this.#room.disconnect(true);
    } catch {
      // What could not be said to the server it finds out by itself; whoever wants to leave has left.
    }
    this.#end('left');
  }

  #end(why: LeaveReason): void {
    const inside = this.#inside;
    this.#close();
    if (inside) this.#listener.over(why);
  }

  #close(): void {
    if (this.#inside) {
      this.#listener.microphone(null);
      this.#listener.speaking([]);
    }
    this.#inside = false;
    for (const track of this.#pictures.values()) track.detach();
    this.#pictures.clear();
    this.#sounds.remove();
  }
}

export function openSession(listener: MediaListener, speaker: string | null): MediaSession {
  setLogLevel(LogLevel.warn);
  return new LivekitSession(listener, speaker);
}
