/** People made of nothing: `parlor bench` sends small VP8 pictures and tones for as many as a test wants. */

import { expect } from '@playwright/test';

import { MEDIA_PATIENCE } from './person.ts';
import { Child } from './process.ts';
import { binary, type Server } from './server.ts';
import { API_KEY, API_SECRET } from './token.ts';

/** Longer than any test: a crowd goes when it is sent. */
const STAY_SECONDS = 900;
/** Whoever is told to go has gone by then. */
const LEAVE_PATIENCE = 20_000;

/** What the people of a crowd do. */
export interface Behaviour {
  /** How many have a microphone. */
  microphones?: number;
  /** They take nothing of each other, so that many can be there. */
  deaf?: boolean;
  /** They speak one after the other, for so many seconds each. */
  turns?: number;
  fps?: number;
  /** Kilobits per second of a picture. */
  bitrate?: number;
}

/** Everybody whom a test has let into a room this way. */
export class Crowd {
  private readonly groups: Child[] = [];

  constructor(
    private readonly server: Server,
    private readonly code: string,
  ) {}

  /** Lets so many more in, called `name 0`, `name 1`, and waits until they are there. */
  async enter(name: string, people: number, { microphones = 0, turns = 0, fps = 5, bitrate = 40, deaf = false }: Behaviour = {}): Promise<void> {
    const before = (await this.server.view(this.code)).count;
    const numbers = { publishers: people, audio: microphones, turns, fps, bitrate, seconds: STAY_SECONDS };
    const group = Child.start(binary(), [
      ...['bench', '--url', this.server.url, '--key', API_KEY, '--secret', API_SECRET, '--room', this.code, '--name', name],
      ...(deaf ? ['--deaf'] : []),
      ...Object.entries(numbers).flatMap(([option, value]) => [`--${option}`, String(value)]),
    ]);
    this.groups.push(group);
    const came = async (): Promise<number> => {
      if (!group.isRunning()) {
        throw new Error(`the crowd went at once:\n${group.tail()}`);
      }
      return (await this.server.view(this.code)).count - before;
    };
    await expect.poll(came, { message: `${people} called ${name} are there`, timeout: MEDIA_PATIENCE }).toBe(people);
  }

  /** Sends everybody away. */
  async end(): Promise<void> {
    for (const group of this.groups) {
      group.signal('SIGTERM');
    }
    await Promise.all(this.groups.splice(0).map((group) => group.ended(LEAVE_PATIENCE)));
  }
}
