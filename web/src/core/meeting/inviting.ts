// Who can be asked into a meeting, and what became of that: the names come once, who of them is to be found and what they said is
// told all the time.

import type { Text } from '../../i18n/text';
import type { BookEntry, Contact, Invitee, MeetingState, Reachable } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import { isContact } from '../../proto/decode';
import { listOf } from '../../proto/shape';
import { foundAs, type Found } from '../calling/calling';
import { problemText } from '../calls';
import { shaped, type Part, type Turn, type Wish } from '../part';
import { askable, type Named } from '../pages/contacts/page';

export interface Inviting {
  /** Everybody with an account here; nothing until they came, or when they did not. */
  readonly directory: readonly Contact[] | null;
  readonly trouble: Text | null;
  /** Whom the server was asked to invite, and has not answered. */
  readonly sending: readonly string[];
}

export type InvitingEvent =
  | { readonly type: 'again' }
  | { readonly type: 'listed'; readonly result: Result<unknown> }
  | { readonly type: 'invite'; readonly code: string; readonly people: readonly string[] }
  | { readonly type: 'invited'; readonly people: readonly string[]; readonly result: Result<unknown> };

/** As many as the server takes at once. */
const AT_ONCE = 500;

const LIST: Wish<InvitingEvent> = { method: 'GET', path: 'people', told: (result) => ({ type: 'listed', result }) };

export const inviting: Part<Inviting, InvitingEvent> = {
  begin: [{ directory: null, trouble: null, sending: [] }, [LIST]],
  update: (state, event): Turn<Inviting, InvitingEvent> => {
    switch (event.type) {
      case 'again':
        return [{ ...state, trouble: null }, [LIST]];
      case 'listed': {
        const listed = shaped(event.result, listOf(isContact));
        return [listed.ok ? { ...state, directory: listed.value } : { ...state, trouble: problemText(listed.problem) }, []];
      }
      case 'invite': {
        const people = event.people.filter((one) => !state.sending.includes(one)).slice(0, AT_ONCE);
        if (people.length === 0) return [state, []];
        return [
          { ...state, trouble: null, sending: [...state.sending, ...people] },
          [{
            method: 'POST',
            path: `rooms/${encodeURIComponent(event.code)}/invitees`,
            body: { people },
            told: (result): InvitingEvent => ({ type: 'invited', people, result }),
          }],
        ];
      }
      case 'invited': {
        const sending = state.sending.filter((one) => !event.people.includes(one));
        return [{ ...state, sending, trouble: event.result.ok ? null : problemText(event.result.problem) }, []];
      }
    }
  },
};

/** Somebody in the list of whom to invite. */
export interface Candidate extends Named {
  readonly presence: Found;
  /** What became of asking them, if they were asked. */
  readonly answer: Invitee['answer'] | null;
}

export interface Around {
  readonly live: MeetingState;
  readonly people: Readonly<Record<string, Reachable>>;
  readonly book: readonly BookEntry[];
  readonly me: string;
  readonly tongue: string;
}

/** Who may be asked: whoever is to be found and is not in, those who are available first; and who was asked already, whatever they are now. */
export function candidates(directory: readonly Contact[], search: string, { live, people, book, me, tongue }: Around): readonly Candidate[] {
  const inside = new Set([...live.people, ...live.waiting].map(({ person }) => person));
  const answers = new Map((live.invited ?? []).map(({ account, answer }) => [account, answer]));
  const all = askable(directory, book, search, me, tongue).filter(({ account }) => !inside.has(account)).map((one): Candidate => ({
    ...one, presence: foundAs(people[one.account]), answer: answers.get(one.account) ?? null,
  }));
  const shown = all.filter((one) => one.answer !== null || isFound(one));
  return [...shown.filter(isReachable), ...shown.filter((one) => !isReachable(one))];
}

/** Whether the server may tell them; who does not show how they are to be found is not asked either. */
const isFound = ({ presence }: Candidate): boolean => presence !== 'offline' && presence !== 'doNotDisturb' && presence !== 'hidden';

const isReachable = ({ presence }: Candidate): boolean => presence === 'available';

/** Whether somebody is still to be asked, or may be asked again. */
export const mayAsk = (one: Candidate): boolean => one.answer !== 'waiting' && one.answer !== 'coming' && isFound(one);

/** Whether the answer is not to be shown: of whoever is hidden it is not said that they cannot be reached. */
export const isUntold = ({ presence, answer }: Candidate): boolean => answer === 'unreachable' && presence === 'hidden';

/** Everybody who is available and was not asked yet. */
export const reachableNow = (all: readonly Candidate[]): readonly string[] =>
  all.filter((one) => isReachable(one) && one.answer === null).map(({ account }) => account);
