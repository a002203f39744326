// Whom to invite into a meeting.

import type { Own } from './own';

const en = {
  'title': 'Invite people',
  'search': 'Search people',
  'all': 'Invite all reachable ({n})',
  'all.one': 'Invite the one who is reachable',
  'list': 'People to invite',
  'invite': 'Invite',
  'invite.person': 'Invite {name}',
  'again': 'Ask again',
  'again.person': 'Ask again: {name}',
  'sending': 'Inviting…',
  'answer.waiting': 'Invited',
  'answer.coming': 'Is coming',
  'answer.notNow': 'Not now',
  'answer.noAnswer': 'No answer',
  'answer.unreachable': 'Cannot be reached',
  'nobody': 'Nobody else is reachable now.',
  'no-match': 'Nobody who is reachable is called that.',
  'hint': 'They come in without waiting. Whoever is not listed can be given the link.',
  'link': 'Invite with the link',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Inviter des personnes',
  'search': 'Rechercher des personnes',
  'all': 'Inviter toutes les personnes joignables ({n})',
  'all.one': 'Inviter la seule personne joignable',
  'list': 'Personnes à inviter',
  'invite': 'Inviter',
  'invite.person': 'Inviter {name}',
  'again': 'Redemander',
  'again.person': 'Redemander à {name}',
  'sending': 'Invitation…',
  'answer.waiting': 'Invitation envoyée',
  'answer.coming': 'Arrive',
  'answer.notNow': 'Pas maintenant',
  'answer.noAnswer': 'Pas de réponse',
  'answer.unreachable': 'Pas joignable',
  'nobody': 'Personne d’autre n’est joignable maintenant.',
  'no-match': 'Aucune personne joignable ne s’appelle ainsi.',
  'hint': 'Elles entrent sans attendre. Aux personnes qui ne sont pas dans la liste, donnez le lien.',
  'link': 'Inviter avec le lien',
};

export const INVITING: Own<keyof typeof en> = { en, fr };
