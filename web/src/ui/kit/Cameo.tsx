import type { ReactElement } from 'react';
import { initials, tint } from '../../core/person';
import { cx } from './cx';

/** A person without a picture: the oval with initials, on the person's own tint. */
export function Cameo({ identity, name, size }: {
  readonly identity: string;
  readonly name: string;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | undefined;
}): ReactElement {
  return (
    <span className={cx('cameo', size)} style={{ '--tint': tint(identity) }} aria-hidden="true">{initials(name)}</span>
  );
}
