// The screens of what comes now and then: no network, alone in a room, the list of notices, the offer to install.

import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { State } from '../src/core/state';
import { say, speech } from '../src/i18n/text';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';
import { Waiting } from '../src/ui/frame/Waiting';
import NoticesDialog from '../src/ui/kit/NoticesDialog';
import SettingsDialog from '../src/ui/kit/SettingsDialog';
import { Cards } from '../src/ui/meeting/Cards';
import { Controls } from '../src/ui/meeting/Controls';
import { FloorContext, floorOf } from '../src/ui/meeting/floor';
import { Markdown } from '../src/ui/meeting/panels/Markdown';
import { TopBar } from '../src/ui/meeting/TopBar';
import { RoomTrouble } from '../src/ui/prejoin/RoomTrouble';
import { fresh, inside, person, ROOM } from './helpers';

const nothing = () => () => undefined;
const SILENT: Ports = { attach: nothing, preview: nothing, level: nothing, speaking: nothing, smallWindow: nothing, everySecond: nothing, title: nothing, voicemail: () => ({ run: () => undefined, end: () => undefined }) };
const close = () => undefined;

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

describe('without an answer', () => {
  const page = { at: 'waiting', route: { to: 'start' }, trouble: say('trouble.network') } as const;
  const room = { at: 'room', code: ROOM.code, fresh: false, phase: { is: 'unreachable', text: say('trouble.network') } } as const;

  it('the page says which of the two it is, and what to do', () => {
    for (const element of [createElement(Waiting, { page }), createElement(RoomTrouble, { page: room, phase: room.phase })]) {
      expect(drawn(fresh(), element)).toMatch(/The server does not answer.*tries again by itself.*Try again/s);
      expect(drawn({ ...fresh(), online: false }, element)).toMatch(/You are offline.*Check the cable/s);
      expect(drawn({ ...fresh({ language: 'fr' }), online: false }, element)).toContain('Vous êtes hors ligne');
    }
  });

  it('an answer that says no keeps its own words', () => {
    expect(drawn(fresh(), createElement(Waiting, { page: { ...page, trouble: say('trouble.stopping') } }))).toContain('The server is restarting');
  });
});

describe('in the meeting', () => {
  it('whoever is alone is asked, once the time is up', () => {
    const play = inside();
    expect(drawn(play.state, createElement(Cards))).not.toContain('Still there?');
    play.on({ type: 'timer', timer: { name: 'alone' }, at: 1_000 });
    expect(drawn(play.state, createElement(Cards))).toMatch(/Still there\?.*role="timer".*Leave.*I am here/s);
  });

  it('a page that is not secure says at its keys why they cannot work', () => {
    const { state } = inside();
    expect(drawn(state, createElement(Controls))).not.toContain('unable');
    const bar = drawn({ ...state, browser: { ...state.browser, media: 'insecure' } }, createElement(Controls));
    expect(bar).toMatch(/class="key unable" aria-label="Unmute"[^>]*title="The browser gives microphones to secure pages only\. Open this page by https/);
    expect(bar).toMatch(/class="key unable" aria-label="Start video"/);
    expect(bar).not.toContain('Camera devices');
  });

  it('a room without a name is called in the language of the person', () => {
    const { state, meeting } = inside();
    const unnamed = (language: 'en' | 'fr'): State => {
      const { page } = state;
      if (page.at !== 'room') throw new Error('not in a room');
      return { ...state, settings: { ...state.settings, language }, page: { ...page, phase: { ...meeting, title: 'Meeting' } } };
    };
    expect(drawn(unnamed('fr'), createElement(TopBar))).toContain('>Réunion</h1>');
    expect(drawn(unnamed('en'), createElement(TopBar))).toContain('>Meeting</h1>');
  });

  it('my own name stands out among those that are mentioned', () => {
    const html = drawn(fresh(), createElement(Markdown, { source: '@Ines and **@Ben**, @Benno', names: ['Ines', 'Ben'], me: 'Ines' }));
    expect(html).toContain('<span class="mention me">@Ines</span>');
    expect(html).toContain('<span class="mention">@Ben</span>');
    expect(html).toContain(', @Benno');
  });
});

describe('the dialogs', () => {
  it('list every notice, the newest first', () => {
    const play = inside().on({ type: 'call/people', people: [person('me'), person('amara')] }, { type: 'timer', timer: { name: 'stamp' }, at: 60_000 });
    play.on({ type: 'call/people', people: [person('me')] });
    expect(drawn(play.state, createElement(NoticesDialog, { onClose: close }))).toMatch(/AMARA left.*AMARA joined.*<time/s);
    expect(drawn(fresh(), createElement(NoticesDialog, { onClose: close }))).toContain('Nothing yet.');
  });

  it('offer installing where the browser does', () => {
    const settings = createElement(SettingsDialog, { onClose: close });
    expect(drawn(fresh(), settings)).not.toContain('Install');
    expect(drawn({ ...fresh(), installable: true }, settings)).toContain('Install Parlor');
    expect(drawn(fresh(), settings)).toMatch(/Contrast.*System.*More.*Normal/s);
  });
});
