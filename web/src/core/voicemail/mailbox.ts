// The messages that were spoken for me, as the page of calls shows them, and what my callers hear first.

import type { Text } from '../../i18n/text';
import type { Problem, Voicemail } from '../../proto/api.gen';
import { problemText } from '../calls';

export interface Mailbox {
  /** The last first; nothing until they came. */
  readonly mails: readonly Voicemail[] | null;
  /** How long my own greeting is, in milliseconds; `null` where I have none, nothing until that is known. */
  readonly greeting: number | null | undefined;
  readonly trouble: Text | null;
}

export type MailboxEvent =
  // they are others than before, or asked for again
  | { readonly type: 'mail/look' }
  | { readonly type: 'mail/listed'; readonly mails: readonly Voicemail[] }
  | { readonly type: 'mail/greeting'; readonly ms: number | null }
  | { readonly type: 'mail/mark'; readonly id: string; readonly heard: boolean }
  | { readonly type: 'mail/delete'; readonly id: string }
  // my callers hear the tone alone again
  | { readonly type: 'mail/default' }
  | { readonly type: 'mail/failed'; readonly problem: Problem | 'offline' };

export type MailboxEffect =
  | { readonly type: 'mail/list' }
  | { readonly type: 'mail/mark'; readonly id: string; readonly heard: boolean }
  | { readonly type: 'mail/delete'; readonly id: string }
  | { readonly type: 'mail/default' };

type Step = readonly [Mailbox, readonly MailboxEffect[]];

export const EMPTY: Mailbox = { mails: null, greeting: undefined, trouble: null };

export function mailbox(state: Mailbox, event: MailboxEvent): Step {
  switch (event.type) {
    case 'mail/look':
      return [state, [{ type: 'mail/list' }]];
    case 'mail/listed':
      return [{ ...state, mails: event.mails, trouble: null }, []];
    case 'mail/greeting':
      return [{ ...state, greeting: event.ms }, []];
    case 'mail/default':
      return typeof state.greeting === 'number' ? [{ ...state, greeting: null }, [event]] : [state, []];
    case 'mail/mark': {
      const mail = state.mails?.find(({ id }) => id === event.id);
      if (!mail || mail.heard === event.heard) return [state, []];
      return [change(state, event.id, (one) => [{ ...one, heard: event.heard }]), [event]];
    }
    case 'mail/delete':
      return [change(state, event.id, () => []), [event]];
    // What was shown as done may not be: the list is the server's.
    case 'mail/failed':
      return [{ ...state, trouble: problemText(event.problem) }, []];
  }
}

const change = (state: Mailbox, which: string, to: (one: Voicemail) => readonly Voicemail[]): Mailbox =>
  ({ ...state, mails: state.mails?.flatMap((one) => (one.id === which ? to(one) : [one])) ?? null });

/** A length as clocks show it. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
