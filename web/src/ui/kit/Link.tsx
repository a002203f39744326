import type { ReactElement, ReactNode } from 'react';
import { pathOf, type Route } from '../../core/route';
import { useDispatch } from '../context';

/** A link to a page of ours: goes there without fetching the page again, and is a plain link for everything else a browser can do. */
export function Link({ to, className, current, label, children }: {
  readonly to: Route;
  readonly className?: string | undefined;
  /** Whether it leads to the page that is shown. */
  readonly current?: boolean | undefined;
  /** The name, where what is drawn has none. */
  readonly label?: string | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const dispatch = useDispatch();
  return (
    <a
      href={pathOf(to)}
      className={className}
      aria-current={current === true ? 'page' : undefined}
      aria-label={label}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        dispatch({ type: 'visit', route: to });
      }}
    >
      {children}
    </a>
  );
}
