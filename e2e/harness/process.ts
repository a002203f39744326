/** Child processes: started with a clean environment, read line by line, ended by their own id and no other way. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How many lines of a child are kept for the report of a failure. */
const KEPT_LINES = 2_000;

/** Those that still run; none outlives the tests. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/** What starts a program: here, or in a host of a lab. */
export type Starter = (program: string, args: string[]) => Child;

/** A running child. */
export class Child {
  readonly lines: string[] = [];
  readonly complaints: string[] = [];
  private readonly watchers = new Set<() => void>();
  private code: number | null | undefined;
  /** How many lines came on standard output, those no longer kept included. */
  private heardLines = 0;

  private constructor(private readonly process: ChildProcess) {
    const { stdout, stderr } = process;
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => {
        this.heardLines += 1;
        this.heard(this.lines, line);
      });
    }
    if (stderr !== null) {
      createInterface({ input: stderr }).on('line', (line) => this.heard(this.complaints, line));
    }
    running.add(process);
    process.once('exit', (code) => {
      running.delete(process);
      this.code = code;
      this.wake();
    });
    process.once('error', (error) => {
      this.code ??= null;
      this.heard(this.complaints, String(error));
    });
  }

  static start(program: string, args: string[], environment: Record<string, string> = {}): Child {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLOR_'));
    const env = { ...Object.fromEntries(inherited), ...environment };
    return new Child(spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** Waits for a line on standard output, the ones already read included. */
  line(pattern: RegExp, patience: number): Promise<RegExpExecArray> {
    return this.among(this.lines, pattern, patience);
  }

  /** The same on standard error. */
  complaint(pattern: RegExp, patience: number): Promise<RegExpExecArray> {
    return this.among(this.complaints, pattern, patience);
  }

  /** Says one line and waits for the next one that it answers. */
  async ask(line: string, patience: number): Promise<string> {
    const before = this.heardLines;
    await this.write(line);
    const next = (): string | null => (this.heardLines > before ? (this.lines[this.lines.length - (this.heardLines - before)] ?? null) : null);
    return this.until(next, patience, `an answer to ${line}`);
  }

  private among(lines: readonly string[], pattern: RegExp, patience: number): Promise<RegExpExecArray> {
    const find = (): RegExpExecArray | null => {
      for (const line of lines) {
        const found = pattern.exec(line);
        if (found !== null) {
          return found;
        }
      }
      return null;
    };
    return this.until(find, patience, `a line like ${pattern}`);
  }

  /** Nothing more will be said to it. */
  finish(): void {
    this.process.stdin?.end();
  }

  /** Waits for the end and gives the exit code; null when a signal ended it. */
  async ended(patience: number): Promise<number | null> {
    const state = await this.until(() => (this.code === undefined ? null : { code: this.code }), patience, 'the end', true);
    return state.code;
  }

  isRunning(): boolean {
    return this.code === undefined;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning()) {
      this.process.kill(name);
    }
  }

  async write(line: string): Promise<void> {
    const { stdin } = this.process;
    if (stdin === null || !this.isRunning()) {
      throw new Error(`the child has ended\n${this.tail()}`);
    }
    if (!stdin.write(`${line}\n`)) {
      await once(stdin, 'drain');
    }
  }

  /** Calls back at each new line and at the end. */
  watch(wake: () => void): () => void {
    this.watchers.add(wake);
    return () => this.watchers.delete(wake);
  }

  /** The last words, for error messages. */
  tail(): string {
    return [...this.lines.slice(-10), ...this.complaints.slice(-20)].join('\n');
  }

  private heard(where: string[], line: string): void {
    where.push(line);
    if (where.length > KEPT_LINES) {
      where.shift();
    }
    this.wake();
  }

  private wake(): void {
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  private until<T>(find: () => T | null, patience: number, what: string, mayEnd = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const found = find();
        if (found !== null) {
          finish();
          resolve(found);
        } else if (!mayEnd && !this.isRunning()) {
          finish();
          reject(new Error(`the child ended (${this.code}) before ${what} came\n${this.tail()}`));
        }
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${what} did not come in ${patience} ms\n${this.tail()}`));
      }, patience);
      const unwatch = this.watch(settle);
      const finish = (): void => {
        clearTimeout(timer);
        unwatch();
      };
      settle();
    });
  }
}
