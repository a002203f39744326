// Home and the page about a room: what is asked of the server, and what its answers change.

import { describe, expect, it } from 'vitest';
import type { Call } from '../src/core/calls';
import type { HomePage } from '../src/core/pages/home/page';
import type { AboutRoomPage } from '../src/core/pages/room-page/page';
import type { Message } from '../src/proto/api.gen';
import { POLICY, calls, failed, good, known, myRoom } from './home';
import { say } from '../src/i18n/text';
import { ROOM, view, type Play } from './helpers';

const atHome = (play: Play): HomePage => {
  const { page } = play.state;
  if (page.at !== 'home') throw new Error(`not at home: ${page.at}`);
  return page;
};

const about = (play: Play): AboutRoomPage => {
  const { page } = play.state;
  if (page.at !== 'room-page') throw new Error(`not at the page of a room: ${page.at}`);
  return page;
};

const owned = () => ({ ...view(), role: 'owner' as const, policy: POLICY });

describe('home', () => {
  it('asks for my rooms and for what goes on, and goes on asking what goes on', () => {
    const play = known();
    expect(calls(play).map(({ name }) => name)).toEqual(['rooms', 'rooms/now']);
    expect(play.asked('timer')?.timer.name).toBe('poll');
    play.on(good({ name: 'rooms' }, [myRoom()]), good({ name: 'rooms/now' }, [myRoom({ count: 2, since: 5 })]));
    expect(atHome(play).rooms).toHaveLength(1);
    expect(atHome(play).now[0]?.count).toBe(2);
    play.on({ type: 'timer', timer: { name: 'poll' } });
    expect(calls(play)).toEqual([{ name: 'rooms/now' }]);
    expect(play.asked('timer')?.timer.name).toBe('poll');
    // One answer that is lost changes nothing.
    play.on(failed({ name: 'rooms/now' }, 'offline'));
    expect(atHome(play).now).toHaveLength(1);
    play.on({ type: 'visit', route: { to: 'account' } }, { type: 'timer', timer: { name: 'poll' } });
    expect(play.effects).toEqual([]);
  });

  it('keeps a meeting that was only begun, or deletes it when that is said twice', () => {
    const begun = myRoom({ listed: false });
    const code = begun.room.code;
    const play = known().on(good({ name: 'rooms' }, [begun]));
    const keep: Call = { name: 'room/change', code, body: { listed: true } };
    play.on({ type: 'home/keep', code });
    expect(calls(play)).toEqual([keep]);
    play.on(good(keep, ROOM));
    expect(calls(play)).toEqual([{ name: 'rooms' }]);
    play.on({ type: 'home/forget', code });
    expect(atHome(play).forgetting).toBe(code);
    expect(calls(play)).toEqual([]);
    play.on({ type: 'home/forget', code: null });
    expect(atHome(play).forgetting).toBeNull();
    play.on({ type: 'home/forget', code }, { type: 'home/forget', code });
    const gone: Call = { name: 'room/delete', code };
    expect(calls(play)).toContainEqual(gone);
    play.on(good(gone, null));
    expect(calls(play)).toEqual([{ name: 'rooms' }]);
  });

  it('says when the rooms cannot be fetched, and tries again', () => {
    const play = known().on(failed({ name: 'rooms' }, 'offline'));
    expect(atHome(play).listTrouble).toEqual(say('trouble.network'));
    play.on({ type: 'home/again' });
    expect(atHome(play).listTrouble).toBeNull();
    expect(calls(play)[0]).toEqual({ name: 'rooms' });
  });

  it('makes a meeting for later without going there, in the words of the language', () => {
    const play = known({ language: 'fr' }).on({ type: 'home/later' });
    const call: Call = { name: 'rooms/make', body: { title: 'Réunion', listed: true } };
    expect(calls(play)).toEqual([call]);
    play.on({ type: 'home/later' });
    expect(play.effects).toEqual([]); // pressed twice
    play.on(good(call, owned()));
    expect(atHome(play).card?.room.code).toBe(ROOM.code);
    expect(atHome(play).making).toBe(false);
    expect(play.said).toEqual(say('meeting.ready'));
    expect(play.asked('go')).toBeUndefined();
    play.on({ type: 'home/card-lobby', lobby: 'off' });
    expect(atHome(play).card?.policy?.lobby).toBe('off');
    expect(calls(play)).toEqual([{ name: 'room/change', code: ROOM.code, body: { policy: { lobby: 'off' } } }]);
    play.on(failed({ name: 'room/change', code: ROOM.code, body: {} }, 'offline'));
    expect(atHome(play).card?.policy).toBeUndefined();
    play.on({ type: 'home/card-close' });
    expect(atHome(play).card).toBeNull();
  });

  it('makes a room to keep, and goes to its page', () => {
    const play = known().on({ type: 'home/draft', open: true }, { type: 'home/draft-send' });
    expect(atHome(play).draft?.wrong).toEqual(say('home.draft.missing'));
    play.on({ type: 'home/draft-title', title: ' Reading circle ' }, { type: 'home/draft-send' });
    const call: Call = { name: 'rooms/make', body: { title: 'Reading circle', listed: true } };
    expect(calls(play)).toEqual([call]);
    play.on(failed(call, { code: 'too_many', message: '' }));
    expect(atHome(play).draft).toMatchObject({ busy: false, wrong: say('problem.too-many') });
    play.on({ type: 'home/draft-send' }, good(call, owned()));
    expect(about(play).code).toBe(ROOM.code);
    expect(play.asked('go')?.route).toEqual({ to: 'room-page', code: ROOM.code });
  });

  it('copies the link of any room', () => {
    expect(known().on({ type: 'room/copy', code: 'x-y' }).asked('copy')).toEqual({ type: 'copy', code: 'x-y' });
  });
});

const open = (role: 'owner' | 'host' | 'member' = 'owner'): Play => known().on(
  { type: 'visit', route: { to: 'room-page', code: ROOM.code } },
  good({ name: 'room/view', code: ROOM.code }, { ...view(), role, ...(role === 'member' ? {} : { policy: POLICY }) }),
);

const line = (id: string): Message => ({ id, from: 'AC_1', name: 'Ann', at: 1, text: id, edited: false, reactions: [] });
const lines = (before: string | null) => ({ name: 'messages', code: ROOM.code, before }) as const;

describe('the page about a room', () => {
  it('fetches members for those who lead alone', () => {
    expect(calls(open())).toContainEqual({ name: 'members', code: ROOM.code });
    expect(calls(open('member')).map(({ name }) => name)).not.toContain('members');
  });

  it('lists who was removed for good to those who lead, and lets them back', () => {
    const bans: Call = { name: 'bans', code: ROOM.code };
    expect(calls(open('host'))).toContainEqual(bans);
    expect(calls(open('member'))).not.toContainEqual(bans);
    const play = open().on(good(bans, [{ person: 'guest_0123456789abcdef', name: 'Gus', at: 5 }]));
    expect(about(play).bans).toHaveLength(1);
    const back: Call = { name: 'bans/delete', code: ROOM.code, person: 'guest_0123456789abcdef' };
    play.on({ type: 'room-page/pardon', person: back.person });
    expect(calls(play)).toEqual([back]);
    play.on(good(back, null));
    expect(calls(play)).toEqual([bans]);
    expect(play.state.toast?.text).toEqual(say('rooms.bans.pardoned', { name: 'Gus' }));
    play.on(failed(back, { code: 'too_often', message: '', wait: 6 }));
    expect(play.state.toast?.text).toEqual(say('trouble.often.in', { n: 6 }));
  });

  it('shows what was written to those who may read it without a meeting', () => {
    const play = open('member');
    expect(calls(play)).toEqual([lines(null)]);
    play.on(good(lines(null), { messages: [line('MS_3'), line('MS_4')], more: true }));
    expect(about(play).history).toMatchObject({ state: 'there', more: true });
    play.on({ type: 'room-page/lines' });
    expect(calls(play)).toEqual([lines('MS_3')]);
    expect(calls(play.on({ type: 'room-page/lines' }))).toEqual([]);
    play.on(failed(lines('MS_3'), 'offline'), { type: 'room-page/lines' });
    play.on(good(lines('MS_3'), { messages: [line('MS_1')], more: false }));
    expect(about(play).history?.lines.map(({ id }) => id)).toEqual(['MS_1', 'MS_3', 'MS_4']);
    // The view is fetched again now and then; the lines stay.
    play.on(good({ name: 'room/view', code: ROOM.code }, { ...view(), role: 'member' }));
    expect(calls(play)).toEqual([]);
    expect(about(play).history?.lines).toHaveLength(3);
  });

  it('asks for no lines where the door is shut, and shows none that are refused', () => {
    const shut = known().on(
      { type: 'visit', route: { to: 'room-page', code: ROOM.code } },
      good({ name: 'room/view', code: ROOM.code }, { ...view(), role: 'member', door: 'knock' }),
    );
    expect(calls(shut)).toEqual([]);
    const refused = open('member').on(failed({ name: 'messages', code: ROOM.code, before: null }, { code: 'not_in', message: '' }));
    expect(about(refused).history?.state).toBe('shut');
    expect(calls(refused.on({ type: 'room-page/lines' }))).toEqual([]);
  });

  it('says that a room is not there', () => {
    const play = known().on(
      { type: 'visit', route: { to: 'room-page', code: ROOM.code } },
      failed({ name: 'room/view', code: ROOM.code }, { code: 'room_unknown', message: '' }),
    );
    expect(about(play).unknown).toBe(true);
  });

  it('keeps a new title and description, and says so', () => {
    const play = open().on({ type: 'room-page/words', change: { title: '' } }, { type: 'room-page/words-send' });
    expect(about(play).wordsWrong).toEqual(say('home.draft.missing'));
    play.on({ type: 'room-page/words', change: { title: ' Circle ' } }, { type: 'room-page/words-send' });
    const call: Call = { name: 'room/change', code: ROOM.code, body: { title: 'Circle', description: '' } };
    expect(calls(play)).toEqual([call]);
    play.on(failed(call, { code: 'bad_text', message: '' }));
    expect(about(play)).toMatchObject({ wordsBusy: false, wordsWrong: say('rooms.words.wrong') });
    play.on({ type: 'room-page/words-send' }, good(call, { ...ROOM, title: 'Circle' }));
    expect(about(play)).toMatchObject({ words: null, wordsBusy: false });
    expect(about(play).view?.room.title).toBe('Circle');
    expect(play.said).toEqual(say('account.saved'));
  });

  it('turns a rule at once, and fetches what is kept when that failed', () => {
    const play = open().on({ type: 'room-page/policy', change: { locked: true } });
    expect(about(play).view?.policy?.locked).toBe(true);
    const body = { policy: { locked: true } };
    expect(calls(play)).toEqual([{ name: 'room/change', code: ROOM.code, body }]);
    play.on(failed({ name: 'room/change', code: ROOM.code, body }, 'offline'));
    expect(calls(play)).toEqual([{ name: 'room/view', code: ROOM.code }]);
    expect(play.state.toast?.text).toEqual(say('trouble.network'));
  });

  it('adds a member by the name they sign in with, and says who is not known', () => {
    const play = open().on({ type: 'room-page/newcomer-send' });
    expect(about(play).newcomer.wrong).toEqual(say('rooms.members.missing'));
    play.on({ type: 'room-page/newcomer', change: { name: 'paul', role: 'host' } }, { type: 'room-page/newcomer-send' });
    const call: Call = { name: 'members/put', code: ROOM.code, account: 'paul', role: 'host' };
    expect(calls(play)).toEqual([call]);
    play.on(failed(call, { code: 'not_found', message: '' }));
    expect(about(play).newcomer).toMatchObject({ busy: false, wrong: say('rooms.members.unknown', { name: 'paul' }) });
    play.on({ type: 'room-page/newcomer-send' }, good(call, null));
    expect(about(play).newcomer.name).toBe('');
    expect(calls(play)).toEqual([{ name: 'members', code: ROOM.code }]);
  });

  it('deletes only when it was asked twice, and goes to the list', () => {
    const play = open().on({ type: 'room-page/delete', step: 'do' });
    expect(calls(play)).toEqual([]);
    play.on({ type: 'room-page/delete', step: 'ask' }, { type: 'room-page/delete', step: 'cancel' });
    expect(about(play).deleting).toBe('no');
    play.on({ type: 'room-page/delete', step: 'ask' }, { type: 'room-page/delete', step: 'do' });
    expect(calls(play)).toEqual([{ name: 'room/delete', code: ROOM.code }]);
    play.on(good({ name: 'room/delete', code: ROOM.code }, null));
    expect(atHome(play).part).toBe('meetings');
    expect(play.said).toEqual(say('rooms.deleted'));
  });

  it('listens to answers for its own room alone', () => {
    const play = open().on(good({ name: 'room/view', code: 'an-other' }, { ...owned(), room: { ...ROOM, title: 'Other' } }));
    expect(about(play).view?.room.title).toBe(ROOM.title);
  });
});
