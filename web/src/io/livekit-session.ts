// With the other files livekit-*.ts all that knows livekit-client. World fetches it when Join is pressed, so that the first page stays small.
// A broken line is mended by livekit-client itself: it takes its seat again while the server keeps it, and later comes in anew.

import {
  LocalAudioTrack, LocalVideoTrack, isLocalTrack, LogLevel, RoomEvent, Track, setLogLevel,
  type LocalTrack, type LocalTrackPublication, type Participant, type RemoteParticipant, type Room, type TrackPublication,
} from 'livekit-client';
import type { Capture, Ending, Kind, Person, Trouble } from '../core/state';
import type { Taking } from '../core/taking';
import type { ShareMode, Viewing } from '../core/viewing';
import type { End } from '../ports';
import { constraintsOf, fit, inputOf, isMissing, listDevices, stopped } from './devices';
import { Dressings } from './livekit-dressing';
import { Lasting } from './livekit-lasting';
import { keys } from './livekit-keys';
import { hurry, Line } from './livekit-line';
import { measure } from './livekit-measuring';
import { Pictures } from './livekit-pictures';
import { entryError, reasonOf, sendingTrouble } from './livekit-reasons';
import { joined, makeRoom, personOf } from './livekit-room';
import { Receiving } from './livekit-receiving';
import { Sharing } from './livekit-sharing';
import { Turns } from './turns';
import { type Entrance, type MediaListener, type MediaSession, type ShareOutcome } from './media-session';

const CAPTURES: readonly Capture[] = ['microphone', 'camera'];
const SOURCE: Readonly<Record<Capture, Track.Source>> = { microphone: Track.Source.Microphone, camera: Track.Source.Camera };

class LivekitSession implements MediaSession {
  readonly #room: Room;
  readonly #line: Line;
  readonly #listener: MediaListener;
  readonly #pictures = new Pictures();
  readonly #sounds: HTMLElement;
  readonly #receiving: Receiving;
  readonly #lasting: Lasting;
  readonly #dressings: Dressings;
  readonly #sharing: Sharing;
  /** My camera gives small pictures, to save data. */
  #small = false;
  /** Tracks on their way to the others, by kind. */
  readonly #fresh = new Map<Capture, MediaStreamTrack>();
  /** LiveKit forgets a mute that comes while the track is being published. */
  readonly #turns = new Turns<Capture>();
  /** What was last asked of each kind: what goes off without having been asked to went off by itself. */
  readonly #asked: Record<Capture, boolean> = { camera: false, microphone: false };
  /** The device that was last asked for; null leaves the choice to the browser. */
  readonly #device: Record<Capture, string | null> = { camera: null, microphone: null };
  #inside = false;
  #away = false;
  #telling = false;
  readonly hurry = hurry;
  readonly lookAtVoice: () => void;
  readonly press: MediaSession['press'];

  constructor(listener: MediaListener, speaker: string | null, lasting: boolean) {
    this.#listener = listener;
    this.#sounds = document.createElement('div');
    this.#sounds.hidden = true;
    this.#room = makeRoom(speaker, lasting);
    this.#dressings = new Dressings(listener);
    this.#line = new Line(this.#room, (track) => this.#dressings.deviceTrack(track));
    this.#receiving = new Receiving(this.#room);
    this.#lasting = new Lasting(this.#room, () => this.#tell());
    this.#sharing = new Sharing(this.#room, listener);
    this.lookAtVoice = measure(this.#room, listener);
    this.press = keys(this.#room, listener);
    this.#listen();
  }

  #listen(): void {
    const tell = (): void => this.#tell();
    const come = (participant: RemoteParticipant): void => {
      this.#receiving.look(participant);
      tell();
    };
    const room = this.#room;
    room
      .on(RoomEvent.ParticipantConnected, come).on(RoomEvent.TrackPublished, (_, participant) => come(participant))
      .on(RoomEvent.ParticipantDisconnected, tell).on(RoomEvent.ParticipantNameChanged, tell).on(RoomEvent.TrackUnpublished, tell)
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        if (participant.isLocal) this.#lookAt(publication);
        else this.#receiving.hold(publication);
        this.#tell();
      })
      .on(RoomEvent.TrackUnmuted, tell).on(RoomEvent.ConnectionQualityChanged, tell).on(RoomEvent.TrackStreamStateChanged, tell)
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
        if (track.kind === Track.Kind.Audio) this.#sounds.append(track.attach());
        this.#receiving.hear(participant);
        this.#receiving.hold(publication);
        this.#tell();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        // A picture stays with its tile, which lets go of it: where all is sent anew it stands still meanwhile.
        if (track.kind === Track.Kind.Audio) track.detach().forEach((element) => element.remove());
        this.#pictures.forget(track);
        this.#tell();
      })
      .on(RoomEvent.LocalTrackPublished, (publication) => this.#published(publication))
      .on(RoomEvent.LocalTrackUnpublished, (publication) => {
        if (publication.source === Track.Source.ScreenShare) this.#listener.shared(false);
        if (publication.track) this.#pictures.forget(publication.track);
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
        this.#receiving.again();
        this.#listener.link('connected');
        void this.#sharing.again();
        for (const kind of CAPTURES) this.#lookWhether(kind, true);
        this.#tell();
      })
      .on(RoomEvent.Disconnected, (reason) => this.#end(reasonOf(reason)));
  }

  async enter({ url, token, first }: Entrance): Promise<void> {
    document.body.append(this.#sounds);
    this.#receiving.begin(() => first(this.people()));
    try {
      // What is taken is chosen one by one, never all.
      await this.#room.connect(url, token, { autoSubscribe: false });
    } catch (error) {
      this.#close();
      throw entryError(error);
    }
    this.#inside = true;
    this.#lasting.begin();
  }

  readonly soundBlocked = (): boolean => !this.#room.canPlaybackAudio;
  readonly speakers = (): readonly string[] => this.#room.activeSpeakers.map(({ identity }) => identity);

  people(): readonly Person[] {
    const all: Participant[] = [this.#room.localParticipant, ...this.#room.remoteParticipants.values()];
    return all.toSorted((a, b) => joined(a) - joined(b)).map((one) => this.#lasting.seen(one, personOf(one, (track) => this.#pictures.name(track))));
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

  readonly attach = (name: string, element: HTMLVideoElement): End => this.#pictures.attach(name, element);

  #published(publication: LocalTrackPublication): void {
    if (publication.source === Track.Source.ScreenShare) this.#listener.shared(true);
    if (publication.source === Track.Source.Microphone) this.#report('microphone');
    if (publication.source === Track.Source.Camera) this.#report('camera');
    this.#tell();
  }

  /** Which device a kind uses now. */
  #report(kind: Capture): void {
    const local = this.#room.localParticipant.getTrackPublication(SOURCE[kind])?.track;
    const track = local && this.#dressings.deviceTrack(local);
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
    await this.#turns.take(kind, async () => {
      const { breaks } = this.#line;
      try {
        // A picture is not sent before it is as it was wanted; a voice does not wait.
        if (kind === 'camera') {
          await this.#dressings.dress(local);
          await this.#fit(local);
        }
        if (!this.#inside) throw new Error('left meanwhile');
        await this.#room.localParticipant.publishTrack(local, { source: SOURCE[kind] });
      } catch {
        local.stop();
        // The device works, or it would not be open: the meeting did not take it.
        if (!this.#line.hasLost(SOURCE[kind], breaks)) this.#fail(kind, 'not-sent');
      } finally {
        this.#fresh.delete(kind);
      }
    });
    if (kind === 'microphone') await this.#redress(kind);
  }

  async turn(kind: Capture, on: boolean, id: string | null): Promise<void> {
    // A track on its way to the others is not there yet to be muted, so that it falls silent by itself at once.
    const fresh = this.#fresh.get(kind);
    if (fresh && !on) fresh.enabled = false;
    const sent = this.#room.localParticipant.getTrackPublication(SOURCE[kind])?.track;
    // Silent and dark at once, whatever must be waited for before the others are told.
    if (sent && !on) this.#dressings.deviceTrack(sent).enabled = false;
    this.#asked[kind] = on;
    if (on) this.#device[kind] = id;
    await this.#turns.take(kind, async () => {
      // Turned off again meanwhile, or given up for a failure that was told: the key says off.
      if (on && !this.#asked[kind]) return;
      const { breaks } = this.#line;
      try {
        await (on ? this.#open(kind, id) : this.#enable(kind, false));
        if (on && kind === 'camera') await this.#dress(kind);
        if (on) this.#report(kind);
      } catch (error) {
        if (!on || this.#line.hasLost(SOURCE[kind], breaks)) return;
        await this.#enable(kind, false).catch(() => undefined);
        this.#fail(kind, await sendingTrouble(error, kind));
      }
      this.#tell();
    });
    if (on && kind === 'microphone') await this.#redress(kind);
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
    await this.#turns.take(kind, async () => {
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
    const opened = await this.#open(kind, another.id).then(() => true, () => false);
    if (opened) this.#report(kind);
    return opened;
  }

  async #enable(kind: Capture, on: boolean): Promise<void> {
    const me = this.#room.localParticipant;
    if (kind === 'microphone') {
      await me.setMicrophoneEnabled(on);
      return;
    }
    // A camera that is opened now is blurred before its first picture goes out.
    const anew = on && this.#dressings.blurs && !me.getTrackPublication(Track.Source.Camera);
    await me.setCameraEnabled(on, anew ? { processor: await this.#dressings.blur() } : undefined);
  }

  async apply(viewing: Viewing): Promise<void> {
    this.#dressings.want(viewing);
    this.#small = viewing.saver !== 'off';
    this.#receiving.apply(viewing);
    await Promise.all(CAPTURES.map((kind) => this.#redress(kind)));
  }

  /** Fetches first what may take long, so that nobody waits for it who mutes meanwhile. */
  async #redress(kind: Capture): Promise<void> {
    await this.#dressings.fetch(kind);
    await this.#turns.take(kind, async () => {
      // What fails is told; what was sent before goes on as it was.
      if (!(await this.#dress(kind).catch(() => false))) return;
      this.#report(kind);
      this.#tell();
    });
  }

  /** Whatever is wanted of what is sent now. Tells whether what is sent is another track by that. */
  async #dress(kind: Capture): Promise<boolean> {
    const track = this.#room.localParticipant.getTrackPublication(SOURCE[kind])?.track;
    if (!isLocalTrack(track)) return false;
    const changed = await this.#dressings.dress(track);
    await this.#fit(track);
    return changed;
  }

  async #fit(track: LocalTrack): Promise<void> {
    if (track.kind === Track.Kind.Video && !track.isMuted) await fit(this.#dressings.deviceTrack(track), this.#small);
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
    void this.#turns.take(kind, async () => {
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
      if (kind === 'camera') await this.#dress(kind); // before it is seen; a voice does not wait
      else void this.#redress(kind);
    } catch (error) {
      if (!this.#line.hasLost(SOURCE[kind], breaks)) this.#fail(kind, await sendingTrouble(error, kind));
    }
    this.#tell();
  }

  readonly share = (on: boolean): Promise<ShareOutcome> => this.#sharing.turn(on);
  readonly pauseShare = (on: boolean): Promise<void> => this.#sharing.pause(on);
  readonly tuneShare = (mode: ShareMode): Promise<void> => this.#sharing.tune(mode);
  readonly soundShare = (on: boolean): Promise<void> => this.#sharing.sound(on);
  readonly hush = (on: boolean): void => this.#receiving.hush(on);
  readonly take = (taking: Taking): void => this.#receiving.take(taking);
  // It lets everybody be heard, those too whom I do not want to hear.
  readonly turnOnSound = (): Promise<void> => this.#room.startAudio().catch(() => undefined).then(() => this.#receiving.again());

  async leave(): Promise<void> {
    try {
      await this.#room.disconnect(true);
    } catch {
      // What could not be said to the server it finds out by itself; whoever wants to leave has left.
    }
    this.#end('left');
  }

  #end(why: Ending): void {
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
    this.#lasting.close();
    this.#pictures.close();
    this.#sounds.remove();
  }
}

export function openSession(listener: MediaListener, speaker: string | null, lasting: boolean): MediaSession {
  setLogLevel(LogLevel.warn);
  return new LivekitSession(listener, speaker, lasting);
}
