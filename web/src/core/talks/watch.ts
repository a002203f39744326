// After every step: opens the lines of a conversation that is gone to, says what was read, and that I write; forgets all with the session.

import { ask } from '../calls';
import type { Effect } from '../effect';
import { CHAT, type Chat } from '../meeting/chat';
import { fetchLines } from '../meeting/chat-update';
import type { State } from '../state';
import { andThen, stay, type Step } from '../step';
import { LIST, QUIET, isSeen, placed, talkOf, withTalks } from './talks';

/** So often I say that I write: twice before others would take it that I stopped. */
const SAY_TYPING_MS = 3_000;
/** Lines of so many conversations are kept beside the open one; those in which something is begun stay in any case. */
const MOST_CHATS = 8;

export function watchTalks(before: State, step: Step): Step {
  if (step[0] === before) return step;
  const parts = [signedOut, opened, marked, seen, writing];
  return parts.reduce((done, part) => andThen(done, (now) => part(before, now)), step);
}

type Part = (before: State, now: State) => Step;

const accountOf = ({ session }: State): string | null => (session.is === 'known' ? session.me.account.id : null);

const signedOut: Part = (before, now) =>
  stay(accountOf(before) !== null && accountOf(before) !== accountOf(now) ? { ...now, talks: { ...QUIET, front: now.talks.front } } : now);

const openOf = ({ page }: State): string | null => (page.at === 'talks' ? page.id : null);

/** A conversation that is gone to: its lines are fetched, those that are there are shown meanwhile. */
const opened: Part = (before, now) => {
  const id = openOf(now);
  const listless: readonly Effect[] = now.page.at === 'talks' && before.page.at !== 'talks' && now.talks.list === null ? [LIST] : [];
  if (id === null || now.page.at !== 'talks' || id === openOf(before)) return [now, listless];
  const known = now.talks.chats[id];
  const chats = { ...bounded(now.talks.chats), [id]: { ...(known ?? CHAT), fresh: null } };
  const there: State = { ...withTalks(now, { chats }), page: { ...now.page, unmarked: true } };
  const view: readonly Effect[] = talkOf(now, id) === null && now.talks.list !== null ? [ask({ name: 'talks/view', id })] : [];
  return andThen(fetchLines(there, id), (next) => [next, [...listless, ...view]]);
};

const idle = ({ text, drafts, uploads }: Chat): boolean => text === '' && drafts.length === 0 && uploads.length === 0;

function bounded(chats: State['talks']['chats']): State['talks']['chats'] {
  const entries = Object.entries(chats);
  let surplus = entries.length - MOST_CHATS;
  return Object.fromEntries(entries.filter(([, chat]) => !idle(chat) || surplus-- <= 0));
}

/** The lines came, and it is known how far I had read: the first that is new gets its mark, once. */
const marked: Part = (_, now) => {
  const { page } = now;
  const id = openOf(now);
  if (page.at !== 'talks' || id === null || !page.unmarked) return stay(now);
  const [chat, talk] = [now.talks.chats[id], talkOf(now, id)];
  if (!chat || talk === null || chat.earlier === 'asking' || chat.earlier === 'unasked' || chat.asked.length > 0) return stay(now);
  const me = accountOf(now);
  const { read: after } = talk;
  const first = after === undefined ? undefined : chat.lines.find((line) => line.id > after && line.from !== me && line.deed === undefined);
  const fresh = first !== undefined && chat.lines.some((line) => line.id < first.id) ? first.id : null;
  return stay({ ...withTalks(now, { chats: { ...now.talks.chats, [id]: { ...chat, fresh } } }), page: { ...page, unmarked: false } });
};

/** What is before my eyes is read, down to the last line; my other devices hear of it. */
const seen: Part = (_, now) => {
  const id = openOf(now);
  const talk = talkOf(now, id);
  if (id === null || talk === null || !isSeen(now, id)) return stay(now);
  const chat = now.talks.chats[id];
  const last = chat?.lines.at(-1);
  // Not before the lines are there, and the mark that says from where on they are new.
  if (!last || now.page.at !== 'talks' || now.page.unmarked || (talk.read !== undefined && last.id <= talk.read)) return stay(now);
  const mine = chat?.lines.findLast(({ from }) => from !== accountOf(now)) === undefined;
  return [placed(now, { ...talk, read: last.id, unread: 0 }), mine ? [] : [ask({ name: 'talks/read', id, body: { message: last.id } })]];
};

/** I write: the others see it. */
const writing: Part = (before, now) => {
  const id = openOf(now);
  if (id === null || id === now.talks.saidTyping) return stay(now);
  const [was, is] = [before.talks.chats[id]?.text, now.talks.chats[id]?.text];
  if (was === undefined || is === undefined || is === '' || is === was || now.talks.chats[id]?.edits !== null || openOf(before) !== id) return stay(now);
  return [withTalks(now, { saidTyping: id }), [ask({ name: 'talks/typing', id }), { type: 'timer', timer: { name: 'typing-said' }, ms: SAY_TYPING_MS }]];
};
