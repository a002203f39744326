import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { nameOfTalk, talkOf, unreadOf } from '../src/core/talks/talks';
import { routeOf, pathOf } from '../src/core/route';
import type { Event } from '../src/core/event';
import type { Conversation, Event as Told, Message } from '../src/proto/api.gen';
import { good, Play, signedIn } from './helpers';

const ID = 'RM_7';
const line = (id: string, change: Partial<Message> = {}): Message =>
  ({ id, from: 'AC_2', name: 'Ben', at: 1_000, text: `line ${id}`, edited: false, reactions: [], ...change });
const mine = (id: string): Message => line(id, { from: 'AC_1', name: 'Ines' });
const talk = (change: Partial<Conversation> = {}): Conversation =>
  ({ id: ID, number: 1, people: [{ account: 'AC_2', name: 'Ben' }], at: 1_000, last: line('MS_1'), unread: 1, ...change });
const group = (change: Partial<Conversation> = {}): Conversation => talk({ name: 'Planning', ...change });
const told = (event: Told): Event => ({ type: 'told', event });
const lineTold = (number: number, message: Message, conversation = ID): Event => told({ event: 'line', conversation, number, message });
const list = (...talks: Conversation[]): Event => good('talks', { name: 'talks' }, talks);
const page = (messages: Message[], more = false): Event => good('messages', { name: 'messages', code: ID, before: null }, { messages, more });
const visit = (id: string | null): Event => ({ type: 'visit', route: { to: 'talks', id } });

/** Signed in, the server knows this window, and these conversations are there. */
const known = (...talks: Conversation[]): Play => new Play(signedIn()).on(told({ event: 'people', people: [], awaited: [] }), list(...talks));
/** At the conversation with Ben, of which one line was not read. */
const open = (): Play => known(talk({ read: 'MS_0' })).on(visit(ID), page([line('MS_0'), line('MS_1')]));
const calls = (play: Play): readonly string[] => play.effects.flatMap((effect) => (effect.type === 'call' ? [effect.call.name] : []));
const chatOf = (play: Play) => play.state.talks.chats[ID];

describe('conversations', () => {
  it('are asked for when the server knows this window, so that nothing is missed in between', () => {
    const play = new Play(signedIn()).on(told({ event: 'people', people: [], awaited: [] }));
    expect(calls(play)).toContain('talks');
    play.on(lineTold(2, line('MS_2')));
    expect(play.state.talks.list).toBeNull();
    play.on(list(talk({ unread: 2 })));
    expect(unreadOf(play.state)).toBe(2);
  });

  it('have an address of their own, and are named after the other or as the group is called', () => {
    expect(routeOf(pathOf({ to: 'talks', id: ID }))).toEqual({ to: 'talks', id: ID });
    expect(routeOf('/chat')).toEqual({ to: 'talks', id: null });
    expect([talk(), talk({ name: 'Planning' }), talk({ people: [] })].map(nameOfTalk)).toEqual(['Ben', 'Planning', say('talks.nobody')]);
  });

  it('stand with the last written first, and forget with the session', () => {
    const play = known(talk(), talk({ id: 'RM_8', at: 900, unread: 0 }));
    play.on(lineTold(2, line('MS_9', { at: 2_000 }), 'RM_8'));
    expect(play.state.talks.list?.map(({ id }) => id)).toEqual(['RM_8', ID]);
    expect(talkOf(play.state, 'RM_8')).toMatchObject({ unread: 1, number: 2, last: { id: 'MS_9' } });
    play.on(good('session/close', { name: 'session/close' }, null));
    expect(play.state.talks.list).toBeNull();
  });

  it('that begin with a line are asked for, and told of', () => {
    const play = known().on(lineTold(1, line('MS_1')));
    expect(calls(play)).toContain('talks/view');
    expect(play.state.toast?.text).toEqual(say('talks.said', { name: 'Ben', text: 'line MS_1' }));
    play.on(good('talks/view', { name: 'talks/view', id: ID }, talk()));
    expect(unreadOf(play.state)).toBe(1);
  });

  it('with somebody are gone to, and made where there is none', () => {
    const play = known().on({ type: 'talks/with', account: 'AC_2' });
    const make = { name: 'talks/make', body: { people: ['AC_2'] } } as const;
    expect(play.asked('call')?.call).toEqual(make);
    play.on({ type: 'talks/with', account: 'AC_2' });
    expect(play.effects).toEqual([]);
    play.on(good('talks/make', { name: 'talks/make', body: { people: ['AC_2'] } }, { id: ID, number: 0, people: [{ account: 'AC_2', name: 'Ben' }], at: 1_000, unread: 0 }));
    expect(play.state.page).toMatchObject({ at: 'talks', id: ID });
    expect(calls(play)).toContain('messages');
    play.on(list());
    expect(talkOf(play.state, ID)).not.toBeNull();
  });
});

describe('a conversation that is open', () => {
  it('is read down to its last line, with a mark where the new begins', () => {
    const play = open();
    expect(play.effects).toContainEqual({ type: 'call', call: { name: 'talks/read', id: ID, body: { message: 'MS_1' } } });
    expect(chatOf(play)?.fresh).toBe('MS_1');
    expect(unreadOf(play.state)).toBe(0);
    play.on(lineTold(2, line('MS_2')));
    expect(play.effects).toContainEqual({ type: 'call', call: { name: 'talks/read', id: ID, body: { message: 'MS_2' } } });
    expect(play.state.toast).toBeNull();
  });

  it('is not read while nobody looks at it, and is when they do again', () => {
    const play = open().on({ type: 'talks/front', front: false }, lineTold(2, line('MS_2')));
    expect(calls(play)).not.toContain('talks/read');
    expect(unreadOf(play.state)).toBe(1);
    expect(play.state.toast).not.toBeNull();
    play.on({ type: 'talks/front', front: true });
    expect(calls(play)).toEqual(['talks/read']);
    expect(unreadOf(play.state)).toBe(0);
  });

  it('is read on another device too', () => {
    const play = known(talk()).on(told({ event: 'read', conversation: ID, message: 'MS_1', unread: 0 }));
    expect(unreadOf(play.state)).toBe(0);
    play.on(told({ event: 'read', conversation: ID, message: 'MS_0', unread: 5 }));
    expect(unreadOf(play.state)).toBe(0);
  });

  it('takes each line once, whether the answer or the socket is quicker', () => {
    const play = open().on({ type: 'chat/typed', text: 'hello' }, { type: 'chat/send' });
    const [draft] = chatOf(play)?.drafts ?? [];
    expect(play.asked('call')?.call).toEqual({ name: 'messages/write', code: ID, draft: draft?.id, body: { text: 'hello' } });
    const said = { ...mine('MS_2'), text: 'hello' };
    play.on(lineTold(2, said), good('messages/write', { name: 'messages/write', code: ID, draft: draft?.id ?? 0, body: { text: 'hello' } }, said));
    expect(chatOf(play)?.drafts).toEqual([]);
    expect(chatOf(play)?.lines.map(({ id }) => id)).toEqual(['MS_0', 'MS_1', 'MS_2']);
    expect(talkOf(play.state, ID)).toMatchObject({ unread: 0, read: 'MS_2' });
  });

  it('that is left goes on sending, and keeps what is being written', () => {
    const play = open().on({ type: 'chat/typed', text: 'one' }, { type: 'chat/send' }, { type: 'chat/typed', text: 'two' });
    const id = chatOf(play)?.drafts[0]?.id ?? 0;
    play.on(visit(null), good('messages/write', { name: 'messages/write', code: ID, draft: id, body: { text: 'one' } }, mine('MS_2')));
    expect(chatOf(play)).toMatchObject({ drafts: [], text: 'two' });
    play.on(visit(ID));
    expect(chatOf(play)?.text).toBe('two');
  });

  it('asks anew when something was missed, and takes nothing that is older', () => {
    const play = open().on(lineTold(2, line('MS_2')), lineTold(5, line('MS_5')));
    expect(calls(play)).toEqual(expect.arrayContaining(['messages', 'talks/view']));
    play.on(lineTold(4, line('MS_5', { text: 'older' })));
    expect(chatOf(play)?.lines.at(-1)?.text).toBe('line MS_5');
    play.on(page([line('MS_1'), line('MS_2'), line('MS_3'), line('MS_5')]));
    expect(chatOf(play)?.lines.map(({ id }) => id)).toEqual(['MS_1', 'MS_2', 'MS_3', 'MS_5']);
  });

  it('is fetched again when the line comes back', () => {
    const play = open().on({ type: 'line', up: false }, { type: 'line', up: true }, told({ event: 'people', people: [], awaited: [] }));
    expect(calls(play)).toEqual(expect.arrayContaining(['talks', 'messages']));
    play.on(page([line('MS_1'), line('MS_3')]));
    expect(chatOf(play)?.lines.map(({ id }) => id)).toEqual(['MS_1', 'MS_3']);
  });

  it('loses a line that was deleted, and asks what is the last and what is unread', () => {
    const play = open().on(told({ event: 'lineDeleted', conversation: ID, number: 2, id: 'MS_1' }));
    expect(chatOf(play)?.lines.map(({ id }) => id)).toEqual(['MS_0']);
    expect(calls(play)).toContain('talks/view');
  });

  it('says who writes until they have, or stop', () => {
    const play = open().on(told({ event: 'typing', conversation: ID, account: 'AC_2' }));
    expect(play.state.talks.typing[ID]).toEqual(['AC_2']);
    play.on(lineTold(2, line('MS_2')));
    expect(play.state.talks.typing[ID]).toEqual([]);
    const over: Event = { type: 'timer', timer: { name: 'typing' }, at: 0 };
    play.on(told({ event: 'typing', conversation: ID, account: 'AC_2' }), over, over);
    expect(play.state.talks.typing).toEqual({});
  });

  it('tells the others that I write, once in a while', () => {
    const play = open().on({ type: 'chat/typed', text: 'h' });
    expect(calls(play)).toEqual(['talks/typing']);
    play.on({ type: 'chat/typed', text: 'he' });
    expect(calls(play)).toEqual([]);
    play.on({ type: 'timer', timer: { name: 'typing-said' } }, { type: 'chat/typed', text: 'hel' });
    expect(calls(play)).toEqual(['talks/typing']);
  });
});

describe('a group', () => {
  it('is made with people and a name, and gone to', () => {
    const play = known().on(visit(null), { type: 'talks/draft', kind: 'new' });
    expect(calls(play)).toEqual(['people']);
    play.on({ type: 'talks/draft-send' });
    expect(play.state.page).toMatchObject({ draft: { wrong: say('talks.people.missing') } });
    play.on({ type: 'talks/draft-pick', account: 'AC_2' }, { type: 'talks/draft-pick', account: 'AC_3' }, { type: 'talks/draft-send' });
    expect(play.state.page).toMatchObject({ draft: { wrong: say('talks.name.missing') } });
    play.on({ type: 'talks/draft-name', name: ' Planning ' }, { type: 'talks/draft-send' });
    const make = { name: 'talks/make', body: { people: ['AC_2', 'AC_3'], name: 'Planning' } } as const;
    expect(play.asked('call')?.call).toEqual(make);
    play.on(good('talks/make', { name: 'talks/make', body: { people: ['AC_2', 'AC_3'], name: 'Planning' } }, group()));
    expect(play.state.page).toMatchObject({ at: 'talks', id: ID, draft: null });
  });

  it('that I left, or was told so, is there no more', () => {
    const play = known(group()).on(visit(ID), page([line('MS_1')]), { type: 'talks/leave' });
    expect(calls(play)).toEqual(['talks/leave']);
    play.on(told({ event: 'conversationLeft', id: ID }));
    expect(play.state.page).toMatchObject({ at: 'talks', id: null });
    expect(play.state.talks.list).toEqual([]);
  });

  it('counts nothing as unread that was done to it', () => {
    const play = known(group({ unread: 0 })).on(lineTold(2, line('MS_2', { text: '', deed: { did: 'left' } })));
    expect(unreadOf(play.state)).toBe(0);
    expect(play.state.toast).toBeNull();
    expect(talkOf(play.state, ID)?.last?.id).toBe('MS_2');
  });
});

describe('lines', () => {
  it('are looked for in the open conversation or in all', () => {
    const play = open().on({ type: 'talks/search', search: { text: 'hall', only: true } }, { type: 'talks/find' });
    const call = { name: 'talks/find', find: 'hall', only: ID } as const;
    expect(play.asked('call')?.call).toEqual(call);
    play.on(good('talks/find', { name: 'talks/find', find: 'hall', only: ID }, [{ conversation: ID, message: line('MS_1') }]));
    expect(play.state.page).toMatchObject({ search: { busy: false, found: [{ message: { id: 'MS_1' } }] } });
    play.on({ type: 'talks/search', search: null });
    expect(play.state.page).toMatchObject({ search: null });
  });
});
