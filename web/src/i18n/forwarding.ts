// What becomes of calls to me: where they go, and who rings all the same.

import type { Own } from './own';

const en = {
  'title': 'Calls to me',
  'lead': 'Where a call goes that is not to ring here. A call is forwarded once.',
  'always': 'Every call',
  'always.text': 'Nothing rings here then.',
  'busy': 'When I am busy',
  'busy.text': 'In a call, or not to be disturbed.',
  'unanswered': 'When I do not answer',
  'unanswered.text': 'It rang for its time, or no device was there.',
  'nobody': 'Not forwarded',
  'voicemail': 'Voicemail',
  'person': 'Somebody else…',
  'gone': 'Somebody who is not here any more',
  'to': '{when}: {where}',
  'pick': 'Forward to whom',
  'forward.to': 'Forward to {name}',
  'favourites': 'Favourites may ring all the same',
  'favourites.text': 'Favourites of your contacts ring though you do not want to be disturbed, unless you are in a call.',
  'kept': 'Saved: it counts from the next call on.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Appels que je reçois',
  'lead': 'Où va un appel qui ne doit pas sonner ici. Un appel n’est renvoyé qu’une fois.',
  'always': 'Tous les appels',
  'always.text': 'Rien ne sonne ici alors.',
  'busy': 'Quand je suis occupé',
  'busy.text': 'En communication, ou à ne pas déranger.',
  'unanswered': 'Quand je ne réponds pas',
  'unanswered.text': 'Il a sonné jusqu’au bout, ou aucun appareil n’était là.',
  'nobody': 'Pas de renvoi',
  'voicemail': 'Messagerie vocale',
  'person': 'Quelqu’un d’autre…',
  'gone': 'Quelqu’un qui n’est plus ici',
  'to': '{when} : {where}',
  'pick': 'Renvoyer vers qui',
  'forward.to': 'Renvoyer vers {name}',
  'favourites': 'Les favoris peuvent sonner quand même',
  'favourites.text': 'Les favoris de vos contacts sonnent même si vous ne voulez pas être dérangé, sauf pendant un appel.',
  'kept': 'Enregistré : cela compte dès le prochain appel.',
};

export const FORWARDING: Own<keyof typeof en> = { en, fr };
