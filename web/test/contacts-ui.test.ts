// The page of contacts, with its menu open.

import { createElement, type ReactElement, type ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import ContactsPage from '../src/ui/pages/contacts/ContactsPage';
import { drawn } from './drawn';
import { good, Play, signedIn } from './helpers';

vi.mock('../src/ui/kit/Menu', () => ({
  Menu: ({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement => createElement('div', { 'aria-label': label }, children),
  MenuItem: ({ children }: { readonly children: ReactNode }): ReactElement => createElement('span', { role: 'menuitem' }, children),
}));

const withPeople = (...accounts: readonly string[]): string => {
  const { state } = new Play(signedIn()).on(
    { type: 'visit', route: { to: 'contacts' } },
    good('people', { name: 'people' }, accounts.map((account) => ({ account, name: account }))),
    good('book', { name: 'book' }, []),
  );
  if (state.page.at !== 'contacts') throw new Error('not among the contacts');
  return drawn(state, createElement(ContactsPage, { page: state.page }));
};

describe('the page of contacts', () => {
  it('offers to call several people where there is anybody to call, and its menu does the same', () => {
    expect(withPeople('AC_1', 'AC_2').match(/Call several people/g)).toHaveLength(2);
    const alone = withPeople('AC_1');
    expect(alone).toContain('Import vCards');
    expect(alone).not.toContain('Call several people');
  });
});
