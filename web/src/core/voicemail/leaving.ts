// A message as it is spoken: opened, greeted, recorded, heard again, sent. One at a time, and gone with its screen. My own greeting is
// spoken in the same steps.

import { say, type Text } from '../../i18n/text';
import type { Problem } from '../../proto/api.gen';
import { codeOf, problemText } from '../calls';

export type Phase =
  /** The microphone is asked for, then the server. */
  | 'opening'
  /** The words are shown; the tone comes next. */
  | 'greeting'
  | 'recording'
  /** It is spoken, and the server has not said yet what it has. */
  | 'stopping'
  /** As before, but the server cannot be asked now: it is asked again when that is wished. */
  | 'waiting'
  /** It waits to be heard again and sent. */
  | 'spoken'
  | 'sending'
  | 'sent'
  /** Nothing is recorded; `trouble` says why. */
  | 'failed';

export interface Leaving {
  /** After which call; nothing where it is my own greeting. */
  readonly call: string | null;
  readonly name: string;
  readonly phase: Phase;
  /** The message, once the server has named it. */
  readonly id: string | null;
  /** The most that is recorded. */
  readonly seconds: number;
  /** How long the greeting is that is played first, in milliseconds; nothing where there is none. */
  readonly greeting: number | null;
  /** When the recording began, in milliseconds since 1970. */
  readonly since: number;
  /** How long it is, once that is known. */
  readonly ms: number;
  readonly trouble: Text | null;
}

/** How a step of the server's went. */
type Failed = { readonly type: 'leaving/failed'; readonly problem: Problem | 'offline' };

export type LeavingEvent =
  | { readonly type: 'leaving/begin' }
  // the server has named it, and there is a way to it
  | { readonly type: 'leaving/ready'; readonly id: string; readonly seconds: number; readonly greeting: number | null }
  // enough of the greeting was heard
  | { readonly type: 'leaving/skip' }
  // the tone has sounded: what is said from now on is recorded
  | { readonly type: 'leaving/recording'; readonly at: number }
  | { readonly type: 'leaving/stop' }
  // the way to the server broke
  | { readonly type: 'leaving/lost' }
  | { readonly type: 'leaving/stopped'; readonly ms: number; readonly kept: boolean }
  | { readonly type: 'leaving/send' }
  | { readonly type: 'leaving/sent' }
  // no microphone, or no way
  | { readonly type: 'leaving/none'; readonly text: Text }
  | Failed;

export type LeavingEffect =
  /** Opens the microphone, asks the server, shows a way, plays the greeting, sounds the tone; an earlier message of this screen is forgotten. */
  | { readonly type: 'leaving/record'; readonly call: string | null }
  | { readonly type: 'leaving/skip' }
  | { readonly type: 'leaving/end' }
  | { readonly type: 'leaving/deliver'; readonly id: string };

type Step = readonly [Leaving, readonly LeavingEffect[]];

export const leavingOf = (call: string | null, name: string): Leaving => ({ call, name, phase: 'opening', id: null, seconds: 0, greeting: null, since: 0, ms: 0, trouble: null });

const stay = (leaving: Leaving): Step => [leaving, []];

export function leave(leaving: Leaving, event: LeavingEvent): Step {
  const { phase } = leaving;
  switch (event.type) {
    case 'leaving/begin':
      if (phase === 'sending' || phase === 'sent') return stay(leaving);
      return [leavingOf(leaving.call, leaving.name), [{ type: 'leaving/record', call: leaving.call }]];
    case 'leaving/ready':
      return stay(phase === 'opening' ? { ...leaving, phase: 'greeting', id: event.id, seconds: event.seconds, greeting: event.greeting } : leaving);
    case 'leaving/skip':
      return [leaving, phase === 'greeting' && leaving.greeting !== null ? [event] : []];
    case 'leaving/recording':
      return stay(phase === 'greeting' ? { ...leaving, phase: 'recording', since: event.at } : leaving);
    case 'leaving/stop':
      return phase === 'recording' || phase === 'waiting' ? [{ ...leaving, phase: 'stopping' }, [{ type: 'leaving/end' }]] : stay(leaving);
    case 'leaving/lost':
      if (phase === 'greeting') return stay({ ...leaving, phase: 'failed', trouble: say('voicemail.no-way') });
      return phase === 'recording' ? [{ ...leaving, phase: 'stopping', trouble: say('voicemail.lost') }, [{ type: 'leaving/end' }]] : stay(leaving);
    case 'leaving/stopped':
      if (phase !== 'stopping') return stay(leaving);
      return stay(event.kept ? { ...leaving, phase: 'spoken', ms: event.ms } : { ...leaving, phase: 'failed', trouble: say(leaving.call === null ? 'voicemail.own.short' : 'voicemail.short') });
    case 'leaving/send':
      if (phase !== 'spoken' || leaving.id === null) return stay(leaving);
      return [{ ...leaving, phase: 'sending', trouble: null }, [{ type: 'leaving/deliver', id: leaving.id }]];
    case 'leaving/sent':
      return stay(phase === 'sending' ? { ...leaving, phase: 'sent' } : leaving);
    case 'leaving/none':
      return stay({ ...leaving, phase: 'failed', trouble: event.text });
    case 'leaving/failed': {
      const code = codeOf(event.problem);
      const own = leaving.call === null;
      const trouble = code === 'storage_full' ? (own ? say('voicemail.own.full') : say('voicemail.full', { name: leaving.name }))
        : code === 'not_allowed' || code === 'not_found' ? say(own ? 'voicemail.own.gone' : 'voicemail.not-now') : problemText(event.problem);
      // What was said is still there, unless the server knows no more of it.
      if (phase === 'stopping' && code !== 'not_found') return stay({ ...leaving, phase: 'waiting', trouble });
      return stay({ ...leaving, phase: phase === 'sending' && code !== 'not_found' ? 'spoken' : 'failed', trouble });
    }
  }
}
