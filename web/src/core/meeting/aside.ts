// Small steps that the parts of this folder share.

import type { Text } from '../../i18n/text';
import type { MeetingState, Role } from '../../proto/api.gen';
import type { Effect } from '../effect';
import type { Meeting, State } from '../state';
import { announce, inMeeting, withMeeting, type Step } from '../step';
import { personOf } from '../viewing';
import type { Beside } from './beside';
import type { Chat } from './chat';
import type { Chime, Topic } from './notices';

export const withBeside = (state: State, change: Partial<Beside>): State => {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return state;
  return withMeeting(state, { beside: { ...page.phase.beside, ...change } });
};

export const withChat = (state: State, change: (chat: Chat) => Chat): State => {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return state;
  return withBeside(state, { chat: change(page.phase.beside.chat) });
};

/** Changes the chat of the meeting, with what that asks for. */
export const inChat = (state: State, change: (chat: Chat, meeting: Meeting, code: string) => Step): Step =>
  inMeeting(state, (meeting, page) => change(meeting.beside.chat, meeting, page.code));

/** Speaks of a topic to those who want to hear of it. */
export const mention = (state: State, topic: Topic, text: Text): State => (state.notices.said[topic] ? announce(state, text) : state);

/** A sound for those who want to hear it. */
export const chime = (state: State, sound: Chime): readonly Effect[] =>
  state.notices.sounds[sound] ? [{ type: 'chime', chime: sound, speaker: state.devices.speaker.chosen }] : [];

export const ring = (state: State, sound: Chime): Step => [state, chime(state, sound)];

export const leads = (role: Role): boolean => role === 'owner' || role === 'host';

/** Who I am here. */
export const mySelf = (meeting: Pick<Meeting, 'live' | 'me'>): string => meeting.live?.me ?? personOf(meeting.me);

export const iLead = (meeting: Pick<Meeting, 'live'>): boolean => meeting.live !== null && leads(meeting.live.role);

/** Whether I may do something that the room's policy, or a pause, can keep from those who do not lead. */
export const iMay = (live: MeetingState | null, what: 'microphone' | 'camera' | 'share' | 'chat'): boolean =>
  live === null || leads(live.role) || (!live.paused && live.policy[what]);

/** The name of somebody: as the meeting says, or as the pictures do. */
export function nameIn(meeting: Pick<Meeting, 'live' | 'people'>, person: string): string | null {
  return meeting.live?.people.find((one) => one.person === person)?.name
    ?? meeting.people.find((one) => personOf(one.identity) === person)?.name
    ?? null;
}


