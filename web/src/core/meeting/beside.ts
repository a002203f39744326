// What stands beside the stage: the panel that is open, cards that want an answer, reactions that rise, the chat.

import { CHAT, type Chat } from './chat';

export type Panel = 'people' | 'chat';

/** A reaction on its way up from a tile. */
export interface Rising {
  readonly id: number;
  readonly person: string;
  readonly emoji: string;
}

export interface Beside {
  readonly panel: Panel | null;
  readonly chat: Chat;
  /** Somebody knocked, and it was not looked at yet. */
  readonly knock: boolean;
  /** A host asked me to unmute, and I have not answered. */
  readonly asked: boolean;
  readonly rising: readonly Rising[];
  /** I was removed and may not come back. */
  readonly barred: boolean;
}

export const BESIDE: Beside = { panel: null, chat: CHAT, knock: false, asked: false, rising: [], barred: false };
