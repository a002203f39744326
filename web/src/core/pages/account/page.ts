// My account: name, picture, password, passkeys, signed-in devices. The state of its page, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { Device, Passkey } from '../../../proto/api.gen';
import type { Picked } from '../../../proto/calls';
import { ask } from '../../calls';
import type { Effect } from '../../effect';

export interface AccountPage {
  readonly at: 'account';
  /** What is typed for the name; null while nothing was changed. */
  readonly displayName: string | null;
  readonly nameBusy: boolean;
  readonly nameWrong: Text | null;
  readonly pictureBusy: boolean;
  readonly pictureWrong: Text | null;
  readonly password: {
    readonly current: string;
    readonly fresh: string;
    readonly busy: boolean;
    readonly wrong: { readonly field: 'current' | 'fresh'; readonly text: Text } | null;
  };
  /** Nothing until they came. */
  readonly passkeys: readonly Passkey[] | null;
  readonly passkeyName: string;
  readonly passkeyBusy: boolean;
  readonly passkeyWrong: Text | null;
  readonly devices: readonly Device[] | null;
  /** Whether this browser is woken for calls when no page is open; nothing until the browser and the server said so. */
  readonly wakes: boolean | null;
  readonly wakeBusy: boolean;
  readonly wakeWrong: Text | null;
  /** Something could not be fetched or changed. */
  readonly trouble: Text | null;
}

export type AccountEvent =
  | { readonly type: 'account/name'; readonly displayName: string }
  | { readonly type: 'account/name-send' }
  | { readonly type: 'account/picture'; readonly picture: Picked }
  | { readonly type: 'account/picture-remove' }
  | { readonly type: 'account/password'; readonly change: { readonly current?: string; readonly fresh?: string } }
  | { readonly type: 'account/password-send' }
  | { readonly type: 'account/passkey-name'; readonly name: string }
  | { readonly type: 'account/passkey-add' }
  | { readonly type: 'account/passkey-remove'; readonly id: string }
  | { readonly type: 'account/device-remove'; readonly id: string }
  | { readonly type: 'account/wake'; readonly on: boolean };

/** `look`: whether this browser is woken. */
export const openAccount = (look: readonly Effect[]): readonly [AccountPage, readonly Effect[]] => [
  {
    at: 'account',
    displayName: null,
    nameBusy: false,
    nameWrong: null,
    pictureBusy: false,
    pictureWrong: null,
    password: { current: '', fresh: '', busy: false, wrong: null },
    passkeys: null,
    passkeyName: '',
    passkeyBusy: false,
    passkeyWrong: null,
    devices: null,
    wakes: null,
    wakeBusy: false,
    wakeWrong: null,
    trouble: null,
  },
  [ask({ name: 'passkeys' }), ask({ name: 'devices' }), ...look],
];
