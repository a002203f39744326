// Small steps that the parts of this folder share.

import type { Text } from '../../i18n/text';
import type { MeetingState, Role } from '../../proto/api.gen';
import type { Effect } from '../effect';
import type { Meeting, State } from '../state';
import { announce, withMeeting, type Step } from '../step';
import { personOf } from '../viewing';
import type { Beside } from './beside';
import type { Chat } from './chat';
import type { Chime, Topic } from './notices';

export const withBeside = (state: State, change: Partial<Beside>): State => {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return state;
  return withMeeting(state, { beside: { ...page.phase.beside, ...change } });
};

/** Where a chat stands. */
export interface ChatPlace {
  /** The code of the meeting's room, or the id of a conversation. */
  readonly code: string;
  /** Who I am there. */
  readonly me: string;
  /** The meeting; nothing where it is a conversation. */
  readonly meeting: Meeting | null;
}

/** Which chat is meant: the one that is on the screen, or that of a room or conversation. */
export type Which = string | null;

/** The chat of the meeting that I am in, or of a conversation that was opened. */
function chatAt(state: State, which: Which): readonly [Chat, ChatPlace] | null {
  const { page, session, talks } = state;
  if (page.at === 'room' && page.phase.is === 'meeting' && (which === null || which === page.code)) {
    return [page.phase.beside.chat, { code: page.code, me: mySelf(page.phase), meeting: page.phase }];
  }
  const code = which ?? (page.at === 'talks' ? page.id : null);
  const chat = code === null ? undefined : talks.chats[code];
  return code === null || chat === undefined || session.is !== 'known' ? null : [chat, { code, me: session.me.account.id, meeting: null }];
}

export function withChat(state: State, which: Which, change: (chat: Chat) => Chat): State {
  const found = chatAt(state, which);
  if (found === null) return state;
  const [chat, { code, meeting }] = found;
  if (meeting !== null) return withBeside(state, { chat: change(chat) });
  return { ...state, talks: { ...state.talks, chats: { ...state.talks.chats, [code]: change(chat) } } };
}

/** Changes a chat, with what that asks for. */
export function inChat(state: State, which: Which, change: (chat: Chat, place: ChatPlace) => Step): Step {
  const found = chatAt(state, which);
  return found === null ? [state, []] : change(...found);
}

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


