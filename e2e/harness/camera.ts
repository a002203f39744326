/**
 * The camera of most people in the tests. The browsers' fake cameras are as large as they are asked to be, and encoding
 * three layers of 1280 x 720 without graphics fills a core for each person: a test of buttons would then measure little
 * but encoders. What is asked for here is what a simple laptop has. The people of `bare.ts` keep the large one, with
 * which layers and codecs are tested.
 */

/** The largest picture, in pixels, and how many of them a second: livekit-client makes two layers of it. */
export const MODEST = { width: 640, height: 360, frameRate: 8 };

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
