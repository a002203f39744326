// What this browser is and can do.

import type { Dressing } from './viewing';

/** What this browser can do; read once at the start. */
export interface Browser {
  readonly family: 'chromium' | 'firefox' | 'safari' | 'other';
  readonly system: 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'other';
  /** Whether meetings can be held at all, and if not, why. */
  readonly media: 'yes' | 'insecure' | 'missing';
  readonly share: boolean;
  readonly fullscreen: boolean;
  /** A small window of its own above all others: with anything in it, with a picture alone, or none. */
  readonly pictureInPicture: 'document' | 'video' | 'none';
  /** What can be done to sound and picture here, as far as it was tried: see io/effects-*.ts. */
  readonly dressing: Readonly<Record<Dressing, boolean>>;
  readonly origin: string;
  /** Whether it can make and use passkeys. */
  readonly passkeys: boolean;
  /** Whether the system shows notices of pages. */
  readonly notices: boolean;
  /** They were neither allowed nor refused, when this page was opened: the browser would ask. */
  readonly noticesOpen: boolean;
}
