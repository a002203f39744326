// The offer that this browser tells of calls.

import type { Own } from './own';

const en = {
  'title': 'Let this browser tell you when somebody calls',
  'text': 'Also while another window is in front and, where the browser can, while Parlor is closed.',
  'on': 'Turn on',
  'not-now': 'Not now',
  'on.of': 'Turn on notices of calls',
  'not-now.of': 'Not now: no notices of calls',
  'done': 'This browser tells you when somebody calls.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Laisser ce navigateur vous prévenir quand quelqu’un appelle',
  'text': 'Aussi quand une autre fenêtre est devant et, si le navigateur le peut, quand Parlor est fermé.',
  'on': 'Activer',
  'not-now': 'Pas maintenant',
  'on.of': 'Activer les avis d’appels',
  'not-now.of': 'Pas maintenant\u202f: pas d’avis d’appels',
  'done': 'Ce navigateur vous prévient quand quelqu’un appelle.',
};

export const OFFER: Own<keyof typeof en> = { en, fr };
