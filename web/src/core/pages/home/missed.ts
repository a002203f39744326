// Calls that I missed and have not looked at, for home. Who looks at their page has looked; who sees them here has not.

import type { Text } from '../../../i18n/text';
import type { PastCall } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { isPastCall } from '../../../proto/decode';
import { listOf } from '../../../proto/shape';
import { problemText } from '../../calls';
import { shaped, type Part, type Turn } from '../../part';

export interface Missed {
  /** The last first; nothing until they came. */
  readonly calls: readonly PastCall[] | null;
  readonly trouble: Text | null;
}

export type MissedEvent =
  // there are more, or fewer, than before
  | { readonly type: 'again' }
  | { readonly type: 'listed'; readonly result: Result<unknown> };

/** So many stand on home; their page has them all. */
export const AT_HOME = 3;

const LIST = { method: 'GET', path: 'calls?missed=true', told: (result: Result<unknown>): MissedEvent => ({ type: 'listed', result }) } as const;

export const missedCalls: Part<Missed, MissedEvent> = {
  begin: [{ calls: null, trouble: null }, []],
  update: (state, event): Turn<Missed, MissedEvent> => {
    if (event.type === 'again') return [state, [LIST]];
    const listed = shaped(event.result, listOf(isPastCall));
    if (!listed.ok) return [{ ...state, trouble: problemText(listed.problem) }, []];
    return [{ calls: listed.value.filter(({ missed }) => missed), trouble: null }, []];
  },
};
