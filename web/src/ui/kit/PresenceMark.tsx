import type { ReactElement } from 'react';
import type { Found } from '../../core/calling/calling';
import type { Presence } from '../../proto/api.gen';

/** Each presence has a shape of its own: a full dot, a half, a ring with a heart, a moon, a bar, a ring. */
const MARKS: Readonly<Record<Presence, { readonly name: string; readonly path: string; readonly heart?: true }>> = {
  available: { name: 'available', path: 'M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z' },
  busy: { name: 'busy', path: 'M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 1.9v7.2a3.6 3.6 0 0 1 0-7.2z' },
  inCall: { name: 'in-call', path: 'M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 1.8a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z', heart: true },
  away: { name: 'away', path: 'M5.2.6A5.5 5.5 0 1 0 11.4 6.8 4.6 4.6 0 0 1 5.2.6z' },
  doNotDisturb: { name: 'dnd', path: 'M6 .5a5.5 5.5 0 1 1 0 11A5.5 5.5 0 0 1 6 .5zM3 5v2h6V5z' },
  offline: { name: 'offline', path: 'M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 1.9a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z' },
};

/** How somebody is to be found, as a shape; the word stands elsewhere. Whoever does not show it has none. */
export function PresenceMark({ presence }: { readonly presence: Found }): ReactElement | null {
  if (presence === 'hidden') return null;
  const { name, path, heart } = MARKS[presence];
  return (
    <svg className="pm" data-p={name} viewBox="0 0 12 12" aria-hidden="true">
      <path d={path} fillRule="evenodd" />
      {heart && <circle cx="6" cy="6" r="2.2" />}
    </svg>
  );
}
