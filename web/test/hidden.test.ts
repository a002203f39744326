// Somebody who does not show me how they are to be found has no mark anywhere, and nothing says that they are offline.

import { createElement, type ReactElement, type ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { Event } from '../src/core/event';
import type { State } from '../src/core/state';
import { fr } from '../src/i18n/fr';
import { en } from '../src/i18n/en';
import type { Call, Conversation, Reachable } from '../src/proto/api.gen';
import PickDialog from '../src/ui/calling/PickDialog';
import SeveralDialog from '../src/ui/calling/SeveralDialog';
import CallsPage from '../src/ui/pages/calls/CallsPage';
import ContactsPage from '../src/ui/pages/contacts/ContactsPage';
import { TalkFace } from '../src/ui/pages/talks/TalkFace';
import { drawn } from './drawn';
import { good, Play, signedIn } from './helpers';

vi.mock('../src/ui/kit/Menu', () => ({
  Menu: ({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement => createElement('div', { 'aria-label': label }, children),
  MenuItem: ({ children }: { readonly children: ReactNode }): ReactElement => createElement('span', { role: 'menuitem' }, children),
}));

const ben = { account: 'AC_2', name: 'Ben' };
const OFFLINE: Reachable = { account: 'AC_2', presence: 'offline', since: 0 };
const HIDDEN: Reachable = { ...OFFLINE, hidden: true };
const HERE: Reachable = { ...OFFLINE, presence: 'available', since: 1 };
const told = (person: Reachable): Event => ({ type: 'told', event: { event: 'presence', person } });
const call: Call = {
  id: 'CA_1', code: 'call-room', video: false, outgoing: true, began: 1_000, ended: 70_000, stage: { is: 'ended', why: 'over' },
  others: [{ ...ben, caller: false, stage: { is: 'ended', why: 'noAnswer' }, devices: 0 }],
};
const { ended: _over, ...goes } = call;
const talk: Conversation = { id: 'RM_7', number: 1, people: [ben], at: 1, unread: 0 };

const contacts = (): Play => new Play(signedIn()).on(
  { type: 'visit', route: { to: 'contacts' } },
  good('people', { name: 'people' }, [ben]),
  good('book', { name: 'book' }, []),
);
const past = (): Play => new Play(signedIn()).on(
  { type: 'visit', route: { to: 'calls', person: '' } },
  good('calls/past', { name: 'calls/past', missed: false, person: null, before: null }, [{ call, missed: false }]),
);
const plain = (): Play => new Play(signedIn());

const listed = (state: State): string => (state.page.at === 'contacts' ? drawn(state, createElement(ContactsPage, { page: state.page })) : 'elsewhere');
const places: readonly (readonly [string, () => Play, (state: State) => string, words: boolean])[] = [
  ['contacts', contacts, listed, true],
  ['the list of calls', past, (state) => (state.page.at === 'calls' ? drawn(state, createElement(CallsPage, { page: state.page })) : 'elsewhere'), false],
  ['the face of a conversation', plain, (state) => drawn(state, createElement(TalkFace, { talk })), false],
  ['whom to add to a call', plain, (state) => drawn(
    { ...state, calling: { ...state.calling, directory: [ben] } },
    createElement(PickDialog, { call: { ...goes, others: [], stage: { is: 'active' } }, what: 'add', onClose: () => undefined }),
  ), true],
  ['whom to call together', plain, (state) => drawn(state, createElement(SeveralDialog, { people: [ben], onClose: () => undefined })), true],
];

describe('somebody who hides how they are to be found', () => {
  for (const [name, begin, draw, words] of places) {
    it(`has no mark in ${name}, and it is enough to be told of it`, () => {
      const play = begin();
      const looks = (): readonly boolean[] => {
        const text = draw(play.state);
        expect(text).not.toBe('elsewhere');
        return ['data-p="offline"', 'data-p="available"', 'Offline', 'Not shown'].map((part) => text.includes(part));
      };
      play.on(told(HERE));
      expect(looks()).toEqual([false, true, false, false]);
      play.on(told(HIDDEN));
      expect(looks()).toEqual([false, false, false, words]);
      play.on(told(OFFLINE));
      expect(looks()).toEqual([true, false, words, false]);
      // A line that comes back says it of all of them.
      play.on({ type: 'told', event: { event: 'people', people: [HIDDEN], awaited: [] } });
      expect(looks()).toEqual([false, false, false, words]);
      play.on(told(HERE));
      expect(looks()).toEqual([false, true, false, false]);
    });
  }

  it('cannot be waited for from Contacts', () => {
    const play = contacts().on(told(HIDDEN));
    expect(listed(play.state)).not.toContain('Tell me when free');
    expect(listed(play.on(told(OFFLINE)).state)).toContain('Tell me when free');
  });

  it('is called so in both languages', () => {
    expect([en['presence.hidden'], fr['presence.hidden']]).toEqual(['Not shown', 'Non visible']);
  });
});
