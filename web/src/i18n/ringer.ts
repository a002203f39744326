// Where calls that come in ring.

import type { Own } from './own';

const en = {
  'title': 'Ring on',
  'same': 'Same as the speaker',
  'text': 'Calls that come in ring there. While you are in a call, the next one rings softly where you hear it.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Sonner sur',
  'same': 'Comme le haut-parleur',
  'text': 'Les appels entrants y sonnent. Pendant un appel, le suivant sonne doucement là où vous l’entendez.',
};

export const RINGER: Own<keyof typeof en> = { en, fr };
