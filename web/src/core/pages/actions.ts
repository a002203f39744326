// Everything that can be done outside of meetings, by name: where one can go, and what can be begun.

import { say } from '../../i18n/text';
import { isCallOver } from '../calling/calling';
import { CHOICES, chosenWords } from '../calling/presence';
import { action, distinct, type Action } from '../action';
import type { Event } from '../event';
import type { Route } from '../route';
import type { State } from '../state';
import { calledText } from '../title';

const to = (route: Route): Event => ({ type: 'visit', route });

/** Pages, rooms of mine, a new meeting; and the way in or back where one stands at a door. */
export function placeActions(state: State): readonly Action[] {
  const { page, session, server } = state;
  // Nothing else can be done before the server is known, and set up.
  if (page.at === 'waiting' || server === null || !server.setUp) return [];
  const test = action(say('test.title'), to({ to: 'test', room: page.at === 'room' ? page.code : '' }));
  return [...atDoor(state), ...begins(state), ...(page.at === 'test' || inMeeting(state) ? [] : [test]), ...(session.is === 'known' ? known(state) : strangers(server.signUp))];
}

const inMeeting = ({ page }: State): boolean => page.at === 'room' && page.phase.is === 'meeting';

function atDoor(state: State): readonly Action[] {
  const { page } = state;
  if (page.at !== 'room') return [];
  switch (page.phase.is) {
    case 'prejoin':
      if (page.phase.view.here > 0) {
        return [
          action(say('prejoin.move'), { type: 'join', video: true, arrival: 'move' }),
          action(say('prejoin.add'), { type: 'join', video: true, arrival: 'beside' }),
        ];
      }
      return [
        action(say('prejoin.join'), { type: 'join', video: true }),
        action(say('prejoin.without-video'), { type: 'join', video: false }),
      ];
    case 'left':
      return page.phase.barred || isCallOver(state) ? [] : [action(say('left.rejoin'), { type: 'rejoin' })];
    case 'lobby':
      return [action(say('lobby.leave'), { type: 'lobby/leave' })];
    case 'entering':
      return [action(say('calling.end'), { type: 'calling/end' })];
    case 'looking':
    case 'unknown':
    case 'unreachable':
    case 'shut':
    case 'meeting':
      return [];
  }
}

function begins({ page, session, server }: State): readonly Action[] {
  const may = session.is === 'known' ? session.me.mayCreate : server?.create === 'anyone';
  if (!may) return [];
  const there = page.at === 'home' || page.at === 'start';
  const begun = (event: Event): readonly Event[] => (there ? [event] : [to({ to: 'start' }), event]);
  return [
    { name: say('start.new'), key: null, events: begun({ type: 'start/new' }) },
    ...(session.is === 'known' ? [{ name: say('palette.later'), key: null, events: begun({ type: 'home/later' }) }] : []),
  ];
}

function known({ session, myRooms, calling }: State): readonly Action[] {
  const admin = session.is === 'known' && session.me.admin;
  const rooms = distinct(myRooms ?? [], ({ room }) => room.title);
  return [
    action(say('frame.home'), to({ to: 'start' })),
    action(say('frame.meetings'), to({ to: 'meetings' })),
    ...rooms.flatMap(({ room }) => [
      action(say('palette.room.join', { title: calledText(room.title) }), to({ to: 'room', code: room.code })),
      action(say('palette.room.page', { title: calledText(room.title) }), to({ to: 'room-page', code: room.code })),
    ]),
    action(say('frame.calls'), to({ to: 'calls', person: '' })),
    action(say('frame.contacts'), to({ to: 'contacts' })),
    action(say('frame.chat'), to({ to: 'talks', id: null })),
    ...(calling.said === null ? [] : [
      ...CHOICES.map((chosen) => action(say('palette.presence', { presence: chosenWords(chosen) }), { type: 'presence/choose', chosen })),
      action(say('palette.note'), { type: 'overlay', show: 'note' }),
    ]),
    action(say('frame.account'), to({ to: 'account' })),
    ...(admin ? [
      action(say('frame.console'), to({ to: 'console', tab: 'settings' })),
      action(say('console.people'), to({ to: 'console', tab: 'people' })),
      action(say('console.invitations'), to({ to: 'console', tab: 'invitations' })),
    ] : []),
    action(say('frame.sign-out'), { type: 'sign-out' }),
  ];
}

const strangers = (signUp: boolean): readonly Action[] => [
  action(say('palette.start'), to({ to: 'start' })),
  action(say('frame.sign-in'), to({ to: 'sign-in' })),
  ...(signUp ? [action(say('sign.up.title'), to({ to: 'sign-up', secret: '' }))] : []),
];
