// What can be done with each of the others, by name.

import { say, type Key } from '../../i18n/text';
import type { Act } from '../../proto/api.gen';
import { action, distinct, type Action } from '../action';
import type { Meeting, State } from '../state';
import { earOf } from '../viewing';
import { iLead, iMay } from './aside';
import { mayMove, mayTouch, rows, type Row } from './people';

/** People of one name are found in the panel. */
export const peopleActions = (state: State, meeting: Meeting): readonly Action[] =>
  distinct(rows(meeting).filter((row) => !row.me), ({ name }) => name)
    .flatMap((row) => [...mine(state, meeting, row), ...(iLead(meeting) ? shining(row) : []), ...(mayTouch(meeting, row) ? hosts(meeting, row) : [])]);

function mine({ viewing }: State, meeting: Meeting, { person, name, identities }: Row): readonly Action[] {
  const [identity] = identities;
  const writes: Action = {
    name: say('palette.person.write', { name }),
    key: null,
    events: [{ type: 'chat/to', person }, ...(meeting.beside.panel === 'chat' ? [] : [{ type: 'panel', panel: 'chat' } as const])],
  };
  return [
    ...(identity === undefined ? [] : [
      action(say(meeting.pinned === identity ? 'palette.person.unpin' : 'palette.person.pin', { name }), { type: 'stage/pin', key: identity }),
      action(say(earOf(viewing, identity).hushed ? 'palette.person.unhush' : 'palette.person.hush', { name }), { type: 'view/hush', identity }),
    ]),
    ...(iMay(meeting.live, 'chat') ? [writes] : []),
  ];
}

const shining = ({ person, name, spotlit }: Row): readonly Action[] =>
  (spotlit ? [] : [action(say('palette.person.spotlight', { name }), { type: 'act', act: { act: 'spotlight', person } })]);

function hosts(meeting: Meeting, row: Row): readonly Action[] {
  const { person, name, role, microphone, camera, share, hand } = row;
  const act = (key: Key, does: Act): Action => action({ key, args: { name } }, { type: 'act', act: does });
  return [
    microphone ? act('palette.person.mute', { act: 'mute', person, what: 'microphone' }) : act('palette.person.ask', { act: 'askToUnmute', person }),
    ...(camera ? [act('palette.person.camera', { act: 'mute', person, what: 'camera' })] : []),
    ...(share ? [act('palette.person.share', { act: 'mute', person, what: 'share' })] : []),
    ...(hand > 0 ? [act('hand.lower-who', { act: 'lowerHand', person })] : []),
    ...(role === 'host' ? [act('palette.person.demote', { act: 'demote', person })] : []),
    ...(role === 'member' || role === 'guest' ? [act('palette.person.promote', { act: 'promote', person })] : []),
    ...(mayMove(meeting, row) ? [act('palette.person.to-lobby', { act: 'moveToLobby', person })] : []),
    act('palette.person.remove', { act: 'remove', person, mayReturn: true }),
  ];
}
