/** A cast of drawn people who sit in a meeting while its screenshots are taken: one page, one room object each. */

import { Room, Track } from 'livekit-client';

/** Pictures in a second: enough for a still, and light. */
const RATE = 8;

/** @type {Room[]} */
const stage = [];
const sound = new AudioContext();

/** @param {number} width @param {number} height @param {(pen: CanvasRenderingContext2D, tick: number) => void} draw */
function film(width, height, draw) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (pen === null) {
    throw new Error('this browser cannot draw');
  }
  let tick = 0;
  const next = () => {
    draw(pen, tick);
    tick += 1;
  };
  next();
  setInterval(next, 1000 / RATE);
  const track = canvas.captureStream(RATE).getVideoTracks()[0];
  if (track === undefined) {
    throw new Error('this browser cannot film a canvas');
  }
  return track;
}

/** @param {string} name @param {number} width @param {number} height */
async function portrait(name, width, height) {
  const image = new Image();
  image.src = `/people/${name}.svg`;
  await image.decode();
  const still = new OffscreenCanvas(width, height);
  still.getContext('2d')?.drawImage(image, 0, 0, width, height);
  return film(width, height, (pen, tick) => {
    // One pixel in a corner changes, or an encoder would send nothing.
    pen.drawImage(still, 0, 0);
    pen.fillStyle = tick % 2 === 0 ? '#888' : '#898989';
    pen.fillRect(0, 0, 2, 2);
  });
}

/** A plan on a wall, for a share. */
function slide() {
  return film(1280, 720, (pen, tick) => {
    pen.fillStyle = '#fbfaf5';
    pen.fillRect(0, 0, 1280, 720);
    pen.fillStyle = '#17352a';
    pen.font = '600 46px Georgia, serif';
    pen.fillText('The house in spring', 72, 110);
    pen.font = '24px sans-serif';
    pen.fillStyle = '#42584e';
    pen.fillText('Visits in a month, and what we planned for', 72, 154);
    const bars = [210, 260, 245, 330, 372, 415, 398, 460];
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug'];
    bars.forEach((height, index) => {
      const left = 90 + index * 142;
      pen.fillStyle = '#dfe8e0';
      pen.fillRect(left, 620 - height * 0.92 - 24, 96, height * 0.92 + 24);
      pen.fillStyle = index > 5 ? '#c8922b' : '#2c6e52';
      pen.fillRect(left, 620 - height * 0.9, 96, height * 0.9);
      pen.fillStyle = '#42584e';
      pen.fillText(months[index] ?? '', left + 24, 660);
    });
    pen.fillStyle = tick % 2 === 0 ? '#fbfaf5' : '#fafaf5';
    pen.fillRect(0, 0, 2, 2);
  });
}

export const cast = {
  /**
   * Lets somebody in.
   *
   * @param {{ url: string, token: string, face: string | null, speaks: boolean, shares: boolean }} role
   */
  async enter({ url, token, face, speaks, shares }) {
    const room = new Room();
    await room.connect(url, token, { autoSubscribe: false });
    stage.push(room);
    const volume = new GainNode(sound, { gain: speaks ? 0.4 : 0 });
    const out = sound.createMediaStreamDestination();
    const voice = new OscillatorNode(sound, { frequency: 220 });
    voice.connect(volume).connect(out);
    voice.start();
    const audio = out.stream.getAudioTracks()[0];
    if (audio !== undefined) {
      const options = { source: Track.Source.Microphone, dtx: false, red: false };
      const publication = await room.localParticipant.publishTrack(audio, options);
      if (!speaks) {
        await publication.mute();
      }
    }
    if (face !== null) {
      await room.localParticipant.publishTrack(await portrait(face, 640, 360), {
        source: Track.Source.Camera,
        simulcast: false,
        videoEncoding: { maxBitrate: 900_000, maxFramerate: RATE },
      });
    }
    if (shares) {
      await room.localParticipant.publishTrack(slide(), {
        source: Track.Source.ScreenShare,
        simulcast: false,
        screenShareEncoding: { maxBitrate: 1_500_000, maxFramerate: RATE },
      });
    }
  },

  /** Sends everybody home. */
  async end() {
    await Promise.all(stage.splice(0).map((room) => room.disconnect()));
  },
};

globalThis.cast = cast;
