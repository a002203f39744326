// Contacts: what its events and the answer to its call change.

import { BOOK } from '../../calling/book';
import { problemText, type Answered } from '../../calls';
import type { State } from '../../state';
import { stay, type Step } from '../../step';
import { PEOPLE, type ContactsEvent } from './page';

export function contacts(state: State, event: ContactsEvent | Answered<'people'>): Step {
  const { page } = state;
  if (page.at !== 'contacts') return stay(state);
  switch (event.type) {
    case 'contacts/search':
      return stay({ ...state, page: { ...page, search: event.search } });
    case 'contacts/again':
      return [{ ...state, page: { ...page, trouble: null } }, [PEOPLE, BOOK]];
    case 'answer':
      return stay({ ...state, page: event.result.ok ? { ...page, people: event.result.value, trouble: null } : { ...page, trouble: problemText(event.result.problem) } });
  }
}
