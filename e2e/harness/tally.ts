/**
 * What failed, in a few lines: `cargo xtask test` repeats it at its very end, where whoever has only the end of a log still reads it.
 */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/** So many lines of what a test said of itself. */
const LINES = 3;
/** A line of it is cut here: the whole of it stands where the test ran. */
const COLUMNS = 160;

/** Written when all have run, to the file that this variable names; without one nothing is. */
const WHERE = 'PARLOR_TALLY';

export default class Tally implements Reporter {
  private suite: Suite | undefined;
  private root = '.';

  onBegin(config: FullConfig, suite: Suite): void {
    this.suite = suite;
    this.root = config.rootDir;
  }

  onEnd(): void {
    const where = process.env[WHERE];
    if (where !== undefined) {
      const said = (this.suite?.allTests() ?? []).flatMap((one) => this.told(one));
      writeFileSync(where, said.map((line) => `${line}\n`).join(''));
    }
  }

  printsToStdio(): boolean {
    return false;
  }

  private told(one: TestCase): string[] {
    const outcome = one.outcome();
    if (outcome === 'expected' || outcome === 'skipped') {
      return [];
    }
    const last = one.results.findLast(({ error }) => error !== undefined);
    const kind = outcome === 'flaky' ? 'flaky ' : 'failed';
    return [`${kind} ${this.place(one.location)} ${one.title}`, ...this.why(last).map((line) => `       ${line}`)];
  }

  /** What it expected, in whose words, and where. */
  private why(result: TestResult | undefined): string[] {
    const error = result?.error;
    if (error === undefined) {
      return [];
    }
    const text = (error.message ?? error.value ?? '').replaceAll(/\u001B\[[\d;]*m/g, '');
    const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '').slice(0, LINES);
    const at = error.location === undefined ? [] : [`at ${this.place(error.location)}`];
    return [...lines, ...at].map((line) => (line.length > COLUMNS ? `${line.slice(0, COLUMNS)}…` : line));
  }

  private place({ file, line }: { file: string; line: number }): string {
    return `${path.relative(this.root, file)}:${line}`;
  }
}
