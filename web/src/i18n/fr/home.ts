// Home, for those signed in. A narrow no-break space (U+202F) stands before double punctuation.

import type { home as en } from '../en/home';

export const home: Readonly<Record<keyof typeof en, string>> = {
  'home.lead': 'Démarrez une réunion, ou rejoignez-en une qui est en cours.',
  'home.new.more': 'Nouvelle réunion : maintenant ou plus tard',
  'home.new.now': 'Maintenant',
  'home.new.later': 'Pour plus tard',
  'home.later.title': 'Réunion',
  'home.now': 'Maintenant',
  'home.now.since': 'En cours depuis {time}',
  'home.now.just': 'En cours, à l’instant',
  'home.now.minutes': '{n} min',
  'home.now.hours': '{h} h {m} min',
  'home.now.none': 'Rien n’a lieu dans vos salles.',
  'home.rooms': 'Mes salles',
  'home.rooms.new': 'Nouvelle salle',
  'home.rooms.all': 'Toutes les salles',
  'home.rooms.none': 'Vous n’avez pas encore de salle. Une salle garde son lien, ses membres et sa discussion.',
  'home.rooms.none.cannot': 'Vous n’appartenez encore à aucune salle. Qui en a une peut vous y ajouter.',
  'home.rooms.trouble': 'Vos salles n’ont pas pu être lues.',
  'home.lobby.off': 'Ouverte à qui a le lien',
  'home.lobby.guests': 'Les invités demandent à entrer',
  'home.lobby.everyone': 'Tout le monde demande à entrer',
  'home.draft.title': 'Titre de la salle',
  'home.draft.place': 'Par exemple : Cercle de lecture',
  'home.draft.send': 'Créer',
  'home.draft.missing': 'Tapez un titre.',
  'home.start.members': 'Rejoignez une réunion avec son code ou son lien. Qui a un compte ici peut en démarrer une.',
  'home.start.sign-in': 'Se connecter pour en démarrer une',
};
