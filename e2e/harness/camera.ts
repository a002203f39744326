/**
 * The camera of most people in the tests. The browsers' fake cameras are as large as they are asked to be, and encoding
 * three layers of 1280 x 720 without graphics fills a core for each person: a test of buttons would then measure little
 * but encoders. What is asked for here is what a simple laptop has. The people of `bare.ts` keep the large one, with
 * which layers and codecs are tested.
 */

/** The largest picture, in pixels, and how many of them a second: livekit-client makes two layers of it. */
export const MODEST = { width: 640, height: 360, frameRate: 8 };

/** Runs in the page: cameras show flakes that dance, of which encoders can save nothing, as large as is said. */
export function restless(size: { width: number; height: number; frameRate: number }): void {
  if (!('mediaDevices' in navigator)) {
    return;
  }
  const FLAKE = 16;
  const { prototype } = MediaDevices;
  const ask = prototype.getUserMedia;
  prototype.getUserMedia = async function (wish) {
    if ((wish?.video ?? false) === false) {
      return ask.call(this, wish);
    }
    const [fake] = (await ask.call(this, { video: true })).getVideoTracks();
    const canvas = Object.assign(document.createElement('canvas'), { width: size.width, height: size.height });
    const drawing = canvas.getContext('2d');
    setInterval(() => {
      for (let x = 0; x < size.width; x += FLAKE) {
        for (let y = 0; y < size.height; y += FLAKE) {
          if (drawing !== null && Math.random() < 0.3) {
            drawing.fillStyle = `hsl(${Math.random() * 360} 60% ${20 + Math.random() * 60}%)`;
            drawing.fillRect(x, y, FLAKE, FLAKE);
          }
        }
      }
    }, 1_000 / size.frameRate);
    const [picture] = canvas.captureStream(size.frameRate).getVideoTracks();
    const settings = { ...fake?.getSettings(), ...size };
    fake?.stop();
    if (picture === undefined) {
      throw new Error('a canvas gives a picture');
    }
    picture.getSettings = () => settings;
    const sound = (wish?.audio ?? false) === false ? [] : (await ask.call(this, { audio: wish?.audio ?? true })).getAudioTracks();
    return new MediaStream([...sound, picture]);
  };
}

/** Runs in the page. Must not refer to anything outside itself. */
export function limitCamera(limit: { width: number; height: number; frameRate: number }): void {
  if (!('mediaDevices' in navigator)) {
    return;
  }
  const { prototype } = MediaDevices;
  const ask = prototype.getUserMedia;
  prototype.getUserMedia = function (wish) {
    const video = wish?.video ?? false;
    return ask.call(this, video === false ? wish : { ...wish, video: { ...(video === true ? {} : video), ...limit } });
  };
}
