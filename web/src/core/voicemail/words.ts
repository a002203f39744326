// All that can happen to messages, and all that is asked of the world for them: a part of its own, which comes with its screens.

import type { LeavingEffect, LeavingEvent } from './leaving';
import type { MailboxEffect, MailboxEvent } from './mailbox';

export type VoicemailEvent = LeavingEvent | MailboxEvent;
export type VoicemailEffect = LeavingEffect | MailboxEffect;

/** The devices that were chosen. */
export interface Chosen {
  readonly microphone: string | null;
  readonly speaker: string | null;
}
