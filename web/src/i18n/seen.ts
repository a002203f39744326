// Who sees whether I am reachable, and what stands beside whoever does not show it.

import type { Own } from './own';

const en = {
  'title': 'Who sees whether I am reachable',
  'lead': 'And the note that you wrote beside it. Whoever does not see it may call you all the same.',
  'everyone': 'Everyone here',
  'everyone.text': 'Everybody who is signed in, but for those whom you block.',
  'contacts': 'My contacts',
  'contacts.text': 'People of this server in your phone book.',
  'nobody': 'Nobody',
  'nobody.text': 'You are in no list of those who are reachable, and nobody invites you into a meeting.',
  'kept': 'Saved: it counts from now on.',
  'hidden.text': '{name} does not show you whether they are reachable. You may call.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Qui voit si je suis joignable',
  'lead': 'Et la note que vous avez écrite à côté. Qui ne le voit pas peut vous appeler quand même.',
  'everyone': 'Tout le monde ici',
  'everyone.text': 'Toutes les personnes connectées, sauf celles que vous bloquez.',
  'contacts': 'Mes contacts',
  'contacts.text': 'Les personnes de ce serveur dans votre carnet d’adresses.',
  'nobody': 'Personne',
  'nobody.text': 'Vous n’êtes dans aucune liste de personnes joignables, et personne ne vous invite à une réunion.',
  'kept': 'Enregistré : cela compte dès maintenant.',
  'hidden.text': '{name} ne vous montre pas si on peut le joindre. Vous pouvez appeler.',
};

export const SEEN: Own<keyof typeof en> = { en, fr };
