// The card that says that somebody is free, where it says more than cards of calls do.

import type { Own } from './own';

const en = {
  'leave': 'Leave and call {name}',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'leave': 'Quitter et appeler {name}',
};

export const FREE: Own<keyof typeof en> = { en, fr };
