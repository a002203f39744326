import { describe, expect, it } from 'vitest';
import type { File as RoomFile, MeetingState, Message } from '../src/proto/api.gen';
import { say } from '../src/i18n/text';
import { answered } from '../src/proto/calls';
import type { Chat } from '../src/core/meeting/chat';
import { meetingState } from './beside';
import { inside, ROOM, type Play } from './helpers';

const line = (id: string, change: Partial<Message> = {}): Message =>
  ({ id, from: 'ben', name: 'Ben', at: 1_000, text: `line ${id}`, edited: false, reactions: [], ...change });

const chat = (play: Play): Chat => play.meeting.beside.chat;
const told = (message: Message) => ({ type: 'told', event: { event: 'message', message } }) as const;
const page = (messages: Message[], more = false, before: string | null = null) =>
  answered('messages', { name: 'messages', code: ROOM.code, before }, { ok: true, value: { messages, more } });
const ids = (play: Play): readonly string[] => chat(play).lines.map(({ id }) => id);

const live = (change: Partial<MeetingState> = {}) => ({ type: 'told', event: { event: 'meeting', state: meetingState(change) } }) as const;
const ready = (): Play => inside('ben').on(live(), page([]));

const written = (draft: number, message: Message) =>
  answered('messages/write', { name: 'messages/write', code: ROOM.code, draft, body: { text: message.text } }, { ok: true, value: message });

const given = (name: string, size = 10) => ({ name, size, type: '' });

describe('lines', () => {
  it('are asked for on coming in, and stand once each, in order', () => {
    const play = inside('ben');
    expect(chat(play).earlier).toBe('asking');
    play.on(live(), told(line('MS_3')), page([line('MS_1'), line('MS_2'), line('MS_3', { text: 'changed', edited: true })], true));
    expect(ids(play)).toEqual(['MS_1', 'MS_2', 'MS_3']);
    expect(chat(play).lines[2]?.text).toBe('changed');
    expect(chat(play).earlier).toBe('more');
    expect(chat(play).unread).toBe(1);
  });

  it('that are earlier come on request, from the first that is known', () => {
    const play = inside('ben').on(live(), page([line('MS_5')], true), { type: 'chat/earlier' });
    expect(play.asked('call')?.call).toEqual({ name: 'messages', code: ROOM.code, before: 'MS_5' });
    play.on({ type: 'chat/earlier' });
    expect(play.effects).toEqual([]);
    play.on(page([line('MS_2')], false, 'MS_5'));
    expect(ids(play)).toEqual(['MS_2', 'MS_5']);
    expect(chat(play).earlier).toBe('none');
  });

  it('of which one was deleted do not come back with an answer that was under way', () => {
    const play = ready().on(told(line('MS_1')), { type: 'line', up: true });
    play.on({ type: 'told', event: { event: 'messageDeleted', id: 'MS_1' } }, page([line('MS_1'), line('MS_2')]));
    expect(ids(play)).toEqual(['MS_2']);
  });

  it('deleted while the line was away are gone when it is back, unread or not; those told since stay', () => {
    const play = ready().on(told(line('MS_1')), told(line('MS_2')), told(line('MS_4')), { type: 'line', up: false }, { type: 'line', up: true });
    play.on(told(line('MS_5')), page([line('MS_2'), line('MS_5')]));
    expect(ids(play)).toEqual(['MS_2', 'MS_5']);
    expect(chat(play).unread).toBe(2);
    expect(chat(play).gone).toEqual(['MS_1', 'MS_4']);
    play.on({ type: 'line', up: true }, page([]));
    expect(ids(play)).toEqual([]);
    expect(chat(play).unread).toBe(0);
    play.on({ type: 'line', up: true }, told(line('MS_7')), page([line('MS_6'), line('MS_7')]));
    expect(chat(play).unread).toBe(2);
  });

  it('further back than what is fetched when the line is back are asked for again', () => {
    const play = inside('ben').on(live(), page([line('MS_5')], true), { type: 'chat/earlier' }, page([line('MS_2')], false, 'MS_5'));
    play.on({ type: 'line', up: true }, page([line('MS_5'), line('MS_6')], true));
    expect(ids(play)).toEqual(['MS_5', 'MS_6']);
    expect(chat(play).earlier).toBe('more');
    play.on({ type: 'chat/earlier' });
    expect(play.asked('call')?.call).toEqual({ name: 'messages', code: ROOM.code, before: 'MS_5' });
  });

  it('of an answer that belongs to an earlier stay change nothing', () => {
    expect(ids(ready().on(page([line('MS_1')])))).toEqual([]);
  });

  it('missed while the line was away are fetched and counted; a gap is closed later', () => {
    const play = inside('ben').on(live(), page([line('MS_1')]), { type: 'line', up: false }, { type: 'line', up: true });
    expect(play.asked('call')?.call).toEqual({ name: 'messages', code: ROOM.code, before: null });
    play.on(page([line('MS_1'), line('MS_2')], false));
    expect(ids(play)).toEqual(['MS_1', 'MS_2']);
    expect(chat(play).unread).toBe(1);
    play.on({ type: 'line', up: true }, page([line('MS_8'), line('MS_9')], true));
    expect(ids(play)).toEqual(['MS_8', 'MS_9']);
    expect(chat(play).earlier).toBe('more');
  });

  it('of others are unread until the panel opens, on the key and in the title', () => {
    const play = ready().on(told(line('MS_1')));
    expect(play.asked('title')?.title).toBe(`(1) ${ROOM.title}`);
    expect(play.asked('chime')?.chime).toBe('chat');
    expect(chat(play).bubble).toBe('MS_1');
    expect(play.said).toEqual(say('chat.said', { name: 'Ben', text: 'line MS_1' }));
    play.on(told(line('MS_1', { reactions: [{ emoji: '👍', people: ['ben'] }] })));
    expect(chat(play).unread).toBe(1);
    play.on({ type: 'timer', timer: { name: 'bubble', id: 'MS_1' } });
    expect(chat(play).bubble).toBeNull();
    play.on({ type: 'panel', panel: 'chat' });
    expect(play.asked('title')?.title).toBe(ROOM.title);
    expect(chat(play)).toMatchObject({ unread: 0, fresh: 'MS_1', bubble: null });
    play.on(told(line('MS_2')), told(line('MS_3', { from: 'me' })));
    expect(chat(play).unread).toBe(0);
    play.on({ type: 'panel/close' });
    expect(chat(play).fresh).toBeNull();
  });

  it('are not spoken of when that was switched off', () => {
    const play = ready().on({ type: 'notices/said', topic: 'chat', on: false }, { type: 'notices/sound', chime: 'chat', on: false });
    expect(play.asked('notices/keep')?.notices.sounds.chat).toBe(false);
    play.on({ type: 'timer', timer: { name: 'said' } }, told(line('MS_1')));
    expect(play.said).toBeUndefined();
    expect(play.asked('chime')).toBeUndefined();
  });
});

describe('writing', () => {
  it('goes one line after the other, and a line is there once', () => {
    const play = ready().on({ type: 'chat/typed', text: ' one ' }, { type: 'chat/send' });
    expect(chat(play).text).toBe('');
    expect(play.asked('call')?.call).toMatchObject({ name: 'messages/write', body: { text: 'one' } });
    const [first] = chat(play).drafts;
    play.on({ type: 'chat/typed', text: 'two' }, { type: 'chat/send' });
    expect(play.asked('call')).toBeUndefined();
    const mine = line('MS_1', { from: 'me', text: 'one' });
    play.on(told(mine));
    expect(chat(play).drafts.map(({ text }) => text)).toEqual(['two']);
    play.on(written(first?.id ?? 0, mine));
    expect(play.asked('call')?.call).toMatchObject({ name: 'messages/write', body: { text: 'two' } });
    expect(ids(play)).toEqual(['MS_1']);
    expect(chat(play).unread).toBe(0);
  });

  it('keeps what did not go, and sends it again', () => {
    const play = ready().on({ type: 'chat/typed', text: 'one' }, { type: 'chat/send' });
    const id = chat(play).drafts[0]?.id ?? 0;
    play.on(answered('messages/write', { name: 'messages/write', code: ROOM.code, draft: id, body: { text: 'one' } }, { ok: false, problem: 'offline' }));
    expect(chat(play).drafts[0]).toMatchObject({ state: 'failed', problem: say('trouble.network') });
    play.on({ type: 'chat/again', draft: id });
    expect(play.asked('call')?.call).toMatchObject({ name: 'messages/write', draft: id });
    play.on({ type: 'chat/drop', draft: id });
    expect(chat(play).drafts).toEqual([]);
  });

  it('counts bytes, as the server does', () => {
    const play = ready().on({ type: 'chat/typed', text: 'é'.repeat(2_001) }, { type: 'chat/send' });
    expect(chat(play).trouble).toEqual(say('chat.too-long'));
    expect(play.effects).toEqual([]);
    play.on({ type: 'chat/typed', text: '   ' }, { type: 'chat/send' });
    expect(play.effects).toEqual([]);
  });

  it('answers a private line in private, to the one who wrote it', () => {
    const play = ready().on(told(line('MS_1', { to: 'me' })), { type: 'chat/reply', id: 'MS_1' }, { type: 'chat/typed', text: 'yes' }, { type: 'chat/send' });
    expect(play.asked('call')?.call).toMatchObject({ body: { text: 'yes', to: 'ben', replyTo: 'MS_1' } });
    expect(chat(play)).toMatchObject({ replyTo: null, to: 'ben' });
  });

  it('changes and deletes lines of mine, and puts reactions under any', () => {
    const play = ready().on(told(line('MS_1', { from: 'me', text: 'old' })), told(line('MS_2')));
    play.on({ type: 'chat/edit', id: 'MS_2' });
    expect(chat(play).edits).toBeNull();
    play.on({ type: 'chat/edit', id: 'MS_1' });
    expect(chat(play)).toMatchObject({ edits: 'MS_1', text: 'old' });
    play.on({ type: 'chat/typed', text: 'new' }, { type: 'chat/send' });
    expect(play.asked('call')?.call).toEqual({ name: 'messages/edit', code: ROOM.code, id: 'MS_1', body: { text: 'new' } });
    play.on({ type: 'chat/delete', id: 'MS_1' });
    expect(play.asked('call')?.call).toMatchObject({ name: 'messages/delete', id: 'MS_1' });
    play.on({ type: 'chat/react', id: 'MS_2', emoji: '👍' });
    expect(play.asked('call')?.call).toMatchObject({ name: 'reactions/put', id: 'MS_2' });
    play.on(told(line('MS_2', { reactions: [{ emoji: '👍', people: ['me'] }] })), { type: 'chat/react', id: 'MS_2', emoji: '👍' });
    expect(play.asked('call')?.call).toMatchObject({ name: 'reactions/delete', id: 'MS_2' });
  });
});

const deleted = (id: string) => ({ type: 'told', event: { event: 'messageDeleted', id } }) as const;
/** An answer half written, then a line of mine to change. */
const writes = (): Play => ready()
  .on(told(line('MS_1', { from: 'me', text: 'old' })), told(line('MS_2', { from: 'me', text: 'older' })), told(line('MS_3')))
  .on({ type: 'chat/reply', id: 'MS_3' }, { type: 'chat/typed', text: 'half a sentence' }, { type: 'chat/edit', id: 'MS_1' });

describe('what is being written', () => {
  const back = { edits: null, text: 'half a sentence', replyTo: 'MS_3', set: null };

  it('comes back when a line was changed, or was not after all', () => {
    expect(chat(writes())).toMatchObject({ edits: 'MS_1', text: 'old', replyTo: null });
    expect(chat(writes().on({ type: 'chat/typed', text: 'new' }, { type: 'chat/send' }))).toMatchObject(back);
    expect(chat(writes().on({ type: 'chat/edit', id: null }))).toMatchObject(back);
    expect(chat(writes().on({ type: 'chat/edit', id: 'MS_2' }, { type: 'chat/edit', id: null }))).toMatchObject(back);
  });

  it('comes back when the line to change is deleted, or something else is begun', () => {
    expect(chat(writes().on(deleted('MS_1')))).toMatchObject(back);
    expect(chat(writes().on({ type: 'chat/files', files: [given('plan.pdf')] }))).toMatchObject(back);
    expect(chat(writes().on({ type: 'chat/to', person: 'ben' }))).toMatchObject({ ...back, to: 'ben' });
    expect(chat(writes().on(deleted('MS_3'), { type: 'chat/edit', id: null }))).toMatchObject({ ...back, replyTo: null });
  });
});

describe('files', () => {
  const room: RoomFile = { id: 'FI_1', name: 'plan.pdf', size: 10, kind: 'application/pdf' };

  it('go before their line, which waits for them', () => {
    const play = ready().on({ type: 'chat/files', files: [given('plan.pdf')] });
    const id = chat(play).uploads[0]?.id ?? 0;
    expect(play.asked('upload')).toMatchObject({ code: ROOM.code, upload: id });
    play.on({ type: 'upload/sent', upload: id, sent: 5 }, { type: 'chat/typed', text: 'here' }, { type: 'chat/send' });
    expect(chat(play)).toMatchObject({ pressed: true, uploads: [{ sent: 5 }] });
    play.on({ type: 'upload/done', upload: id, result: { ok: true, value: room } });
    expect(play.asked('call')?.call).toMatchObject({ name: 'messages/write', body: { text: 'here', file: 'FI_1' } });
    expect(chat(play)).toMatchObject({ uploads: [], pressed: false, text: '' });
  });

  it('too large, empty or too many are told at once', () => {
    const play = ready().on({ type: 'chat/files', files: [given('a', 26 * 1024 * 1024), given('b', 0)] });
    expect(chat(play).uploads.map(({ problem }) => problem)).toEqual([say('chat.file.too-large'), say('chat.file.empty')]);
    expect(play.asked('upload')).toBeUndefined();
    play.on({ type: 'chat/files', files: Array.from({ length: 12 }, (_, index) => given(String(index))) });
    expect(chat(play).uploads).toHaveLength(10);
    expect(chat(play).trouble).toEqual(say('chat.file.too-many'));
  });

  it('that fail say so, and are not sent along', () => {
    const play = ready().on({ type: 'chat/files', files: [given('a')] }, { type: 'chat/send' });
    const id = chat(play).uploads[0]?.id ?? 0;
    play.on({ type: 'upload/done', upload: id, result: { ok: false, problem: { code: 'bad_file', message: '' } } });
    expect(chat(play)).toMatchObject({ pressed: false, uploads: [{ state: 'failed', problem: say('problem.bad-file') }] });
    play.on({ type: 'chat/without', upload: id });
    expect(play.asked('upload/stop')?.upload).toBe(id);
  });

  it('stop when the meeting is over', () => {
    const play = ready().on({ type: 'chat/files', files: [given('a')] });
    const id = chat(play).uploads[0]?.id;
    play.on({ type: 'call/over', why: 'left', at: 5_000 });
    expect(play.asked('upload/stop')?.upload).toBe(id);
  });
});
