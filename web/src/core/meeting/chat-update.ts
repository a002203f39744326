// The chat: lines come and go, lines are written one after the other, files go before their line.

import { say } from '../../i18n/text';
import type { Message } from '../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { andThen, announce, stay, toast, type Step } from '../step';
import { inChat, withChat, type Which } from './aside';
import { bytes, editing, lineOf, writing, type Chat, type Draft } from './chat';
import { codeOfUpload, given, uploaded, without } from './chat-files';
import { earlierCame, erased, heard } from './chat-lines';
import type { ChatEvent } from './event';

/** The most bytes that the server takes in one line. */
const MOST_BYTES = 4_000;

export type ChatAnswer = Answered<'messages' | 'messages/write' | 'messages/edit' | 'messages/delete' | 'reactions/put' | 'reactions/delete'>;

export function chat(state: State, event: ChatEvent): Step {
  switch (event.type) {
    case 'chat/typed':
      return stay(withChat(state, null, (now) => ({ ...now, text: event.text, trouble: null })));
    case 'chat/to':
      return stay(withChat(state, null, (now) => ({ ...writing(now), to: event.person, trouble: null })));
    case 'chat/send':
      return inChat(state, null, (now, { code }) => send(state, code, now));
    case 'chat/reply':
      return inChat(state, null, (now, { me }) => stay(withChat(state, null, () => reply(now, event.id, me))));
    case 'chat/edit':
      return inChat(state, null, (now, { me }) => stay(withChat(state, null, () => edit(now, event.id, me))));
    case 'chat/delete':
      return inChat(state, null, (_, { code }) => [state, [ask({ name: 'messages/delete', code, id: event.id })]]);
    case 'chat/react':
      return inChat(state, null, (now, { me, code }) => {
        const line = lineOf(now, event.id);
        if (!line) return stay(state);
        const mine = line.reactions.some((one) => one.emoji === event.emoji && one.people.includes(me));
        return [state, [ask({ name: mine ? 'reactions/delete' : 'reactions/put', code, id: line.id, emoji: event.emoji })]];
      });
    case 'chat/earlier':
      return inChat(state, null, (now, { code }) => {
        if (now.earlier === 'asking' || now.earlier === 'none') return stay(state);
        return [
          withChat(state, null, () => ({ ...now, earlier: 'asking', asked: now.lines.length > 0 ? now.asked : [...now.asked, []] })),
          [ask({ name: 'messages', code, before: now.lines[0]?.id ?? null })],
        ];
      });
    case 'chat/again':
      return pump(withChat(state, null, (now) => ({ ...now, drafts: now.drafts.map((draft) => (draft.id === event.draft ? { ...draft, state: 'queued', problem: null } : draft)) })), null);
    case 'chat/drop':
      return stay(withChat(state, null, (now) => ({ ...now, drafts: now.drafts.filter((draft) => draft.id !== event.draft) })));
    case 'chat/files':
      return given(state, event.files);
    case 'chat/without':
      return without(state, event.upload);
    case 'upload/sent':
      return onUpload(state, event.upload, (which) =>
        stay(withChat(state, which, (now) => ({ ...now, uploads: now.uploads.map((one) => (one.id === event.upload ? { ...one, sent: event.sent } : one)) }))));
    case 'upload/done':
      return onUpload(state, event.upload, (which) => andThen(uploaded(state, which, event.upload, event.result), (next) => sendWhenReady(next, which)));
  }
}

/** A file whose chat is known; one that was taken back meanwhile changes nothing. */
function onUpload(state: State, upload: number, then: (which: string) => Step): Step {
  const which = codeOfUpload(state, upload);
  return which === null ? stay(state) : then(which);
}

/** An answer stays between those who were spoken to alone. */
function reply(chatNow: Chat, id: string | null, me: string): Chat {
  const line = lineOf(chatNow, id);
  const to = line?.to === undefined ? chatNow.to : line.from === me ? line.to : line.from;
  return { ...writing(chatNow), replyTo: line?.id ?? null, to, trouble: null };
}

function edit(chatNow: Chat, id: string | null, me: string): Chat {
  const line = lineOf(chatNow, id);
  return line?.from === me ? editing(chatNow, line) : { ...writing(chatNow), trouble: null };
}

function send(state: State, which: string, now: Chat): Step {
  const text = now.text.trim();
  if (bytes(text) > MOST_BYTES) return stay(withChat(state, which, () => ({ ...now, trouble: say('chat.too-long') })));
  if (now.edits !== null) return sendEdit(state, which, now, now.edits, text);
  const files = now.uploads.filter((one) => one.state !== 'failed');
  if (text === '' && files.length === 0) return stay(state);
  if (files.some((one) => one.state === 'sending')) return stay(withChat(state, which, () => ({ ...now, pressed: true })));
  const there = files.flatMap((one) => (one.file ? [one.file] : []));
  const first: Omit<Draft, 'id'> = { text, to: now.to, replyTo: now.replyTo, file: there[0] ?? null, state: 'queued', problem: null };
  const lines = [first, ...there.slice(1).map((file): Omit<Draft, 'id'> => ({ ...first, text: '', replyTo: null, file }))];
  const drafts = lines.map((line, index): Draft => ({ ...line, id: state.count + 1 + index }));
  const counted: State = { ...state, count: state.count + drafts.length };
  return pump(withChat(counted, which, () => ({
    ...now,
    drafts: [...now.drafts, ...drafts],
    uploads: now.uploads.filter((one) => one.state === 'failed'),
    text: '',
    replyTo: null,
    pressed: false,
    trouble: null,
  })), which);
}

function sendEdit(state: State, which: string, now: Chat, id: string, text: string): Step {
  const line = lineOf(now, id);
  if (text === '' && line?.file === undefined) return stay(withChat(state, which, () => ({ ...now, trouble: say('chat.empty-edit') })));
  const next = withChat(state, which, () => ({ ...writing(now), trouble: null }));
  if (line?.text === text) return stay(next);
  return [next, [ask({ name: 'messages/edit', code: which, id, body: { text } })]];
}

const sendWhenReady = (state: State, which: string): Step =>
  inChat(state, which, (now) => (now.pressed && now.uploads.every((one) => one.state !== 'sending') ? send(state, which, now) : stay(state)));

/** Lines go one after the other, so that they stand in the order in which they were written. */
function pump(state: State, which: Which): Step {
  return inChat(state, which, (now, { code }) => {
    const next = now.drafts.find((draft) => draft.state === 'queued');
    if (!next || now.drafts.some((draft) => draft.state === 'sending')) return stay(state);
    const drafts = now.drafts.map((draft): Draft => (draft.id === next.id ? { ...draft, state: 'sending' } : draft));
    return [withChat(state, code, () => ({ ...now, drafts })), [ask({
      name: 'messages/write',
      code,
      draft: next.id,
      body: {
        text: next.text,
        ...(next.to === null ? {} : { to: next.to }),
        ...(next.replyTo === null ? {} : { replyTo: next.replyTo }),
        ...(next.file === null ? {} : { file: next.file.id }),
      },
    })]];
  });
}

export function chatAnswered(state: State, event: ChatAnswer): Step {
  const { code } = event.call;
  // An answer for a room that I have left meanwhile finds no chat.
  return inChat(state, code, () => {
    switch (event.name) {
      case 'messages':
        return earlierCame(state, code, event.call.before, event.result);
      case 'messages/write':
        return written(state, event);
      case 'messages/edit':
      case 'messages/delete':
      case 'reactions/put':
      case 'reactions/delete':
        return event.result.ok || codeOf(event.result.problem) === 'not_found' ? stay(state) : refused(state, problemText(event.result.problem));
    }
  });
}

const refused = (state: State, text: ReturnType<typeof problemText>): Step => toast(announce(state, text), text, 'trouble');

function written(state: State, { call, result }: Answered<'messages/write'>): Step {
  const which = call.code;
  if (result.ok) {
    const kept = withChat(state, which, (now) => ({ ...now, drafts: now.drafts.filter((draft) => draft.id !== call.draft) }));
    return andThen(heard(kept, which, result.value), (next) => pump(next, which));
  }
  const problem = problemText(result.problem);
  const failed = withChat(state, which, (now) => ({
    ...now,
    drafts: now.drafts.map((draft): Draft => (draft.id === call.draft ? { ...draft, state: 'failed', problem } : draft)),
  }));
  return pump(announce(failed, problem), which);
}

/** The socket tells of a line. */
export function lineTold(state: State, which: Which, line: Message): Step {
  return inChat(state, which, (_, { me, code }) => {
    const mine = withChat(state, code, (now) => ({ ...now, drafts: now.drafts.filter((draft) => !isSame(draft, line)) }));
    return heard(line.from === me ? mine : state, code, line);
  });
}

/** The socket may be quicker than the answer: then the draft and its line are one. */
const isSame = (draft: Draft, line: Message): boolean =>
  draft.state === 'sending' && draft.text === line.text && (draft.to ?? undefined) === line.to && draft.file?.id === line.file?.id;

export const lineErased = (state: State, which: Which, id: string): Step => inChat(state, which, (_, { code }) => erased(state, code, id));

/** Asks for the last lines: on coming in, and whenever the socket was away. */
export function fetchLines(state: State, which: Which = null): Step {
  return inChat(state, which, (now, { code }) => [
    withChat(state, code, () => ({ ...now, earlier: now.earlier === 'unasked' ? 'asking' : now.earlier, asked: [...now.asked, now.lines.map(({ id }) => id)] })),
    [ask({ name: 'messages', code, before: null })],
  ]);
}

/** Whoever goes takes no file along. */
export const chatOver = ({ uploads }: Pick<Chat, 'uploads'>): readonly Effect[] => [...uploads.map(({ id }): Effect => ({ type: 'upload/stop', upload: id })), { type: 'timer/stop', name: 'bubble' }, { type: 'timer/stop', name: 'risen' }, { type: 'timer/stop', name: 'attend' }];

