// Messages, fetched with their screens: nobody needs them to go into a meeting.

import type { Ports } from '../ports';
import type { Meter } from './levels';

export const laterVoicemail = (meter: Meter): Ports['voicemail'] => (tell, chosen) => {
  const world = import('./voicemail').then(({ Voicemail }) => new Voicemail(tell, meter, chosen));
  // Without a network nothing comes of it, as of the rest of the page.
  const then = (act: (found: Awaited<typeof world>) => void): void => void world.then(act, () => undefined);
  return { run: (effect) => then((found) => found.run(effect)), end: () => then((found) => found.end()) };
};
