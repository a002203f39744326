// What is said to screen readers and what is heard: each can be switched off, and is remembered in this browser.

/** What the live region may speak of. */
export type Topic = 'join' | 'leave' | 'hand' | 'chat' | 'knock' | 'muted' | 'share' | 'reaction';
export const TOPICS: readonly Topic[] = ['join', 'leave', 'hand', 'chat', 'knock', 'muted', 'share', 'reaction'];

/** The sounds. */
export type Chime = 'join' | 'leave' | 'hand' | 'chat' | 'knock' | 'muted';
export const CHIMES: readonly Chime[] = ['join', 'leave', 'hand', 'chat', 'knock', 'muted'];

/** What can be switched off: those, and the ring of calls. */
export type Heard = Chime | 'ring';
export const HEARD: readonly Heard[] = [...CHIMES, 'ring'];

export interface Notices {
  readonly said: Readonly<Record<Topic, boolean>>;
  readonly sounds: Readonly<Record<Heard, boolean>>;
  /** Calls are shown by the system too, where the window is not in front. */
  readonly system: boolean;
  /** It was offered to do so, and answered. */
  readonly offered: boolean;
}

/** Reactions are seen by the dozen: spoken they would drown what is said. */
export const NOTICES: Notices = {
  said: { join: true, leave: true, hand: true, chat: true, knock: true, muted: true, share: true, reaction: false },
  sounds: { join: true, leave: true, hand: true, chat: true, knock: true, muted: true, ring: true },
  system: false,
  offered: false,
};
