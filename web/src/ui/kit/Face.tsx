import type { ReactElement } from 'react';
import type { AccountView } from '../../proto/api.gen';
import { initials, tint } from '../../core/person';
import { cx } from './cx';

/** Somebody with an account: the picture, or initials on their own tint. */
export function Face({ account, size }: {
  readonly account: AccountView;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | undefined;
}): ReactElement {
  return (
    <span className={cx('cameo', size)} style={{ '--tint': tint(account.id) }} aria-hidden="true">
      {account.avatar === undefined ? initials(account.displayName) : <span className="pic"><img src={account.avatar} alt="" /></span>}
    </span>
  );
}
