// What stands on home beside rooms: how I am to be found, what I missed, the news.

import type { Own } from './own';

const en = {
  'call': 'Call',
  'salon.automatic': 'You are reachable',
  'salon.automatic.text': 'Others can invite you.',
  'salon.away': 'You are shown as away',
  'salon.away.text': 'Others can still invite you.',
  'salon.busy': 'You are shown as busy',
  'salon.busy.text': 'Others can still invite you.',
  'salon.doNotDisturb': 'You are not disturbed',
  'salon.doNotDisturb.text': 'Calls do not ring here; you find them under Missed.',
  'salon.doNotDisturb.favourites': 'Favourites still ring. Other calls do not; you find them under Missed.',
  'salon.contacts.text': 'Your contacts see it and can invite you.',
  'salon.nobody.text': 'Nobody else sees it. Calls reach you.',
  'salon.choose': 'How others find you: {presence}',
  'salon.others': 'Reachable now',
  'salon.nobody': 'Nobody else is reachable now.',
  'missed': 'Missed',
  'missed.all': 'All calls',
  'missed.back': 'Call {name} back',
  'missed.video': 'Video call, {when}',
  'missed.voice': 'Call, {when}',
  'missed.somebody': 'Somebody who is no longer here',
  'missed.mail': 'Voicemail, {when}, {length}',
  'missed.play': 'Play the message from {name}',
  'missed.pause': 'Pause the message from {name}',
  'missed.failed': 'The message could not be played.',
  'news': 'News',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'call': 'Appeler',
  'salon.automatic': 'Vous êtes joignable',
  'salon.automatic.text': 'Les autres peuvent vous inviter.',
  'salon.away': 'Vous apparaissez absent',
  'salon.away.text': 'Les autres peuvent quand même vous inviter.',
  'salon.busy': 'Vous apparaissez occupé',
  'salon.busy.text': 'Les autres peuvent quand même vous inviter.',
  'salon.doNotDisturb': 'On ne vous dérange pas',
  'salon.doNotDisturb.text': 'Les appels ne sonnent pas ici\u202f; vous les trouvez sous Manqués.',
  'salon.doNotDisturb.favourites': 'Les favoris sonnent encore. Les autres appels, non\u202f; vous les trouvez sous Manqués.',
  'salon.contacts.text': 'Vos contacts le voient et peuvent vous inviter.',
  'salon.nobody.text': 'Personne d’autre ne le voit. Les appels vous parviennent.',
  'salon.choose': 'Comment on vous trouve\u202f: {presence}',
  'salon.others': 'Joignables maintenant',
  'salon.nobody': 'Personne d’autre n’est joignable maintenant.',
  'missed': 'Manqués',
  'missed.all': 'Tous les appels',
  'missed.back': 'Rappeler {name}',
  'missed.video': 'Appel vidéo, {when}',
  'missed.voice': 'Appel, {when}',
  'missed.somebody': 'Quelqu’un qui n’est plus ici',
  'missed.mail': 'Message vocal, {when}, {length}',
  'missed.play': 'Écouter le message de {name}',
  'missed.pause': 'Mettre en pause le message de {name}',
  'missed.failed': 'Le message n’a pas pu être lu.',
  'news': 'Actualités',
};

export type SalonWord = keyof typeof en;
export const SALON: Own<keyof typeof en> = { en, fr };
