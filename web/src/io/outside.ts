// What reaches the person outside of the page: notices of the system, and a browser that is woken when no page is open. Fetched
// when it is needed.

import type { Alert } from '../core/calling/watch';
import type { Event } from '../core/event';
import type { Effect } from '../core/effect';
import { codeOf, problemText } from '../core/calls';
import { say, type Text } from '../i18n/text';
import { isFields, isText } from '../proto/shape';
import { request } from './api';
import { recallDevice } from './device-key';
import { keepWoken, wokenHere } from './woken-kept';

/** Where the service worker reads what it cannot ask: see src/worker/calls.ts. */
const TOLD = 'parlor.told';

let shown: Notification | null = null;
/** Where no worker shows them: who is free, by their account. */
const freed = new Map<string, Notification>();
/** One after the other: what is shown last is what stays. */
let last: Promise<void> = Promise.resolve();

/** Shows a call that comes in, or takes away what was shown of calls that ring: also by the service worker, when it woke this browser. */
export function show(alert: Alert | null): Promise<void> {
  last = last.then(() => (alert === null ? close() : open(alert))).catch(() => undefined);
  return last;
}

const registered = async (): Promise<ServiceWorkerRegistration | null> => {
  const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
  return registration?.active ? registration : null;
};

/** Takes away what is shown of calls that ring, but for one. */
async function close(but: string | null = null): Promise<void> {
  shown?.close();
  shown = null;
  for (const notice of (await (await registered())?.getNotifications()) ?? []) {
    if (notice.tag !== but && isFields(notice.data) && notice.data['kind'] === 'ring') notice.close();
  }
}

async function open({ id, title, text, answer, decline, tongue }: Alert): Promise<void> {
  await close(id);
  const registration = await registered();
  // Of several windows with one tag the system shows one.
  const options: NotificationOptions = { body: text, tag: id, icon: '/icon-192.png', requireInteraction: true };
  if (registration) {
    // The worker declines by itself, and says where.
    await tell(tongue, recallDevice());
    // Browsers that show no buttons leave them out. A meeting is answered on the page, which a press on the notice shows.
    const actions = answer === null || decline === null ? [] : [{ action: 'answer', title: answer }, { action: 'decline', title: decline }];
    const withButtons = { ...options, actions, data: { kind: 'ring', call: id } };
    await registration.showNotification(title, withButtons);
    return;
  }
  shown = new Notification(title, options);
  shown.addEventListener('click', () => {
    window.focus();
    shown?.close();
  });
}

type Free = Extract<Effect, { type: 'calling/free' }>;

/** Says that somebody is free. All windows of a browser are told: they show one notice. */
export function free(effect: Free): Promise<void> {
  last = last.then(() => openFree(effect)).catch(() => undefined);
  return last;
}

/** They are free no longer. */
export function freeOver(account: string): Promise<void> {
  last = last.then(() => closeFree(account)).catch(() => undefined);
  return last;
}

const freeTag = (account: string): string => `free ${account}`;

async function openFree({ title, account, tongue }: Free): Promise<void> {
  const registration = await registered();
  const options: NotificationOptions = { tag: freeTag(account), icon: '/icon-192.png' };
  if (registration === null) {
    const notice = new Notification(title, options);
    notice.addEventListener('click', () => window.focus());
    freed.set(account, notice);
    return;
  }
  await tell(tongue, null);
  await registration.showNotification(title, { ...options, data: { kind: 'free', call: '' } });
}

async function closeFree(account: string): Promise<void> {
  freed.get(account)?.close();
  freed.delete(account);
  for (const notice of (await (await registered())?.getNotifications({ tag: freeTag(account) })) ?? []) notice.close();
}

type PushEffect = Extract<Effect, { type: 'push' }>;
const answer = (on: boolean, wrong: Text | null = null): Event => ({ type: 'push', on, wrong });

/** Whether this browser is woken for calls of an account, or is from now on, or no longer. */
export async function push({ to, account, device, tongue }: PushEffect): Promise<Event> {
  const registration = await registered();
  const able = registration !== null && 'pushManager' in registration && 'Notification' in window;
  if (to === 'off') return switchedOff(registration, account);
  if (!able) return answer(false, to === 'on' ? say('account.wake.unable') : null);
  const asked = await request('GET', 'me/push', null);
  const told = asked.ok && isFields(asked.value) ? asked.value : null;
  const key = told?.['key'];
  if (!isText(key)) return answer(false, problemText(asked.ok ? { code: 'unreadable', message: '' } : asked.problem));
  const subscription = await registration.pushManager.getSubscription().catch(() => null);
  const ours = subscription !== null && Notification.permission === 'granted' && isKey(subscription, key);
  const looks = to === 'look' || to === 'renew';
  if (looks && ours && told?.['on'] === true) {
    keepWoken(account, true);
    await tell(tongue, device);
    return answer(true);
  }
  // Where it was switched on for this account it is so again, after a session ended or a subscription was lost; and nobody is asked for that.
  if (looks && (!wokenHere(account) || Notification.permission !== 'granted')) return answer(false);
  const failed = (why: Text): Event => answer(false, looks ? null : why);
  if (!looks && (await Notification.requestPermission().catch(() => 'denied')) !== 'granted') return failed(say('notices.system.refused'));
  // It takes one key at a time, and that of a server that was set up anew is another.
  if (!ours) await subscription?.unsubscribe();
  const made = ours ? subscription : await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => null);
  if (made === null) return failed(say('account.wake.no-service'));
  const { endpoint, keys } = made.toJSON();
  const put = await request('PUT', 'me/push', { json: { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'], device } });
  if (!put.ok) return failed(codeOf(put.problem) === 'bad_setting' ? say('account.wake.unreached') : problemText(put.problem));
  keepWoken(account, true);
  await tell(tongue, device);
  return answer(true);
}

async function switchedOff(registration: ServiceWorkerRegistration | null, account: string): Promise<Event> {
  const done = await request('DELETE', 'me/push', null);
  if (!done.ok) return answer(true, problemText(done.problem));
  keepWoken(account, false);
  const subscription = registration && 'pushManager' in registration ? await registration.pushManager.getSubscription().catch(() => null) : null;
  await subscription?.unsubscribe().catch(() => false);
  return answer(false);
}

function isKey(subscription: PushSubscription, key: string): boolean {
  const bytes = subscription.options.applicationServerKey;
  if (bytes === null) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key;
}

/** The language of the person, and what this browser is called among their devices, for when no page is there to ask. */
async function tell(tongue: string, device: string | null): Promise<void> {
  const kept = await caches.open(TOLD);
  await kept.put('/tongue', new Response(tongue));
  if (device !== null) await kept.put('/device', new Response(device));
}
