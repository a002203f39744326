// The frame around all pages, the settings, the list of keys. A narrow no-break space (U+202F) stands before double punctuation.

import type { shell as en } from '../en/shell';

export const shell: Readonly<Record<keyof typeof en, string>> = {
  'app.home': 'Parlor, accueil',

  'again': 'Réessayer',

  'home': 'Accueil',

  'copy': 'Copier',
  'copied': 'Lien copié.',
  'copy.failed': 'Le lien n’a pas pu être copié. Prenez-le dans la barre d’adresse.',
  'close': 'Fermer',

  'settings.title': 'Réglages',
  'settings.theme': 'Thème',
  'settings.theme.system': 'Système',
  'settings.theme.light': 'Clair',
  'settings.theme.dark': 'Sombre',
  'settings.contrast': 'Contraste',
  'settings.contrast.system': 'Système',
  'settings.contrast.more': 'Plus',
  'settings.language': 'Langue',
  'settings.devices': 'Appareils',
  'settings.keys': 'Raccourcis d’une touche',
  'settings.keys.text': 'Lettres, signes et barre d’espace. Ceux avec Ctrl marchent toujours.',

  'help.title': 'Raccourcis clavier',
  'help.hint': 'Ils agissent dès que vous n’écrivez pas.',
  'help.off': 'Les raccourcis d’une touche sont coupés : les réglages les rétablissent.',
  'help.microphone': 'Couper ou rétablir le micro',
  'help.talk': 'Parler tant que la touche est tenue',
  'help.camera': 'Lancer ou couper la vidéo',
  'help.share': 'Partager ou arrêter',
  'help.fullscreen': 'Plein écran',
  'help.layout': 'Changer la disposition',
  'help.help': 'Cette liste',
  'help.walk': 'Passer du haut à la scène et aux commandes',
  'help.bar': 'Aller aux commandes',
  'help.escape': 'Fermer ce qui est ouvert',

  'key.tip': '{name} ({key})',
  'key.ctrl': 'Ctrl {key}',
  'key.space': 'Espace',
  'key.escape': 'Échap',

  'frame.main': 'Navigation principale',
  'frame.home': 'Accueil',
  'frame.meetings': 'Réunions',
  'frame.console': 'Console',
  'frame.account': 'Mon compte',
  'frame.menu': '{name} : menu du compte',
  'frame.sign-out': 'Se déconnecter',
  'frame.sign-in': 'Se connecter',
  'frame.unreachable': 'Le serveur est injoignable',
  'frame.loading': 'Chargement',
  'frame.password.show': 'Afficher le mot de passe',
  'frame.password.hide': 'Masquer le mot de passe',
  'save': 'Enregistrer',
  'remove': 'Supprimer',
  'cancel': 'Annuler',
  'or': 'ou',
};
