/**
 * A TCP relay before the server, to cut what flows over it and to mend it again. Media flows past it over UDP, so a cut
 * here is what a proxy restart is in the field: signalling gone, sound still there.
 */

import { connect, createServer, type Server as Listener, type Socket } from 'node:net';

/** The relay. */
export class Relay {
  private readonly open = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly listener: Listener,
    private readonly target: URL,
  ) {}

  static start(target: string): Promise<Relay> {
    return new Promise((resolve, reject) => {
      const listener = createServer();
      const relay = new Relay(listener, new URL(target));
      listener.on('connection', (near) => relay.carry(near));
      listener.once('error', reject);
      listener.listen(0, '127.0.0.1', () => resolve(relay));
    });
  }

  /** The address to open in place of the server's. */
  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the relay is not listening');
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Breaks every connection and refuses new ones. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.open) {
      socket.destroy();
    }
  }

  /** Carries again. */
  mend(): void {
    this.isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private carry(near: Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  }
}
