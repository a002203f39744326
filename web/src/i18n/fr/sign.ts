// Signing in, signing up, a new password by link. A narrow no-break space (U+202F) stands before double punctuation.

import type { sign as en } from '../en/sign';

export const sign: Readonly<Record<keyof typeof en, string>> = {
  'sign.in.title': 'Entrez',
  'sign.in.name': 'Nom ou e-mail',
  'sign.in.password': 'Mot de passe',
  'sign.in.go': 'Se connecter',
  'sign.in.going': 'Connexion',
  'sign.in.missing': 'Saisissez votre nom et votre mot de passe.',
  'sign.in.passkey': 'Utiliser une clé d’accès',
  'sign.in.forgot': 'Mot de passe oublié ? Demandez un lien à qui s’occupe de ce serveur.',
  'sign.in.up': 'Créer un compte',
  'sign.in.join': 'Rejoindre avec un lien',
  'sign.up.title': 'Créer un compte',
  'sign.up.name': 'Nom de connexion',
  'sign.up.display': 'Votre nom',
  'sign.up.display.hint': 'Les autres le voient. Laissé vide, c’est le nom de connexion.',
  'sign.up.password': 'Mot de passe',
  'sign.up.password.hint': 'Au moins 10 caractères ; quelques mots à la suite font l’affaire.',
  'sign.up.go': 'Créer le compte',
  'sign.up.going': 'Création du compte',
  'sign.up.checking': 'Lecture de l’invitation',
  'sign.up.closed': 'Ici, les comptes se créent sur invitation. Demandez un lien à qui s’occupe de ce serveur.',
  'sign.up.in': 'J’ai un compte',
  'sign.name.missing': 'Saisissez un nom de connexion.',
  'sign.password.short': 'Un mot de passe a au moins {n} caractères.',
  'sign.reset.title': 'Nouveau mot de passe',
  'sign.reset.password': 'Nouveau mot de passe',
  'sign.reset.go': 'Définir le mot de passe',
  'sign.reset.going': 'Enregistrement',
  'sign.reset.done': 'Votre mot de passe est défini. Connectez-vous avec lui.',
};
