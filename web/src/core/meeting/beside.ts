// What stands beside the stage: the panel that is open, cards that want an answer, reactions that rise, the chat.

import { CHAT, type Chat } from './chat';

export type Panel = 'people' | 'chat';

/** A reaction on its way up from a tile. */
export interface Rising {
  readonly id: number;
  readonly person: string;
  readonly emoji: string;
}

/** How the news of the meeting reach me: what the event socket tells. */
export interface News {
  /** How often the server refused since it last told of the meeting. */
  readonly refused: number;
  /** How often the line was lost since it last stood. */
  readonly lost: number;
  /** My session ended on another device: nothing is told here any more. */
  readonly signedOut: boolean;
}

export interface Beside {
  /** Whose camera was on since I came, in a call: of them it is not said again. */
  readonly cameras: readonly string[];
  readonly panel: Panel | null;
  readonly chat: Chat;
  readonly news: News;
  /** Somebody knocked, and it was not looked at yet. */
  readonly knock: boolean;
  /** A host asked me to unmute, and I have not answered. */
  readonly asked: boolean;
  readonly rising: readonly Rising[];
  /** I was removed and may not come back. */
  readonly barred: boolean;
}

const NEWS: News = { refused: 0, lost: 0, signedOut: false };

export const BESIDE: Beside = { cameras: [], panel: null, chat: CHAT, news: NEWS, knock: false, asked: false, rising: [], barred: false };
