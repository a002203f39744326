import { useEffect, useRef, useState, type ReactElement } from 'react';
import { usePorts } from '../context';

/** A clock of the server that is further off than this is not ours to count by. */
const OFF_MS = 120_000;

/** How long something has lasted that the server says when it began, written past React. `long`: it may have begun long before this page. */
export function Since({ began, long = false }: { readonly began: number; readonly long?: boolean | undefined }): ReactElement {
  const ports = usePorts();
  const ref = useRef<HTMLSpanElement>(null);
  const [from] = useState(() => (long || Math.abs(Date.now() - began) < OFF_MS ? Math.min(began, Date.now()) : Date.now()));
  useEffect(() => ports.everySecond((now) => {
    const seconds = Math.max(0, Math.floor((now - from) / 1_000));
    if (ref.current) ref.current.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }), [ports, from]);
  return <span ref={ref} className="num" />;
}
