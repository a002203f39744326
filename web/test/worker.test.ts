// The service worker among pretended caches and a pretended network: what it keeps, what it answers, what it lets go by.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** By an address and not by its name: its types are those of workers, which no page has. */
const WORKER = new URL('../src/worker/sw.ts', import.meta.url).href;
const ORIGIN = 'https://meet.example.org';

/** What the browser holds for the origin: it outlives every version of the worker. */
const held = new Map<string, Map<string, Response>>();
const asked: unknown[] = [];
let network: (path: string) => Promise<Response>;

const absolute = (input: string | { readonly url: string }): string => new URL(typeof input === 'string' ? input : input.url, ORIGIN).href;

const cache = (name: string) => {
  const files = held.get(name) ?? new Map<string, Response>();
  held.set(name, files);
  return {
    addAll: async (requests: readonly (string | Request)[]) => {
      const got = await Promise.all(requests.map(async (request) => [absolute(request), await fetch(absolute(request))] as const));
      if (got.some(([, response]) => !response.ok)) throw new TypeError('one of them is not there');
      for (const [url, response] of got) files.set(url, response);
    },
    match: (path: string) => Promise.resolve(files.get(absolute(path))?.clone()),
  };
};

/** Starts a version of the worker; gives what it listens to. */
async function version(name: string, files: readonly string[]) {
  const heard = new Map<string, (event: unknown) => void>();
  vi.stubGlobal('self', { location: { origin: ORIGIN }, addEventListener: (type: string, listen: (event: unknown) => void) => heard.set(type, listen) });
  vi.stubGlobal('SHELL', { version: name, page: `sha256-${name}`, files });
  vi.resetModules();
  await import(WORKER);
  const waits = async (type: string): Promise<void> => {
    const work: Promise<unknown>[] = [];
    heard.get(type)?.({ waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  };
  return {
    install: () => waits('install'),
    activate: () => waits('activate'),
    /** The answer of the worker; nothing when it lets the request go by. */
    get: async (path: string, init: { readonly mode?: string; readonly method?: string } = {}): Promise<string | null> => {
      const answers: Promise<Response>[] = [];
      const request = { url: absolute(path), method: init.method ?? 'GET', mode: init.mode ?? 'no-cors' };
      heard.get('fetch')?.({ request, respondWith: (given: Promise<Response>) => answers.push(given) });
      const [answer] = answers;
      return answer === undefined ? null : (await answer).text();
    },
  };
}

const FIRST = ['/assets/index-1.js', '/assets/index-1.css'];
const SECOND = ['/assets/index-2.js', '/assets/index-1.css'];
const offline = (): Promise<Response> => Promise.reject(new TypeError('no network'));
const serves = (files: readonly string[], page: string) => (path: string): Promise<Response> => Promise.resolve(
  files.includes(path) ? new Response(path) : path.includes('.') ? new Response('', { status: 404 }) : new Response(page));

beforeEach(() => {
  held.clear();
  asked.length = 0;
  network = serves(FIRST, 'page 1');
  vi.stubGlobal('caches', {
    open: (name: string) => Promise.resolve(cache(name)),
    keys: () => Promise.resolve([...held.keys()]),
    delete: (name: string) => Promise.resolve(held.delete(name)),
  });
  vi.stubGlobal('fetch', (input: string | Request) => network(new URL(absolute(input)).pathname));
  vi.stubGlobal('Request', class {
    readonly url: string;
    constructor(url: string, init: object) {
      this.url = url;
      asked.push({ url, ...init });
    }
  });
});
afterEach(() => vi.unstubAllGlobals());

const page = { mode: 'navigate' } as const;

describe('the service worker', () => {
  it('answers pages from the network, and from what it kept when there is none', async () => {
    const worker = await version('1', FIRST);
    await worker.install();
    expect(asked).toMatchObject([{ url: '/', cache: 'reload', integrity: 'sha256-1' }]);
    network = serves(FIRST, 'page now');
    expect(await worker.get('/r/bolu-kesi-dafo', page)).toBe('page now');
    network = offline;
    expect(await worker.get('/r/bolu-kesi-dafo', page)).toBe('page 1');
    expect(await worker.get('/assets/index-1.js')).toBe('/assets/index-1.js');
    network = () => Promise.resolve(new Response('bad gateway', { status: 502 }));
    expect(await worker.get('/', page)).toBe('page 1');
    network = () => Promise.resolve(new Response('forbidden', { status: 403 }));
    expect(await worker.get('/', page)).toBe('forbidden');
  });

  it('lets everything else go by', async () => {
    const worker = await version('1', FIRST);
    await worker.install();
    for (const path of ['/api/v1/server', '/api', '/api/v1/rooms/x/files/f', '/rtc/v1', '/healthz', '/metrics']) {
      expect(await worker.get(path), path).toBeNull();
      expect(await worker.get(path, page), path).toBeNull();
    }
    for (const path of ['/assets/lazy-9.js', '/favicon.svg', '/manifest.webmanifest', '/sw.js', 'https://elsewhere.example.org/assets/index-1.js']) {
      expect(await worker.get(path), path).toBeNull();
    }
    expect(await worker.get('/report.pdf', page)).toBeNull();
    expect(await worker.get('/', { ...page, method: 'POST' })).toBeNull();
    // A name that only begins like one of the server's is a page.
    expect(await worker.get('/apiary', page)).toBe('page 1');
  });

  it('replaces one version by the next, whole', async () => {
    const first = await version('1', FIRST);
    await first.install();
    await first.activate();
    held.set('of-somebody-else', new Map());
    network = serves(SECOND, 'page 2');
    const second = await version('2', SECOND);
    await second.install();
    // Until the last page of the first version is closed both are there.
    expect([...held.keys()].toSorted()).toEqual(['of-somebody-else', 'parlor-1', 'parlor-2']);
    await second.activate();
    expect([...held.keys()].toSorted()).toEqual(['of-somebody-else', 'parlor-2']);
    network = offline;
    expect(await second.get('/', page)).toBe('page 2');
    expect(await second.get('/assets/index-2.js')).toBe('/assets/index-2.js');
  });

  it('is not installed with a part missing', async () => {
    const worker = await version('2', SECOND);
    await expect(worker.install()).rejects.toThrow(TypeError);
    expect(held.get('parlor-2')?.size).toBe(0);
  });
});
