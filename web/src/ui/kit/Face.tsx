import type { ReactElement, ReactNode } from 'react';
import type { AccountView } from '../../proto/api.gen';
import { Cameo } from './Cameo';

/** Somebody with an account. */
export const Face = ({ account, size, mark }: {
  readonly account: AccountView;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | undefined;
  readonly mark?: ReactNode;
}): ReactElement => <Cameo name={account.displayName} avatar={account.avatar} size={size} mark={mark} />;
