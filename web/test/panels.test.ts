import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { State } from '../src/core/state';
import { speech } from '../src/i18n/text';
import { cast } from '../src/core/selectors';
import type { Event as Told, MeetingState } from '../src/proto/api.gen';
import { answered } from '../src/proto/calls';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { Cards } from '../src/ui/meeting/Cards';
import { Controls } from '../src/ui/meeting/Controls';
import { FloorContext, floorOf } from '../src/ui/meeting/floor';
import { HandMark } from '../src/ui/meeting/HandMark';
import LeftScreen from '../src/ui/meeting/LeftScreen';
import Palette from '../src/ui/meeting/Palette';
import { Portrait } from '../src/ui/meeting/Portrait';
import Chat from '../src/ui/meeting/panels/Chat';
import { Tile } from '../src/ui/meeting/Tile';
import { TopBar } from '../src/ui/meeting/TopBar';
import { minutes } from '../src/ui/meeting/panels/HandRow';
import People from '../src/ui/meeting/panels/People';
import { kindOf, size } from '../src/ui/meeting/panels/when';
import { meetingState } from './beside';
import { inside, me, person, ROOM, type Play } from './helpers';

const nothing = () => () => undefined;
const SILENT: Ports = { attach: nothing, preview: nothing, level: nothing, speaking: nothing, smallWindow: nothing, everySecond: nothing, title: nothing, voicemail: () => ({ run: () => undefined, end: () => undefined }) };

function drawn(state: State, element: ReactElement): string {
  const store = createStore(state, () => () => undefined);
  const { page } = state;
  const floor = page.at === 'room' && page.phase.is === 'meeting' ? floorOf(store, page.phase) : null;
  return renderToStaticMarkup(createElement(
    HouseContext,
    { value: { store, ports: SILENT } },
    createElement(SpeechContext, { value: speech(state.settings.language) }, createElement(FloorContext, { value: floor }, element)),
  ));
}

const told = (event: Told) => ({ type: 'told', event }) as const;
const live = (change: Parameters<typeof meetingState>[0] = {}) => told({ event: 'meeting', state: meetingState(change) });
const JONAS = { person: 'jonas', name: 'Jonas', role: 'guest', since: 0 } as const;

const lines = (play: Play) => play.on(
  answered('messages', { name: 'messages', code: ROOM.code, before: null }, { ok: true, value: { messages: [], more: true } }),
  told({ event: 'message', message: {
    id: 'MS_1', from: 'ben', name: 'Ben', at: 1_000, text: '**Hello** <b>', edited: true, reactions: [{ emoji: '👍', people: ['me'] }],
    file: { id: 'FI_1', name: 'a"b.pdf', size: 1_200_000, kind: 'application/pdf' },
  } }),
  told({ event: 'message', message: { id: 'MS_2', from: 'ben', name: 'Ben', to: 'me', at: 2_000, text: 'psst', edited: false, replyTo: 'MS_1', reactions: [] } }),
);

const names = (html: string): readonly string[] => [...html.matchAll(/aria-label="([^"]+)"/g)].map((match) => match[1] ?? '');

const leave = (role: 'host' | 'member'): string => drawn(inside('ben').on(live({ role })).state, createElement(Controls)).split('aria-label="Leave"')[1] ?? '';

describe('the people panel', () => {
  it('shows who waits, whose hand is up and who is in, with roles', () => {
    const play = inside('ben').on(live({ role: 'host', waiting: [JONAS], hands: [{ person: 'ben', since: 1 }] }));
    const html = drawn(play.state, createElement(People));
    for (const words of ['At the door, 1', 'aria-label="Admit Jonas"', 'aria-label="Deny Jonas"', 'Admit all', 'Hands, 1', 'In the room, 2', 'Ines (you)', 'Co-host', 'Guest', 'Lower hand']) {
      expect(html).toContain(words);
    }
    expect(html).not.toContain('type="search"');
    expect(minutes(40_500)).toBe('0:40');
  });

  it('can be searched when there are many', () => {
    const people = Array.from({ length: 10 }, (_, index) => ({ person: `p${index}`, name: `P${index}`, role: 'member' as const, identities: [`p${index}`] }));
    expect(drawn(inside().on(live({ people })).state, createElement(People))).toContain('type="search"');
  });
});

describe('the chat panel', () => {
  it('draws lines, files, reactions and what is private, and what is new', () => {
    const play = lines(inside('ben').on(live())).on({ type: 'panel', panel: 'chat' });
    const html = drawn(play.state, createElement(Chat));
    for (const words of [
      '<strong>Hello</strong> &lt;b&gt;', 'changed', 'PDF, 1.2 MB', `/api/v1/rooms/${ROOM.code}/files/FI_1`, 'aria-pressed="true"', 'To you alone', 'Ben: Hello',
      'Earlier lines', 'daysep new', 'placeholder="Message everyone"',
    ]) expect(html).toContain(words);
  });

  it('takes no lines where only hosts may write', () => {
    const play = inside('ben').on(live({ policy: { ...meetingState().policy, chat: false } }));
    expect(drawn(play.state, createElement(Chat))).toContain('Only hosts may write at the moment.');
    expect(drawn(play.state, createElement(Chat))).not.toContain('<textarea');
  });

  it('names sizes and kinds', () => {
    const t = speech('fr');
    expect([size(t, 12), size(t, 26_000), size(t, 1_250_000)]).toEqual(['12 octets', '26 ko', '1,3 Mo']);
    expect([kindOf('a.tar.gz', 'application/gzip'), kindOf('plain', 'image/png')]).toEqual(['GZ', 'PNG']);
  });
});

describe('the bar', () => {
  it('has its keys in one order, with what is unread', () => {
    const play = inside('ben').on(live(), told({ event: 'message', message: { id: 'MS_1', from: 'ben', name: 'Ben', at: 1, text: 'x', edited: false, reactions: [] } }));
    const bar = names(drawn(play.state, createElement(Controls)));
    const order = ['Mute', 'Stop video', 'Share', 'Raise hand', 'React', 'Chat, 1 unread line', 'People', 'More', 'Leave'];
    expect(bar.filter((name) => order.includes(name))).toEqual(order);
    expect(bar).not.toContain('Host controls');
  });

  it('lets hosts choose how to leave, and others leave at once', () => {
    expect(leave('host')).toContain('aria-haspopup="menu"');
    expect(leave('member')).not.toContain('aria-haspopup="menu"');
  });
});

describe('the top bar', () => {
  it('says to everybody that the room is locked', () => {
    const { policy } = meetingState();
    const bar = (role: MeetingState['role'], locked: boolean): string =>
      drawn(inside('ben').on(live({ role, policy: { ...policy, locked } })).state, createElement(TopBar));
    expect(bar('guest', true)).toContain('aria-label="The room is locked: nobody new comes in"');
    expect(bar('host', true)).toContain('The room is locked');
    expect(bar('guest', false)).not.toContain('The room is locked');
  });
});

describe('cards', () => {
  it('come one at a time: the question to me, the knock, the last line', () => {
    const play = inside('ben').on(live({ role: 'host' }), told({ event: 'message', message: { id: 'MS_1', from: 'ben', name: 'Ben', at: 1, text: 'psst', edited: false, reactions: [] } }));
    expect(drawn(play.state, createElement(Cards))).toContain('psst');
    play.on(live({ role: 'host', waiting: [JONAS] }));
    expect(drawn(play.state, createElement(Cards))).toContain('Jonas is at the door');
    play.on({ type: 'devices/toggle', kind: 'microphone' }, told({ event: 'askedToUnmute' }));
    expect(drawn(play.state, createElement(Cards))).toContain('A host asks you to unmute');
  });

  it('mark a raised hand with its place', () => {
    const play = inside('ben').on(live({ hands: [{ person: 'me', since: 1 }, { person: 'ben', since: 2 }] }));
    expect(drawn(play.state, createElement(HandMark, { identity: 'ben' }))).toContain('Hand raised, number 2');
    expect(drawn(play.state, createElement(HandMark, { identity: 'x' }))).toBe('');
  });
});

describe('pictures of accounts', () => {
  const people = [
    { person: 'me', name: 'Ines', role: 'host', identities: ['me'] },
    { person: 'ben', name: 'Ben', avatar: '/ben.webp', role: 'member', identities: ['ben~1', 'ben~2'] },
  ] satisfies MeetingState['people'];

  it('are seen in the panel, at the door, beside a line and on the tile without video', () => {
    const play = inside('ben~1').on(live({ role: 'host', people, waiting: [{ ...JONAS, avatar: '/jonas.webp' }] }));
    const panel = drawn(play.state, createElement(People));
    expect(panel).toContain('src="/ben.webp"');
    expect(panel).toContain('src="/jonas.webp"');
    expect(drawn(play.state, createElement(Cards))).toContain('src="/jonas.webp"');
    const view = cast(play.state, play.meeting).others[0];
    if (!view) throw new Error('Ben is not there');
    expect(drawn(play.state, createElement(Tile, { view, ring: false }))).toContain('src="/ben.webp"');
    play.on(told({ event: 'message', message: { id: 'MS_1', from: 'ben', name: 'Ben', at: 1, text: 'psst', edited: false, reactions: [] } }));
    expect(drawn(play.state, createElement(Chat))).toContain('src="/ben.webp"');
  });

  it('are initials for those who have none, or are not there any more', () => {
    const play = inside('ben~1').on(live({ people }));
    expect(drawn(play.state, createElement(Portrait, { identity: 'me', name: 'Ines' }))).toContain('>I<');
    expect(drawn(play.state, createElement(Portrait, { identity: 'zoe', name: 'Zoe' }))).not.toContain('<img');
  });
});

/** The page after a meeting with Ben, who left, and Amara. */
const left = (role: MeetingState['role'], signedIn: boolean): string => {
  const play = inside('ben', 'ben~2').on(live({ role }));
  play.on({ type: 'call/people', people: [person('me'), person('amara', { name: 'Amara' })] });
  if (signedIn) play.state = { ...play.state, session: { is: 'known', me: me() } };
  play.on({ type: 'call/over', why: 'left', at: 2_000 });
  return drawn(play.state, createElement(LeftScreen, { left: play.phase('left'), code: ROOM.code }));
};

describe('the end', () => {
  it('offers no way back to whoever may not come', () => {
    const play = inside('ben').on(live(), told({ event: 'removed', mayReturn: false }), { type: 'call/over', why: 'removed', at: 2_000 });
    const html = drawn(play.state, createElement(LeftScreen, { left: play.phase('left'), code: ROOM.code }));
    expect(html).toContain('you cannot come back');
    expect(html).not.toContain('Rejoin');
  });

  it('shows who was in, also those who left before, and leads those who belong here to the room', () => {
    expect(left('member', true)).toMatch(/With BEN[^,]* and Amara\./);
    expect(left('member', true)).toContain(`href="/rooms/${ROOM.code}"`);
    expect(left('guest', true)).not.toContain(`href="/rooms/${ROOM.code}"`);
    expect(left('member', false)).not.toContain(`href="/rooms/${ROOM.code}"`);
  });

  it('names nobody to whoever was alone', () => {
    const play = inside().on({ type: 'call/over', why: 'left', at: 2_000 });
    expect(drawn(play.state, createElement(LeftScreen, { left: play.phase('left'), code: ROOM.code }))).not.toContain('With ');
  });
});

describe('the palette', () => {
  it('lists actions under a field', () => {
    const html = drawn(inside('ben').on(live()).state, createElement(Palette, { onClose: () => undefined }));
    expect(html).toContain('role="combobox"');
    expect(html).toContain('role="option"');
    expect(html).toContain('Raise hand');
  });
});
