// What stands beside calls: what became of earlier ones, what I say of myself, my phone book, and meetings that I am asked into.

import type { Event } from '../event';
import { past } from '../pages/calls/update';
import type { CallsEvent } from '../pages/calls/page';
import type { State } from '../state';
import type { Step } from '../step';
import { asked, type AskedEvent } from './asked';
import { awaiting, type AwaitingEvent } from './awaiting';
import { book, type BookEvent } from './book';
import { presence, type PresenceEvent } from './presence';

type BesideCalls = CallsEvent | PresenceEvent | BookEvent | AwaitingEvent | AskedEvent;

const WHERE: { readonly [T in BesideCalls['type']]: 'past' | 'presence' | 'book' | 'awaiting' | 'asked' } = {
  'past/only': 'past',
  'past/person': 'past',
  'past/more': 'past',
  'past/again': 'past',
  'presence/choose': 'presence',
  'presence/note': 'presence',
  'book/edit': 'book',
  'book/close': 'book',
  'book/save': 'book',
  'book/set': 'book',
  'book/remove': 'book',
  'book/import': 'book',
  'await': 'awaiting',
  'await/no-more': 'awaiting',
  'await/close': 'awaiting',
  'asked/come': 'asked',
  'asked/not-now': 'asked',
};

export const isBesideCalls = (event: Event): event is BesideCalls => Object.hasOwn(WHERE, event.type);

const isPast = (event: BesideCalls): event is CallsEvent => WHERE[event.type] === 'past';
const isAwaiting = (event: BesideCalls): event is AwaitingEvent => WHERE[event.type] === 'awaiting';
const isPresence = (event: BesideCalls): event is PresenceEvent => WHERE[event.type] === 'presence';
const isAsked = (event: BesideCalls): event is AskedEvent => WHERE[event.type] === 'asked';

export function besideCalls(state: State, event: BesideCalls): Step {
  if (isPast(event)) return past(state, event);
  if (isAwaiting(event)) return awaiting(state, event);
  if (isAsked(event)) return asked(state, event);
  return isPresence(event) ? presence(state, event) : book(state, event);
}
