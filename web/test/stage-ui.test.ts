import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { cast } from '../src/core/selectors';
import type { State } from '../src/core/state';
import { speech } from '../src/i18n/text';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { DressingCheck } from '../src/ui/kit/DressingSwitches';
import SettingsDialog from '../src/ui/kit/SettingsDialog';
import MeetingScreen from '../src/ui/meeting/MeetingScreen';
import { ShareTools } from '../src/ui/meeting/ShareTools';
import { Tile } from '../src/ui/meeting/Tile';
import { inside, person, type Play } from './helpers';

const nothing = (): (() => void) => () => undefined;
const PORTS: Ports = { attach: nothing, preview: nothing, level: nothing, speaking: nothing, smallWindow: nothing, everySecond: nothing, title: nothing, voicemail: () => ({ run: () => undefined, end: () => undefined }) };

function drawn(state: State, element: ReactElement): string {
  const store = createStore(state, () => () => undefined);
  const spoken = createElement(SpeechContext, { value: speech(state.settings.language) }, element);
  return renderToStaticMarkup(createElement(HouseContext, { value: { store, ports: PORTS } }, spoken));
}

function tile(play: Play, key: string, plain = false): string {
  const { mine, others, shares } = cast(play.state, play.meeting);
  const view = [...others, ...shares, ...(mine ? [mine] : [])].find((one) => one.key === key);
  if (!view) throw new Error(`no tile ${key}`);
  return drawn(play.state, createElement(Tile, { view, ring: true, plain }));
}

const sharing = (): Play =>
  inside('ben').on({ type: 'call/share' }, { type: 'call/shared', sharing: true }, { type: 'call/people', people: [person('me', { share: 's0' }), person('ben')] });

const screen = (play: Play): string => drawn(play.state, createElement(MeetingScreen));

describe('a tile', () => {
  it('says in words what it is: pinned, muted for me, paused, on a weak line', () => {
    const play = inside('ben').on(
      { type: 'call/people', people: [person('me'), person('ben', { microphone: false, connection: 'weak', share: 's1', sharePaused: true })] },
      { type: 'stage/pin', key: 'ben' }, { type: 'view/hush', identity: 'ben' },
    );
    expect(tile(play, 'ben')).toContain('aria-label="BEN, muted, Muted for me, Pinned"');
    expect(tile(play, 'ben')).toContain('Weak connection');
    expect(tile(play, 'ben/share')).toMatch(/aria-label="BEN’s screen, Muted for me, Paused"/);
    expect(tile(play, 'ben/share')).toContain('<span>Paused</span>');
    expect(tile(inside('ben'), 'ben')).not.toMatch(/class="mark |Weak|Pinned</);
  });

  it('covers a picture that the server holds back, which keeps its place', () => {
    const play = inside('ben').on({ type: 'call/people', people: [person('me'), person('ben', { camera: 'v1', cameraHeld: true })] });
    expect(tile(play, 'ben')).not.toContain('Paused');
    play.on({ type: 'timer', timer: { name: 'held' } });
    expect(tile(play, 'ben')).toMatch(/class="[^"]* none [^"]*held[^"]*"[^]*aria-label="BEN, Paused"[^]*class="cameo[^]*<video/);
    expect(screen(play)).toContain('Video of others is paused to keep the sound good');
    expect(screen(inside('ben'))).not.toContain('paused to keep');
  });

  it('has its buttons, but not in the small window, and mine has no volume', () => {
    expect(tile(inside('ben'), 'ben')).toMatch(/aria-label="Pin"[^]*aria-label="Mute for me"[^]*aria-label="Options for BEN"/);
    expect(tile(inside('ben'), 'me')).not.toContain('Mute for me');
    expect(tile(inside('ben'), 'ben', true)).not.toContain('<button');
  });
});

describe('the meeting’s screen', () => {
  it('shows a bar to whoever shares, with pause, tuning and stop', () => {
    expect(screen(inside('ben'))).not.toContain('Your shared screen');
    const play = sharing();
    expect(screen(play)).toMatch(/aria-label="Your shared screen"[^]*Pause[^]*role="radio"[^>]*aria-checked="true"[^>]*>Text[^]*Stop sharing/);
    play.on({ type: 'share/pause' });
    expect(screen(play)).toMatch(/Your share is paused[^]*Resume/);
  });
});

describe('noise suppression and blur', () => {
  it('are offered where they were tried, in the menus and in the settings', () => {
    const { state } = inside('ben').on({ type: 'view/dress', dressing: 'noise', on: true });
    const settings = drawn(state, createElement(SettingsDialog, { onClose: () => undefined }));
    expect(settings).toMatch(/role="switch"[^>]*aria-checked="true"[^>]*><span[^>]*>Noise suppression/);
    expect(settings).toMatch(/role="switch"[^>]*aria-checked="false"[^>]*><span[^>]*>Background blur/);
    expect(drawn(state, createElement(DressingCheck, { dressing: 'noise' }))).toMatch(/role="menuitemcheckbox" aria-checked="true"/);
    const elsewhere: State = { ...state, browser: { ...state.browser, dressing: { noise: false, blur: false } } };
    expect(drawn(elsewhere, createElement(SettingsDialog, { onClose: () => undefined }))).not.toMatch(/Noise|blur/);
    expect(drawn(elsewhere, createElement(DressingCheck, { dressing: 'blur' }))).toBe('');
  });
});

describe('the tools of a shared screen', () => {
  it('begin with all of it, and leave out full screen where there is none', () => {
    const { state } = inside('ben');
    expect(drawn(state, createElement(ShareTools))).toMatch(/aria-label="Zoom"[^]*Farther[^]*Fit[^]*Closer[^]*Full screen/);
    expect(drawn({ ...state, browser: { ...state.browser, fullscreen: false } }, createElement(ShareTools))).not.toContain('Full screen');
  });
});
