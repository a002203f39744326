// What was written in a room, read on its page: no meeting has to run for it, and nothing is written here.

import type { Message, RoomView } from '../../../proto/api.gen';
import { ask, codeOf, type Answered } from '../../calls';
import type { Effect } from '../../effect';

export interface History {
  /** The oldest first. */
  readonly lines: readonly Message[];
  /** `shut`: the server shows it to those in the meeting alone. */
  readonly state: 'asking' | 'there' | 'failed' | 'shut';
  /** There are lines before the first. */
  readonly more: boolean;
}

/** Those who lead read at any time, members where they would not have to wait at the door. The server decides. */
export const mayRead = ({ role, door }: RoomView): boolean => role === 'owner' || role === 'host' || (role === 'member' && door === 'open');

export const ASKING: History = { lines: [], state: 'asking', more: false };

/** The last lines, or those before the first that is known. */
export const askLines = (code: string, { lines }: History): Effect => ask({ name: 'messages', code, before: lines[0]?.id ?? null });

export function linesCame(history: History, { call, result }: Answered<'messages'>): History {
  if (!result.ok) {
    const shut = ['not_in', 'not_allowed'].includes(codeOf(result.problem));
    return { ...history, state: shut ? 'shut' : 'failed' };
  }
  const { messages, more } = result.value;
  // Anew, or before what is there.
  return { lines: call.before === null ? messages : [...messages, ...history.lines], state: 'there', more };
}
