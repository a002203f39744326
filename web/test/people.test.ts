import { describe, expect, it } from 'vitest';
import { actions, matching } from '../src/core/meeting/actions';
import { mayTouch, rows } from '../src/core/meeting/people';
import { say, speech } from '../src/i18n/text';
import type { Event as Told, MeetingState } from '../src/proto/api.gen';
import { answered } from '../src/proto/calls';
import { meetingState } from './beside';
import { inside, person, ROOM, type Play } from './helpers';

const told = (event: Told) => ({ type: 'told', event }) as const;
const live = (change: Partial<MeetingState> = {}) => told({ event: 'meeting', state: meetingState(change) });
const acted = (play: Play) => {
  const call = play.asked('call')?.call;
  return call?.name === 'act' ? call.act : undefined;
};
const JONAS = { person: 'jonas', name: 'Jonas', role: 'guest', since: 0 } as const;

const refused = (act: 'admit' | 'mute', code: string) => answered(
  'act',
  { name: 'act', code: ROOM.code, act: act === 'admit' ? { act, person: 'x' } : { act, person: 'x', what: 'microphone' } },
  { ok: false, problem: { code, message: '' } },
);

const as = (role: MeetingState['role']) => ({ live: meetingState({ role }) });

describe('the door', () => {
  it('says and rings once for whoever knocks, and shows it until it is answered', () => {
    const play = inside('ben').on(live({ role: 'host' }), live({ role: 'host', waiting: [JONAS] }));
    expect(play.said).toEqual(say('knock.at-door', { name: 'Jonas' }));
    expect(play.asked('chime')?.chime).toBe('knock');
    expect(play.meeting.beside.knock).toBe(true);
    play.on(live({ role: 'host', waiting: [JONAS] }));
    expect(play.asked('chime')).toBeUndefined();
    play.on({ type: 'act', act: { act: 'admit', person: 'jonas' } });
    expect(acted(play)).toEqual({ act: 'admit', person: 'jonas' });
    play.on(live({ role: 'host' }));
    expect(play.meeting.beside.knock).toBe(false);
  });

  it('is looked at in the panel', () => {
    const play = inside('ben').on(live({ role: 'host', waiting: [JONAS] }), { type: 'panel', panel: 'people' });
    expect(play.meeting.beside).toMatchObject({ panel: 'people', knock: false });
    play.on({ type: 'panel', panel: 'people' });
    expect(play.meeting.beside.panel).toBeNull();
  });
});

describe('hands', () => {
  it('go up and down', () => {
    const play = inside('ben').on(live(), { type: 'hand' });
    expect(acted(play)).toEqual({ act: 'hand', up: true });
    play.on(live({ hands: [{ person: 'me', since: 1 }] }), { type: 'hand' });
    expect(acted(play)).toEqual({ act: 'hand', up: false });
  });

  it('of others are said and heard', () => {
    const play = inside('ben').on(live(), live({ hands: [{ person: 'ben', since: 1 }] }));
    expect(play.said).toEqual(say('hand.raised', { name: 'Ben' }));
    expect(play.asked('chime')?.chime).toBe('hand');
    expect(rows(play.meeting).map(({ person: who, hand }) => [who, hand])).toEqual([['me', 0], ['ben', 1]]);
  });
});

describe('what a host does to me', () => {
  it('switches off what I had on, and says so', () => {
    const play = inside('ben').on(live(), told({ event: 'muted', what: 'microphone' }));
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.asked('call/switch')).toMatchObject({ kind: 'microphone', on: false });
    expect(play.state.toast?.text).toEqual(say('people.muted.microphone'));
  });

  it('asks to unmute, and I decide', () => {
    const play = inside('ben').on(live(), told({ event: 'askedToUnmute' }));
    expect(play.meeting.beside.asked).toBe(false); // not muted
    play.on({ type: 'devices/toggle', kind: 'microphone' }, told({ event: 'askedToUnmute' }));
    expect(play.meeting.beside.asked).toBe(true);
    play.on({ type: 'asked/answer', unmute: true });
    expect(play.state.devices.microphone.wanted).toBe(true);
    expect(play.meeting.beside.asked).toBe(false);
  });

  it('keeps me from what the room forbids, but not from switching off', () => {
    const policy = { ...meetingState().policy, microphone: false, share: false };
    const play = inside('ben').on(live({ policy }), { type: 'devices/toggle', kind: 'microphone' });
    expect(play.state.devices.microphone.wanted).toBe(false);
    play.on({ type: 'devices/toggle', kind: 'microphone' });
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.state.toast?.text).toEqual(say('people.forbidden.microphone'));
    play.on({ type: 'talk', on: true }, { type: 'call/share' });
    expect(play.asked('call/share')).toBeUndefined();
    play.on(live({ policy, role: 'host' }), { type: 'devices/toggle', kind: 'microphone' });
    expect(play.state.devices.microphone.wanted).toBe(true);
  });

  it('removes me for now or for good, in whatever order the news come', () => {
    const before = inside('ben').on(live(), told({ event: 'removed', mayReturn: false }), { type: 'call/over', why: 'removed', at: 5_000 });
    expect(before.phase('left')).toMatchObject({ why: 'removed', barred: true });
    const after = inside('ben').on(live(), { type: 'call/over', why: 'removed', at: 5_000 }, told({ event: 'removed', mayReturn: false }));
    expect(after.phase('left').barred).toBe(true);
    const back = inside('ben').on(live(), told({ event: 'removed', mayReturn: true }), { type: 'call/over', why: 'removed', at: 5_000 });
    expect(back.phase('left').barred).toBe(false);
  });

  it('makes me a host', () => {
    const play = inside('ben').on(live(), live({ role: 'host' }));
    expect(play.state.toast?.text).toEqual(say('people.you-lead'));
  });
});

describe('acts', () => {
  it('that are refused are said, unless somebody else did the same', () => {
    const play = inside('ben').on(live(), refused('admit', 'not_found'));
    expect(play.state.toast).toBeNull();
    play.on(refused('mute', 'not_allowed'));
    expect(play.state.toast?.text).toEqual(say('problem.not-allowed'));
  });

  it('of reaction rise, and go', () => {
    const play = inside('ben').on(live());
    for (let times = 0; times < 30; times++) play.on(told({ event: 'reaction', person: 'ben', emoji: '👍' }));
    expect(play.meeting.beside.rising).toHaveLength(24);
    expect(play.asked('timer')?.timer.name).toBe('risen');
    play.on({ type: 'timer', timer: { name: 'risen' } });
    expect(play.meeting.beside.rising).toEqual([]);
  });
});

describe('people', () => {
  it('are persons, with all their devices', () => {
    const play = inside('ben').on(
      { type: 'call/people', people: [person('me'), person('AC_1~a', { microphone: false }), person('AC_1~b')] },
    );
    expect(rows(play.meeting).map(({ person: who, identities, microphone }) => [who, identities.length, microphone]))
      .toEqual([['me', 1, true], ['AC_1', 2, true]]);
  });

  it('are touched by hosts, owners by owners alone', () => {
    expect(mayTouch(as('host'), { role: 'owner', me: false })).toBe(false);
    expect(mayTouch(as('owner'), { role: 'owner', me: false })).toBe(true);
    expect(mayTouch(as('host'), { role: 'host', me: false })).toBe(true);
    expect(mayTouch(as('member'), { role: 'guest', me: false })).toBe(false);
    expect(mayTouch(as('owner'), { role: 'owner', me: true })).toBe(false);
  });
});

const t = speech('en');
const names = (play: Play): readonly string[] => actions(play.state).map(({ name }) => t.text(name));
const inAs = (role: MeetingState['role'], ...others: readonly string[]): Play => inside(...(others.length > 0 ? others : ['ben'])).on(live({ role }));
const run = (play: Play, name: string): Play => {
  const found = actions(play.state).find((one) => t.text(one.name) === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return play.on(...found.events);
};

describe('the palette', () => {
  it('leads to the list of notices', () => {
    expect(run(inside('ben'), 'Notices').state.overlay).toBe('notices');
  });

  it('lists what hosts can do to hosts alone, and finds by any word', () => {
    expect(names(inAs('member'))).not.toContain('Mute all');
    expect(names(inAs('host'))).toContain('Mute all');
    expect(new Set(names(inAs('owner'))).size).toBe(names(inAs('owner')).length);
    expect(matching('all mute', names(inAs('host')), (name) => name)).toEqual(['Mute all', 'Ask all to unmute']);
    expect(matching('ELEVE', ['Élève'], (name) => name)).toEqual(['Élève']);
  });

  it('has every layout that changes something, the pages, and what comes in and goes out', () => {
    expect(names(inAs('member', 'ben', 'amara'))).toEqual(expect.arrayContaining([
      'Layout: grid', 'Layout: speaker', 'Save data', 'Sound only', 'Turn noise suppression on', 'Turn background blur on', 'More contrast', 'Invite',
      'Pin my picture', 'Next page',
    ]));
    expect(names(inAs('member'))).not.toContain('Layout: speaker');
    expect(run(inAs('member', 'ben', 'amara'), 'Layout: speaker').meeting.layout).toBe('speaker');
    expect(run(inAs('member', 'ben', 'amara'), 'Next page').meeting.page).toBe(1);
    expect(run(inAs('member'), 'Sound only').state.viewing.saver).toBe('sound');
  });

  it('acts on shares: mine and those of others', () => {
    const mine = inAs('member').on({ type: 'call/share' }, { type: 'call/shared', sharing: true });
    expect(run(mine, 'Pause my share').meeting.sharePaused).toBe(true);
    expect(run(mine, 'Tune my share for motion').meeting.shareMode).toBe('motion');
    const theirs = inAs('member').on({ type: 'call/people', people: [person('me'), person('ben', { share: 's1' })] });
    expect(run(theirs, 'Pin the screen of BEN').meeting.pinned).toBe('ben/share');
    const closer = run(theirs, 'Shared screen closer');
    const first = closer.meeting.zoom;
    expect(first?.wish).toBe('in');
    // The same once more is another wish.
    expect(run(closer, 'Shared screen closer').meeting.zoom?.id).not.toBe(first?.id);
  });

  it('names people: what anybody can do with them, and what hosts can', () => {
    expect(names(inAs('member'))).toEqual(expect.arrayContaining(['Make Ben large for me', 'Mute Ben for me alone', 'Write to Ben privately']));
    expect(names(inAs('member'))).not.toContain('Mute Ben');
    expect(run(inAs('host'), 'Mute Ben').asked('call')?.call).toMatchObject({ act: { act: 'mute', person: 'ben', what: 'microphone' } });
    expect(run(inAs('host'), 'Make Ben co-host').asked('call')?.call).toMatchObject({ act: { act: 'promote', person: 'ben' } });
    expect(run(inAs('host'), 'Lobby: everybody has to be let in').asked('call')?.call).toMatchObject({ act: { act: 'lobby', lobby: 'everyone' } });
    const written = run(inAs('member'), 'Write to Ben privately');
    expect(written.meeting.beside).toMatchObject({ panel: 'chat', chat: { to: 'ben' } });
  });

  it('chooses devices by their names', () => {
    const play = inAs('member').on({ type: 'devices/listed', list: [{ kind: 'camera', id: 'c1', label: 'Desk' }, { kind: 'camera', id: 'c2', label: 'Window' }] });
    expect(names(play)).not.toContain('Camera: Desk');
    expect(run(play, 'Camera: Window').state.devices.camera.chosen).toBe('c2');
  });
});
