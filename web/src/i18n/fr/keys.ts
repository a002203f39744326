// Changer les touches, avec leur liste.

import type { keys as en } from '../en/keys';

export const keys: Readonly<Record<keyof typeof en, string>> = {
  'keys.hint': 'Choisissez ce qu’il faut changer, puis appuyez sur la nouvelle touche. Échap annule, Retour arrière enlève la touche.',
  'keys.bare': '{name} : touche {key}. Changer',
  'keys.bare.none': '{name} : aucune touche. En choisir une',
  'keys.chord': '{name} : avec Ctrl {key}. Changer',
  'keys.chord.none': '{name} : aucune avec Ctrl. En choisir une',
  'keys.none': 'Aucune',
  'keys.press': 'Appuyez sur une touche',
  'keys.press.chord': 'Appuyez sur Ctrl et une touche',
  'keys.press.for': 'Nouvelle touche pour : {name}',
  'keys.press.for.chord': 'Nouvelle touche avec Ctrl pour : {name}',
  'keys.set.said': '{name} : la touche est maintenant {key}.',
  'keys.none.said': '{name} : plus de touche.',
  'keys.reset': 'Rétablir',
  'keys.reset.for': 'Rétablir les touches de : {name}',
  'keys.reset.said': '{name} : les touches d’origine sont rétablies.',
  'keys.reset-all': 'Rétablir toutes les touches',
  'keys.reset-all.said': 'Toutes les touches d’origine sont rétablies.',
  'keys.taken': '{key} sert déjà à ceci : {other}.',
  'keys.swap': 'Échanger',
  'keys.swap.with': 'Échanger : {name} reçoit {key}, {other} reçoit {mine}',
  'keys.swap.take': 'Échanger : {name} reçoit {key}, {other} n’en a plus',
  'keys.refused.modifier': 'Alt, la touche Windows ou Commande, et Maj avec celles-ci appartiennent à votre système. Prenez-en une autre.',
  'keys.refused.walks': 'Cette touche sert à se déplacer dans la page, ou au navigateur. Prenez une lettre, un chiffre ou un signe.',
  'keys.refused.bare': 'Appuyez sur la touche seule, sans Ctrl.',
  'keys.refused.chord': 'Appuyez dessus en tenant Ctrl.',
  'keys.refused.browser': 'Le navigateur a besoin de celle-ci. Prenez-en une autre.',
};
