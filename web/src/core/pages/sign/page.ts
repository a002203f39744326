// Signing in, signing up, and a new password by link. The state of these pages, what can happen on them, and how they open.

import type { Text } from '../../../i18n/text';
import { ask } from '../../calls';
import type { Effect } from '../../effect';
import type { Route } from '../../route';

export interface SignInPage {
  readonly at: 'sign-in';
  readonly name: string;
  readonly password: string;
  readonly busy: 'no' | 'password' | 'passkey';
  readonly trouble: Text | null;
  /** Good news from the page before. */
  readonly notice: Text | null;
  /** Where to go afterwards. */
  readonly next: Route;
}

export type SignUpField = 'name' | 'displayName' | 'password';

export interface SignUpPage {
  readonly at: 'sign-up';
  /** Of the invitation; empty without one. */
  readonly secret: string;
  readonly invitation: 'none' | 'checking' | 'good' | 'bad';
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly busy: boolean;
  readonly wrong: Partial<Readonly<Record<SignUpField, Text>>>;
  readonly trouble: Text | null;
}

export interface ResetPage {
  readonly at: 'reset';
  readonly secret: string;
  readonly password: string;
  readonly state: 'asking' | 'busy';
  readonly wrong: Text | null;
}

export type SignEvent =
  | { readonly type: 'sign/in'; readonly change: Partial<Pick<SignInPage, 'name' | 'password'>> }
  | { readonly type: 'sign/in-send' }
  | { readonly type: 'sign/in-passkey' }
  | { readonly type: 'sign/up'; readonly change: Partial<Pick<SignUpPage, SignUpField>> }
  | { readonly type: 'sign/up-send' }
  | { readonly type: 'sign/reset'; readonly password: string }
  | { readonly type: 'sign/reset-send' };

export const openSignIn = (next: Route, name = ''): readonly [SignInPage, readonly Effect[]] => [
  { at: 'sign-in', name, password: '', busy: 'no', trouble: null, notice: null, next },
  [],
];

export const openSignUp = (secret: string): readonly [SignUpPage, readonly Effect[]] => [
  {
    at: 'sign-up',
    secret,
    invitation: secret === '' ? 'none' : 'checking',
    name: '',
    displayName: '',
    password: '',
    busy: false,
    wrong: {},
    trouble: null,
  },
  secret === '' ? [] : [ask({ name: 'invitations/check', secret })],
];

export const openReset = (secret: string): readonly [ResetPage, readonly Effect[]] => [
  { at: 'reset', secret, password: '', state: 'asking', wrong: null },
  [],
];
