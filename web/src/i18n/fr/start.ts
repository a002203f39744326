// The start page. A narrow no-break space (U+202F) stands before double punctuation.

import type { start as en } from '../en/start';

export const start: Readonly<Record<keyof typeof en, string>> = {
  'start.morning': 'Bonjour',
  'start.afternoon': 'Bonjour',
  'start.evening': 'Bonsoir',
  'start.morning.name': 'Bonjour, {name}',
  'start.afternoon.name': 'Bonjour, {name}',
  'start.evening.name': 'Bonsoir, {name}',
  'start.lead': 'Lancez une réunion, ou rejoignez-en une. Aux autres, il suffit du lien.',
  'start.new': 'Nouvelle réunion',
  'start.making': 'Création de la salle',
  'start.code': 'Code ou lien',
  'start.code.place': 'Rejoindre avec un code ou un lien',
  'start.join': 'Rejoindre',

  'code.empty': 'Tapez le code de la réunion, ou collez son lien.',
  'code.elsewhere': 'Ce lien mène à un autre serveur, {host}. Ouvrez-le dans la barre d’adresse du navigateur.',
  'code.no-room': 'Ce lien ne désigne aucune réunion. Il devrait finir par /r/ et un code.',
  'code.not-a-code': 'Ce n’est pas un code. Un code se compose de lettres et de tirets, comme bolu-kesi-dafo.',
  'code.unknown': 'Aucune réunion n’a le code {code}. Vérifiez-le, ou redemandez le lien.',
};
