// The console: settings, people, invitations. The state of its page, what can happen on it, and how it opens.

import type { Text } from '../../../i18n/text';
import type { AccountRow, ChangeAccount, Create, Invitation, ServerView } from '../../../proto/api.gen';
import type { Picked } from '../../../proto/calls';
import { ask } from '../../calls';
import type { Effect } from '../../effect';
import type { ConsoleTab } from '../../route';

export interface SettingsForm {
  readonly name: string;
  readonly create: Create;
  readonly signUp: boolean;
  /** `#rrggbb`, or empty for our own green. */
  readonly accent: string;
}

/** A link with a secret, shown once. */
export interface ShownLink {
  readonly path: string;
  readonly expiresAt: number;
}

export interface ConsolePage {
  readonly at: 'console';
  readonly tab: ConsoleTab;
  readonly form: SettingsForm;
  readonly formBusy: boolean;
  readonly formWrong: { readonly field: 'name' | 'accent' | null; readonly text: Text } | null;
  readonly logoBusy: boolean;
  readonly logoWrong: Text | null;
  readonly people: readonly AccountRow[] | null;
  /** Whether there may be more after the last. */
  readonly morePeople: boolean;
  /** The reset link that was just made, and for whom. */
  readonly reset: (ShownLink & { readonly account: string }) | null;
  readonly invitations: readonly Invitation[] | null;
  readonly invite: { readonly name: string; readonly uses: string; readonly days: string; readonly busy: boolean };
  /** The invitation that was just made. */
  readonly made: ShownLink | null;
  readonly trouble: Text | null;
}

export type ConsoleEvent =
  | { readonly type: 'console/form'; readonly change: Partial<SettingsForm> }
  | { readonly type: 'console/save' }
  | { readonly type: 'console/logo'; readonly picture: Picked }
  | { readonly type: 'console/logo-remove' }
  | { readonly type: 'console/more-people' }
  | { readonly type: 'console/change'; readonly id: string; readonly change: ChangeAccount }
  | { readonly type: 'console/reset'; readonly id: string }
  | { readonly type: 'console/invite'; readonly change: { readonly name?: string; readonly uses?: string; readonly days?: string } }
  | { readonly type: 'console/invite-send' }
  | { readonly type: 'console/invitation-remove'; readonly id: string }
  | { readonly type: 'console/copy'; readonly path: string }
  | { readonly type: 'console/close-link' };

/** What a tab shows is fetched when it opens. */
export function openConsole(tab: ConsoleTab, server: ServerView): readonly [ConsolePage, readonly Effect[]] {
  const page: ConsolePage = {
    at: 'console',
    tab,
    form: { name: server.name, create: server.create, signUp: server.signUp, accent: server.branding.accent ?? '' },
    formBusy: false,
    formWrong: null,
    logoBusy: false,
    logoWrong: null,
    people: null,
    morePeople: false,
    reset: null,
    invitations: null,
    invite: { name: '', uses: '1', days: '7', busy: false },
    made: null,
    trouble: null,
  };
  if (tab === 'people') return [page, [ask({ name: 'accounts', after: null })]];
  return [page, tab === 'invitations' ? [ask({ name: 'invitations' })] : []];
}
