// The chat of the meeting's room: lines, what is being written, files on their way.

import type { Text } from '../../i18n/text';
import type { File, Message } from '../../proto/api.gen';
import type { Picked } from '../../proto/calls';

/** A file that was dropped, pasted or picked. */
export interface Given extends Picked {
  readonly name: string;
}

/** A line of mine that the server has not acknowledged. */
export interface Draft {
  readonly id: number;
  readonly text: string;
  readonly to: string | null;
  readonly replyTo: string | null;
  readonly file: File | null;
  readonly state: 'queued' | 'sending' | 'failed';
  readonly problem: Text | null;
}

/** A file on its way, or there and waiting for its line. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** Bytes that have gone. */
  readonly sent: number;
  readonly state: 'sending' | 'there' | 'failed';
  readonly file: File | null;
  readonly problem: Text | null;
}

export interface Chat {
  /** What is known, the oldest first, each once. */
  readonly lines: readonly Message[];
  /** Ids of deleted lines: an answer that was under way must not bring them back. */
  readonly gone: readonly string[];
  /** Whether there are lines before the first that is known. */
  readonly earlier: 'unasked' | 'asking' | 'more' | 'none' | 'failed';
  /** For each question for the last lines that is under way: the ids that were known when it was asked. */
  readonly asked: readonly (readonly string[])[];
  /** How many lines of others came since I looked. */
  readonly unread: number;
  /** The first line that was unread when the panel was opened. */
  readonly fresh: string | null;
  /** The line that is shown for a moment while the panel is closed. */
  readonly bubble: string | null;
  readonly drafts: readonly Draft[];
  readonly uploads: readonly Upload[];
  /** What is being written, kept while the panel is closed. */
  readonly text: string;
  /** To whom alone it goes. */
  readonly to: string | null;
  /** The line that it answers. */
  readonly replyTo: string | null;
  /** The line of mine that is being changed. */
  readonly edits: string | null;
  /** What was being written when that began; it comes back afterwards. */
  readonly set: { readonly text: string; readonly replyTo: string | null } | null;
  /** Send was pressed while files were on their way: it goes as soon as they are there. */
  readonly pressed: boolean;
  /** What is wrong with what is written. */
  readonly trouble: Text | null;
}

export const CHAT: Chat = {
  lines: [], gone: [], earlier: 'unasked', asked: [], unread: 0, fresh: null, bubble: null, drafts: [], uploads: [],
  text: '', to: null, replyTo: null, edits: null, set: null, pressed: false, trouble: null,
};

/** So many lines are held; the oldest go, and can be fetched again. A page would become slow with more. */
const MOST_LINES = 1_000;
/** So many deleted ones are remembered: answers under way are seconds old, not hours. */
export const MOST_GONE = 200;

/** Lines of two sources by id: what comes later wins, since it was changed meanwhile. Ids sort by time. */
export function merged(chat: Chat, more: readonly Message[]): Chat {
  const byId = new Map(chat.lines.map((line) => [line.id, line]));
  for (const line of more) if (!chat.gone.includes(line.id)) byId.set(line.id, line);
  const lines = [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
  return { ...chat, lines };
}

/** Lets go of the oldest lines beyond the limit. */
export const bounded = (chat: Chat): Chat =>
  chat.lines.length <= MOST_LINES ? chat : { ...chat, lines: chat.lines.slice(-MOST_LINES), earlier: 'more' };

export const lineOf = (chat: Chat, id: string | null): Message | null =>
  (id === null ? null : (chat.lines.find((line) => line.id === id) ?? null));

/** Takes up a line of mine to change it; what was being written is set aside. */
export const editing = (chat: Chat, line: Message): Chat =>
  ({ ...chat, edits: line.id, text: line.text, replyTo: null, set: chat.set ?? { text: chat.text, replyTo: chat.replyTo }, trouble: null });

/** Changes no line any more; what was set aside comes back. */
export const writing = (chat: Chat): Chat =>
  (chat.edits === null ? chat : { ...chat, edits: null, text: chat.set?.text ?? '', replyTo: lineOf(chat, chat.set?.replyTo ?? null)?.id ?? null, set: null });

/** How long a text is for the server, which counts bytes. */
export function bytes(text: string): number {
  let sum = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    sum += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return sum;
}
