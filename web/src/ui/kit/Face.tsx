import type { ReactElement } from 'react';
import type { AccountView } from '../../proto/api.gen';
import { Cameo } from './Cameo';

/** Somebody with an account. */
export const Face = ({ account, size }: {
  readonly account: AccountView;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | undefined;
}): ReactElement => <Cameo identity={account.id} name={account.displayName} avatar={account.avatar} size={size} />;
