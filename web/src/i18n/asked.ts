// The card of a meeting that I am asked into.

import type { Own } from './own';

const en = {
  'invites': 'Invites you to {title}',
  'invites.unnamed': 'Invites you to a meeting',
  'come': 'Come in',
  'leave': 'Leave and come in',
  'coming': 'Opening the door…',
  'not-now': 'Not now',
  'more': 'Others invite you too.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'invites': 'Vous invite à {title}',
  'invites.unnamed': 'Vous invite à une réunion',
  'come': 'Entrer',
  'leave': 'Quitter et entrer',
  'coming': 'La porte s’ouvre…',
  'not-now': 'Pas maintenant',
  'more': 'D’autres vous invitent aussi.',
};

export const ASKED: Own<keyof typeof en> = { en, fr };
