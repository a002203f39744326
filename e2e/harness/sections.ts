/** What a page takes of the others, read from its peer connection, and how soon it hears somebody. */

import type { Page } from '@playwright/test';

/** The media sections of the open connection. */
export interface Sections {
  /** Those that bring something of somebody now. */
  taken: { audio: number; video: number };
  /** All, as the last description has them. */
  lines: { audio: number; video: number };
  /** Sounds that are taken and not played by exactly one element, and elements that play what is not taken. */
  amiss: number;
  /** The length of the description. */
  bytes: number;
}

/** Reads them. */
export function sections(page: Page): Promise<Sections> {
  return page.evaluate(() => {
    const found: Sections = { taken: { audio: 0, video: 0 }, lines: { audio: 0, video: 0 }, amiss: 0, bytes: 0 };
    const played = [...document.querySelectorAll('audio')].flatMap((element) =>
      element.srcObject instanceof MediaStream && !element.paused ? element.srcObject.getAudioTracks().map(({ id }) => id) : []);
    const taken: string[] = [];
    for (const connection of window.__connections) {
      const sdp = connection.currentLocalDescription?.sdp;
      if (connection.connectionState === 'closed' || sdp === undefined) {
        continue;
      }
      found.bytes += sdp.length;
      found.lines.audio += sdp.match(/^m=audio /gm)?.length ?? 0;
      found.lines.video += sdp.match(/^m=video /gm)?.length ?? 0;
      for (const { currentDirection, receiver } of connection.getTransceivers()) {
        if (currentDirection === 'recvonly' || currentDirection === 'sendrecv') {
          found.taken[receiver.track.kind === 'audio' ? 'audio' : 'video'] += 1;
          if (receiver.track.kind === 'audio') {
            taken.push(receiver.track.id);
          }
        }
      }
    }
    found.amiss = taken.filter((id) => played.filter((other) => other === id).length !== 1).length + played.filter((id) => !taken.includes(id)).length;
    return found;
  });
}

/** Something that was noticed, by the page's clock in milliseconds. */
export interface Noticed {
  at: number;
  /** Whose tile was marked as speaking; empty where a sound became loud. */
  who: string;
}

/** Begins to write down when tiles are marked as speaking, and when a received sound becomes loud. */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noticed: Noticed[] = [];
    Object.assign(window, { __noticed: noticed });
    const speaking = new Set<string>();
    const look = (): void => {
      const now = new Set([...document.querySelectorAll<HTMLElement>('main [data-key][data-speaking]')].map((tile) => tile.dataset['key'] ?? ''));
      for (const who of now) {
        if (!speaking.has(who)) {
          noticed.push({ at: performance.now(), who });
        }
      }
      speaking.clear();
      now.forEach((who) => speaking.add(who));
    };
    const stage = document.querySelector('main');
    if (stage === null) {
      throw new Error('there is no stage');
    }
    // Whoever speaks already began at no known time.
    look();
    noticed.length = 0;
    new MutationObserver(look).observe(stage, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-speaking', 'data-key'] });
    // The level that each packet tells of itself, of what was played out last.
    const loud = new Map<RTCRtpReceiver, number>();
    setInterval(() => {
      for (const connection of window.__connections) {
        for (const receiver of connection.getReceivers()) {
          if (receiver.track.kind !== 'audio') {
            continue;
          }
          const [last] = receiver.getSynchronizationSources().toSorted((one, other) => other.timestamp - one.timestamp);
          const source = last !== undefined && (last.audioLevel ?? 0) > 0.01 ? last.source : 0;
          if (source !== 0 && loud.get(receiver) !== source) {
            noticed.push({ at: performance.now(), who: '' });
          }
          loud.set(receiver, source);
        }
      }
    }, 10);
  });
}

/** All that was noticed so far. */
export const noticed = (page: Page): Promise<Noticed[]> => page.evaluate(() => (window as unknown as { __noticed: Noticed[] }).__noticed);
