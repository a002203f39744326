// One run of the connection test: what was tried, what came of it. What it means stands in `verdict.ts`.

import type { Certificate, Problem, Reach, Trial } from '../../proto/api.gen';
import type { Trouble } from '../state';

/** The ways of media that are proved one by one. */
export type Way = 'udp' | 'tcp' | 'relay';

/** Everything that can be tried; `web` is the page itself, for whoever has just set a server up. */
export type Item = 'web' | 'browser' | 'microphone' | 'camera' | 'socket' | Way | 'sending' | 'receiving' | 'return';

/** `all` is the test of a person, `ways` that of a server: no devices, and nothing that takes long. */
export type Scope = 'all' | 'ways';

const ITEMS: Readonly<Record<Scope, readonly Item[]>> = {
  all: ['browser', 'microphone', 'camera', 'socket', 'udp', 'tcp', 'relay', 'sending', 'receiving', 'return'],
  ways: ['web', 'socket', 'udp', 'tcp', 'relay'],
};

export const itemsOf = (scope: Scope): readonly Item[] => ITEMS[scope];

/** What came of trying something, in figures and without words. */
export type Outcome =
  | { readonly is: 'device'; readonly name: string }
  | { readonly is: 'picture'; readonly name: string; readonly width: number; readonly height: number }
  | { readonly is: 'trouble'; readonly trouble: Trouble }
  /** The person went without devices. */
  | { readonly is: 'unasked' }
  /** It answered, after so many milliseconds; nothing where the browser does not say. */
  | { readonly is: 'answered'; readonly ms: number | null }
  /** It did not, within so many seconds. */
  | { readonly is: 'silent'; readonly seconds: number }
  /** The server does not have it for us. */
  | { readonly is: 'absent' }
  /** There was no use in trying, since no way was open. */
  | { readonly is: 'needless' }
  /** The page was out of sight meanwhile: browsers draw little then, and nothing can be said. */
  | { readonly is: 'hidden' }
  /** `sound`: that of the microphone passed too, or there was none to pass. */
  | { readonly is: 'sent'; readonly width: number; readonly height: number; readonly fps: number; readonly kbps: number; readonly sound: boolean }
  | { readonly is: 'received'; readonly height: number; readonly fps: number; readonly lost: number; readonly kbps: number; readonly sound: boolean };

/** What the server says of its ways, each of which has one port; no token is in it. */
export interface Known {
  readonly certificate: Certificate;
  /** The days that the certificate is good for, if there is one. */
  readonly days: number | null;
  readonly ways: Readonly<Record<Way, { readonly port: string; readonly addresses: readonly string[]; readonly reach: Reach }>>;
}

export interface Run {
  /** Tells one run from another; 0 before the first. */
  readonly id: number;
  readonly scope: Scope;
  readonly state: 'ready' | 'running' | 'over';
  /** What is tried now. */
  readonly at: Item | null;
  readonly outcomes: Readonly<Partial<Record<Item, Outcome>>>;
  readonly known: Known | null;
  /** Why the server began no test. */
  readonly problem: Problem | 'offline' | null;
  /** The microphone is open, so that its level can be shown. */
  readonly hears: boolean;
}

export const ready = (scope: Scope): Run =>
  ({ id: 0, scope, state: 'ready', at: null, outcomes: {}, known: null, problem: null, hears: false });

/** The port of an address, `host:port`; an IPv6 host stands in brackets. */
const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1);

export function knownOf(trial: Trial): Known {
  const way = (over: Way): Known['ways'][Way] => {
    const found = trial.ways.find((one) => one.over === over);
    const addresses = found?.addresses ?? [];
    return { addresses, port: portOf(addresses[0] ?? ''), reach: found?.reach ?? 'machine' };
  };
  return { certificate: trial.certificate, days: trial.certificateDays ?? null, ways: { udp: way('udp'), tcp: way('tcp'), relay: way('relay') } };
}
