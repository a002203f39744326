// The keypad of a call.

import type { Own } from './own';

const en = {
  'keypad': 'Keypad',
  'close': 'Close the keypad',
  'hint': 'Everybody in the call hears the keys.',
  'pressed': 'Pressed so far',
  'star': 'Star',
  'hash': 'Hash',
  'rests': 'The call is on hold: keys reach nobody until it goes on.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'keypad': 'Clavier',
  'close': 'Fermer le clavier',
  'hint': 'Tout le monde dans l’appel entend les touches.',
  'pressed': 'Touches pressées',
  'star': 'Étoile',
  'hash': 'Dièse',
  'rests': 'L’appel est en attente\u202f: les touches n’atteignent personne avant la reprise.',
};

export const KEYPAD: Own<keyof typeof en> = { en, fr };
