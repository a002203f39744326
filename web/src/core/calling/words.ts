// What a call is in words: how far it has come, and why it ended.

import { counted, say, type Text } from '../../i18n/text';
import type { Call, On, Why } from '../../proto/api.gen';
import { devicesRinging, heldBy, meantOf, namesOf, otherOf, takerOf } from './calling';

/** While nobody else is in: how far the others are, and never more than the server knows. */
export function stageWords(call: Call): Text {
  const held = heldBy(call);
  if (held !== null) return say('calling.held.by', { name: held });
  const stages = call.others.map(({ stage }) => stage.is);
  // Whoever was left to somebody else waits for them as a caller does.
  if ((!call.outgoing && call.answered === undefined) || stages.some((is) => is === 'active' || is === 'connecting')) return say('calling.connecting');
  const n = devicesRinging(call);
  if (n > 0) return counted('calling.ringing', n);
  return stages.includes('ringing') ? say('calling.ringing') : say('calling.dialing');
}

/** Why somebody did not come, as a caller hears it of a telephone. Whose calls go to a message has not refused anything. */
export const REFUSED: readonly Why[] = ['busy', 'declined', 'doNotDisturb', 'unreachable', 'noAnswer'];

/** Why somebody who was called to the end did not come. */
const NOT_TAKEN: readonly Why[] = [...REFUSED, 'forwarded', 'voicemail'];

export interface EndWords {
  readonly title: Text;
  /** What the other said when declining. */
  readonly reply: string | null;
  /** How long it lasted, in milliseconds; nothing where nobody answered. */
  readonly lasted: number | null;
}

/** Why a call ended; `stayed` is how long I was in it, where the server has not said yet when it ended. */
export function endWords(call: Call, stayed: number | null): EndWords {
  const other = otherOf(call);
  if (call.stage.is === 'ended' && call.stage.why === 'transferred') return { title: say('calling.why.transferred', { name: namesOf(call) }), reply: null, lasted: null };
  if (call.answered !== undefined) {
    const lost = other?.stage.is === 'ended' && other.stage.why === 'lost';
    return { title: lost ? say('calling.why.lost', { name: namesOf(call) }) : say('calling.ended'), reply: null, lasted: call.ended === undefined ? stayed : Math.max(0, call.ended - call.answered) };
  }
  // What the one came to, to whom it was forwarded, is what the call came to.
  const taker = takerOf(call, other?.account);
  const last = taker ?? other;
  const theirs = call.outgoing && last?.stage.is === 'ended' ? last.stage.why : null;
  const mine = call.stage.is === 'ended' && call.stage.why === 'failed' ? 'failed' as const : null;
  const meant = meantOf(call);
  if (theirs !== null && meant.length > 1) {
    // Of several each has a reason of their own; where nobody was asked to the end, they have none.
    const whys = meant.map(({ stage }) => (stage.is === 'ended' ? stage.why : null));
    const nobody = whys.every((why) => why !== null && NOT_TAKEN.includes(why));
    const title = nobody ? say('calling.why.nobody') : whyWords(mine ?? (whys.includes('failed') ? 'failed' : null), '');
    return { title, reply: null, lasted: null };
  }
  return { title: whyWords(theirs ?? mine, taker?.name ?? namesOf(call)), reply: theirs === 'declined' ? (last?.reply ?? null) : null, lasted: null };
}

export function whyWords(why: Why | null, name: string): Text {
  switch (why) {
    case 'declined': return say('calling.why.declined', { name });
    case 'busy': return say('calling.why.busy', { name });
    case 'doNotDisturb': return say('calling.why.dnd', { name });
    case 'noAnswer': return say('calling.why.no-answer');
    case 'unreachable': return say('calling.why.unreachable', { name });
    case 'failed': return say('calling.why.failed');
    case 'lost': return say('calling.why.lost', { name });
    case 'voicemail': return say('calling.why.voicemail', { name });
    case 'forwarded':
    case 'cancelled':
    case 'hungUp':
    case 'over':
    case 'merged':
    case 'transferred':
    case null: return say('calling.ended');
  }
}

/** Who forwarded the call to whom, as those read it who wait for an answer; nothing where nobody did, or who did it is not told. */
export function forwardedWords(call: Call): Text | null {
  const to = call.others.findLast(({ forwarder }) => forwarder !== undefined);
  const from = call.others.find(({ account }) => account === to?.forwarder);
  return to && from ? say('calling.forwarded', { from: from.name, name: to.name }) : null;
}

/** What kind of call comes in. */
export const kindWords = ({ video }: Pick<Call, 'video'>): Text => say(video ? 'calling.kind.video' : 'calling.kind.voice');

/** Where else it was answered. */
export const elsewhereWords = ({ on }: Pick<Call, 'on'>): Text => say('calling.elsewhere', { device: deviceName(on) });

/** Where else it was declined. */
export const declinedWords = ({ declined }: Pick<Call, 'declined'>): Text => say('calling.declined', { device: deviceName(declined) });

const deviceName = (on: On | undefined): Text | string => (on === undefined || on.name === '' ? say('calling.other-device') : on.name);
