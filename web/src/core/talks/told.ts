// What the event socket tells of conversations.
//
// Each conversation has a number that counts what happened in it. What carries the next one is taken as it is; what carries a later
// one says that something was missed, and the conversation is asked for anew; what carries an earlier one is older than what is known.

import { say } from '../../i18n/text';
import type { Conversation, Event as Told, Message } from '../../proto/api.gen';
import { ask } from '../calls';
import type { Effect } from '../effect';
import { mention, chime } from '../meeting/aside';
import { fetchLines, lineErased, lineTold } from '../meeting/chat-update';
import { spoken } from '../meeting/chat-lines';
import { inside } from '../calling/calling';
import { visit } from '../start';
import type { State } from '../state';
import { andThen, stay, toast, type Step } from '../step';
import { isSeen, LIST, nameOfTalk, placed, talkOf, withTalks } from './talks';

/** Whoever writes says so every three seconds; who has not said so in such a span does not write any more. */
const TYPING_MS = 4_000;

const myself = ({ session }: State): string | null => (session.is === 'known' ? session.me.account.id : null);

/** The server knows that this window is here: from now on nothing is missed, and what was until now is asked for. */
export function talksUp(state: State): Step {
  if (myself(state) === null) return stay(state);
  const known: Step = [state, [LIST]];
  return Object.entries(state.talks.chats).reduce(
    (step, [id, chat]) => andThen(step, (now) => (chat.earlier === 'unasked' || chat.asked.length > 0 ? stay(now) : fetchLines(now, id))),
    known,
  );
}

export function talkTold(then: State, talk: Conversation): Step {
  const state = stirred(then, talk.id);
  const before = talkOf(state, talk.id);
  if (myself(state) === null || state.talks.list === null || (before !== null && talk.number < before.number)) return stay(state);
  const next = placed(state, talk);
  const missed = before !== null && talk.number > before.number + 1;
  return missed ? again(next, talk.id) : stay(next);
}

/** Something happened in a conversation: a list that is on its way may be of the time before. */
const stirred = (state: State, id: string): State => (state.talks.stirred.includes(id) ? state : withTalks(state, { stirred: [...state.talks.stirred, id] }));

/** What is known of a conversation has a gap. */
const again = (state: State, id: string): Step => andThen(fetchLines(state, id), (now) => [now, [ask({ name: 'talks/view', id })]]);

export function talkLeft(then: State, id: string): Step {
  const state = stirred(then, id);
  const { [id]: gone, ...chats } = state.talks.chats;
  const list = state.talks.list?.filter((one) => one.id !== id) ?? null;
  const stops = (gone?.uploads ?? []).map((upload): Effect => ({ type: 'upload/stop', upload: upload.id }));
  const next: Step = [withTalks(state, { chats, list }), stops];
  const here = state.page.at === 'talks' && state.page.id === id;
  return here ? andThen(next, (now) => visit(now, { to: 'talks', id: null }, true)) : next;
}

/** What carries this number, against what is known. */
function order(state: State, id: string, number: number): 'unknown' | 'older' | 'next' | 'gap' {
  const talk = talkOf(state, id);
  if (talk === null) return 'unknown';
  return number < talk.number ? 'older' : number > talk.number + 1 ? 'gap' : 'next';
}

export function talkLine(then: State, { conversation: id, number, message }: Extract<Told, { event: 'line' }>): Step {
  const state = stirred(then, id);
  const me = myself(state);
  if (me === null || state.talks.list === null) return stay(state);
  const how = order(state, id, number);
  if (how === 'older') return stay(state);
  // The first line between two: nobody was told of the conversation before.
  if (how === 'unknown') return andThen([state, [ask({ name: 'talks/view', id })]], (now) => (message.from === me ? stay(now) : news(now, id, message, null)));
  const talk = talkOf(state, id);
  if (talk === null) return stay(state);
  const isNew = talk.last === undefined || message.id > talk.last.id;
  const counts = isNew && message.from !== me && message.deed === undefined;
  const last = isNew || talk.last?.id === message.id ? message : talk.last;
  const next: Conversation = {
    ...talk,
    number,
    at: Math.max(talk.at, isNew ? message.at : 0),
    ...(last === undefined ? {} : { last }),
    // What I write I have read.
    ...(isNew && message.from === me ? { read: message.id, unread: 0 } : { unread: talk.unread + (counts ? 1 : 0) }),
  };
  const quiet = withTalks(placed(state, next), { typing: withoutTyping(state, id, message.from) });
  const told = andThen(lineTold(quiet, id, message), (now) => (counts ? news(now, id, message, next) : stay(now)));
  return how === 'gap' ? andThen(told, (now) => again(now, id)) : told;
}

export function talkLineDeleted(state: State, { conversation: id, number, id: line }: Extract<Told, { event: 'lineDeleted' }>): Step {
  const how = order(state, id, number);
  if (how === 'older' || how === 'unknown') return stay(state);
  const talk = talkOf(state, id);
  if (talk === null) return stay(state);
  const struck = lineErased(placed(state, { ...talk, number }), id, line);
  // Which line is the last now, and how many are unread, the server knows.
  return andThen(struck, (now) => (how === 'gap' ? again(now, id) : [now, [ask({ name: 'talks/view', id })]]));
}

/** Somebody wrote, and I am elsewhere: one toast, one sound. Where I look, it is only spoken. */
function news(state: State, id: string, line: Message, talk: Conversation | null): Step {
  const text = spoken(line);
  const said = talk?.name === undefined
    ? say('talks.said', { name: line.name, text })
    : say('talks.said.in', { name: line.name, group: nameOfTalk(talk), text });
  const heard = mention(state, 'chat', said);
  if (isSeen(state, id)) return stay(heard);
  // In a meeting the words of its people go before: only its sound and the number on the rail remain.
  const told = inside(state) ? stay(heard) : toast(heard, said);
  return andThen(told, (now) => [now, [...chime(now, 'chat')]]);
}

export function typingTold(state: State, id: string, account: string): Step {
  if (myself(state) === account) return stay(state);
  const { typing, typed } = state.talks;
  const who = typing[id] ?? [];
  const next = withTalks(state, {
    typing: who.includes(account) ? typing : { ...typing, [id]: [...who, account] },
    typed: typed.includes(typist(id, account)) ? typed : [...typed, typist(id, account)],
  });
  // One timer for all: were it begun anew by each, whoever stopped would write for as long as anybody else does.
  return [next, Object.values(typing).some((some) => some.length > 0) ? [] : [TYPING]];
}

/** A span is over: those who write are those who said so in it. */
export function typingOver(state: State): Step {
  const { typing, typed } = state.talks;
  const kept = Object.entries(typing).map(([id, who]) => [id, who.filter((one) => typed.includes(typist(id, one)))] as const).filter(([, who]) => who.length > 0);
  return [withTalks(state, { typing: Object.fromEntries(kept), typed: [] }), kept.length > 0 ? [TYPING] : []];
}

const TYPING: Effect = { type: 'timer', timer: { name: 'typing' }, ms: TYPING_MS };
const typist = (id: string, account: string): string => `${id} ${account}`;

const withoutTyping = ({ talks }: State, id: string, account: string): State['talks']['typing'] =>
  ({ ...talks.typing, [id]: (talks.typing[id] ?? []).filter((one) => one !== account) });

/** I have read on another device, or what I read here is kept. */
export function readTold(state: State, { conversation: id, message, unread }: Extract<Told, { event: 'read' }>): Step {
  const talk = talkOf(state, id);
  if (talk === null || (talk.read !== undefined && message < talk.read)) return stay(state);
  return stay(placed(state, { ...talk, read: message, unread }));
}
