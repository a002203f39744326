// Who leads when I am gone.

import type { Event } from '../event';
import { iLead } from './aside';
import { otherLeader, rows, type Row, type Seen } from './people';

/** Who could lead in my place; nobody where another leads already, or another device of mine stays. */
export function heirs(meeting: Seen): readonly Row[] {
  if (!iLead(meeting) || otherLeader(meeting) !== null) return [];
  const all = rows(meeting);
  return all.some((row) => row.me && row.identities.length > 1) ? [] : all.filter((row) => !row.me);
}

/** Who does so unless I choose: the first who came with an account, else the first guest. */
export const heir = (meeting: Seen): Row | null => {
  const all = heirs(meeting);
  return all.find(({ role }) => role === 'member') ?? all[0] ?? null;
};

/** What leaving is: a meeting that I lead alone goes on with somebody else to lead it. */
export function leaving(meeting: Seen): Event {
  const next = heir(meeting);
  return next === null ? { type: 'call/leave' } : { type: 'act', act: { act: 'handOver', person: next.person } };
}
