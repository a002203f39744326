// Looking for people, rooms and messages, and doing things by their names.

import type { Own } from './own';

const en = {
  'title': 'Search',
  'results': 'Results',
  'found': 'Results: {n}',
  'join': 'Meeting',
  'people': 'People',
  'rooms': 'Rooms',
  'commands': 'Actions',
  'messages': 'Messages',
  'join.code': 'Join {code}',
  'do.message': 'Message',
  'do.entry': 'Open the entry',
  'do.room': 'About the room',
  'do.conversation': 'Open the conversation',
  'now': 'Now, people in it: {n}',
  'group': 'Group',
  'looking': 'Looking through messages',
  'none': 'Nothing here is called that, and no message says it.',
  'failed.people': 'The list of people could not be searched.',
  'failed.rooms': 'Rooms could not be searched.',
  'failed.lines': 'Messages could not be searched.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'title': 'Chercher',
  'results': 'Résultats',
  'found': 'Résultats\u202f: {n}',
  'join': 'Réunion',
  'people': 'Personnes',
  'rooms': 'Salles',
  'commands': 'Actions',
  'messages': 'Messages',
  'join.code': 'Rejoindre {code}',
  'do.message': 'Message',
  'do.entry': 'Ouvrir la fiche',
  'do.room': 'À propos de la salle',
  'do.conversation': 'Ouvrir la conversation',
  'now': 'En cours, personnes présentes\u202f: {n}',
  'group': 'Groupe',
  'looking': 'Recherche dans les messages',
  'none': 'Rien ici ne s’appelle ainsi, et aucun message ne le dit.',
  'failed.people': 'La recherche dans les personnes a échoué.',
  'failed.rooms': 'La recherche dans les salles a échoué.',
  'failed.lines': 'La recherche dans les messages a échoué.',
};

export type SearchWord = keyof typeof en;
export const SEARCH: Own<SearchWord> = { en, fr };
