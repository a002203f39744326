// What the server takes for an avatar or a logo, so that the page refuses the rest without sending it.

import { say, type Text } from '../../i18n/text';
import type { Picked } from '../calls';

/** The kinds of pictures that the server reads. */
export const PICTURE_KINDS: readonly string[] = ['image/png', 'image/jpeg', 'image/webp'];

/** The largest that the server takes: 5 MiB. */
export const MOST_PICTURE = 5 * 1024 * 1024;

export function pictureWrong(picture: Picked, most: number, large: Text): Text | null {
  if (!PICTURE_KINDS.includes(picture.type)) return say('account.picture.kind');
  return picture.size > most ? large : null;
}
