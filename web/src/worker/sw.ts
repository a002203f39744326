// The service worker: keeps what the first load needs, so that the page opens without a network and can say so.
// It answers for pages and for the files of the first load alone: everything else goes by as if it were not there.
// Beside that it says that somebody calls, when no page is there to say it: see calls.ts.

import { clicked, pushed, renewed } from './calls';

/** What it keeps. */
export interface Shell {
  /** Changes with anything that is kept. */
  readonly version: string;
  /** The hash of `index.html`, as for the attribute `integrity`. */
  readonly page: string;
  readonly files: readonly string[];
}

/** scripts/worker.mjs writes it above this file once the client is built. */
declare const SHELL: Shell;
declare const self: ServiceWorkerGlobalScope;

const PAGE = '/';
const OURS = 'parlor-';
const CACHE = `${OURS}${SHELL.version}`;
/** Paths of the server that are no pages of the client. */
const SERVER = /^\/(?:api|rtc|healthz|metrics)(?:\/|$)/;
/** What a proxy says while the server behind it is away. */
const AWAY: readonly number[] = [502, 503, 504];

// All or nothing: a page of another version, or a file that is gone, makes the installation fail, and it is tried again later.
const keep = async (): Promise<void> =>
  (await caches.open(CACHE)).addAll([new Request(PAGE, { cache: 'reload', integrity: SHELL.page }), ...SHELL.files]);

const tidy = async (): Promise<void> => {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
};

/** Whatever file was asked for, in whatever encoding: each is kept once. */
const kept = async (path: string): Promise<Response | undefined> => (await caches.open(CACHE)).match(path, { ignoreVary: true });

async function page(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null);
  if (answer && !AWAY.includes(answer.status)) return answer;
  return (await kept(PAGE)) ?? answer ?? Response.error();
}

const file = async (request: Request, path: string): Promise<Response> => (await kept(path)) ?? fetch(request);

// A new version waits until the last page of the old one is closed: neither ever finds files of the other.
self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(tidy()));
self.addEventListener('push', (event) => event.waitUntil(pushed(event.data)));
self.addEventListener('notificationclick', (event) => event.waitUntil(clicked(event.notification, event.action)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewed()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || SERVER.test(pathname)) return;
  // As the server has it: paths of pages have no dot.
  if (request.mode === 'navigate' && !pathname.includes('.')) event.respondWith(page(request));
  else if (SHELL.files.includes(pathname)) event.respondWith(file(request, pathname));
});
