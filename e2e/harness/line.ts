/**
 * A bad line between a page and the server's media port: it loses datagrams, has a rate with a queue before it, and
 * delays. It stands where the page looks for the server: the addresses in answers are replaced by its own, so that
 * nothing of the page, the browser or the server knows of it.
 */

import { createSocket, type Socket } from 'node:dgram';

import type { Tab } from './tab.ts';

declare global {
  interface Window {
    /** Where the server of the last answer takes media. */
    __server: { address: string; port: number } | undefined;
  }
}

/** What is wrong with a direction of a line. Nothing of it: everything passes at once. */
export interface Fault {
  /** The share of datagrams that are lost, each by its own throw. */
  loss?: number;
  /** Bits in a second; what does not pass at once waits. */
  rate?: number;
  /** Packets of sound are lost, all of them. */
  sound?: boolean;
  /** How long the longest queue takes to pass, in milliseconds; what would wait longer is lost. */
  queue?: number;
}

/** What passed in a direction since the last look. */
export interface Passed {
  datagrams: number;
  lost: number;
  bytes: number;
  /** The longest that a datagram waited, in milliseconds. */
  longestWait: number;
}

/** As long as the queues of home routers are. */
const QUEUE = 300;

/** One direction. */
class Way {
  fault: Fault = {};
  private freeAt = 0;
  private passed: Passed = none();

  /** `chance` gives numbers from 0 up to 1: the same ones in every run. */
  constructor(private readonly chance: () => number) {}

  carry(bytes: Buffer, deliver: (bytes: Buffer) => void): void {
    const now = performance.now();
    const { loss = 0, rate, queue = QUEUE, sound = false } = this.fault;
    const wait = Math.max(0, this.freeAt - now);
    if ((sound && isSound(bytes)) || this.chance() < loss || (rate !== undefined && wait > queue)) {
      this.passed.lost += 1;
      return;
    }
    this.passed.datagrams += 1;
    this.passed.bytes += bytes.length;
    if (rate === undefined) {
      deliver(bytes);
      return;
    }
    this.freeAt = now + wait + (bytes.length * 8_000) / rate;
    this.passed.longestWait = Math.max(this.passed.longestWait, wait);
    setTimeout(() => deliver(bytes), this.freeAt - now);
  }

  take(): Passed {
    const passed = this.passed;
    this.passed = none();
    return passed;
  }
}

/**
 * Whether it is a packet of sound: of a payload type by which browsers offer Opus, or Opus with copies. That stands in the clear
 * (RFC 3711, section 3.1); reports have types beyond 191 at the same place (RFC 5761, section 4).
 */
function isSound(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return first >= 128 && first < 192 && (second < 192 || second > 223) && [63, 109, 111].includes(second & 127);
}

function none(): Passed {
  return { datagrams: 0, lost: 0, bytes: 0, longestWait: 0 };
}

/** The line of one page. */
export class Line {
  /** From the server to the page, and from the page to the server. */
  readonly down: Way;
  readonly up: Way;
  /** By the page's port: the socket that stands for it at the server. */
  private readonly far = new Map<number, Socket>();

  private constructor(
    private readonly tab: Tab,
    private readonly near: Socket,
    seed: number,
  ) {
    this.down = new Way(dice(seed));
    this.up = new Way(dice(seed + 1));
    near.on('message', (bytes, { address, port }) => {
      const socket = this.far.get(port);
      if (socket === undefined) {
        // What arrives before is lost: ICE asks again.
        void this.open(address, port);
      } else {
        this.up.carry(bytes, (bytes) => socket.send(bytes));
      }
    });
  }

  /** A line to the server, which `tab` uses for all that it connects from now on. */
  static async start(tab: Tab, seed = 1): Promise<Line> {
    const near = createSocket('udp4');
    await new Promise<void>((resolve) => near.bind(0, resolve));
    await tab.prepare(leadThrough, near.address().port);
    return new Line(tab, near, seed);
  }

  stop(): void {
    for (const socket of [this.near, ...this.far.values()]) {
      socket.close();
    }
  }

  private async open(address: string, port: number): Promise<void> {
    const server = await this.tab.evaluate(() => window.__server, undefined);
    if (server === undefined || this.far.has(port)) {
      return;
    }
    const socket = createSocket('udp4');
    this.far.set(port, socket);
    socket.on('message', (bytes) => this.down.carry(bytes, (bytes) => this.near.send(bytes, port, address)));
    socket.connect(server.port, server.address);
  }
}

/** Numbers from 0 up to 1 (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs in the page: of each answer it keeps one candidate, and that one leads to the line. */
function leadThrough(port: number): void {
  const native: (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void> = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
    window.__server = undefined;
    const lines = (description.sdp ?? '').split('\r\n').flatMap((line) => {
      const [, , , , address = '', serverPort] = line.split(' ');
      if (!line.startsWith('a=candidate:')) {
        return [line];
      }
      if (window.__server !== undefined || address.includes(':')) {
        return [];
      }
      window.__server = { address, port: Number(serverPort) };
      return [`a=candidate:line 1 udp 2130706431 ${address} ${port} typ host`];
    });
    return native.call(this, { type: description.type, sdp: lines.join('\r\n') });
  };
}
