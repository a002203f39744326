// What I missed, for home: calls that I have not looked at, and messages that I have not heard. Who looks at the page of calls has
// looked; who sees them here has not. Who plays a message here has heard it.

import type { Text } from '../../../i18n/text';
import type { PastCall, Voicemail } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { isPastCall } from '../../../proto/decode';
import { listOf } from '../../../proto/shape';
import { isMails } from '../../../proto/voicemail';
import { problemText } from '../../calls';
import { shaped, type Part, type Turn } from '../../part';

export interface Missed {
  /** The last first; nothing until they came. */
  readonly calls: readonly PastCall[] | null;
  readonly mails: readonly Voicemail[] | null;
  /** Messages that were played here: they stay as long as the page, to be heard to their end and again. */
  readonly played: readonly string[];
  readonly trouble: Text | null;
}

export type MissedEvent =
  // there are more, or fewer, than before
  | { readonly type: 'again' }
  | { readonly type: 'listed'; readonly result: Result<unknown> }
  // the same of messages
  | { readonly type: 'mails' }
  | { readonly type: 'mailed'; readonly result: Result<unknown> }
  // a message sounds
  | { readonly type: 'played'; readonly id: string }
  | { readonly type: 'marked'; readonly result: Result<unknown> };

/** So many of each stand on home; their page has them all. */
export const AT_HOME = 3;

const LIST = { method: 'GET', path: 'calls?missed=true', told: (result: Result<unknown>): MissedEvent => ({ type: 'listed', result }) } as const;
const MAILS = { method: 'GET', path: 'voicemail', told: (result: Result<unknown>): MissedEvent => ({ type: 'mailed', result }) } as const;

export const missedCalls: Part<Missed, MissedEvent> = {
  begin: [{ calls: null, mails: null, played: [], trouble: null }, []],
  update: (state, event): Turn<Missed, MissedEvent> => {
    switch (event.type) {
      case 'again':
        return [state, [LIST]];
      case 'listed': {
        const listed = shaped(event.result, listOf(isPastCall));
        if (!listed.ok) return [{ ...state, trouble: problemText(listed.problem) }, []];
        return [{ ...state, calls: listed.value.filter(({ missed }) => missed), trouble: null }, []];
      }
      case 'mails':
        return [state, [MAILS]];
      case 'mailed': {
        const listed = shaped(event.result, isMails);
        if (!listed.ok) return [{ ...state, trouble: problemText(listed.problem) }, []];
        return [{ ...state, mails: listed.value, trouble: null }, []];
      }
      case 'played': {
        const mail = state.mails?.find(({ id }) => id === event.id);
        if (!mail || state.played.includes(event.id)) return [state, []];
        const mark = { method: 'PATCH', path: `voicemail/${encodeURIComponent(event.id)}`, body: { heard: true }, told: (result: Result<unknown>): MissedEvent => ({ type: 'marked', result }) } as const;
        return [{ ...state, played: [...state.played, event.id] }, [mark]];
      }
      case 'marked':
        return [event.result.ok ? state : { ...state, trouble: problemText(event.result.problem) }, []];
    }
  },
};

/** A line of what was missed. */
export type MissedLine = { readonly is: 'call'; readonly past: PastCall } | { readonly is: 'mail'; readonly mail: Voicemail };

const atOf = (line: MissedLine): number => (line.is === 'call' ? line.past.call.began : line.mail.at);

/** What stands on home, the last first: of calls and messages as many as there still are, by what is counted of them. */
export function missedLines({ calls, mails, played }: Missed, missed: number, unheard: number): readonly MissedLine[] {
  const seen = missed === 0 ? [] : (calls ?? []).slice(0, AT_HOME);
  const heard = (mails ?? []).filter((mail) => played.includes(mail.id) || (unheard > 0 && !mail.heard)).slice(0, AT_HOME);
  const lines: readonly MissedLine[] = [...seen.map((past) => ({ is: 'call', past }) as const), ...heard.map((mail) => ({ is: 'mail', mail }) as const)];
  return lines.toSorted((one, other) => atOf(other) - atOf(one));
}
