import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { cast, seatPage, stageKind } from '../src/core/selectors';
import { inside, person } from './helpers';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `p${index}`);

describe('coming and going', () => {
  it('is announced, and seats are kept', () => {
    const play = inside('amara', 'karim').on({ type: 'call/people', people: [person('me'), person('karim'), person('lea')] });
    expect(play.meeting.seats).toEqual(['karim', 'lea']);
    expect(play.said).toEqual(say('meeting.left', { name: 'AMARA' }));
    expect(play.state.toast?.text).toEqual(say('meeting.left', { name: 'AMARA' }));
  });

  it('is announced one by one when several come at once, and not for ever', () => {
    const play = inside('amara').on({ type: 'call/people', people: [person('me'), person('amara', { share: 's1' }), ...names(2).map((id) => person(id))] });
    expect(play.state.said.map(({ text }) => text)).toEqual([
      say('meeting.shares', { name: 'AMARA' }), say('meeting.joined', { name: 'P0' }), say('meeting.joined', { name: 'P1' }),
    ]);
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'said' }, ms: 5_000 });
    expect(play.on({ type: 'timer', timer: { name: 'said' } }).state.said).toEqual([]);
  });

  it('is not announced beyond twelve', () => {
    const play = inside(...names(12)).on({ type: 'call/people', people: [person('me'), ...names(13).map((id) => person(id))] });
    expect(play.state.toast).toBeNull();
  });

  it('is not said of somebody who changes to another page in one moment: the place stays', () => {
    const play = inside('guest_a~1', 'karim').on({ type: 'call/people', people: [person('me'), person('karim'), person('guest_a~2')] });
    expect(play.meeting.seats).toEqual(['guest_a~2', 'karim']);
    expect(play.state.said).toEqual([]);
    expect(play.state.toast).toBeNull();
  });

  it('gives way to the newest toast, whose timer alone closes it', () => {
    const play = inside().on({ type: 'call/people', people: [person('me'), person('amara')] });
    const first = play.state.toast?.id ?? 0;
    play.on({ type: 'call/people', people: [person('me'), person('amara'), person('lea')] });
    play.on({ type: 'timer', timer: { name: 'toast', id: first } });
    expect(play.state.toast?.text).toEqual(say('meeting.joined', { name: 'LEA' }));
    play.on({ type: 'timer', timer: { name: 'toast', id: play.state.toast?.id ?? 0 } });
    expect(play.state.toast).toBeNull();
  });
});

describe('the stage', () => {
  it('follows what there is to see, until the person chooses', () => {
    const play = inside('amara');
    const kind = (): string => stageKind(play.meeting, cast(play.state, play.meeting));
    expect(kind()).toBe('duo');
    play.on({ type: 'call/people', people: [person('me'), person('amara'), person('karim')] });
    expect(kind()).toBe('grid');
    play.on({ type: 'call/people', people: [person('me'), person('amara', { share: 's1' }), person('karim')] });
    expect(kind()).toBe('share');
    expect(play.meeting.shown).toBe('s1');
    expect(play.said).toEqual(say('meeting.shares', { name: 'AMARA' }));
    play.on({ type: 'stage/layout', layout: 'speaker' });
    expect(kind()).toBe('speaker');
  });

  it('keeps the open share while others share, and takes another when it ends', () => {
    const play = inside('amara', 'karim').on({ type: 'call/people', people: [person('me'), person('amara', { share: 's1' }), person('karim')] });
    play.on({ type: 'call/people', people: [person('me'), person('amara', { share: 's1' }), person('karim', { share: 's2' })] });
    expect(play.meeting.shown).toBe('s1');
    play.on({ type: 'stage/show', share: 's2' });
    expect(play.meeting.shown).toBe('s2');
    play.on({ type: 'call/people', people: [person('me'), person('amara', { share: 's1' }), person('karim')] });
    expect(play.meeting.shown).toBe('s1');
  });

  it('moves nobody because somebody speaks, but for whoever sits on another page', () => {
    const play = inside('a', 'b', 'c', 'd').on({ type: 'stage/seats', seats: 2 });
    const shown = (): readonly string[] => seatPage(play.meeting, cast(play.state, play.meeting)).tiles.map((tile) => tile.key);
    expect(shown()).toEqual(['a', 'b']);
    play.on({ type: 'call/spoke', identity: 'b', at: 5_000 });
    expect(shown()).toEqual(['a', 'b']);
    play.on({ type: 'call/spoke', identity: 'd', at: 6_000 });
    expect(shown()).toEqual(['d', 'b']); // a was silent longest
    play.on({ type: 'call/spoke', identity: 'c', at: 7_000 });
    expect(shown()).toEqual(['d', 'b']); // too soon after
    play.on({ type: 'call/spoke', identity: 'c', at: 8_000 });
    expect(shown()).toEqual(['d', 'c']);
    expect(play.meeting.foremost).toBe('c');
    play.on({ type: 'stage/page', page: 9 });
    expect(play.meeting.page).toBe(1);
  });

  it('takes what I have just pressed for done', () => {
    const play = inside('amara').on({ type: 'devices/toggle', kind: 'microphone' });
    expect(play.asked('call/switch')).toEqual({ type: 'call/switch', kind: 'microphone', on: false, id: null });
    expect(cast(play.state, play.meeting).mine?.muted).toBe(true);
  });
});

describe('sharing', () => {
  it('is asked for once, and its end is noticed by whatever hand', () => {
    const play = inside('amara').on({ type: 'call/share' });
    expect(play.asked('call/share')).toEqual({ type: 'call/share', on: true });
    play.on({ type: 'call/share' });
    expect(play.effects).toEqual([]);
    play.on({ type: 'call/shared', sharing: true });
    expect(play.meeting.sharing).toBe('yes');
    play.on({ type: 'call/shared', sharing: false });
    expect(play.meeting.sharing).toBe('no');
  });

  it('that the system forbids is told', () => {
    const play = inside('amara').on({ type: 'call/share' }, { type: 'call/share-failed', why: 'refused-system' });
    expect(play.meeting.sharing).toBe('no');
    expect(play.state.toast?.text).toEqual(say('meeting.share.refused-system'));
  });
});

describe('a bad link', () => {
  it('is not spoken of for two seconds', () => {
    const play = inside('amara').on({ type: 'call/link', link: 'wavering' });
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'wavering' }, ms: 2_000 });
    expect(play.meeting.link).toBe('wavering');
    play.on({ type: 'call/link', link: 'connected' });
    expect(play.asked('timer/stop')).toBeDefined();
    expect(play.state.toast).toBeNull();
  });

  it('is then said, and so is its end', () => {
    const play = inside('amara').on({ type: 'call/link', link: 'wavering' }, { type: 'timer', timer: { name: 'wavering' } });
    expect(play.meeting.link).toBe('reconnecting');
    expect(play.said).toEqual(say('meeting.reconnecting'));
    play.on({ type: 'call/link', link: 'connected' });
    expect(play.state.toast?.text).toEqual(say('meeting.reconnected'));
  });

  it('is, after half a minute, something to do about: try at once, or with less', () => {
    const play = inside('amara').on({ type: 'call/hurry' });
    expect(play.effects).toEqual([]);
    play.on({ type: 'call/link', link: 'wavering' }, { type: 'timer', timer: { name: 'wavering' }, at: 0 });
    expect(play.asked('timer')).toMatchObject({ timer: { name: 'lost' }, ms: 28_000 });
    play.on({ type: 'timer', timer: { name: 'lost' }, at: 0 });
    expect(play.meeting.link).toBe('lost');
    expect(play.state.said.map(({ text }) => text)).toContainEqual(say('meeting.lost'));
    expect(play.on({ type: 'call/hurry' }).effects).toEqual([{ type: 'call/hurry' }]);
    play.on({ type: 'call/link', link: 'connected' });
    expect(play.meeting.link).toBe('connected');
    expect(play.state.toast?.text).toEqual(say('meeting.reconnected'));
    expect(play.effects).toContainEqual({ type: 'timer/stop', name: 'lost' });
    // One that rings late changes nothing.
    expect(play.on({ type: 'timer', timer: { name: 'lost' }, at: 0 }).meeting.link).toBe('connected');
  });
});

describe('the end', () => {
  it('says why and how long, and leads back in', () => {
    const play = inside('amara').on({ type: 'call/leave' });
    expect(play.asked('call/leave')).toBeDefined();
    play.on({ type: 'call/over', why: 'left', at: 61_000 });
    expect(play.phase('left')).toMatchObject({ why: 'left', stayed: 60_000, title: 'Tuesday planning' });
    expect(play.state.devices.camera.state).toBe('closed');
    play.on({ type: 'rejoin' });
    expect(play.asked('join')).toMatchObject({ name: 'Ines' });
    expect(play.asked('join')?.open).toHaveLength(2);
    play.on({ type: 'call/entered', title: 'Tuesday planning', me: 'me2', people: [person('me2')], soundBlocked: false, at: 70_000 });
    expect(play.meeting.me).toBe('me2');
    expect(play.meeting.inviting).toBe(false);
  });

  it('comes also with the browser’s own way back', () => {
    const play = inside('amara').on({ type: 'route', route: { to: 'start' } });
    expect(play.asked('call/leave')).toBeDefined();
    expect(play.state.page.at).toBe('start');
    play.on({ type: 'call/over', why: 'left', at: 2_000 });
    expect(play.state.page.at).toBe('start');
  });

  it.each(['ended', 'elsewhere', 'removed', 'restarting', 'lost'] as const)('by %s has its own words', (why) => {
    const play = inside('amara').on({ type: 'call/over', why, at: 2_000 });
    expect(play.said?.key).toBe(`left.${why}`);
  });
});

describe('a server that starts anew', () => {
  it('is told of at once, and until the line stands again', () => {
    const play = inside('amara').on({ type: 'line', up: false, restarting: true }, { type: 'call/link', link: 'wavering' });
    expect(play.meeting.restarting).toBe(true);
    expect(play.said).toEqual(say('meeting.restarting'));
    play.on({ type: 'timer', timer: { name: 'wavering' } });
    expect(play.said).toEqual(say('meeting.restarting'));
    play.on({ type: 'line', up: true });
    expect(play.meeting.restarting).toBe(false);
  });

  it('is asked for news at once when sound and pictures are back', () => {
    const play = inside('amara').on({ type: 'call/link', link: 'wavering' }, { type: 'call/link', link: 'connected' });
    expect(play.effects).toContainEqual({ type: 'call/hurry' });
  });
});
