// Conversations between people: what is known of them here, and what is read out of it. Their lines are chats like that of a meeting.

import { say, type Text } from '../../i18n/text';
import type { Contact, Conversation, FoundLine, Message } from '../../proto/api.gen';
import { ask } from '../calls';
import type { Effect } from '../effect';
import { spoken } from '../meeting/chat-lines';
import type { Chat } from '../meeting/chat';
import type { State } from '../state';

export interface Talks {
  /** The last written first; nothing until they came. */
  readonly list: readonly Conversation[] | null;
  readonly trouble: Text | null;
  /** The lines of those that were opened, by their id, and what is being written there. */
  readonly chats: Readonly<Record<string, Chat>>;
  /** Who writes at this moment, by conversation. */
  readonly typing: Readonly<Record<string, readonly string[]>>;
  /** Who of them said so since it was last looked who still does. */
  readonly typed: readonly string[];
  /** In which something happened since the list last came. */
  readonly stirred: readonly string[];
  /** In which one I have said a moment ago that I write. */
  readonly saidTyping: string | null;
  /** Whether this window is before somebody's eyes. */
  readonly front: boolean;
  /** A conversation is being begun: with whom. */
  readonly opening: string | null;
}

export interface TalksPage {
  readonly at: 'talks';
  /** Which is open. */
  readonly id: string | null;
  /** It was gone to, and it is not marked yet where the new lines begin. */
  readonly unmarked: boolean;
  /** What is looked for, in all of them or in the one that is open; nothing while nothing is. */
  readonly search: Search | null;
  /** The dialog: with whom to begin, whom to add, how to call it. */
  readonly draft: Draft | null;
}

export interface Search {
  readonly text: string;
  readonly only: string | null;
  readonly busy: boolean;
  /** Nothing until they came. */
  readonly found: readonly FoundLine[] | null;
  readonly trouble: Text | null;
}

export interface Draft {
  readonly kind: 'new' | 'add' | 'rename';
  /** Everybody with an account here; nothing until they came. */
  readonly people: readonly Contact[] | null;
  readonly find: string;
  readonly picked: readonly string[];
  readonly name: string;
  readonly busy: boolean;
  readonly wrong: Text | null;
}

export const QUIET: Talks = { list: null, trouble: null, chats: {}, typing: {}, typed: [], stirred: [], saidTyping: null, front: true, opening: null };

export const LIST: Effect = ask({ name: 'talks' });

/** What is known stays; the list is asked for again where it is not known yet, and each time the line comes back. */
export const openTalks = (id: string | null): readonly [TalksPage, readonly Effect[]] =>
  [{ at: 'talks', id, unmarked: false, search: null, draft: null }, []];

export const withTalks = (state: State, change: Partial<Talks>): State => ({ ...state, talks: { ...state.talks, ...change } });

export const talkOf = ({ talks }: Pick<State, 'talks'>, id: string | null): Conversation | null =>
  (id === null ? null : (talks.list?.find((one) => one.id === id) ?? null));

/** Puts a conversation where it belongs: the last written first. */
export function placed(state: State, talk: Conversation): State {
  const others = (state.talks.list ?? []).filter(({ id }) => id !== talk.id);
  const list = [...others, talk].toSorted((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1));
  return withTalks(state, { list });
}

/** What a conversation is called: the group's own name, or that of the other. */
export const nameOfTalk = (talk: Conversation): string | Text => talk.name ?? talk.people[0]?.name ?? say('talks.nobody');

/** The one other in a conversation between two. */
export const onlyOther = (talk: Conversation): Conversation['people'][number] | null => (talk.name === undefined ? (talk.people[0] ?? null) : null);

/** Lines of others that I have not read, over all conversations. */
export const unreadOf = ({ talks }: Pick<State, 'talks'>): number => (talks.list ?? []).reduce((sum, { unread }) => sum + unread, 0);

/** Whether a conversation is before somebody's eyes. */
export const isSeen = (state: State, id: string): boolean => state.page.at === 'talks' && state.page.id === id && state.talks.front;

/** A line in a few words, whoever wrote it; what was done to the group is said in words of its own. */
export function lineWords(line: Message, me: string): Text {
  const mine = line.from === me;
  if (line.deed === undefined) return mine ? say('talks.last.mine', { text: spoken(line) }) : say('chat.said', { name: line.name, text: spoken(line) });
  return deedWords(line, mine);
}

export function deedWords({ deed, name }: Message, mine: boolean): Text {
  switch (deed?.did) {
    case 'made': return mine ? say('talks.did.made.mine', { group: deed.name }) : say('talks.did.made', { name, group: deed.name });
    case 'added': {
      const names = deed.names.join(', ');
      return mine ? say('talks.did.added.mine', { names }) : say('talks.did.added', { name, names });
    }
    case 'left': return say('talks.did.left', { name });
    case 'renamed': return mine ? say('talks.did.renamed.mine', { group: deed.name }) : say('talks.did.renamed', { name, group: deed.name });
    case undefined: return say('chat.said', { name, text: '' });
  }
}
