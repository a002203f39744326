// Passkeys: the server's options go to the browser, what the browser makes of them goes back. Fetched when somebody uses one.

import type { Effect } from '../core/effect';
import type { Event, PasskeyResult } from '../core/event';
import type { Me } from '../proto/api.gen';
import { isMe } from '../proto/decode';
import { isFields, isText } from '../proto/shape';
import { request } from './api';

const REFUSED = { ok: false, problem: { code: 'passkey_refused', message: '' } } as const;

/** Makes one or uses one, and says how it went. */
export async function passkey(effect: Extract<Effect, { type: 'passkey' }>): Promise<Event> {
  if (effect.to === 'sign-in') return { type: 'passkey', to: 'sign-in', result: await signInByPasskey() };
  return { type: 'passkey', to: 'add', result: await addPasskey(effect.name) };
}

/** Lets the person sign in with a passkey of this server. */
async function signInByPasskey(): Promise<PasskeyResult<Me>> {
  const begun = await request('POST', 'session/passkey/begin', { json: {} });
  if (!begun.ok) return begun;
  const publicKey = requestOptions(begun.value);
  if (publicKey === null) return REFUSED;
  const used = await held(() => navigator.credentials.get({ publicKey }));
  if (!used.ok) return used;
  const finished = await request('POST', 'session/passkey/finish', { json: { credential: used.value } });
  if (!finished.ok) return finished;
  return isMe(finished.value) ? { ok: true, value: finished.value } : REFUSED;
}

/** Adds a passkey to my account. */
async function addPasskey(name: string): Promise<PasskeyResult<null>> {
  const begun = await request('POST', 'me/passkeys/begin', { json: {} });
  if (!begun.ok) return begun;
  const publicKey = creationOptions(begun.value);
  if (publicKey === null) return REFUSED;
  const made = await held(() => navigator.credentials.create({ publicKey }));
  if (!made.ok) return made;
  const finished = await request('POST', 'me/passkeys/finish', { json: { name, credential: made.value } });
  return finished.ok ? { ok: true, value: null } : finished;
}

/** The browser asks the person, who may close its dialog. */
async function held(ask: () => Promise<Credential | null>): Promise<PasskeyResult<unknown>> {
  try {
    const credential = await ask();
    if (!(credential instanceof PublicKeyCredential)) return REFUSED;
    return { ok: true, value: jsonOf(credential) };
  } catch (error) {
    const closed = error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
    return closed ? { ok: false, problem: 'cancelled' } : REFUSED;
  }
}

/** `{ options: { publicKey: ... } }`, as the server answers; or the options themselves. */
function inner(answer: unknown): Readonly<Record<string, unknown>> | null {
  const options = isFields(answer) ? answer['options'] : null;
  if (!isFields(options)) return null;
  return isFields(options['publicKey']) ? options['publicKey'] : options;
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const bytesAt = (fields: Readonly<Record<string, unknown>>, name: string): Uint8Array<ArrayBuffer> | null => {
  const value = fields[name];
  return isText(value) ? fromBase64Url(value) : null;
};

const textAt = (fields: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = fields[name];
  return isText(value) ? value : undefined;
};

function descriptors(value: unknown): PublicKeyCredentialDescriptor[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    const id = isFields(each) ? bytesAt(each, 'id') : null;
    return id === null ? [] : [{ type: 'public-key' as const, id }];
  });
}

const verification = (value: unknown): UserVerificationRequirement =>
  value === 'required' || value === 'discouraged' ? value : 'preferred';

const shared = (fields: Readonly<Record<string, unknown>>): { timeout?: number } =>
  (typeof fields['timeout'] === 'number' ? { timeout: fields['timeout'] } : {});

export function requestOptions(answer: unknown): PublicKeyCredentialRequestOptions | null {
  const fields = inner(answer);
  const challenge = fields && bytesAt(fields, 'challenge');
  if (!fields || !challenge) return null;
  const rpId = textAt(fields, 'rpId');
  return {
    challenge,
    ...shared(fields),
    ...(rpId === undefined ? {} : { rpId }),
    allowCredentials: descriptors(fields['allowCredentials']),
    userVerification: verification(fields['userVerification']),
  };
}

function algorithms(value: unknown): PublicKeyCredentialParameters[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) =>
    isFields(each) && typeof each['alg'] === 'number' ? [{ type: 'public-key' as const, alg: each['alg'] }] : []);
}

function selection(value: unknown): AuthenticatorSelectionCriteria {
  const fields = isFields(value) ? value : {};
  const key = fields['residentKey'];
  return {
    residentKey: key === 'discouraged' || key === 'required' ? key : 'preferred',
    requireResidentKey: fields['requireResidentKey'] === true,
    userVerification: verification(fields['userVerification']),
  };
}

export function creationOptions(answer: unknown): PublicKeyCredentialCreationOptions | null {
  const fields = inner(answer);
  const rp = fields?.['rp'];
  const user = fields?.['user'];
  const challenge = fields && bytesAt(fields, 'challenge');
  const id = isFields(user) ? bytesAt(user, 'id') : null;
  if (!fields || !challenge || !id || !isFields(rp) || !isFields(user)) return null;
  const rpId = textAt(rp, 'id');
  return {
    challenge,
    ...shared(fields),
    rp: { name: textAt(rp, 'name') ?? '', ...(rpId === undefined ? {} : { id: rpId }) },
    user: { id, name: textAt(user, 'name') ?? '', displayName: textAt(user, 'displayName') ?? '' },
    pubKeyCredParams: algorithms(fields['pubKeyCredParams']),
    excludeCredentials: descriptors(fields['excludeCredentials']),
    authenticatorSelection: selection(fields['authenticatorSelection']),
    attestation: 'none',
  };
}

/** What `toJSON` gives, also where it is not there yet. */
function jsonOf(credential: PublicKeyCredential): unknown {
  if (typeof credential.toJSON === 'function') return credential.toJSON();
  const { response } = credential;
  const shown: Record<string, unknown> = { clientDataJSON: toBase64Url(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    shown['attestationObject'] = toBase64Url(response.attestationObject);
    shown['transports'] = response.getTransports();
  }
  if (response instanceof AuthenticatorAssertionResponse) {
    shown['authenticatorData'] = toBase64Url(response.authenticatorData);
    shown['signature'] = toBase64Url(response.signature);
    if (response.userHandle) shown['userHandle'] = toBase64Url(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    response: shown,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
