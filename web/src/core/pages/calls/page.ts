// Calls: what became of mine. Its state, what can happen on it, how it opens, and each call in words.

import { say, type Text } from '../../../i18n/text';
import type { Call, PastCall } from '../../../proto/api.gen';
import { ask } from '../../calls';
import { meantOf, mineOf, namesOf, takerOf } from '../../calling/calling';
import type { Effect } from '../../effect';

export type CallsShown = 'all' | 'missed' | 'voicemail';

export interface CallsPage {
  readonly at: 'calls';
  readonly only: CallsShown;
  /** Those with this account alone. */
  readonly person: string | null;
  /** The last first; nothing until they came. */
  readonly calls: readonly PastCall[] | null;
  /** Whether there may be more before the first. */
  readonly more: boolean;
  /** More are being fetched. */
  readonly fetching: boolean;
  readonly trouble: Text | null;
}

export type CallsEvent =
  | { readonly type: 'past/only'; readonly only: CallsShown }
  // with somebody alone, or with everybody again
  | { readonly type: 'past/person'; readonly person: string | null }
  | { readonly type: 'past/more' }
  | { readonly type: 'past/again' };

/** As many as the server gives at once: fewer mean that there are no more. */
export const CALLS_AT_ONCE = 100;

export const fetchCalls = (page: Pick<CallsPage, 'only' | 'person'>, before: string | null = null): Effect =>
  ask({ name: 'calls/past', missed: page.only === 'missed', person: page.person, before });

export function openCalls(person: string): readonly [CallsPage, readonly Effect[]] {
  const page: CallsPage = { at: 'calls', only: 'all', person: person === '' ? null : person, calls: null, more: false, fetching: false, trouble: null };
  return [page, [fetchCalls(page)]];
}

/** Which way a call went: in, out, or in and not answered. */
export type Way = 'in' | 'out' | 'missed';

export function wayOf(call: Call): Way {
  // A transfer that came back rings at whoever called.
  if (call.outgoing && call.returned === undefined) return 'out';
  const taken = call.outgoing ? 'out' : 'in';
  if (call.stage.is !== 'ended') return taken;
  switch (call.stage.why) {
    case 'noAnswer':
    case 'unreachable':
    case 'cancelled':
    case 'busy':
    case 'doNotDisturb':
    case 'voicemail': return 'missed';
    case 'forwarded': return untaken(call) ? 'missed' : taken;
    case 'declined':
    case 'merged':
    case 'transferred':
    case 'hungUp':
    case 'lost':
    case 'over':
    case 'failed': return taken;
  }
}

/** I forwarded it, and whoever it rang for did not take it. */
function untaken(call: Call): boolean {
  const stage = mineOf(call)?.stage;
  return stage?.is === 'ended' && ['noAnswer', 'unreachable', 'cancelled', 'busy', 'doNotDisturb', 'declined', 'failed'].includes(stage.why);
}

const short = (text: Text): { readonly text: Text; readonly lasted: null } => ({ text, lasted: null });

/** What became of a call, for its line; how long it lasted in milliseconds where it was a talk. */
export function outcomeOf(past: PastCall): { readonly text: Text; readonly lasted: number | null } {
  const { call } = past;
  if (call.ended === undefined && call.stage.is !== 'ended') return short(say('past.now'));
  if (!call.outgoing) return mine(past);
  if (call.stage.is === 'ended' && (call.stage.why === 'merged' || call.stage.why === 'transferred')) return mine(past);
  const [meant] = meantOf(call);
  const taker = takerOf(call, meant?.account);
  if (call.answered !== undefined) {
    const talk = talked(past, call.others.some(({ stage }) => stage.is === 'ended' && stage.why === 'lost'));
    // In a group it was another who talked, as far as is known here.
    return taker && meantOf(call).length === 1 ? { ...talk, text: say('past.forwarded', { name: taker.name }) } : talk;
  }
  const other = taker ?? meant;
  const name = taker?.name ?? namesOf(call);
  switch (other?.stage.is === 'ended' ? other.stage.why : null) {
    case 'declined': return short(say('calling.why.declined', { name }));
    case 'busy': return short(say('past.was-busy', { name }));
    case 'doNotDisturb': return short(say('past.was-dnd', { name }));
    case 'noAnswer': return short(say('calling.why.no-answer'));
    case 'unreachable': return short(say('past.unreachable', { name }));
    case 'cancelled': return short(say('past.gave-up'));
    case 'merged': return short(say('past.merged'));
    case 'voicemail': return short(say('calling.why.voicemail', { name }));
    case 'forwarded':
    case 'transferred':
    case 'failed':
    case 'hungUp':
    case 'lost':
    case 'over':
    case null: return short(say('calling.why.failed'));
  }
}

/** One that came in. */
function mine(past: PastCall): ReturnType<typeof outcomeOf> {
  const { stage } = past.call;
  switch (stage.is === 'ended' ? stage.why : 'over') {
    case 'noAnswer': return short(say('past.missed'));
    case 'cancelled': return short(say('past.missed.cancelled'));
    case 'unreachable': return short(say('past.missed.unreachable'));
    case 'busy': return short(say('past.missed.busy'));
    case 'doNotDisturb': return short(say('past.missed.dnd'));
    case 'declined': return short(say('past.declined'));
    case 'failed': return short(say('calling.why.failed'));
    case 'merged': return short(say('past.merged'));
    case 'transferred': return short(say('past.transferred'));
    case 'forwarded': return short(say('past.forwarded', { name: mineOf(past.call)?.name ?? '' }));
    case 'voicemail': return short(say('past.missed.voicemail'));
    case 'lost': return talked(past, true);
    case 'hungUp':
    case 'over': return talked(past, past.call.others.some((other) => other.stage.is === 'ended' && other.stage.why === 'lost'));
  }
}

function talked({ call }: PastCall, lost: boolean): ReturnType<typeof outcomeOf> {
  const lasted = call.answered !== undefined && call.ended !== undefined ? Math.max(0, call.ended - call.answered) : null;
  return { text: lost ? say('past.lost') : say('past.talked'), lasted };
}
