// Calling a group of the phone book, or several people who are chosen.

import type { Own } from './own';

const en = {
  'open': 'Call several people',
  'title': 'Call several people',
  'hint': 'Everybody rings at once. Whoever answers is in the call with all the others.',
  'chosen': 'Chosen: {names}',
  'most': 'That is everybody who can be called at once.',
  'voice': 'Call',
  'video': 'Video call',
  'voice.group': 'Call everybody in {name}',
  'video.group': 'Video call with everybody in {name}',
  'large': 'More people are in {name} than can be called at once.',
} as const;

const fr: Readonly<Record<keyof typeof en, string>> = {
  'open': 'Appeler plusieurs personnes',
  'title': 'Appeler plusieurs personnes',
  'hint': 'Tout le monde sonne en même temps. Chaque personne qui répond rejoint les autres dans l’appel.',
  'chosen': 'Choix\u202f: {names}',
  'most': 'On ne peut pas appeler plus de personnes à la fois.',
  'voice': 'Appeler',
  'video': 'Appel vidéo',
  'voice.group': 'Appeler tout le groupe {name}',
  'video.group': 'Appeler tout le groupe {name} en vidéo',
  'large': 'Le groupe {name} a plus de personnes qu’on ne peut en appeler à la fois.',
};

export const SEVERAL: Own<keyof typeof en> = { en, fr };
