// What a run of the connection test comes to: one verdict for all, and what would help most.

import { say, type Key, type Text } from '../../i18n/text';
import type { Browser } from '../state';
import { itemsOf, type Item, type Run, type Way } from './run';
import { isCapture, isOpen, verdictOf } from './verdict';

/** What it comes to, for a person. */
export interface Summary {
  readonly tone: 'good' | 'weak' | 'bad';
  readonly title: Key;
  readonly lead: Text;
  /** What would help most. */
  readonly help: readonly Text[];
}

/** What fails, the worst for the person first: what no call is without, then what is heard, seen, and merely slower. */
const WORST: readonly Item[] = ['web', 'browser', 'socket', 'microphone', 'sending', 'receiving', 'udp', 'camera', 'return', 'tcp', 'relay'];

export function summaryOf(run: Run, browser: Browser): Summary {
  const items = itemsOf(run.scope);
  const fails = WORST.filter((item) => items.includes(item) && verdictOf(item, run, browser).is === 'fail');
  const ways = WAYS.filter((way) => isOpen(run, way));
  const help = helpOf(fails, ways.length > 0, run, browser);
  const bad = (title: Key, lead: Key): Summary => ({ tone: 'bad', title, lead: { key: lead, args: {} }, help });
  if (browser.media === 'missing') return bad('test.head.bad', 'test.lead.browser');
  if (browser.media === 'insecure') return bad('test.head.bad', 'test.lead.insecure');
  if (!WAYS.some((way) => wasTried(run, way))) {
    return run.problem === null && !fails.includes('socket') ? { ...bad('test.head.none', 'test.lead.none'), help: [say('test.remedy.reload')] } : bad('test.head.none', 'test.lead.none');
  }
  const first = ways[0];
  if (first === undefined) return bad('test.head.bad', 'test.lead.bad');
  if (run.outcomes.sending?.is === 'silent') return bad('test.head.bad', 'test.lead.call');
  if (fails.length === 0) return { tone: 'good', title: 'test.head.good', lead: say(`test.lead.${first}`), help };
  const weak = (lead: Text, title: Key = fails.length === 1 ? 'test.head.weak' : 'test.head.weaks'): Summary => ({ tone: 'weak', title, lead, help });
  if (fails.every(isCapture)) return weak(say('test.lead.devices'), 'test.head.devices');
  return weak(first === 'udp' ? say('test.lead.weak') : say(`test.lead.${first}`));
}

const WAYS: readonly Way[] = ['udp', 'tcp', 'relay'];

const wasTried = (run: Run, way: Way): boolean => run.outcomes[way]?.is === 'answered' || run.outcomes[way]?.is === 'silent';

/** The steps for the worst that there are any for. While no way is open, nothing else helps before one is. */
function helpOf(fails: readonly Item[], open: boolean, run: Run, browser: Browser): readonly Text[] {
  const steps = fails.map((item) => [item, verdictOf(item, run, browser).remedy] as const).filter(([, remedy]) => remedy.length > 0);
  const shut = open ? undefined : steps.find(([item]) => item === 'web' || item === 'browser' || item === 'socket' || WAYS.some((way) => way === item));
  return (shut ?? steps[0])?.[1] ?? [];
}

/** What the person who has set the server up is told of it. */
export function setUpLead(run: Run, browser: Browser): Key {
  const { tone, title } = summaryOf(run, browser);
  if (browser.media === 'missing') return 'test.lead.browser';
  if (browser.media === 'insecure') return 'test.setup.insecure';
  if (title === 'test.head.none') return 'test.lead.none';
  if (tone === 'bad') return 'test.setup.bad';
  // Where UDP does not pass, TCP does, and where that does not, the relay: each is the last way for somebody.
  if (!isOpen(run, 'tcp') || !isOpen(run, 'relay')) return 'test.setup.few';
  return tone === 'good' ? 'test.setup.good' : 'test.setup.weak';
}
