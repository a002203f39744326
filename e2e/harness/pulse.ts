/** When pictures and sound came to a page: noted in the page itself, so that the test's own pace does not blur it. */

import type { Tab } from './tab.ts';

declare global {
  interface Window {
    __pulse: PageBeat[] | undefined;
  }
}

/** What had come when it was looked. */
export interface Beat {
  /** By the clock of the machine, in milliseconds; all pages and tests share it. */
  at: number;
  /** Pictures decoded since the beginning. */
  frames: number;
  /** Packets of sound since the beginning. */
  sounds: number;
  /** The same of each voice for itself, where a page noted it. */
  each?: Readonly<Record<string, number>>;
}

/** The same of a page, with how it was. */
export interface PageBeat extends Beat {
  /** The width of the largest picture that moved on since the last look, in pixels; 0 when none did. */
  width: number;
  /** Samples of sound that were played since the beginning, and how many of them were made up where there was sound. */
  samples: number;
  concealed: number;
}

/** Notes from now on, also on pages that are opened later. To be called before the page is opened. */
export function keepPulse(tab: Tab): Promise<void> {
  return tab.prepare(note, EVERY);
}

/** All that was noted since a moment. */
export function pulse(tab: Tab, since: number): Promise<PageBeat[]> {
  return tab.evaluate((since) => (window.__pulse ?? []).filter((beat) => beat.at >= since), since);
}

/** What came of each voice that was heard already when something began, from then on: as if it were alone. */
export function voices(beats: readonly Beat[], began: number): Beat[][] {
  const before = beats.filter(({ at }) => at <= began).slice(-LOOKS);
  const [first, last] = [before[0]?.each ?? {}, before.at(-1)];
  const heard = Object.entries(last?.each ?? {}).filter(([name, count]) => count > (first[name] ?? count)).map(([name]) => name);
  const since = beats.filter(({ at }) => at >= (last?.at ?? began));
  return heard.map((name) => {
    let had = 0;
    return since.map((beat) => ({ ...beat, sounds: (had = beat.each?.[name] ?? had) }));
  });
}

/** In so many looks a voice that is there has come on, also where packets are counted in lumps. */
const LOOKS = 6;

/** How often is looked: a tenth of the shortest limit that is measured, or less. */
const EVERY = 100;

/** Runs in the page. Must not refer to anything outside itself. */
function note(every: number): void {
  const beats: PageBeat[] = [];
  window.__pulse = beats;
  const before = new Map<string, number>();
  let frames = 0;
  let sounds = 0;
  let samples = 0;
  let concealed = 0;
  const each = new Map<string, number>();
  // Firefox begins to count anew when a stream that was interrupted goes on.
  const more = (name: string, count: number): number => {
    const had = before.get(name) ?? 0;
    before.set(name, count);
    return count < had ? count : count - had;
  };
  const look = async (): Promise<void> => {
    let [width, told] = [0, true];
    for (const [at, connection] of window.__connections.entries()) {
      // Firefox never tells those of a connection that is closed meanwhile; of any other a browser that is late tells nothing.
      const report = await Promise.race([connection.getStats(), new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))]);
      told &&= report !== null || connection.connectionState === 'closed';
      report?.forEach((one: Record<string, unknown>) => {
        if (one['type'] === 'inbound-rtp') {
          const name = `${at} ${String(one['id'])}`;
          const since = (what: string): number => more(`${name} ${what}`, Number(one[what] ?? 0));
          const pictures = since('framesDecoded');
          frames += pictures;
          width = pictures > 0 ? Math.max(width, Number(one['frameWidth'] ?? 0)) : width;
          if (one['kind'] === 'audio') {
            const came = since('packetsReceived');
            sounds += came;
            each.set(name, (each.get(name) ?? 0) + came);
            samples += since('totalSamplesReceived');
            // What is made of silence is no fault: nothing was said.
            concealed += since('concealedSamples') - since('silentConcealedSamples');
          }
        }
      });
    }
    // Nothing came, and nothing was told, are not the same.
    if (told) beats.push({ at: Date.now(), frames, sounds, width, samples, concealed, each: Object.fromEntries(each) });
    setTimeout(() => void look(), every);
  };
  setTimeout(() => void look(), every);
}
