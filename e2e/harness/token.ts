/** Access tokens as LiveKit's server SDKs make them: JWT, HS256, signed with the API secret. */

import { createHmac } from 'node:crypto';

/** The API key that every server of the tests knows. */
export const API_KEY = 'e2e-key';
/** Its secret. */
export const API_SECRET = 'e2e-secret-of-more-than-thirty-two-bytes';

/** The `video` grant of a token. */
export interface Grant {
  canPublish?: boolean;
  canSubscribe?: boolean;
  canPublishData?: boolean;
  canPublishSources?: string[];
  canUpdateOwnMetadata?: boolean;
  hidden?: boolean;
}

/** What a token may say besides room and identity. */
export interface Claims {
  name?: string;
  grant?: Grant;
  /** Seconds from now; negative for an expired token. */
  validFor?: number;
  /** Another secret than the server's, for a forged token. */
  secret?: string;
}

/** Makes a token. */
export function token(room: string, identity: string, claims: Claims = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const validFor = claims.validFor ?? 600;
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  const body = encode({
    iss: API_KEY,
    sub: identity,
    name: claims.name ?? identity,
    nbf: now + Math.min(validFor, 0) - 60,
    exp: now + validFor,
    video: { room, roomJoin: true, ...claims.grant },
  });
  const signature = createHmac('sha256', claims.secret ?? API_SECRET).update(`${header}.${body}`).digest('base64url');
  return `${header}.${body}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
