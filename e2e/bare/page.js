/**
 * `livekit-client` as published, in a page that has nothing else: what a stranger's application does with Parlor.
 * The tests call the functions of `bare` and read what they return; all of it is plain data.
 */

import {
  ConnectionErrorReason,
  Room,
  RoomEvent,
  Track,
  VideoPreset,
  VideoQuality,
  createLocalVideoTrack,
} from 'livekit-client';

/**
 * @typedef {{ what: string, from: string, text: string }} Heard
 * @typedef {{ sid: string, name: string, kind: string, source: string, muted: boolean, subscribed: boolean, live: string }} Seen
 * @typedef {{ identity: string, metadata: string, attributes: Record<string, string>, tracks: Seen[] }} Somebody
 * @typedef {'vp8' | 'vp9' | 'av1' | 'h264'} Codec
 */

const media = /** @type {HTMLElement} */ (document.getElementById('media'));
/** Samples in a second, of what is listened to. */
const RATE = 48_000;
/** How long to listen, in milliseconds: half a second tells pitches apart to 2 Hz. */
const RECORDING = 500;
/** Below this share of a full tone there is silence. */
const SILENCE = 0.005;
const decoder = new TextDecoder();

/** @type {Room | undefined} */
let current;
/** Of the camera that is watched. */
let watched = { pictures: 0, longest: 0, last: 0 };
/** @type {Heard[]} */
const heard = [];
/** @type {Map<string, import('livekit-client').LocalTrackPublication>} */
const published = new Map();

function room() {
  if (current === undefined) {
    throw new Error('join first');
  }
  return current;
}

/** @param {string} what @param {string} from @param {string} text */
function note(what, from, text) {
  heard.push({ what, from, text });
}

/** @param {string} identity @param {string} source */
function publication(identity, source) {
  const found = room()
    .remoteParticipants.get(identity)
    ?.getTrackPublications()
    .find((one) => one.source === source);
  if (found === undefined) {
    throw new Error(`${identity} publishes no ${source}`);
  }
  return /** @type {import('livekit-client').RemoteTrackPublication} */ (found);
}

/** @param {import('livekit-client').TrackPublication} one @returns {Seen} */
function seen(one) {
  return {
    sid: one.trackSid,
    name: one.trackName,
    kind: one.kind,
    source: one.source,
    muted: one.isMuted,
    subscribed: one.isSubscribed,
    live: one.track?.mediaStreamTrack.id ?? '',
  };
}

/** @param {Room} room */
function listen(room) {
  room
    .on(RoomEvent.TrackSubscribed, (track) => {
      media.append(track.attach());
    })
    .on(RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) {
        element.remove();
      }
    })
    .on(RoomEvent.DataReceived, (payload, from, _kind, topic) => {
      note(`data ${topic ?? ''}`.trim(), from?.identity ?? '', decoder.decode(payload));
    })
    .on(RoomEvent.ParticipantConnected, (one) => note('connected', one.identity, ''))
    .on(RoomEvent.ParticipantDisconnected, (one) => note('disconnected', one.identity, ''))
    .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
      for (const speaker of speakers) {
        note('speaks', speaker.identity, '');
      }
    })
    .on(RoomEvent.SignalReconnecting, () => note('signal reconnecting', '', ''))
    .on(RoomEvent.Reconnecting, () => note('reconnecting', '', ''))
    .on(RoomEvent.Reconnected, () => note('reconnected', '', ''))
    .on(RoomEvent.Disconnected, (reason) => note('left', '', String(reason ?? '')));
  room.registerTextStreamHandler('story', async (reader, from) => {
    note('text', from.identity, await reader.readAll());
  });
  room.registerRpcMethod('add', async (call) => {
    const [one, other] = JSON.parse(call.payload);
    return String(one + other);
  });
}

export const bare = {
  /**
   * @param {{ url: string, token: string, autoSubscribe?: boolean }} how
   * @returns {Promise<string>} the own identity
   */
  async join({ url, token, autoSubscribe = true }) {
    const room = new Room({ adaptiveStream: false, dynacast: false });
    current = room;
    listen(room);
    await room.connect(url, token, { autoSubscribe });
    return room.localParticipant.identity;
  },

  /** @param {{ url: string, token: string }} how @returns {Promise<{ reason: string, status: number, message: string }>} */
  async refusal({ url, token }) {
    try {
      await new Room().connect(url, token, { maxRetries: 0 });
    } catch (error) {
      // `reasonName` is not to be trusted: the client changes `reason` afterwards.
      const { reason, status, message } = /** @type {import('livekit-client').ConnectionError} */ (error);
      return { reason: ConnectionErrorReason[reason], status: status ?? 0, message };
    }
    return { reason: 'let in', status: 200, message: '' };
  },

  async leave() {
    await room().disconnect();
  },

  /** Forgets what it was told it may not do, as a client does that asks all the same: what is left is the server's word. */
  presume() {
    const self = room().localParticipant;
    if (self.permissions === undefined) {
      throw new Error('nothing is known of the own rights');
    }
    const rights = self.permissions.clone();
    Object.assign(rights, { canPublish: true, canSubscribe: true, canPublishSources: [] });
    self.setPermissions(rights);
  },

  /** @returns {string} */
  state() {
    return room().state;
  },

  /** @returns {Heard[]} */
  heard() {
    return heard;
  },

  /** @returns {Somebody[]} */
  others() {
    return [...room().remoteParticipants.values()].map((one) => ({
      identity: one.identity,
      metadata: one.metadata ?? '',
      attributes: { ...one.attributes },
      tracks: one.getTrackPublications().map(seen),
    }));
  },

  /** @param {number | null} hertz null for what the microphone gives @param {boolean} red whether with copies of earlier sound */
  async publishTone(hertz, red = false) {
    const track = hertz === null ? await microphone() : await oscillation(hertz);
    published.set(
      'tone',
      await room().localParticipant.publishTrack(track, {
        source: Track.Source.Microphone,
        dtx: false,
        red,
      }),
    );
  },

  /**
   * @param {{ codec?: Codec, simulcast?: boolean, width?: number, height?: number, source?: 'camera' | 'screen_share',
   *   restless?: boolean }} how `restless` for a picture that fills every bit rate
   */
  async publishPicture({ codec = 'vp8', simulcast = true, width = 640, height = 360, source = 'camera', restless = false } = {}) {
    const camera = () => createLocalVideoTrack({ resolution: { width, height, frameRate: 15 } });
    const track = restless ? snow(width, height) : (await camera()).mediaStreamTrack;
    published.set(
      source,
      await room().localParticipant.publishTrack(track, {
        source: source === 'camera' ? Track.Source.Camera : Track.Source.ScreenShare,
        simulcast,
        videoCodec: codec,
        backupCodec: false,
        degradationPreference: 'maintain-resolution',
        videoEncoding: { maxBitrate: 1_500_000, maxFramerate: 15 },
        screenShareEncoding: { maxBitrate: 1_500_000, maxFramerate: 15 },
        videoSimulcastLayers: [
          new VideoPreset(width / 4, height / 4, 120_000, 15),
          new VideoPreset(width / 2, height / 2, 400_000, 15),
        ],
      }),
    );
  },

  /** @param {'tone' | 'camera' | 'screen_share'} what */
  async unpublish(what) {
    const track = published.get(what)?.track;
    if (track === undefined) {
      throw new Error(`${what} is not published`);
    }
    published.delete(what);
    await room().localParticipant.unpublishTrack(track, true);
  },

  /** @param {{ what: 'tone' | 'camera', muted: boolean }} how */
  async mute({ what, muted }) {
    await (muted ? published.get(what)?.mute() : published.get(what)?.unmute());
  },

  /** @param {{ identity: string, source: string, subscribed: boolean }} how */
  subscribe({ identity, source, subscribed }) {
    publication(identity, source).setSubscribed(subscribed);
  },

  /**
   * Asks for a size and waits until the received frames have that width, or one below.
   *
   * @param {{ identity: string, quality: 'low' | 'medium' | 'high', width?: number, below?: number, patience: number }} how
   * @returns {Promise<{ took: number, width: number }>} milliseconds until then, or until the patience was over
   */
  async chooseSize({ identity, quality, width, below = 0, patience }) {
    const one = publication(identity, 'camera');
    const receiver = one.track?.receiver;
    if (receiver === undefined) {
      throw new Error(`the picture of ${identity} is not received`);
    }
    const asked = performance.now();
    one.setVideoQuality({ low: VideoQuality.LOW, medium: VideoQuality.MEDIUM, high: VideoQuality.HIGH }[quality]);
    for (;;) {
      let now = 0;
      (await receiver.getStats()).forEach((/** @type {Record<string, unknown>} */ entry) => {
        now = entry['type'] === 'inbound-rtp' ? Number(entry['frameWidth'] ?? 0) : now;
      });
      const took = performance.now() - asked;
      if (now === width || (now > 0 && now < below) || took > patience) {
        return { took, width: now };
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  },

  /**
   * Begins to note when pictures of somebody's camera are shown.
   *
   * @param {string} identity
   */
  watch(identity) {
    const track = publication(identity, 'camera').track?.mediaStreamTrack;
    const video = [...media.querySelectorAll('video')].find(
      (one) => one.srcObject instanceof MediaStream && track !== undefined && one.srcObject.getTracks().includes(track),
    );
    if (video === undefined) {
      throw new Error(`no picture of ${identity} is shown`);
    }
    watched = { pictures: 0, longest: 0, last: performance.now() };
    /** @param {number} now */
    const next = (now) => {
      watched.pictures += 1;
      watched.longest = Math.max(watched.longest, now - watched.last);
      watched.last = now;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  },

  /**
   * What was seen since the last look.
   *
   * @returns {{ pictures: number, longest: number }} the longest time for which a picture stood still, in milliseconds
   */
  watched() {
    const { pictures, longest, last } = watched;
    watched.pictures = 0;
    watched.longest = 0;
    return { pictures, longest: Math.max(longest, performance.now() - last) };
  },

  /** @param {{ text: string, reliable: boolean, topic?: string, to?: string[] }} how */
  async send({ text, reliable, topic, to }) {
    await room().localParticipant.publishData(new TextEncoder().encode(text), {
      reliable,
      ...(topic === undefined ? {} : { topic }),
      ...(to === undefined ? {} : { destinationIdentities: to }),
    });
  },

  /** @param {string} text */
  async tell(text) {
    await room().localParticipant.sendText(text, { topic: 'story' });
  },

  /** @param {{ identity: string, numbers: [number, number] }} how @returns {Promise<string>} */
  ask({ identity, numbers }) {
    return room().localParticipant.performRpc({
      destinationIdentity: identity,
      method: 'add',
      payload: JSON.stringify(numbers),
    });
  },

  /** @param {{ metadata?: string, name?: string, attributes?: Record<string, string> }} how */
  async describe({ metadata, name, attributes }) {
    const self = room().localParticipant;
    if (metadata !== undefined) {
      await self.setMetadata(metadata);
    }
    if (name !== undefined) {
      await self.setName(name);
    }
    if (attributes !== undefined) {
      await self.setAttributes(attributes);
    }
  },

  /** @param {'signal-reconnect' | 'full-reconnect' | 'resume-reconnect'} scenario */
  async simulate(scenario) {
    await room().simulateScenario(scenario);
  },

  /**
   * The strongest pitch in what somebody sends, in hertz; it is listened to for as long as the recording takes.
   *
   * @param {string} identity
   * @returns {Promise<number>} 0 while it is silent
   */
  async pitch(identity) {
    const track = publication(identity, 'microphone').track?.mediaStreamTrack;
    return track === undefined ? 0 : pitchOf(await record(track));
  },
};

/**
 * A picture of which nothing stays from one moment to the next.
 *
 * @param {number} width @param {number} height
 */
function snow(width, height) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const drawing = canvas.getContext('2d');
  const FLAKE = 8;
  setInterval(() => {
    for (let x = 0; x < width; x += FLAKE) {
      for (let y = 0; y < height; y += FLAKE) {
        if (drawing !== null && Math.random() < 0.5) {
          drawing.fillStyle = `hsl(${Math.random() * 360} 80% ${Math.random() * 100}%)`;
          drawing.fillRect(x, y, FLAKE, FLAKE);
        }
      }
    }
  }, 66);
  const [track] = canvas.captureStream(15).getVideoTracks();
  if (track === undefined) {
    throw new Error('no picture to publish');
  }
  return track;
}

async function microphone() {
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return onlyTrack(await navigator.mediaDevices.getUserMedia({ audio: plain }));
}

/** @param {number} hertz */
async function oscillation(hertz) {
  const sound = new AudioContext();
  await sound.resume();
  const oscillator = new OscillatorNode(sound, { frequency: hertz });
  const volume = new GainNode(sound, { gain: 0.5 });
  const out = sound.createMediaStreamDestination();
  oscillator.connect(volume).connect(out);
  oscillator.start();
  return onlyTrack(out.stream);
}

/** @param {MediaStream} stream */
function onlyTrack(stream) {
  const track = stream.getAudioTracks()[0];
  if (track === undefined) {
    throw new Error('no sound to publish');
  }
  return track;
}

/**
 * Records and decodes: unlike a live audio context this needs no loudspeaker, which Firefox has not on a bare machine.
 *
 * @param {MediaStreamTrack} track
 * @returns {Promise<Float32Array>} samples at `RATE`
 */
async function record(track) {
  const recorder = new MediaRecorder(new MediaStream([track]));
  /** @type {Promise<Blob>} */
  const first = new Promise((resolve) => {
    recorder.addEventListener('dataavailable', ({ data }) => resolve(data), { once: true });
  });
  recorder.start(RECORDING);
  const bytes = await (await first).arrayBuffer();
  recorder.stop();
  try {
    return (await new OfflineAudioContext(1, RATE, RATE).decodeAudioData(bytes)).getChannelData(0);
  } catch {
    // A recording that was too short to hold anything.
    return new Float32Array();
  }
}

/** Tries each pitch of a choir in turn and takes the one with most energy.
 *
 * @param {Float32Array} samples
 */
function pitchOf(samples) {
  let best = 0;
  let most = SILENCE * samples.length;
  for (let hertz = 100; hertz <= 1_500; hertz += 1) {
    const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
    let [before, last] = [0, 0];
    for (const sample of samples) {
      [before, last] = [last, sample + turn * last - before];
    }
    const energy = Math.sqrt(before * before + last * last - turn * before * last);
    if (energy > most) {
      [best, most] = [hertz, energy];
    }
  }
  return best;
}

globalThis.bare = bare;
