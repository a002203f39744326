import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { remedy } from '../src/core/remedy';
import type { State, Trouble } from '../src/core/state';
import { say, speech } from '../src/i18n/text';
import type { Door, Member, MeetingState } from '../src/proto/api.gen';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { App } from '../src/ui/App';
import { HouseContext, SpeechContext } from '../src/ui/context';
import Qr from '../src/ui/meeting/Qr';
import HomePage from '../src/ui/pages/home/HomePage';
import { running } from '../src/ui/pages/home/Now';
import RoomPage, { linkKey } from '../src/ui/pages/room-page/RoomPage';
import { clock } from '../src/ui/prejoin/LobbyScreen';
import { failed as refused, good, INES, known, myRoom, nobody, POLICY } from './home';
import { atDoor, fresh, inside, Play, ROOM, view } from './helpers';
import { LobbyScreen, MeetingScreen } from '../src/ui/meeting/part';

beforeAll(MeetingScreen.fetch);
beforeAll(LobbyScreen.fetch);

const SILENT: Ports = {
  attach: () => () => undefined,
  preview: () => () => undefined,
  level: () => () => undefined,
  speaking: () => () => undefined,
  smallWindow: () => () => undefined,
  everySecond: () => () => undefined,
  title: () => undefined,
  voicemail: () => ({ run: () => undefined, end: () => undefined }),
};

function drawn(state: State, element?: ReactElement): string {
  const house = { store: createStore(state, () => () => undefined), ports: SILENT };
  if (!element) return renderToStaticMarkup(createElement(App, { house }));
  return renderToStaticMarkup(
    createElement(HouseContext, { value: house }, createElement(SpeechContext, { value: speech(state.settings.language) }, element)),
  );
}

/** Pages that are fetched when they are opened are drawn directly. */
function page({ state }: Play): string {
  if (state.page.at === 'home') return drawn(state, createElement(HomePage, { page: state.page }));
  if (state.page.at === 'room-page') return drawn(state, createElement(RoomPage, { page: state.page }));
  throw new Error(`no such page here: ${state.page.at}`);
}

const door = (play: Play, at: Door): Play =>
  play.on({ type: 'route', route: { to: 'room', code: ROOM.code } }, { type: 'room/found', code: ROOM.code, view: { ...view(), door: at } });

describe('home', () => {
  it('greets by name, and shows what goes on with who is in', () => {
    const play = known().on(
      good({ name: 'rooms' }, [myRoom()]),
      good({ name: 'rooms/now' }, [myRoom({ count: 5, since: 0, present: ['Ada', 'Ben', 'Eve', 'Kay', 'Lu'].map((name) => ({ identity: name, name })) })]),
    );
    const home = page(play);
    expect(home).toMatch(/<h1[^>]*data-landing="true"[^>]*>Good (morning|afternoon|evening), Ines</);
    expect(home).toContain('Ada, Ben, Eve, and 2 more are in');
    expect(home).toContain('aria-label="Join: Tuesday planning"');
    expect(home).toContain(`href="/rooms/${ROOM.code}"`);
    expect(home).toContain('5 people are in');
  });

  it('ends emptiness with a button, where one may make rooms', () => {
    const empty = page(known().on(good({ name: 'rooms' }, [])));
    expect(empty).toMatch(/You have no rooms yet\.[^]*New room<\/button>/);
    const play = known().on(good({ name: 'rooms' }, []));
    const member: State = { ...play.state, session: { is: 'known', me: { ...INES, mayCreate: false } } };
    const cannot = page(new Play(member));
    expect(cannot).toContain('You belong to no rooms yet.');
    expect(cannot).not.toContain('New meeting');
    expect(cannot).not.toContain('New room');
  });

  it('offers a meeting for later with all ways to give its link away', () => {
    const play = known().on({ type: 'home/later' }, good(
      { name: 'rooms/make', body: { title: 'Meeting', listed: true } },
      { ...view(), role: 'owner', policy: POLICY },
    ));
    const card = page(play);
    expect(card).toContain('Your meeting is ready');
    expect(card.replace(/<[^>]*>/g, '')).toContain(`meet.example.org/r/${ROOM.code}`);
    expect(card).toContain(`mailto:?subject=Invitation%20to%20Tuesday%20planning&amp;body=Join%20Tuesday%20planning%20here%3A%20https%3A%2F%2Fmeet.example.org%2Fr%2F${ROOM.code}`);
    expect(card).toMatch(/role="radio"[^>]*aria-checked="true"[^>]*>must be admitted/);
    expect(card).toContain('QR code');
  });

  it('says how long a meeting has been going on', () => {
    const t = speech('en');
    expect(running(t, 0, 59_000)).toBe('Now, just begun');
    expect(running(t, 0, 24 * 60_000)).toBe('Now, for 24 min');
    expect(running(t, 0, 65 * 60_000)).toBe('Now, for 1 h 5 min');
  });
});

const about = (role: 'owner' | 'host' | 'member'): Play => known().on(
  { type: 'visit', route: { to: 'room-page', code: ROOM.code } },
  good({ name: 'room/view', code: ROOM.code }, { ...view(), role, room: { ...ROOM, description: 'We read.' }, ...(role === 'member' ? {} : { policy: POLICY }) }),
);

describe('the page about a room', () => {
  const members: Member[] = [{ account: INES.account, role: 'owner' }, { account: { id: 'AC_2', name: 'paul', displayName: 'Paul' }, role: 'host' }];

  it('gives rules and deletion to owners alone', () => {
    const own = page(about('owner').on(good({ name: 'members', code: ROOM.code }, members)));
    expect(own).toContain('Delete the room');
    expect(own).toMatch(/role="switch"[^>]*aria-checked="true"[^>]*>[^]*Guests may come in/);
    expect(own).toContain('Ines (you)');
    expect(own).toContain('aria-label="Role of Paul"');
    expect(own).toContain('Guests with this link must be admitted.');
    const host = page(about('host').on(good({ name: 'members', code: ROOM.code }, members)));
    expect(host).not.toContain('Delete the room');
    expect(host).not.toContain('role="switch"');
    expect(host).not.toContain('Role of Paul');
    expect(host).toContain('Co-host');
    const member = page(about('member'));
    expect(member).toContain('We read.');
    expect(member).not.toContain('Members<');
  });

  it('shows its chat with its files, to read alone', () => {
    const file = { id: 'FI_1', name: 'plan.pdf', size: 10, kind: 'application/pdf' };
    const messages = [{ id: 'MS_1', from: INES.account.id, name: 'Ines', at: 1_000, text: 'the **plan**', edited: false, reactions: [], file }];
    const play = about('owner').on(good({ name: 'messages', code: ROOM.code, before: null }, { messages, more: true }));
    const html = page(play);
    expect(html).toContain('<strong>plan</strong>');
    expect(html).toContain('Ines (you)');
    expect(html).toContain(`href="/api/v1/rooms/${ROOM.code}/files/FI_1"`);
    expect(html).toContain('Earlier lines');
    expect(html).not.toContain('Reply');
    const shut = page(about('member').on(refused({ name: 'messages', code: ROOM.code, before: null }, { code: 'not_in', message: '' })));
    expect(shut).not.toContain('Lines of the chat');
  });

  it('asks before it deletes', () => {
    const asked = page(about('owner').on({ type: 'room-page/delete', step: 'ask' }));
    expect(asked).toContain('Delete Tuesday planning?');
    expect(asked).toContain('Delete for good');
  });

  it('says what its link is worth', () => {
    expect(linkKey(POLICY)).toBe('rooms.link.knock-guests');
    expect(linkKey({ ...POLICY, lobby: 'off' })).toBe('rooms.link.open');
    expect(linkKey({ ...POLICY, lobby: 'everyone' })).toBe('rooms.link.knock');
    expect(linkKey({ ...POLICY, lobby: 'off', guests: false })).toBe('rooms.link.members');
    expect(linkKey({ ...POLICY, locked: true })).toBe('rooms.link.locked');
  });
});

const inviting = (change: MeetingState | null): string => {
  const { state } = inside();
  if (state.page.at !== 'room' || state.page.phase.is !== 'meeting') throw new Error('not inside');
  return drawn({ ...state, page: { ...state.page, phase: { ...state.page.phase, inviting: true, live: change } } });
};

describe('the card in the meeting', () => {
  const live: MeetingState = { number: 1, me: 'ines', role: 'owner', policy: POLICY, people: [], hands: [], paused: false, waiting: [], marks: [] };
  it('lets those who lead say who must be admitted', () => {
    expect(inviting(live)).toContain('must be admitted');
    expect(inviting({ ...live, role: 'member' })).not.toContain('must be admitted');
    expect(inviting(null)).toContain('Your meeting is ready');
    expect(inviting({ ...live, policy: { ...POLICY, lobby: 'everyone' } })).toContain('Everybody has to be admitted.');
  });

  it('draws the link for a camera, named', () => {
    const code = drawn(fresh(), createElement(Qr, { link: 'https://meet.example.org/r/bolu-kesi-dafo', label: 'QR code' }));
    expect(code).toMatch(/<svg[^>]*role="img" aria-label="QR code"/);
    // The three corners that readers look for begin after the quiet rim.
    expect(code).toMatch(/d="M4 4h1v1h-1zM5 4/);
  });
});

describe('the doors', () => {
  it('each say why and what to do', () => {
    const words: Readonly<Record<string, RegExp>> = {
      locked: /This room is locked<[^]*plays a sound when the door opens/,
      full: /This room is full<[^]*plays a sound when the door opens/,
      membersOnly: /This room is for members<[^]*Sign in<\/button>/,
      removed: /You were removed from this room<[^]*Home<\/button>/,
    };
    for (const at of ['locked', 'full', 'membersOnly', 'removed'] as const) {
      expect(drawn(door(nobody(), at).state)).toMatch(words[at] ?? /never/);
    }
  });

  it('have a field for the name of guests alone, and a word for knocking', () => {
    const guest = drawn(door(nobody(), 'knock').state);
    expect(guest).toContain('Your name');
    expect(guest).toContain('Ask to join</button>');
    expect(guest).toContain('Somebody inside has to let you in.');
    const member = drawn(door(known(), 'open').state);
    expect(member).not.toContain('Your name');
    expect(member).toContain('You join as Ines');
    expect(member).toMatch(/>Join<\/button>/);
  });

  it('keep my picture and its keys while I wait', () => {
    const play = door(nobody({ name: 'Jonas' }), 'knock').on(
      { type: 'devices/permission', granted: true },
      { type: 'devices/opened', kind: 'camera', id: 'c1' },
      { type: 'join', video: true },
    );
    play.on({ type: 'join/waiting', attempt: play.state.attempt, hostPresent: false, at: 5_000 });
    const waiting = drawn(play.state);
    expect(waiting).toContain('Waiting for someone to let you in</h1>');
    expect(waiting).toContain('Nobody is in yet who could let you in.');
    expect(waiting).toContain('<video');
    expect(waiting).toContain('aria-label="Stop video"');
    expect(waiting).not.toContain('Ask again');
    expect(drawn(play.on({ type: 'told', event: { event: 'waiting', hostPresent: true, moved: false } }).state)).toContain('Those inside know that you are here.');
    expect(drawn(play.on({ type: 'timer', timer: { name: 'patience' } }).state)).toMatch(/Nobody has answered yet<[^]*Ask again/);
    const denied = drawn(play.on({ type: 'told', event: { event: 'denied' } }).state);
    expect(denied).toMatch(/You were not let in<\/h1>[^]*Ask again/);
    expect(denied).not.toContain('Waiting for someone');
    expect(clock(72_000)).toBe('1:12');
  });
});

const troubled = (camera: Trouble | null, microphone: Trouble | null): string => {
  const play = door(nobody({ name: 'Jonas' }), 'open').on({ type: 'devices/permission', granted: true });
  play.on({ type: 'devices/listed', list: [{ kind: 'camera', id: 'c1', label: 'Desk camera' }, { kind: 'microphone', id: 'm1', label: 'Headset' }] });
  play.on(camera ? { type: 'devices/failed', kind: 'camera', trouble: camera } : { type: 'devices/opened', kind: 'camera', id: 'c1' });
  play.on(microphone ? { type: 'devices/failed', kind: 'microphone', trouble: microphone } : { type: 'devices/opened', kind: 'microphone', id: 'm1' });
  return drawn(play.state);
};

describe('troubles with devices', () => {
  it('do not show a device by its name as if it worked', () => {
    const failed = troubled('failed', null);
    expect(failed).toContain('aria-label="Camera: Camera not working"');
    expect(failed).not.toContain('Desk camera');
    expect(troubled('stopped', null)).toContain('aria-label="Camera: Camera off"');
  });

  it('do not hide a picture that works because of a microphone that does not', () => {
    const doorPage = troubled(null, 'none');
    expect(doorPage).toContain('<video');
    expect(doorPage).toContain('No microphone was found');
    expect(doorPage).toMatch(/they will see you, but not hear you/);
    expect(troubled('none', null)).not.toContain('<video');
  });

  it('speak of one as one and of two as two, and of keys that are there', () => {
    const { browser } = fresh();
    const words = (trouble: Trouble, of: 'both' | 'camera', place: 'door' | 'call' = 'door'): string =>
      remedy(trouble, browser, of, place).map((text) => speech('en').text(text)).join(' ');
    for (const trouble of ['in-use', 'none', 'unplugged', 'failed', 'stopped'] as const) {
      expect(words(trouble, 'both')).not.toMatch(/\bit\b/i);
    }
    expect(words('unplugged', 'camera')).not.toContain('pick another');
    expect(words('stopped', 'camera')).toContain('Try again');
    expect(words('stopped', 'camera', 'call')).toContain('Turn it on');
    expect(say('again').key).toBe('again');
  });

  it('offer no keys where the page is not secure', () => {
    const { state } = atDoor();
    const insecure = drawn({ ...state, browser: { ...state.browser, media: 'insecure' } });
    expect(insecure).not.toContain('aria-label="Mute"');
    expect(insecure).not.toContain('aria-label="Stop video"');
    expect(insecure).not.toContain('Test the speaker');
    expect(insecure).toContain('Open this page by https.');
  });
});
