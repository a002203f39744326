/**
 * What runs in every page before the page's own scripts: it keeps each peer connection and each socket that the page
 * makes, so that tests read statistics and cut sockets without any hook in the product.
 */

declare global {
  interface Window {
    /** Every peer connection made in this page, oldest first, closed ones included. */
    __connections: RTCPeerConnection[];
  }
}

/** Runs in the page. Must not refer to anything outside itself. */
export function keepConnections(): void {
  if (window.__connections !== undefined) {
    return;
  }
  const kept: RTCPeerConnection[] = [];
  window.__connections = kept;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

/** One received stream, as `getStats()` tells. */
export interface Inbound {
  kind: 'audio' | 'video';
  /** The id of the receiver's track, by which a media element can be matched. */
  track: string;
  /** Such as `video/VP8`; empty before the first packet. */
  codec: string;
  packets: number;
  /** Of payload. */
  bytes: number;
  lost: number;
  jitter: number;
  framesDecoded: number;
  frameWidth: number;
  frameHeight: number;
  /** Samples of sound that were played out, and how many of them the browser made up for what did not come in time. */
  samples: number;
  concealed: number;
  /** How many more it made up as silence: in pauses, and when nothing has come for long. */
  silent: number;
  /** Energy of the sound that was played out, summed up since the start. */
  energy: number;
  /** Seconds of sound that were played out. */
  played: number;
}

/** One sent stream, as `getStats()` tells; each simulcast layer is one of its own. */
export interface Outbound {
  kind: 'audio' | 'video';
  rid: string;
  codec: string;
  scalability: string;
  packets: number;
  framesEncoded: number;
  framesPerSecond: number;
  frameWidth: number;
}

/** A device that is sent from, and what became of its track. */
export interface Sent {
  kind: 'audio' | 'video';
  /** The device's id, as the sender's own track tells it. */
  device: string;
  live: boolean;
}

/** Runs in the page: what the senders of open connections carry. */
export function readSent(): Sent[] {
  const found: Sent[] = [];
  for (const connection of window.__connections) {
    if (connection.connectionState === 'closed') {
      continue;
    }
    for (const { track } of connection.getSenders()) {
      if (track !== null) {
        found.push({
          kind: track.kind === 'audio' ? 'audio' : 'video',
          device: track.getSettings().deviceId ?? '',
          live: track.readyState === 'live',
        });
      }
    }
  }
  return found;
}

/** Runs in the page: all live received streams that have had a packet. */
export async function readInbound(): Promise<Inbound[]> {
  const found: Inbound[] = [];
  for (const connection of window.__connections) {
    if (connection.connectionState === 'closed') {
      continue;
    }
    // Firefox never tells those of a connection that is closed meanwhile.
    const report = await Promise.race([connection.getStats(), new Promise<null>((resolve) => setTimeout(resolve, 2_000, null))]);
    report?.forEach((one: Record<string, unknown>) => {
      if (one['type'] !== 'inbound-rtp') {
        return;
      }
      const codec = report.get(String(one['codecId'])) as { mimeType?: string } | undefined;
      found.push({
        kind: one['kind'] === 'audio' ? 'audio' : 'video',
        track: String(one['trackIdentifier'] ?? ''),
        codec: codec?.mimeType ?? '',
        packets: Number(one['packetsReceived'] ?? 0),
        bytes: Number(one['bytesReceived'] ?? 0),
        lost: Number(one['packetsLost'] ?? 0),
        jitter: Number(one['jitter'] ?? 0),
        framesDecoded: Number(one['framesDecoded'] ?? 0),
        frameWidth: Number(one['frameWidth'] ?? 0),
        frameHeight: Number(one['frameHeight'] ?? 0),
        samples: Number(one['totalSamplesReceived'] ?? 0),
        concealed: Number(one['concealedSamples'] ?? 0) - Number(one['silentConcealedSamples'] ?? 0),
        silent: Number(one['silentConcealedSamples'] ?? 0),
        energy: Number(one['totalAudioEnergy'] ?? 0),
        played: Number(one['totalSamplesDuration'] ?? 0),
      });
    });
  }
  return found.filter((one) => one.packets > 0);
}

/** Runs in the page: all live sent streams. */
export async function readOutbound(): Promise<Outbound[]> {
  const found: Outbound[] = [];
  for (const connection of window.__connections) {
    if (connection.connectionState === 'closed') {
      continue;
    }
    // Firefox never tells those of a connection that is closed meanwhile.
    const report = await Promise.race([connection.getStats(), new Promise<null>((resolve) => setTimeout(resolve, 2_000, null))]);
    report?.forEach((one: Record<string, unknown>) => {
      if (one['type'] !== 'outbound-rtp') {
        return;
      }
      const codec = report.get(String(one['codecId'])) as { mimeType?: string } | undefined;
      found.push({
        kind: one['kind'] === 'audio' ? 'audio' : 'video',
        rid: String(one['rid'] ?? ''),
        codec: codec?.mimeType ?? '',
        scalability: String(one['scalabilityMode'] ?? ''),
        packets: Number(one['packetsSent'] ?? 0),
        framesEncoded: Number(one['framesEncoded'] ?? 0),
        framesPerSecond: Number(one['framesPerSecond'] ?? 0),
        frameWidth: Number(one['frameWidth'] ?? 0),
      });
    });
  }
  return found;
}
