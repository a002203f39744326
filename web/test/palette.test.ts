// The palette outside of meetings: where one can go, and what can be begun.

import { describe, expect, it } from 'vitest';
import { actions } from '../src/core/meeting/actions';
import { speech } from '../src/i18n/text';
import { calls, good, known, myRoom } from './home';
import { atDoor, fresh, inside, Play, ROOM, SERVER, signedIn, unasked } from './helpers';

const t = speech('en');
const names = (play: Play): readonly string[] => actions(play.state).map(({ name }) => t.text(name));
const run = (play: Play, name: string): Play => {
  const found = actions(play.state).find((one) => t.text(one.name) === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return play.on(...found.events);
};
const palette = { type: 'overlay', show: 'palette' } as const;

describe('the palette outside of meetings', () => {
  it('asks for my rooms when it opens at a door, and leads into each', () => {
    const play = new Play({ ...atDoor().state, session: signedIn().session }).on(palette);
    expect(calls(play)).toEqual([{ name: 'rooms' }]);
    expect(calls(new Play(signedIn()).on({ type: 'visit', route: { to: 'account' } }, palette)), 'pages have a search, which asks for itself').toEqual([]);
    play.on(good({ name: 'rooms' }, [myRoom()]));
    expect(names(play)).toContain('Go to the meeting Tuesday planning');
    expect(run(play, 'About the room Tuesday planning').state.page.at).toBe('room-page');
    expect(inside('ben').on(palette).asked('call')).toBeUndefined();
  });

  it('forgets them when I sign out', () => {
    const play = known().on(good({ name: 'rooms' }, [myRoom()]));
    run(play, 'Sign out').on(good({ name: 'session/close' }, null));
    expect(play.state.myRooms).toBeNull();
    expect(names(play)).toContain('Sign in');
  });

  it('begins a meeting from any page', () => {
    const play = run(new Play(signedIn()).on({ type: 'visit', route: { to: 'account' } }), 'New meeting');
    expect(play.state.page).toMatchObject({ at: 'home', busy: 'making' });
    const not = new Play(signedIn({ mayCreate: false })).on({ type: 'visit', route: { to: 'account' } });
    expect(names(not)).not.toContain('New meeting');
  });

  it('offers each what they may: the console to administrators, an account to strangers where they can have one', () => {
    expect(names(new Play(signedIn({ admin: true })))).toContain('Console');
    expect(names(new Play(signedIn()))).not.toContain('Console');
    expect(names(new Play(fresh()))).not.toContain('Make an account');
    expect(names(new Play({ ...fresh(), server: { ...SERVER, signUp: true } }))).toContain('Make an account');
    expect(names(new Play(unasked()))).not.toContain('Sign in');
  });

  it('joins from the door, and comes back after leaving', () => {
    expect(run(atDoor(), 'Join').asked('join')).toMatchObject({ code: ROOM.code });
    const left = inside('ben').on({ type: 'call/over', why: 'left', at: 2_000 });
    expect(run(left, 'Rejoin').asked('join')).toMatchObject({ code: ROOM.code });
  });

  it('has no two lines that read the same', () => {
    const all = names(known().on(good({ name: 'rooms' }, [myRoom(), myRoom()])));
    expect(new Set(all).size).toBe(all.length);
  });
});
