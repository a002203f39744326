// Theme, contrast, language, the dialogs that may be open, and the word after copying.

import { say } from '../i18n/text';
import { ask } from './calls';
import type { Effect } from './effect';
import type { Event } from './event';
import type { Settings, State } from './state';
import { announce, remember, toast, type Step } from './step';

type SettingsEvent = Extract<Event, { type: 'overlay' | 'copied' | `settings/${string}` }>;

export function settings(state: State, event: SettingsEvent): Step {
  switch (event.type) {
    case 'overlay':
      return [{ ...state, overlay: event.show }, event.show === 'palette' ? asks(state) : []];
    case 'settings/theme':
      return dress(state, { theme: event.theme });
    case 'settings/contrast':
      return dress(state, { contrast: event.contrast });
    case 'settings/language':
      return dress(state, { language: event.language });
    case 'settings/letter-keys':
      return remember({ ...state, settings: { ...state.settings, letterKeys: event.on } });
    case 'settings/ask-alone':
      return remember({ ...state, settings: { ...state.settings, askAlone: event.on } });
    case 'copied': {
      const text = say(event.done ? 'copied' : 'copy.failed');
      return toast(announce(state, text), text, event.done ? 'plain' : 'trouble');
    }
  }
}

/** Outside of meetings the palette lists my rooms. */
const asks = ({ session, page }: State): readonly Effect[] =>
  (session.is === 'known' && !(page.at === 'room' && page.phase.is === 'meeting') ? [ask({ name: 'rooms' })] : []);

function dress(state: State, change: Partial<Settings>): Step {
  const next: State = { ...state, settings: { ...state.settings, ...change } };
  return [next, [
    { type: 'dress', settings: next.settings },
    { type: 'remember', settings: next.settings, devices: next.devices },
  ]];
}
