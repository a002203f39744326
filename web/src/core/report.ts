// Why was that call bad? Asked of the server when a meeting is over, and said in plain sentences.

import { say, type Speech } from '../i18n/text';
import type { Report, Trouble } from '../proto/api.gen';
import { ask, type Answered } from './calls';
import type { Effect } from './effect';
import type { State } from './state';
import { announce, stay, withPhase, type Step } from './step';

/** The server writes down the last minute when it has heard that I left, and that takes a moment. */
const REPORT_MS = 1_500;
/** So many sentences are read after a meeting; the longest troubles come first. */
export const SENTENCES = 5;

export const REPORT: Effect = { type: 'timer', timer: { name: 'report' }, ms: REPORT_MS };

export function askForReport(state: State): Step {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'left' || page.phase.report !== null) return stay(state);
  return [state, [ask({ name: 'report', code: page.code })]];
}

/** Where it cannot be had, nothing is said: whoever had a bad line has had enough of it. */
export function reported(state: State, { call, result }: Answered<'report'>): Step {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'left' || page.code !== call.code || !result.ok) return stay(state);
  const next = withPhase(state, page, { ...page.phase, report: result.value });
  // It comes when the page has been read: whoever listens hears that there is more.
  return stay(result.value.troubles.length > 0 ? announce(next, say('report.title')) : next);
}

/** How long something lasted, in the words of the language. */
export function lasted(t: Speech, ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return t.count('time.seconds', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t.count('time.minutes', minutes);
  const rest = minutes % 60;
  const hours = t.count('time.hours', Math.floor(minutes / 60));
  return rest === 0 ? hours : t.list([hours, t.count('time.minutes', rest)]);
}

/** One trouble as a sentence; `me` is who reads it, nobody for whoever reads of others. Times as `clock` writes them. */
export function sentence(t: Speech, trouble: Trouble, me: string | null, clock: (at: number) => string): string {
  const { cause, name } = trouble;
  const time = lasted(t, trouble.seconds * 1_000);
  const [from, until] = [clock(trouble.from), clock(trouble.until)];
  const when = { time, when: from === until ? say('report.at', { at: from }) : say('report.between', { from, until }) };
  if (cause === 'server') return t('report.server', when);
  return trouble.person === me ? t(`report.my.${cause}`, when) : t(`report.their.${cause}`, { name, ...when });
}

/** The sentences of a report: a busy server was one for everybody. */
export function sentences(t: Speech, troubles: readonly Trouble[], me: Report['me'] | null, clock: (at: number) => string): readonly string[] {
  const server = troubles.find(({ cause }) => cause === 'server');
  return troubles
    .filter((trouble) => trouble.cause !== 'server' || trouble === server)
    .slice(0, SENTENCES)
    .map((trouble) => sentence(t, trouble, me, clock));
}
