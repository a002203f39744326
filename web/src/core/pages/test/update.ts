// The connection test, on its own page and on the last page of the set-up.

import { say } from '../../../i18n/text';
import { visit } from '../../start';
import type { State } from '../../state';
import { announce, stay, type Step } from '../../step';
import { knownOf, ready, type Run } from '../../trial/run';
import { reportOf } from '../../trial/report';
import { summaryOf } from '../../trial/summary';
import { verdictOf } from '../../trial/verdict';
import type { TestEvent } from './page';

/** The run that is shown, if one is. */
export function runOf({ page }: State): Run | null {
  if (page.at === 'test') return page.run;
  return page.at === 'setup' && page.step.is === 'done' ? page.step.run : null;
}

function withRun(state: State, run: Run): State {
  const { page } = state;
  if (page.at === 'test') return { ...state, page: { ...page, run } };
  return page.at === 'setup' && page.step.is === 'done' ? { ...state, page: { ...page, step: { ...page.step, run } } } : state;
}

/** Begins a run in place of the one that is shown. */
export function beginRun(state: State, devices: boolean): Step {
  const shown = runOf(state);
  if (!shown) return stay(state);
  const id = state.count + 1;
  const run: Run = { ...ready(shown.scope), id, state: 'running' };
  return [{ ...withRun(state, run), count: id }, [{ type: 'test/run', run: id, scope: run.scope, devices }]];
}

export function test(state: State, event: TestEvent): Step {
  const run = runOf(state);
  if (!run) return stay(state);
  switch (event.type) {
    case 'test/begin': return run.state === 'running' ? stay(state) : beginRun(state, event.devices);
    case 'test/report': return run.state === 'over' ? [state, [{ type: 'test/report', text: reportOf(state, run) }]] : stay(state);
    case 'test/copy': return [state, [{ type: 'copy-text', text: event.text }]];
    case 'test/close': return close(state);
    case 'test/at':
    case 'test/trial':
    case 'test/heard':
    case 'test/over':
      // What is told of a run that was given up changes nothing.
      return event.run === run.id ? told(state, run, event) : stay(state);
  }
}

function close(state: State): Step {
  const { page } = state;
  return visit(state, page.at === 'test' && page.room !== '' ? { to: 'room', code: page.room } : { to: 'start' });
}

function told(state: State, run: Run, event: Extract<TestEvent, { run: number }>): Step {
  switch (event.type) {
    case 'test/at': return stay(withRun(state, { ...run, at: event.item }));
    case 'test/trial':
      return stay(withRun(state, event.result.ok ? { ...run, known: knownOf(event.result.value) } : { ...run, problem: event.result.problem }));
    case 'test/heard': {
      const { item, outcome } = event;
      // One that is open and silent is shown at its level: that is where a person sees the switch work.
      const hears = run.hears || (item === 'microphone' && (outcome.is === 'device' || (outcome.is === 'trouble' && outcome.trouble === 'silent')));
      const next: Run = { ...run, hears, outcomes: { ...run.outcomes, [item]: outcome } };
      const verdict = verdictOf(item, next, state.browser);
      const spoken = say('test.said', { item: say(`test.item.${item}`), badge: say(`test.badge.${verdict.is}`), text: verdict.text });
      return stay(announce(withRun(state, next), spoken));
    }
    case 'test/over': {
      const next: Run = { ...run, state: 'over', at: null, hears: false };
      return stay(announce(withRun(state, next), { key: summaryOf(next, state.browser).title, args: {} }));
    }
  }
}
