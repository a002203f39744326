/** Voices that never pause, so that whatever is made up of them is a fault. */

import type { Tab } from './tab.ts';

/** Chromium's fake microphone is silent most of the time; Firefox's sings already. */
export async function sing(tab: Tab): Promise<void> {
  if (tab.engine === 'chromium') {
    await tab.prepare(tone, undefined);
  }
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
    const [voice, sway, depth] = [context.createOscillator(), context.createOscillator(), context.createGain()];
    voice.type = 'sawtooth';
    voice.frequency.value = 140;
    sway.frequency.value = 0.7;
    depth.gain.value = 30;
    sway.connect(depth).connect(voice.frequency);
    // Syllables: four in a second, between which it is quiet and never silent. A tone that stays as it is counts as noise.
    const [volume, syllables, stress] = [context.createGain(), context.createOscillator(), context.createGain()];
    volume.gain.value = 0.3;
    syllables.frequency.value = 4;
    stress.gain.value = 0.25;
    syllables.connect(stress).connect(volume.gain);
    syllables.start();
    const out = context.createMediaStreamDestination();
    voice.connect(volume).connect(out);
    voice.start();
    sway.start();
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) {
      return stream;
    }
    const settings = fake.getSettings();
    track.getSettings = () => settings;
    return new MediaStream([track, ...stream.getVideoTracks()]);
  };
}
