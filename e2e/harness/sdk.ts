/** People at the unmodified Python SDK of LiveKit: one process each, from a virtual environment under `target/`. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { expect } from '@playwright/test';

import { MEDIA_PATIENCE } from './person.ts';
import { Child, type Starter } from './process.ts';
import type { Beat } from './pulse.ts';
import { token, type Claims } from './token.ts';

/** The release of the SDK that Parlor is tested with. */
const SDK = 'livekit==1.2.0';
/** What `sdk/person.py` imports besides. */
const REQUIREMENTS = [SDK, 'numpy==2.4.6'];
const FOLDER = new URL('../../target/python', import.meta.url).pathname;
/** `PARLOR_PYTHON` names a Python that has the SDK already. */
const PYTHON = process.env['PARLOR_PYTHON'] || `${FOLDER}/bin/python`;
const SCRIPT = new URL('../sdk/person.py', import.meta.url).pathname;
/** Importing the SDK alone takes seconds on a busy machine. */
const PATIENCE = 30_000;

/** Sets the SDK up if it is not there. Gives the reason when that is not possible. */
export function prepareSdk(): string | null {
  const check = (): boolean =>
    existsSync(PYTHON) &&
    spawnSync(PYTHON, ['-c', 'import importlib.metadata as m, numpy; assert m.version("livekit") == "1.2.0"']).status === 0;
  if (check()) {
    return null;
  }
  if (process.env['PARLOR_PYTHON']) {
    return `PARLOR_PYTHON (${PYTHON}) has not ${REQUIREMENTS.join(' and ')}`;
  }
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', FOLDER]],
    [PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]],
  ];
  for (const [program, args] of steps) {
    const done = spawnSync(program, args, { encoding: 'utf8' });
    if (done.status !== 0) {
      return `${program} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`;
    }
  }
  return check() ? null : `${SDK} was installed but does not load`;
}

/** What a person at the SDK has seen and heard. */
export interface SdkState {
  /** Decoded frames by sender. */
  frames: Record<string, number>;
  /** The last measured pitch by sender, in hertz. */
  pitches: Record<string, number>;
  data: { from: string; text: string; reliable: boolean }[];
  /** The keys of the keypad that others pressed, in their order. */
  keys: { from: string; code: number; digit: string }[];
  left: string[];
  others: Record<string, { metadata: string; tracks: { muted: boolean; subscribed: boolean; source: number }[] }>;
}

/** The person. */
export class SdkPerson {
  private last = 0;

  private constructor(
    readonly identity: string,
    private readonly child: Child,
  ) {}

  /** Starts one here, or where `start` does. */
  static async start(identity: string, start: Starter = Child.start): Promise<SdkPerson> {
    const child = start(PYTHON, [SCRIPT]);
    await child.line(/"ready"/, PATIENCE);
    return new SdkPerson(identity, child);
  }

  /** Gives a command of `sdk/person.py`; an error of the SDK is thrown. */
  async tell<R = unknown>(verb: string, details: Record<string, unknown> = {}): Promise<R> {
    this.last += 1;
    const id = this.last;
    await this.child.write(JSON.stringify({ id, do: verb, ...details }));
    const found = await this.child.line(new RegExp(`^\\{"id": ${id}, .*$`), PATIENCE);
    const answer = JSON.parse(found[0]) as { ok?: R; error?: string };
    if (answer.error !== undefined) {
      throw new Error(answer.error);
    }
    return answer.ok as R;
  }

  async join(server: string, room: string, claims: Claims = {}): Promise<void> {
    await this.tell('join', { url: server, token: token(room, this.identity, claims) });
  }

  state(): Promise<SdkState> {
    return this.tell<SdkState>('state');
  }

  /** What had come when, since a moment: it is looked ten times a second. */
  beats(since: number): Promise<Beat[]> {
    return this.tell<Beat[]>('beats', { since });
  }

  /** What the SDK told of its connection since a moment, and when. */
  happened(since: number): Promise<{ at: number; what: string }[]> {
    return this.tell<{ at: number; what: string }[]>('happened', { since });
  }

  /** How its sound was since it joined: samples played out, and those of them that were made up, also in silence. */
  sound(): Promise<{ samples: number; concealed: number; silent: number }> {
    return this.tell('sound');
  }

  /** What it has complained of, for the report of a failure. */
  log(): string {
    return this.child.complaints.join('\n');
  }

  async expectPictureOf(of: string): Promise<void> {
    const first = (await this.state()).frames[of] ?? 0;
    await expect
      .poll(async () => ((await this.state()).frames[of] ?? 0) - first, {
        message: `${this.identity} counts frames of ${of}`,
        timeout: MEDIA_PATIENCE,
      })
      .toBeGreaterThanOrEqual(20);
  }

  async expectPitchOf(of: string, hertz: number): Promise<void> {
    await expect
      .poll(async () => Math.abs(((await this.state()).pitches[of] ?? 0) - hertz) / hertz, {
        message: `${this.identity} hears ${of} at ${hertz} Hz`,
        timeout: MEDIA_PATIENCE,
      })
      .toBeLessThanOrEqual(0.01);
  }

  async expectData(from: string, text: string, reliable: boolean): Promise<void> {
    await expect
      .poll(async () => (await this.state()).data, { message: `${this.identity} gets data`, timeout: MEDIA_PATIENCE })
      .toContainEqual({ from, text, reliable });
  }

  /** Waits until these keys were pressed by others, code and digit, and no others. */
  async expectKeys(keys: [number, string][]): Promise<void> {
    await expect
      .poll(async () => (await this.state()).keys.map(({ code, digit }) => [code, digit]), {
        message: `${this.identity} is told of keys`,
        timeout: MEDIA_PATIENCE,
      })
      .toEqual(keys);
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    this.child.signal('SIGTERM');
    await this.child.ended(PATIENCE);
  }
}
