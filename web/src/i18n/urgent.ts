// Who rings though somebody does not want to be disturbed: what both read of it.

import type { Own } from './own';

const en = {
  'mine': 'You are not to be disturbed; favourites still ring.',
  'theirs': '{name} does not want to be disturbed; your call rings all the same.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'mine': 'On ne doit pas vous déranger\u202f; les favoris sonnent encore.',
  'theirs': '{name} ne veut pas être dérangé\u202f; votre appel sonne quand même.',
};

export const URGENT: Own<keyof typeof en> = { en, fr };
