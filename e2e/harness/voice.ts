/** Voices that never pause, so that whatever is made up of them is a fault. */

import type { Tab } from './tab.ts';

declare global {
  interface Window {
    /** What a voice is made from; started already. */
    __glottis: (context: AudioContext) => OscillatorNode;
  }
}

/** Chromium's fake microphone is silent most of the time; Firefox's sings already. */
export async function sing(tab: Tab): Promise<void> {
  if (tab.engine === 'chromium') {
    await tab.prepare(giveGlottis, undefined);
    await tab.prepare(tone, undefined);
  }
}

/** Runs in the page: what a voice begins with, whose pitch sways. A tone that stays as it is counts as noise. */
export function giveGlottis(): void {
  window.__glottis = (context) => {
    const [glottis, sway, depth] = [context.createOscillator(), context.createOscillator(), context.createGain()];
    glottis.type = 'sawtooth';
    glottis.frequency.value = 140;
    sway.frequency.value = 0.7;
    depth.gain.value = 30;
    sway.connect(depth).connect(glottis.frequency);
    glottis.start();
    sway.start();
    return glottis;
  };
}

/** Runs in the page: microphones give what encoders take for a voice, and no pauses. */
function tone(): void {
  if (!('mediaDevices' in navigator)) {
    return;
  }
  const { prototype } = MediaDevices;
  const ask = prototype.getUserMedia;
  prototype.getUserMedia = async function (wish) {
    const stream = await ask.call(this, wish);
    const [fake] = stream.getAudioTracks();
    if (fake === undefined) {
      return stream;
    }
    const context = new AudioContext();
    // Syllables: four in a second, between which it is quiet and never silent.
    const [volume, syllables, stress] = [context.createGain(), context.createOscillator(), context.createGain()];
    volume.gain.value = 0.3;
    syllables.frequency.value = 4;
    stress.gain.value = 0.25;
    syllables.connect(stress).connect(volume.gain);
    syllables.start();
    const out = context.createMediaStreamDestination();
    window.__glottis(context).connect(volume).connect(out);
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) {
      return stream;
    }
    const settings = fake.getSettings();
    track.getSettings = () => settings;
    return new MediaStream([track, ...stream.getVideoTracks()]);
  };
}
