// Calls, when no page is there, and that somebody is free: a push wakes this worker, which asks the server who calls and shows it. What is pressed there is
// done here, or by a page that is opened for it. Pages show their notices through this worker too, with the same buttons.

import { isTongue, WORDS, type Tongue, type Words } from './words';

declare const self: ServiceWorkerGlobalScope;

/** What a push says: no name, and nothing of what the call is about. */
interface Told {
  readonly kind: 'ring' | 'missed' | 'over' | 'free';
  /** Empty where it is about none: somebody is free. */
  readonly call: string;
  /** Of a ring until when it rings, in milliseconds since 1970. */
  readonly at: number;
}

/** What is read of a call; the server tells more. */
interface Known {
  readonly name: string;
  readonly video: boolean;
  readonly rings: boolean;
  readonly missed: boolean;
}

/** What a notice remembers, of this worker or of a page. */
interface Shown {
  readonly kind: 'ring' | 'missed' | 'over' | 'free';
  readonly call: string;
}

const isShown = (value: unknown): value is Shown => isFields(value) && typeof value['call'] === 'string' && typeof value['kind'] === 'string';

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Where pages leave what cannot be asked here: see src/io/outside.ts. */
const TOLD = 'parlor.told';
const ICON = '/icon-192.png';
/** So long the server is waited for: who calls is worth less than that it rings. */
const PATIENCE_MS = 3_000;
/** So long it is said that a call rings no more. */
const AFTERWORD_MS = 4_000;
/** Calls that were declined here: what the server says of them next is known already. Forgotten with this worker. */
const declined = new Set<string>();

export async function pushed(data: PushMessageData | null): Promise<void> {
  const told = read(data);
  // What is shown now does not wait for what is not to be shown any more.
  if (told !== null) await Promise.all([show(told), settle(told.call)]);
}

async function show({ kind, call, at }: Told): Promise<void> {
  const words = WORDS[await tongue()];
  if (kind === 'ring') {
    // Somebody who looks at a page sees the call there.
    if (await isInFront()) return;
    const known = await ask(call);
    // The clock of this machine may be any: it is believed only where the server says nothing.
    if (known === null ? at > Date.now() : known.rings) return ring(words, call, known);
    if (known?.missed === false) return afterword(words, call);
  }
  if (kind === 'over') return over(words, call);
  if (kind === 'free') return free(words);
  await missed(words, call);
}

async function ring(words: Words, call: string, known: Known | null): Promise<void> {
  const actions = [{ action: 'answer', title: words.answer }, { action: 'decline', title: words.decline }];
  const options = { body: known?.video === true ? words.video : words.voice, tag: call, icon: ICON, requireInteraction: true, actions, vibrate: [500, 500, 500], data: shown('ring', call) };
  await self.registration.showNotification(words.calls(known?.name ?? null), options);
}

async function missed(words: Words, call: string): Promise<void> {
  await close(call);
  if (await isInFront()) return;
  const known = await ask(call);
  await self.registration.showNotification(words.missed(known?.name ?? null), { tag: call, icon: ICON, data: shown('missed', call) });
}

/** Who that is, the page says that is opened for it. */
async function free(words: Words): Promise<void> {
  if (await isInFront()) return;
  await self.registration.showNotification(words.free, { tag: 'free', icon: ICON, data: shown('free', '') });
}

/** It was dealt with elsewhere: what is shown of it goes. */
async function over(words: Words, call: string): Promise<void> {
  if (declined.delete(call) || (await self.registration.getNotifications({ tag: call })).length === 0) return;
  await afterword(words, call);
}

/** Says for a moment that it rings no more, since browsers want something to be shown of every push. */
async function afterword(words: Words, call: string): Promise<void> {
  await self.registration.showNotification(words.over, { tag: call, icon: ICON, silent: true, data: shown('over', call) });
  await new Promise((resolve) => setTimeout(resolve, AFTERWORD_MS));
  await close(call);
}

/** Takes away what is shown of other calls that ring no more: a push that said so may never have come. */
async function settle(but: string): Promise<void> {
  const rings = (await self.registration.getNotifications()).filter(({ data }) => isShown(data) && data.kind === 'ring' && data.call !== but);
  if (rings.length === 0) return;
  const list = await calls();
  for (const notice of rings) {
    if (list !== null && isShown(notice.data) && knownOf(list, notice.data.call)?.rings !== true) notice.close();
  }
}

async function close(call: string): Promise<void> {
  for (const notice of await self.registration.getNotifications({ tag: call })) notice.close();
}

export async function clicked(notice: Notification, action: string): Promise<void> {
  notice.close();
  const { data } = notice;
  if (!isShown(data)) return;
  const { call, kind } = data;
  if (action === 'decline') return decline(call);
  const answers = action === 'answer';
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ visibilityState }) => visibilityState === 'visible') ?? pages[0];
  if (page === undefined) await self.clients.openWindow(kind === 'missed' ? '/calls' : kind === 'free' ? '/contacts' : answers ? `/#answer=${call}` : '/');
  else {
    if (answers) page.postMessage({ answer: call }, []);
    await page.focus();
  }
  await settle(call);
}

async function decline(call: string): Promise<void> {
  declined.add(call);
  const headers = { 'content-type': 'application/json' };
  // The other devices say where it was declined.
  const device = await kept('/device');
  const body = JSON.stringify(device === null ? { act: 'decline' } : { act: 'decline', device });
  const done = await fetch(`/api/v1/calls/${encodeURIComponent(call)}/acts`, { method: 'POST', headers, body })
    .then(({ ok }) => ok, () => false);
  if (done) return;
  declined.delete(call);
  const words = WORDS[await tongue()];
  await self.registration.showNotification(words.failed, { tag: call, icon: ICON, data: shown('over', call) });
}

/** The push service reaches this browser elsewhere from now on: the server is told. */
export async function renewed(): Promise<void> {
  const device = await kept('/device');
  const view: unknown = await fetch('/api/v1/me/push').then((answer) => answer.json(), () => null);
  if (device === null || !isFields(view) || view['on'] !== true || typeof view['key'] !== 'string') return;
  const made = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: view['key'] });
  const { endpoint, keys } = made.toJSON();
  const body = JSON.stringify({ endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'], device });
  await fetch('/api/v1/me/push', { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
}

const shown = (kind: Shown['kind'], call: string): Shown => ({ kind, call });

function read(data: PushMessageData | null): Told | null {
  try {
    const value: unknown = data?.json();
    if (!isFields(value) || typeof value['at'] !== 'number') return null;
    const kind = (['ring', 'missed', 'over', 'free'] as const).find((one) => one === value['kind']);
    const call = kind === 'free' ? '' : value['call'];
    return kind === undefined || typeof call !== 'string' ? null : { kind, call, at: value['at'] };
  } catch {
    return null;
  }
}

/** Who calls, as the server has it; nothing when it does not say so soon. */
async function ask(call: string): Promise<Known | null> {
  const list = await calls();
  return list === null ? null : knownOf(list, call);
}

/** My calls, the newest first; nothing when the server does not say so soon. */
async function calls(): Promise<readonly unknown[] | null> {
  const list: unknown = await fetch('/api/v1/calls', { signal: AbortSignal.timeout(PATIENCE_MS) }).then((answer) => answer.json(), () => null);
  return Array.isArray(list) ? list : null;
}

function knownOf(list: readonly unknown[], call: string): Known | null {
  const past = list.find((one) => isFields(one) && isFields(one['call']) && one['call']['id'] === call);
  const found = isFields(past) && isFields(past['call']) ? past['call'] : null;
  if (found === null || !Array.isArray(found['others'])) return null;
  const caller: unknown = found['others'].find((party: unknown) => isFields(party) && party['caller'] === true);
  const stage = isFields(found['stage']) ? found['stage']['is'] : null;
  const name = isFields(caller) && typeof caller['name'] === 'string' ? caller['name'] : '';
  return { name, video: found['video'] === true, rings: stage === 'dialing' || stage === 'ringing', missed: isFields(past) && past['missed'] === true };
}

const isInFront = async (): Promise<boolean> => (await self.clients.matchAll({ type: 'window' })).some(({ focused }) => focused);

async function tongue(): Promise<Tongue> {
  const said = (await kept('/tongue')) ?? self.navigator.language.slice(0, 2);
  return isTongue(said) ? said : 'en';
}

const kept = async (path: string): Promise<string | null> => (await (await (await caches.open(TOLD)).match(path))?.text()) ?? null;
