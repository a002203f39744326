// Programs and devices that attend, and a message to one of them.

import { say, type Text } from '../../i18n/text';
import type { Attendant, Detail } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import { isAccountView } from '../../proto/decode';
import { isNumber, isText, listOf, maybe, shape } from '../../proto/shape';
import { codeOf, problemText } from '../calls';
import { shaped, type Part, type Turn } from '../part';

export interface Attendants {
  /** Nothing until they came. */
  readonly list: readonly Attendant[] | null;
  readonly trouble: Text | null;
  /** To whom a message is being written. */
  readonly to: string | null;
  readonly message: string;
  readonly busy: boolean;
  readonly wrong: Text | null;
  /** Who was sent the last one. */
  readonly sent: string | null;
}

export type AttendantsEvent =
  | { readonly type: 'again' }
  | { readonly type: 'write'; readonly to: string | null }
  | { readonly type: 'message'; readonly message: string }
  | { readonly type: 'send' }
  | { readonly type: 'listed'; readonly result: Result<unknown> }
  | { readonly type: 'sent'; readonly to: string; readonly result: Result<unknown> };

const isAttendant = shape<Attendant>({
  channel: isText,
  user: isAccountView,
  device: isText,
  details: listOf(shape<Detail>({ name: isText, value: isText })),
  since: isNumber,
  address: maybe(isText),
});

const LIST = { method: 'GET', path: 'attendance', told: (result: Result<unknown>): AttendantsEvent => ({ type: 'listed', result }) } as const;

export const attendants: Part<Attendants, AttendantsEvent> = {
  begin: [{ list: null, trouble: null, to: null, message: '', busy: false, wrong: null, sent: null }, [LIST]],
  update: (state, event): Turn<Attendants, AttendantsEvent> => {
    switch (event.type) {
      case 'again':
        return [state, [LIST]];
      case 'write':
        return [{ ...state, to: event.to, message: '', wrong: null, sent: null }, []];
      case 'message':
        return [{ ...state, message: event.message, wrong: null }, []];
      case 'send': {
        const { to, busy } = state;
        const message = state.message.trim();
        if (to === null || busy) return [state, []];
        if (message === '') return [{ ...state, wrong: say('problem.bad-text') }, []];
        const path = `attendance/${encodeURIComponent(to)}/notify`;
        return [{ ...state, busy: true, wrong: null }, [{ method: 'POST', path, body: { message }, told: (result) => ({ type: 'sent', to, result }) }]];
      }
      case 'listed': {
        const listed = shaped(event.result, listOf(isAttendant));
        if (!listed.ok) return [{ ...state, trouble: problemText(listed.problem) }, []];
        const to = listed.value.some(({ channel }) => channel === state.to) ? state.to : againOf(state, listed.value);
        return [{ ...state, list: listed.value, trouble: null, to, ...(to === null ? { busy: false } : {}) }, []];
      }
      case 'sent': {
        if (state.to !== event.to) return [{ ...state, busy: false }, []];
        if (event.result.ok) return [{ ...state, busy: false, to: null, message: '', sent: event.to }, []];
        const gone = codeOf(event.result.problem) === 'not_found';
        return [{ ...state, busy: false, wrong: problemText(event.result.problem) }, gone ? [LIST] : []];
      }
    }
  },
};

const isSame = ({ user, device, details }: Attendant, as: Attendant): boolean =>
  user.id === as.user.id && device === as.device && JSON.stringify(details) === JSON.stringify(as.details);

/** Where whoever is written to is found after it came in again, under another channel: what is being written is kept for it. */
function againOf({ list, to }: Attendants, now: readonly Attendant[]): string | null {
  const former = list?.find(({ channel }) => channel === to);
  // One that was there before is another, however alike.
  const isNew = ({ channel }: Attendant): boolean => list?.every((one) => one.channel !== channel) ?? false;
  return (former && now.find((one) => isNew(one) && isSame(one, former))?.channel) ?? null;
}

/** What an attendant said of itself, on one line. */
export const detailsOf = ({ details }: Attendant): string =>
  details.map(({ name, value }) => (value === '' ? name : `${name}: ${value}`)).join(' · ');
