// How the parts of a chat read it, wherever it stands: in a meeting, or as a conversation.

import { createContext, useContext } from 'react';
import { iLead, iMay, mySelf, nameIn } from '../../../core/meeting/aside';
import type { Chat } from '../../../core/meeting/chat';
import { avatarIn } from '../../../core/meeting/people';
import type { Meeting } from '../../../core/state';
import type { Text } from '../../../i18n/text';
import { useRead } from '../../context';

/** Somebody who can be spoken to, and of. */
export interface Here {
  readonly person: string;
  readonly name: string;
}

export interface ChatView {
  readonly chat: Chat;
  /** In the paths of its files. */
  readonly code: string;
  /** Who I am there. */
  readonly me: string;
  /** Everybody who is there now, me included; nothing until that is known. */
  readonly people: readonly Here[] | null;
  readonly nameOf: (person: string) => string | null;
  readonly avatarOf: (person: string) => string | undefined;
  readonly writes: boolean;
  /** Whether I may delete what others wrote. */
  readonly leads: boolean;
  /** What the field is called; in a meeting it follows from whom it goes to. */
  readonly field: Text | null;
}

export const meetingChat = (meeting: Meeting, code: string): ChatView => ({
  chat: meeting.beside.chat,
  code,
  me: mySelf(meeting),
  people: meeting.live?.people ?? null,
  nameOf: (person) => nameIn(meeting, person),
  avatarOf: (person) => avatarIn(meeting, person),
  writes: iMay(meeting.live, 'chat'),
  leads: iLead(meeting),
  field: null,
});

export const ChatContext = createContext<(() => ChatView) | null>(null);

/** The chat as it is at this moment, for what is done in it. */
export function useChatNow(): () => ChatView {
  const now = useContext(ChatContext);
  if (!now) throw new Error('a part of a chat stands outside of it');
  return now;
}

/** One thing out of the chat, as [useSelect] gives one out of the state. */
export function useChat<T>(select: (view: ChatView) => T): T {
  const now = useChatNow();
  return useRead(() => select(now()));
}
