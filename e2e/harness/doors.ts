/** Networks that leave only some of the ways to the server, as a page sees them: the other candidates never reach it. */

import type { Tab } from './tab.ts';

/** What carries media. */
export type Door = 'udp' | 'tcp' | 'relay';

/** From now on the page learns of one way only. To be called before the page is opened. */
export async function leaveOnly(tab: Tab, door: Door): Promise<void> {
  await (door === 'relay' ? tab.prepare(keepRelay, undefined) : tab.prepare(keepDoor, door));
}

/** What carries the media of the newest open connection; empty while nothing does. */
export function doorInUse(tab: Tab): Promise<string> {
  return tab.evaluate(readDoor, undefined);
}

/** Runs in the page. */
function keepDoor(door: string): void {
  const native: (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void> =
    RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
    const keep = (line: string): boolean => !line.startsWith('a=candidate:') || line.split(' ')[2] === door;
    const sdp = (description.sdp ?? '').split('\r\n').filter(keep).join('\r\n');
    return native.call(this, { type: description.type, sdp });
  };
}

/** Runs in the page. */
function keepRelay(): void {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: 'relay' });
    }

    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration({ ...configuration, iceTransportPolicy: 'relay' });
    }
  };
}

/** Runs in the page. Reads the pair in use and the kinds of its two candidates. */
async function readDoor(): Promise<string> {
  const open = window.__connections.filter((one) => one.connectionState === 'connected');
  const report = await open.at(-1)?.getStats();
  const all = new Map<string, Record<string, unknown>>();
  report?.forEach((entry: Record<string, unknown>) => all.set(String(entry['id']), entry));
  for (const pair of all.values()) {
    // Firefox knows no transport's selected pair, but says which pair is selected.
    const chosen = [...all.values()].some((one) => one['type'] === 'transport' && one['selectedCandidatePairId'] === pair['id']);
    if (pair['type'] === 'candidate-pair' && (chosen || pair['selected'] === true)) {
      const local = all.get(String(pair['localCandidateId']));
      return local?.['candidateType'] === 'relay' ? 'relay' : String(local?.['protocol'] ?? '');
    }
  }
  return '';
}
