import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { foremostAsked } from '../src/core/calling/asked';
import type { Event } from '../src/core/event';
import { candidates, inviting, isUntold, mayAsk, reachableNow, type Around } from '../src/core/meeting/inviting';
import type { State } from '../src/core/state';
import { speech } from '../src/i18n/text';
import type { Call, MeetingState, Presence, RoomInvitation } from '../src/proto/api.gen';
import { isEvent } from '../src/proto/decode';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { Asked } from '../src/ui/calling/Asked';
import { bad, good, inside, Play, ROOM, signedIn } from './helpers';

const invitation = (change: Partial<RoomInvitation> = {}): RoomInvitation =>
  ({ code: ROOM.code, title: 'Standup', by: 'AC_2', name: 'Ben', until: 61_000, ...change });
const told = (number: number, ...invitations: readonly RoomInvitation[]): Event => ({ type: 'told', event: { event: 'invitations', number, invitations: [...invitations] } });
const answer = (come: boolean) => ({ name: 'asked/answer', code: ROOM.code, come }) as const;

const PORTS: Ports = {
  attach: () => () => undefined,
  preview: () => () => undefined,
  level: () => () => undefined,
  speaking: () => () => undefined,
  smallWindow: () => () => undefined,
  everySecond: () => () => undefined,
  title: () => undefined,
  voicemail: () => ({ run: () => undefined, end: () => undefined }),
};

const drawn = (state: State, element: ReactElement): string => renderToStaticMarkup(createElement(
  HouseContext, { value: { store: createStore(state, () => () => undefined), ports: PORTS } },
  createElement(SpeechContext, { value: speech(state.settings.language) }, element),
));

describe('a meeting that I am asked into', () => {
  it('is said once, with a sound and a notice, and goes when the server says so', () => {
    const play = new Play(signedIn()).on(told(3, invitation()));
    expect(foremostAsked(play.state)?.name).toBe('Ben');
    expect(play.said).toEqual({ key: 'asked.in', args: { name: 'Ben', title: 'Standup' } });
    expect(play.asked('chime')?.chime).toBe('knock');
    expect(play.asked('calling/alert')?.alert).toMatchObject({ title: 'Ben invites you to Standup', answer: null, decline: null });
    play.on(told(4, invitation()));
    expect([play.asked('chime'), play.asked('calling/alert')]).toEqual([undefined, undefined]);
    // Older than what is known.
    play.on(told(2));
    expect(foremostAsked(play.state)).not.toBeNull();
    play.on(told(5));
    expect(foremostAsked(play.state)).toBeNull();
    expect(play.asked('calling/alert')?.alert).toBeNull();
    // Asked again it is another.
    play.on(told(6, invitation({ until: 99_000, title: '' })));
    expect(play.said).toEqual({ key: 'asked.in.untitled', args: { name: 'Ben' } });
  });

  it('is silent for those who switched rings off, and a new line begins with none', () => {
    const state = signedIn();
    const play = new Play({ ...state, notices: { ...state.notices, sounds: { ...state.notices.sounds, ring: false } } }).on(told(9, invitation()));
    expect(play.asked('chime')).toBeUndefined();
    play.on({ type: 'line', up: true });
    expect(foremostAsked(play.state)).toBeNull();
    play.on(told(1, invitation()));
    expect(foremostAsked(play.state)).not.toBeNull();
  });

  it('is said once, also where the line was lost meanwhile, and stands no longer than any does', () => {
    const play = new Play(signedIn()).on(told(9, invitation()));
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'asked' }, ms: 60_000 });
    play.on({ type: 'line', up: false }, { type: 'line', up: true }, told(1, invitation()));
    expect([play.asked('chime'), play.asked('timer')]).toEqual([undefined, undefined]);
    expect(foremostAsked(play.state)).not.toBeNull();
    play.on({ type: 'timer', timer: { name: 'asked' }, at: 0 });
    expect(foremostAsked(play.state)).toBeNull();
    expect(play.asked('calling/alert')?.alert).toBeNull();
  });

  it('is not gone to from a call that was answered meanwhile', () => {
    const call: Call = { id: 'CL_1', code: 'call-room', video: false, outgoing: false, began: 1, stage: { is: 'ringing' }, others: [{ account: 'AC_2', name: 'Ben', caller: true, stage: { is: 'active' }, devices: 0 }] };
    const act = { name: 'calls/act', id: 'CL_1', act: { act: 'answer', device: signedIn().calling.device, hold: false } } as const;
    const play = new Play(signedIn()).on(told(1, invitation()), { type: 'asked/come', code: ROOM.code },
      { type: 'told', event: { event: 'calls', number: 1, calls: [call] } }, { type: 'calling/answer', id: 'CL_1', video: false }, good('calls/act', act, null));
    expect(play.state.page).toMatchObject({ at: 'room', code: 'call-room' });
    play.on(good('asked/answer', answer(true), null));
    expect(play.state.page).toMatchObject({ at: 'room', code: 'call-room' });
    expect(play.asked('go')).toBeUndefined();
  });

  it('without a name is a meeting, whatever the server calls it', () => {
    const play = new Play(signedIn()).on(told(1, invitation({ title: 'Meeting' })));
    expect(play.said).toEqual({ key: 'asked.in.untitled', args: { name: 'Ben' } });
    expect(drawn(play.state, createElement(Asked, { asked: invitation({ title: 'Meeting' }) }))).toContain('Invites you to a meeting');
  });

  it('is gone to when the server opened the door, and asked once', () => {
    const play = new Play(signedIn()).on(told(1, invitation()), { type: 'asked/come', code: ROOM.code });
    expect(play.asked('call')?.call).toEqual(answer(true));
    expect(drawn(play.state, createElement(Asked, { asked: invitation() }))).toContain('Opening the door');
    play.on({ type: 'asked/come', code: ROOM.code });
    expect(play.asked('call')).toBeUndefined();
    // The list may come before the answer.
    play.on(told(2), good('asked/answer', answer(true), null));
    expect(play.asked('go')).toMatchObject({ route: { to: 'room', code: ROOM.code } });
    expect(play.state.page.at).toBe('room');
  });

  it('goes at once when I do not come, and whatever fails is said', () => {
    const play = new Play(signedIn()).on(told(1, invitation()), { type: 'asked/not-now', code: ROOM.code });
    expect(play.asked('call')?.call).toEqual(answer(false));
    expect(foremostAsked(play.state)).toBeNull();
    play.on(bad('asked/answer', answer(false), 'not_found'));
    expect(play.state.toast).toBeNull();
    play.on(told(2, invitation({ until: 70_000 })), { type: 'asked/come', code: ROOM.code }, bad('asked/answer', answer(true), 'room_full'));
    expect(play.state.toast?.text.key).toBe('trouble.room-full');
    expect(foremostAsked(play.state)).not.toBeNull();
    play.on({ type: 'asked/come', code: ROOM.code }, bad('asked/answer', answer(true), 'not_found'));
    expect(play.state.toast?.text.key).toBe('asked.over');
    expect([foremostAsked(play.state), play.state.page.at]).toEqual([null, 'start']);
    play.on({ type: 'asked/come', code: 'another' });
    expect(play.asked('call')).toBeUndefined();
  });

  it('does not stand where I am in already, and says that coming means leaving another', () => {
    const state = inside().state;
    const play = new Play({ ...state, session: signedIn().session }).on(told(1, invitation()));
    expect(foremostAsked(play.state)).toBeNull();
    play.on(told(2, invitation(), invitation({ code: 'other', title: 'Choir' })));
    expect(foremostAsked(play.state)?.code).toBe('other');
    const card = drawn(play.state, createElement(Asked, { asked: invitation({ code: 'other', title: 'Choir' }) }));
    expect(card).toContain('Invites you to Choir');
    expect(card).toContain('Leave and come in');
  });

  it('is read as the server writes it', () => {
    expect(isEvent({ event: 'invitations', number: 1, invitations: [invitation()] })).toBe(true);
    expect(isEvent({ event: 'invitations', number: 1, invitations: [{ code: 'x' }] })).toBe(false);
  });
});

const contact = (account: string, name: string) => ({ account, name });
const directory = ['Ben', 'Cleo', 'Dan', 'Eve', 'Fay', 'Gil'].map((name) => contact(`AC_${name}`, name));
const at = (presences: Readonly<Record<string, Presence>>) =>
  Object.fromEntries(Object.entries(presences).map(([name, presence]) => [`AC_${name}`, { account: `AC_${name}`, presence, since: 0 }]));
const live = (change: Partial<MeetingState>): MeetingState => ({
  number: 1, me: 'AC_1', role: 'owner', people: [], hands: [], paused: false, waiting: [], marks: [],
  policy: { guests: true, lobby: 'guests', locked: false, microphone: true, camera: true, share: true, chat: true, history: true }, ...change,
});

const around = (change: Partial<Around> = {}): Around => ({
  live: live({ people: [{ person: 'AC_Fay', name: 'Fay', role: 'member', identities: [] }] }),
  people: at({ Ben: 'away', Cleo: 'available', Dan: 'doNotDisturb', Fay: 'inCall', Gil: 'available' }), book: [], me: 'AC_1', tongue: 'en', ...change,
});

describe('whom to invite', () => {
  it('are those who are to be found and not in, the available first, and never who is not to be disturbed', () => {
    const found = candidates(directory, '', around());
    expect(found.map(({ name }) => name)).toEqual(['Cleo', 'Gil', 'Ben']);
    expect(reachableNow(found)).toEqual(['AC_Cleo', 'AC_Gil']);
    expect(candidates(directory, 'gi', around()).map(({ name }) => name)).toEqual(['Gil']);
  });

  it('are told apart by what they answered', () => {
    const invited: MeetingState['invited'] = [{ account: 'AC_Cleo', answer: 'notNow' }, { account: 'AC_Gil', answer: 'waiting' }, { account: 'AC_Eve', answer: 'unreachable' }];
    const found = candidates(directory, '', around({ live: live({ invited }) }));
    const by = new Map(found.map((one) => [one.name, one]));
    expect(by.get('Eve')?.answer).toBe('unreachable');
    expect([...by.values()].filter(mayAsk).map(({ name }) => name)).toEqual(['Cleo', 'Ben', 'Fay']);
    expect(reachableNow(found)).toEqual([]);
  });

  it('are never those who do not show how they are to be found, of whom it is not said either that they cannot be reached', () => {
    const invited: MeetingState['invited'] = [{ account: 'AC_Eve', answer: 'unreachable' }, { account: 'AC_Gil', answer: 'unreachable' }];
    const hides = { account: 'AC_Eve', presence: 'offline', since: 0, hidden: true } as const;
    const people = { ...around().people, AC_Eve: hides, AC_Cleo: { ...hides, account: 'AC_Cleo' } };
    const found = candidates(directory, '', around({ people, live: live({ invited }) }));
    expect(found.map(({ name, presence }) => [name, presence])).toEqual([['Gil', 'available'], ['Ben', 'away'], ['Eve', 'hidden'], ['Fay', 'inCall']]);
    expect(found.filter(isUntold).map(({ name }) => name)).toEqual(['Eve']);
    expect(found.filter(mayAsk).map(({ name }) => name)).not.toContain('Eve');
    expect(reachableNow(found)).toEqual([]);
  });

  it('are asked once, and a refusal is said', () => {
    const [first, wishes] = inviting.update({ ...inviting.begin[0], directory }, { type: 'invite', code: 'a b', people: ['AC_Ben', 'AC_Cleo'] });
    expect(wishes[0]).toMatchObject({ method: 'POST', path: 'rooms/a%20b/invitees', body: { people: ['AC_Ben', 'AC_Cleo'] } });
    const [second, more] = inviting.update(first, { type: 'invite', code: 'a b', people: ['AC_Ben', 'AC_Dan'] });
    expect(more[0]?.body).toEqual({ people: ['AC_Dan'] });
    const [third] = inviting.update(second, wishes[0]?.told({ ok: false, problem: { code: 'too_often', message: '' } }) ?? { type: 'invite', code: '', people: [] });
    expect([third.sending, third.trouble?.key]).toEqual([['AC_Dan'], 'trouble.often']);
    const [fourth] = inviting.update(third, { type: 'invite', code: 'a b', people: ['AC_Ben'] });
    expect(fourth.trouble).toBeNull();
    const [listed] = inviting.update(inviting.begin[0], { type: 'listed', result: { ok: true, value: [{ account: 1 }] } });
    expect([listed.directory, listed.trouble !== null]).toEqual([null, true]);
    const [again, asks] = inviting.update(listed, { type: 'again' });
    expect([again.trouble, asks.map(({ path }) => path)]).toEqual([null, ['people']]);
  });
});
