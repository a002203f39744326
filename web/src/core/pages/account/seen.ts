// Who sees whether I am reachable: read once, and kept with each change.

import type { Text } from '../../../i18n/text';
import type { SeenBy, Visibility } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { oneOf, shape } from '../../../proto/shape';
import { problemText } from '../../calls';
import { shaped, type Part, type Turn, type Wish } from '../../part';

export interface Seen {
  /** Nothing until it came. */
  readonly seenBy: SeenBy | null;
  /** The last change is kept. */
  readonly kept: boolean;
  readonly trouble: Text | null;
}

export type SeenEvent =
  | { readonly type: 'choose'; readonly seenBy: SeenBy }
  | { readonly type: 'read' | 'kept'; readonly result: Result<unknown> };

export const SEEN_BY: readonly SeenBy[] = ['everyone', 'contacts', 'nobody'];

export const isVisibility = shape<Visibility>({ seenBy: oneOf(...SEEN_BY) });

const READ: Wish<SeenEvent> = { method: 'GET', path: 'me/visibility', told: (result) => ({ type: 'read', result }) };

export const seen: Part<Seen, SeenEvent> = {
  begin: [{ seenBy: null, kept: false, trouble: null }, [READ]],
  update: (state, event): Turn<Seen, SeenEvent> => {
    switch (event.type) {
      case 'choose': {
        // What is kept is not known, or is that.
        if (state.seenBy === null || state.seenBy === event.seenBy) return [state, []];
        const body: Visibility = { seenBy: event.seenBy };
        return [{ ...body, kept: false, trouble: null }, [{ method: 'PUT', path: READ.path, body, told: (result) => ({ type: 'kept', result }) }]];
      }
      case 'read': {
        const read = shaped(event.result, isVisibility);
        return [read.ok ? { ...state, seenBy: read.value.seenBy } : { ...state, trouble: problemText(read.problem) }, []];
      }
      case 'kept':
        // What counts is what the server has.
        return event.result.ok ? [{ ...state, kept: true }, []] : [{ ...state, trouble: problemText(event.result.problem) }, [READ]];
    }
  },
};
