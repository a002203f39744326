// A part of the page that is fetched when it is first shown, or shortly before.

import { lazy, useState, type ComponentType, type ReactElement } from 'react';

export interface Later<P extends object> {
  (props: P): ReactElement;
  /** Fetches it for a moment that is near: then it stands at once. */
  readonly fetch: () => Promise<void>;
}

const Nothing = (): null => null;

/** Where it cannot be fetched, as without a network, it is not shown; what stands around it goes on. */
export function later<P extends object>(load: () => Promise<{ readonly default: ComponentType<P> }>): Later<P> {
  let loaded: ComponentType<P> | null = null;
  const part = (): Promise<{ default: ComponentType<P> }> => load().then((found) => {
    loaded = found.default;
    return found;
  });
  const Awaited = lazy(() => part().catch(() => ({ default: Nothing })));
  const Part = (props: P): ReactElement => {
    // Chosen once: what is shown is not taken away for its twin that came meanwhile.
    const [Shown] = useState<ComponentType<P>>(() => loaded ?? Awaited);
    return <Shown {...props} />;
  };
  return Object.assign(Part, { fetch: () => part().then(() => undefined, () => undefined) });
}
