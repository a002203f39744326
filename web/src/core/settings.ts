// Theme, contrast, language, the dialogs that may be open, and the word after copying.

import { say } from '../i18n/text';
import { ask } from './calls';
import type { Effect } from './effect';
import type { Event } from './event';
import { deedName, keyText, withKey, withoutChange, type Keymap } from './shortcuts';
import type { Settings, State } from './state';
import { announce, remember, toast, type Step } from './step';

type SettingsEvent = Extract<Event, { type: 'overlay' | 'copied' | `settings/${string}` }>;

export function settings(state: State, event: SettingsEvent): Step {
  switch (event.type) {
    case 'overlay':
      return [{ ...state, overlay: event.show }, event.show === 'palette' ? asks(state) : event.show === 'settings' ? looks(state) : []];
    case 'settings/theme':
      return dress(state, { theme: event.theme });
    case 'settings/contrast':
      return dress(state, { contrast: event.contrast });
    case 'settings/language':
      return dress(state, { language: event.language });
    case 'settings/letter-keys':
      return remember({ ...state, settings: { ...state.settings, letterKeys: event.on } });
    case 'settings/key': {
      const { keys } = state.settings;
      const name = deedName(event.deed);
      const said = event.key === null ? say('keys.none.said', { name }) : say('keys.set.said', { name, key: keyText(event.key) });
      return keep(announce(state, said), withKey(keys, event.deed, event.slot, event.key));
    }
    case 'settings/keys-reset':
      return event.deed === null
        ? keep(announce(state, say('keys.reset-all.said')), {})
        : keep(announce(state, say('keys.reset.said', { name: deedName(event.deed) })), withoutChange(state.settings.keys, event.deed));
    case 'settings/ask-alone':
      return remember({ ...state, settings: { ...state.settings, askAlone: event.on } });
    case 'copied': {
      const text = say(event.done ? 'copied' : 'copy.failed');
      return toast(announce(state, text), text, event.done ? 'plain' : 'trouble');
    }
  }
}

const keep = (state: State, keys: Keymap): Step => remember({ ...state, settings: { ...state.settings, keys } });

/** At a door the palette lists my rooms; on pages the search fetches what it looks through. */
const asks = ({ session, page }: State): readonly Effect[] =>
  (session.is === 'known' && page.at === 'room' && page.phase.is !== 'meeting' ? [ask({ name: 'rooms' })] : []);

/** Where calls can ring is chosen there; in a room it is known which devices there are. */
const looks = ({ session, page }: State): readonly Effect[] => (session.is === 'known' && page.at !== 'room' ? [{ type: 'devices/look' }] : []);

function dress(state: State, change: Partial<Settings>): Step {
  const next: State = { ...state, settings: { ...state.settings, ...change } };
  return [next, [
    { type: 'dress', settings: next.settings },
    { type: 'remember', settings: next.settings, devices: next.devices },
  ]];
}
