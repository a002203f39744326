import { useState, type ReactElement, type ReactNode } from 'react';
import { initials, tint } from '../../core/person';
import { cx } from './cx';

/** A person as an oval: the picture of the account, or initials on the tint of the name. */
export function Cameo({ name, avatar, size, mark }: {
  readonly name: string;
  /** Where the picture is, if there is one. */
  readonly avatar?: string | undefined;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | 'xxl' | undefined;
  /** What stands at its foot. */
  readonly mark?: ReactNode;
}): ReactElement {
  // A picture that was changed meanwhile is there no more under its old address.
  const [gone, setGone] = useState<string | null>(null);
  const drawn = avatar !== undefined && avatar !== gone;
  return (
    <span className={cx('cameo', size)} style={{ '--tint': tint(name) }} aria-hidden="true">
      {drawn ? <span className="pic"><img src={avatar} alt="" onError={() => setGone(avatar)} /></span> : initials(name)}
      {mark}
    </span>
  );
}
