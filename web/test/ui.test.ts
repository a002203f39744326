import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Event } from '../src/core/event';
import { remedy } from '../src/core/remedy';
import { cast } from '../src/core/selectors';
import type { Meeting, State } from '../src/core/state';
import { lasted } from '../src/core/report';
import { say, speech } from '../src/i18n/text';
import { system } from '../src/io/browser';
import { keep, recall } from '../src/io/storage';
import type { Ports } from '../src/ports';
import { createStore, type Store } from '../src/store';
import { App } from '../src/ui/App';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { arrives } from '../src/ui/kit/arrival';
import HelpDialog from '../src/ui/kit/HelpDialog';
import SettingsDialog from '../src/ui/kit/SettingsDialog';
import { DeviceChoices } from '../src/ui/kit/DevicePick';
import { looksAway } from '../src/ui/kit/facing';
import { saidSince } from '../src/ui/kit/Notices';
import { along } from '../src/ui/kit/Seg';
import { pressed, type Press } from '../src/ui/kit/shortcuts';
import { floorOf, sameCast } from '../src/ui/meeting/floor';
import { layoutChoices } from '../src/ui/meeting/layouts';
import { Tile } from '../src/ui/meeting/Tile';
import { atDoor, fresh, inside, person, Play } from './helpers';
import { MeetingScreen } from '../src/ui/meeting/part';

beforeAll(MeetingScreen.fetch);

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

const storeOf = (state: State): Store => createStore(state, () => () => undefined);

function drawn(state: State, element?: ReactElement): string {
  const house = { store: storeOf(state), ports: SILENT };
  if (!element) return renderToStaticMarkup(createElement(App, { house }));
  return renderToStaticMarkup(
    createElement(HouseContext, { value: house }, createElement(SpeechContext, { value: speech(state.settings.language) }, element)),
  );
}

const press = (key: string, change: Partial<Press> = {}): Press => ({
  key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false, isComposing: false, defaultPrevented: false, ...change,
});

const muted = (): Play => inside('ben').on({ type: 'devices/toggle', kind: 'microphone' });

const withMeeting = (state: State, change: Partial<Meeting>): State =>
  state.page.at === 'room' && state.page.phase.is === 'meeting'
    ? { ...state, page: { ...state.page, phase: { ...state.page.phase, ...change } } }
    : state;

const stream = (facingMode?: string): MediaStream => Object.assign(Object.create(null), {
  getVideoTracks: () => [{ getSettings: () => ({ facingMode }) }],
});

describe('keys without a field', () => {
  it('leave modifiers alone that nobody claimed', () => {
    expect(pressed(press('m'), true)).toBe('m');
    expect(pressed(press('M'), true)).toBe('m'); // Caps Lock
    expect(pressed(press('d', { ctrlKey: true }), true)).toBe('ctrl+d');
    expect(pressed(press('S', { shiftKey: true }), true)).toBe('shift+s');
    expect(pressed(press('S', { shiftKey: true }), false)).toBeNull();
    expect(pressed(press('Q', { shiftKey: true }), true)).toBe('shift+q'); // a name that nothing has, until somebody gives it
    expect(pressed(press('D', { shiftKey: true, ctrlKey: true }), true)).toBe('ctrl+shift+d'); // a name that a call has while it rings
    expect(pressed(press('F6', { shiftKey: true, ctrlKey: true }), true)).toBeNull();
    expect(pressed(press('F6', { shiftKey: true }), true)).toBeNull();
    expect(pressed(press(' ', { shiftKey: true }), true)).toBeNull();
    expect(pressed(press('m', { altKey: true }), true)).toBeNull();
    expect(pressed(press('m', { metaKey: true }), true)).toBeNull();
    expect(pressed(press('k', { metaKey: true }), false), 'the search, on a Mac').toBe('meta+k');
    expect(pressed(press('K', { metaKey: true, shiftKey: true }), true)).toBeNull();
    expect(pressed(press('m', { repeat: true }), true)).toBeNull();
    // Many keyboards write these with Shift.
    expect(pressed(press('?', { shiftKey: true }), true)).toBe('?');
    expect(pressed(press('/', { shiftKey: true, ctrlKey: true }), true)).toBe('ctrl+/');
  });

  it('do nothing without Ctrl when letters are switched off', () => {
    for (const key of ['m', '?', ' ']) expect(pressed(press(key), false)).toBeNull();
    expect(pressed(press('e', { ctrlKey: true }), false)).toBe('ctrl+e');
    expect(pressed(press('F6'), false)).toBe('f6');
  });

  it('are switched in the settings, and stay so for the next visit', () => {
    const play = new Play(fresh()).on({ type: 'settings/letter-keys', on: false });
    expect(play.state.settings.letterKeys).toBe(false);
    const asked = play.asked('remember');
    const kept = new Map<string, string>();
    vi.stubGlobal('navigator', { languages: ['en'] });
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    expect(recall().settings.letterKeys).toBe(true);
    if (asked) keep(asked.settings, asked.devices);
    expect(recall().settings.letterKeys).toBe(false);
  });

  it('are neither offered nor listed while they are off', () => {
    const on = drawn(inside('ben').state);
    expect(on).toContain('title="Mute (M)"');
    expect(on).toContain('aria-keyshortcuts="M Control+D"');
    const off = drawn(inside('ben').on({ type: 'settings/letter-keys', on: false }).state);
    expect(off).toContain('title="Mute (Ctrl D)"');
    expect(off).toContain('aria-keyshortcuts="Control+D"');
    expect(off).not.toContain('(S)');
    const help = drawn(inside('ben').on({ type: 'settings/letter-keys', on: false }).state, createElement(HelpDialog, { onClose: () => undefined }));
    expect(help).toContain('<kbd>Ctrl D</kbd>');
    expect(help).not.toContain('<kbd>M</kbd>');
  });

  afterEach(() => vi.unstubAllGlobals());
});

describe('talking while a key is held', () => {
  it('opens the microphone for as long, and no habit comes of it', () => {
    const play = muted().on({ type: 'talk', on: true });
    expect(play.asked('call/switch')).toMatchObject({ kind: 'microphone', on: true });
    expect(play.state.devices.microphone.wanted).toBe(true);
    expect(play.asked('remember')).toBeUndefined();
    play.on({ type: 'talk', on: false });
    expect(play.asked('call/switch')).toMatchObject({ kind: 'microphone', on: false });
    expect(play.state.devices.microphone.wanted).toBe(false);
  });

  it('changes nothing where that is so already', () => {
    expect(inside('ben').on({ type: 'talk', on: true }).effects).toEqual([]);
    expect(muted().on({ type: 'talk', on: false }).effects).toEqual([]);
  });

  it('does not leave anybody open who lets go after the meeting', () => {
    const play = muted().on({ type: 'talk', on: true }, { type: 'home' }, { type: 'talk', on: false });
    expect(play.state.devices.microphone.wanted).toBe(false);
    expect(play.asked('call/switch')).toBeUndefined();
    expect(play.on({ type: 'talk', on: true }).state.devices.microphone.wanted).toBe(false);
  });
});

describe('what the parts of the meeting read', () => {
  it('stays the same value when only somebody speaks', () => {
    const { state, meeting } = inside('ben', 'eve');
    const before = cast(state, meeting);
    const after = withMeeting(state, { spoke: { ben: 2_000 }, foremost: 'ben' });
    const spoken = new Play(after).meeting;
    expect(cast(after, spoken)).not.toBe(before);
    expect(sameCast(before, cast(after, spoken))).toBe(before);
  });

  it('changes for the one tile that changed', () => {
    const { state, meeting } = inside('ben', 'eve');
    const before = cast(state, meeting);
    // The session tells everybody anew each time.
    const people = [person('me'), person('ben', { microphone: false }), person('eve')];
    const after = sameCast(before, cast(state, { ...meeting, people }));
    expect(after).not.toBe(before);
    expect(after.others[0]).not.toBe(before.others[0]);
    expect(after.others[0]?.muted).toBe(true);
    expect(after.others[1]).toBe(before.others[1]);
    expect(after.mine).toBe(before.mine);
    expect(after.shares).toBe(before.shares);
  });

  it('is one value for one state, and stays when the meeting is over', () => {
    const { state, meeting } = inside('ben');
    const store = storeOf(state);
    const floor = floorOf(store, meeting);
    const there = floor.cast();
    expect(floor.cast()).toBe(there);
    expect(floor.meeting()).toBe(meeting);
    store.dispatch({ type: 'overlay', show: 'help' });
    expect(floor.cast()).toBe(there);
    store.dispatch({ type: 'stage/layout', layout: 'speaker' });
    expect(floor.meeting().layout).toBe('speaker');
    expect(floor.cast()).toBe(there);
    store.dispatch({ type: 'home' });
    expect(floor.cast()).toBe(there);
    expect(floor.meeting().layout).toBe('speaker');
  });

  it('has the same choice of layouts for the same stage', () => {
    const { state, meeting } = inside('ben', 'eve');
    expect(layoutChoices(cast(state, meeting))).toBe(layoutChoices(cast(state, meeting)));
    expect(layoutChoices(cast(inside('ben').state, inside('ben').meeting))).toEqual([]);
  });
});

describe('the screens', () => {
  it('show the word about the link beside the card that offers it', () => {
    const inviting = withMeeting(inside().state, { inviting: true });
    const page = drawn(new Play(inviting).on({ type: 'copied', done: true }).state);
    expect(page).toContain('Your meeting is ready');
    expect(page).toMatch(/class="toast"[^]*Link copied\./);
  });

  it('have a heading that can be landed on', () => {
    const left: Event = { type: 'route', route: { to: 'room', code: 'x' } };
    for (const state of [fresh(), atDoor().state, inside('ben').state, new Play(fresh()).on(left, { type: 'room/unknown', code: 'x' }).state]) {
      expect(drawn(state).match(/<h1[^>]*tabindex="-1"[^>]*data-landing="true"/gi)).toHaveLength(1);
    }
  });

  it('are named in the window, and the way in is said', () => {
    const entering = atDoor().on({ type: 'join', video: true });
    const { attempt } = entering.state;
    entering.on({ type: 'call/entered', attempt, title: 'Tuesday planning', me: 'me', people: [person('me')], soundBlocked: false, at: 1_000 });
    expect(entering.state.said.map(({ text }) => text)).toEqual([say('meeting.entered', { title: 'Tuesday planning' })]);
    const play = inside('ben');
    const gone = play.on({ type: 'call/over', attempt: play.state.attempt, why: 'left', at: 2_000 });
    expect(gone.asked('title')).toEqual({ type: 'title', title: null });
    const door = atDoor().on({ type: 'route', route: { to: 'room', code: 'an-other' } });
    expect(door.asked('title')).toEqual({ type: 'title', title: null });
    const joining = atDoor().on({ type: 'join', video: true });
    expect(joining.on({ type: 'join/unknown', attempt: joining.state.attempt }).asked('title')).toEqual({ type: 'title', title: null });
  });

  it('are landed on when they change, but not as the first of a visit', () => {
    expect(arrives(null, 'start')).toBe(false);
    expect(arrives(null, 'prejoin')).toBe(false);
    expect(arrives('start', 'looking')).toBe(false);
    expect(arrives('start', 'prejoin')).toBe(true);
    expect(arrives('meeting', 'left')).toBe(true);
    expect(arrives('prejoin', 'prejoin')).toBe(false);
  });

  it('tell troubles inside an open dialog, since all else is inert', () => {
    const text = 'The link could not be copied.';
    const told = inside('ben').on({ type: 'overlay', show: 'settings' }, { type: 'copied', done: false }).state;
    expect(drawn(told)).not.toContain('class="toast"');
    const [, dialog = ''] = drawn(told, createElement(SettingsDialog, { onClose: () => undefined })).split('<dialog');
    expect(dialog.split('</dialog>')[0]).toContain('role="status"');
    expect(dialog.split('</dialog>')[0]).toMatch(new RegExp(`class="toast"[^]*${text}`));
  });

  it('name languages in their own language, and offer the switch for letters', () => {
    const page = drawn(fresh(), createElement(SettingsDialog, { onClose: () => undefined }));
    expect(page).toMatch(/<button[^>]*lang="fr"[^>]*>Français/);
    expect(page).toMatch(/role="switch"[^>]*aria-checked="true"/);
  });

  it('keep the badge of a share on small windows', () => {
    const page = drawn(inside('ben').state);
    expect(page).not.toContain('You are sharing your screen');
    const sharing = withMeeting(inside('ben').state, { sharing: 'yes' });
    expect(drawn(sharing)).toMatch(/title="You are sharing your screen"[^]*<span>You are sharing your screen<\/span>/);
  });

  it('give a list of devices as a group of choices, and say when there is none', () => {
    const two = atDoor().on({ type: 'devices/listed', list: [{ kind: 'camera', id: 'c1', label: 'Front' }, { kind: 'camera', id: 'c2', label: 'Back' }] }).state;
    const some = drawn(two, createElement(DeviceChoices, { kind: 'camera' }));
    expect(some).toContain('role="group" aria-label="Camera"');
    expect(some.match(/role="menuitemradio"/g)).toHaveLength(2);
    const none = drawn(fresh(), createElement(DeviceChoices, { kind: 'camera' }));
    expect(none).toMatch(/role="menuitem" aria-disabled="true"[^>]*>No camera/);
  });

  it('name a tile by the words of the language', () => {
    const { state, meeting } = inside('ben');
    const [ben] = cast(state, { ...meeting, people: [person('me'), person('ben', { microphone: false })] }).others;
    if (!ben) throw new Error('nobody there');
    expect(drawn(state, createElement(Tile, { view: ben, ring: false }))).toContain('aria-label="BEN, muted"');
  });
});

describe('the small things', () => {
  it('walk a bar along the line', () => {
    expect(along('ArrowRight', false)).toBe(1);
    expect(along('ArrowRight', true)).toBe(-1);
    expect(along('ArrowLeft', true)).toBe(1);
    expect(along('ArrowDown', true)).toBe(1);
    expect(along('Enter', false)).toBe(0);
  });

  it('do not mirror what a camera on the back sees', () => {
    expect(looksAway(stream('environment'))).toBe(true);
    expect(looksAway(stream('user'))).toBe(false);
    expect(looksAway(stream())).toBe(false);
    expect(looksAway(null)).toBe(false);
  });

  it('know an iPad, and send people to where its settings are', () => {
    const agent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
    expect(system(agent, 5)).toBe('ios');
    expect(system(agent, 0)).toBe('macos');
    const { browser } = fresh();
    const keys = (family: typeof browser.family): readonly string[] => remedy('refused-browser', { ...browser, system: 'ios', family }, 'both', 'door').map(({ key }) => key);
    expect(keys('safari')[0]).toBe('remedy.browser.ios.1');
    expect(keys('chromium')[0]).toBe('remedy.system.ios.1');
  });

  it('do not say again what was said before', () => {
    const said = [1, 2, 3].map((id) => ({ id, text: say('copied') }));
    expect(saidSince(said, 2).map((one) => one.id)).toEqual([3]);
    expect(saidSince(said, 0)).toHaveLength(3);
  });

  it('join times and names by the rules of the language', () => {
    expect(lasted(speech('en'), 3_900_000)).toBe('1 hour and 5 minutes');
    expect(lasted(speech('fr'), 3_900_000)).toBe('1 heure et 5 minutes');
    const view = atDoor();
    const crowd: State = view.state.page.at === 'room'
      ? { ...view.state, page: { ...view.state.page, phase: { ...view.prejoin, view: { ...view.prejoin.view, count: 5, present: ['Ada', 'Ben', 'Eve', 'Kay'].map((name) => ({ identity: name, name })) } } } }
      : view.state;
    expect(drawn(crowd)).toContain('Ada, Ben, Eve, and 2 more are in');
  });

  it('frame a name that runs against its sentence', () => {
    const t = speech('en');
    expect(t('meeting.joined', { name: 'Amara' })).toBe('Amara joined');
    expect(t('meeting.joined', { name: 'שרה' })).toBe('\u2068שרה\u2069 joined');
    expect(t.list(['Ben', 'عمر'])).toBe('Ben and \u2068عمر\u2069');
  });
});
