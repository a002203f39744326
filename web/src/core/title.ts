// What a room is called on the screen, and in the title of the window.

import { say, speech, type Speech, type Text } from '../i18n/text';
import type { Effect } from './effect';
import type { State } from './state';

/** What the server calls a room that nobody gave a name. People read it in their own language. */
const UNNAMED = 'Meeting';

/** Whether nobody gave a room a name. */
export const isUnnamed = (title: string): boolean => title === '' || title === UNNAMED;

/** In a sentence that is said later. */
export const calledText = (title: string): string | Text => (title === UNNAMED ? say('room.unnamed') : title);

/** In the language of a screen. */
export const called = (t: Speech, title: string): string => (title === UNNAMED ? t('room.unnamed') : title);

/** The title of the window, with the number of unread lines before it; nothing is the name of the house alone. */
export function windowTitle(state: Pick<State, 'settings'>, title: string | null, unread = 0): Effect {
  if (title === null) return { type: 'title', title: null };
  const name = called(speech(state.settings.language), title);
  return { type: 'title', title: unread === 0 ? name : `(${unread}) ${name}` };
}
