// The service worker when somebody calls: what it shows of a push, and what becomes of what is pressed. The browser is pretended.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** By its address, as in worker.test.ts. */
const CALLS = new URL('../src/worker/calls.ts', import.meta.url).href;

interface Module {
  readonly pushed: (data: { readonly json: () => unknown } | null) => Promise<void>;
  readonly clicked: (notice: object, action: string) => Promise<void>;
  readonly renewed: () => Promise<void>;
}

interface Notice {
  readonly title: string;
  readonly tag: string;
  readonly silent?: boolean;
  readonly body?: string;
  readonly data: unknown;
  readonly close: () => void;
}

let notices: Notice[] = [];
let pages: { readonly focused: boolean; readonly visibilityState: string; readonly postMessage: (said: unknown) => void; readonly focus: () => Promise<void> }[] = [];
let opened: string[] = [];
let kept: Record<string, string> = {};
let answers: Record<string, unknown> = {};
const sent: { readonly path: string; readonly method: string; readonly body: unknown }[] = [];

const remove = (tag: string): void => {
  notices = notices.filter((one) => one.tag !== tag);
};

beforeEach(() => {
  [notices, pages, opened, kept] = [[], [], [], { '/tongue': 'fr', '/device': 'd1' }];
  answers = {};
  sent.length = 0;
  vi.stubGlobal('self', {
    navigator: { language: 'en-GB' },
    registration: {
      showNotification: (title: string, options: { readonly tag: string; readonly data: unknown }) => {
        remove(options.tag);
        notices.push({ ...options, title, close: () => remove(options.tag) });
        return Promise.resolve();
      },
      getNotifications: ({ tag }: { readonly tag?: string } = {}) => Promise.resolve(notices.filter((one) => tag === undefined || one.tag === tag)),
      pushManager: { subscribe: (options: unknown) => Promise.resolve({ toJSON: () => ({ endpoint: 'https://push.example/2', keys: { p256dh: 'P', auth: 'A' }, options }) }) },
    },
    clients: { matchAll: () => Promise.resolve(pages), openWindow: (path: string) => Promise.resolve(opened.push(path)) },
  });
  vi.stubGlobal('caches', { open: () => Promise.resolve({ match: (path: string) => Promise.resolve(kept[path] === undefined ? undefined : new Response(kept[path])) }) });
  vi.stubGlobal('fetch', (path: string, init: { readonly method?: string; readonly body?: string } = {}) => {
    const method = init.method ?? 'GET';
    sent.push({ path, method, body: init.body === undefined ? null : JSON.parse(init.body) });
    const answer = answers[`${method} ${path}`];
    return answer === undefined ? Promise.reject(new TypeError('no network')) : Promise.resolve(new Response(JSON.stringify(answer)));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A worker that was started just now. */
async function fresh(): Promise<Module> {
  vi.resetModules();
  const module: Module = await import(CALLS);
  return module;
}

const told = (kind: string, call = 'CA_1', at = Date.now() + 20_000) => ({ json: () => ({ kind, call, at }) });
const known = (is: string, missed = false) => [{ call: { id: 'CA_1', video: true, stage: { is }, others: [{ name: 'Zoé', caller: false }, { name: 'Ada', caller: true }] }, missed }];
const page = (focused: boolean) => {
  const said: unknown[] = [];
  return { focused, visibilityState: focused ? 'visible' : 'hidden', said, postMessage: (what: unknown) => void said.push(what), focus: vi.fn(() => Promise.resolve()) };
};

describe('a push', () => {
  it('shows who calls in the language of the person, with both buttons', async () => {
    answers['GET /api/v1/calls'] = known('dialing');
    await (await fresh()).pushed(told('ring'));
    expect(notices).toMatchObject([{ title: 'Ada appelle', body: 'Appel vidéo', tag: 'CA_1', requireInteraction: true, actions: [{ action: 'answer', title: 'Répondre' }, { action: 'decline', title: 'Refuser' }] }]);
  });

  it('rings without a name when the server does not say one, and in the language of the browser when no page said one', async () => {
    kept = {};
    await (await fresh()).pushed(told('ring'));
    expect(notices).toMatchObject([{ title: 'Incoming call', body: 'Voice call' }]);
  });

  it('that comes late says that the call was missed, and so does one whose call is over already', async () => {
    const worker = await fresh();
    await worker.pushed(told('ring', 'CA_1', Date.now() - 1));
    expect(notices).toMatchObject([{ title: 'Appel manqué' }]);
    answers['GET /api/v1/calls'] = known('ended', true);
    await worker.pushed(told('ring'));
    expect(notices).toMatchObject([{ title: 'Appel manqué de Ada', tag: 'CA_1' }]);
  });

  it('rings as long as the server says so, however late it is by the clock of this machine', async () => {
    answers['GET /api/v1/calls'] = known('ringing');
    await (await fresh()).pushed(told('ring', 'CA_1', Date.now() - 60_000));
    expect(notices).toMatchObject([{ title: 'Ada appelle' }]);
  });

  it('that comes after the call was answered elsewhere says of no missed call, and is gone soon', async () => {
    vi.useFakeTimers();
    answers['GET /api/v1/calls'] = known('talking');
    const shown = (await fresh()).pushed(told('ring'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices).toMatchObject([{ title: 'L’appel ne sonne plus', silent: true }]);
    await vi.advanceTimersByTimeAsync(4_000);
    await shown;
    expect(notices).toEqual([]);
  });

  it('says that somebody is free, and not who: the page that it opens does', async () => {
    const worker = await fresh();
    await worker.pushed({ json: () => ({ kind: 'free', at: 1 }) });
    const [notice] = notices;
    expect(notice).toMatchObject({ title: 'Quelqu’un que vous attendez est libre maintenant', tag: 'free' });
    await worker.clicked(notice ?? {}, '');
    expect([notices, opened, sent]).toEqual([[], ['/contacts'], []]);
    await worker.pushed({ json: () => ({ kind: 'ring', at: 1 }) });
    expect(notices).toEqual([]);
  });

  it('shows nothing to somebody who looks at a page', async () => {
    pages = [page(true)];
    await (await fresh()).pushed(told('ring'));
    expect(notices).toEqual([]);
  });

  it('takes the place of the ring when the call was missed', async () => {
    const worker = await fresh();
    await worker.pushed(told('ring'));
    await worker.pushed(told('missed'));
    expect(notices.map(({ title }) => title)).toEqual(['Appel manqué']);
  });

  it('says for a moment that the call was dealt with elsewhere, where it rang, and then nothing', async () => {
    vi.useFakeTimers();
    const worker = await fresh();
    await worker.pushed(told('over'));
    expect(notices).toEqual([]);
    await worker.pushed(told('ring'));
    const over = worker.pushed(told('over'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices).toMatchObject([{ title: 'L’appel ne sonne plus', silent: true }]);
    await vi.advanceTimersByTimeAsync(4_000);
    await over;
    expect(notices).toEqual([]);
  });

  it('takes away what is shown of another call that rings no more', async () => {
    const worker = await fresh();
    await worker.pushed(told('ring'));
    await worker.pushed(told('ring', 'CA_2'));
    expect(notices.map(({ tag }) => tag), 'the server does not say').toEqual(['CA_1', 'CA_2']);
    answers['GET /api/v1/calls'] = known('ringing');
    await worker.pushed({ json: () => ({ kind: 'free', at: 1 }) });
    expect(notices.map(({ tag }) => tag)).toEqual(['CA_1', 'free']);
    answers['GET /api/v1/calls'] = known('ended');
    await worker.clicked(notices[1] ?? {}, '');
    expect(notices).toEqual([]);
  });

  it('of no known form shows nothing', async () => {
    const worker = await fresh();
    for (const data of [null, { json: () => null }, { json: () => ({ kind: 'dance', call: 'CA_1', at: 1 }) }, { json: () => { throw new SyntaxError(); } }]) {
      await worker.pushed(data);
    }
    expect(notices).toEqual([]);
  });
});

describe('a notice that is pressed', () => {
  it('declines without any page, and what the server says of that next is known already', async () => {
    const worker = await fresh();
    await worker.pushed(told('ring'));
    answers['POST /api/v1/calls/CA_1/acts'] = {};
    await worker.clicked(notices[0] ?? {}, 'decline');
    expect(sent.at(-1)).toEqual({ path: '/api/v1/calls/CA_1/acts', method: 'POST', body: { act: 'decline', device: 'd1' } });
    await worker.pushed(told('over'));
    expect([notices, opened]).toEqual([[], []]);
  });

  it('declines also where it does not know what this browser is called', async () => {
    kept = {};
    const worker = await fresh();
    await worker.pushed(told('ring'));
    answers['POST /api/v1/calls/CA_1/acts'] = {};
    await worker.clicked(notices[0] ?? {}, 'decline');
    expect(sent.at(-1)?.body).toEqual({ act: 'decline' });
  });

  it('says so when it could not be declined', async () => {
    const worker = await fresh();
    await worker.pushed(told('ring'));
    await worker.clicked(notices[0] ?? {}, 'decline');
    expect(notices).toMatchObject([{ title: 'L’appel n’a pas pu être refusé' }]);
  });

  it('opens a page that answers, or only shows the call', async () => {
    const worker = await fresh();
    for (const action of ['answer', '']) {
      await worker.pushed(told('ring'));
      await worker.clicked(notices[0] ?? {}, action);
    }
    await worker.pushed(told('missed'));
    await worker.clicked(notices[0] ?? {}, '');
    expect(opened).toEqual(['/#answer=CA_1', '/', '/calls']);
  });

  it('goes to the page that is there', async () => {
    const [hidden, other] = [page(false), page(false)];
    pages = [hidden, other];
    const worker = await fresh();
    await worker.pushed(told('ring'));
    await worker.clicked(notices[0] ?? {}, 'answer');
    expect([hidden.said, hidden.focus.mock.calls.length, other.said, opened, notices]).toEqual([[{ answer: 'CA_1' }], 1, [], [], []]);
  });
});

it('the server is told where the browser is reached from now on, where it is woken at all', async () => {
  const worker = await fresh();
  answers['GET /api/v1/me/push'] = { key: 'K', on: false };
  await worker.renewed();
  expect(sent.map(({ method }) => method)).toEqual(['GET']);
  answers['GET /api/v1/me/push'] = { key: 'K', on: true };
  answers['PUT /api/v1/me/push'] = {};
  await worker.renewed();
  expect(sent.at(-1)).toEqual({ path: '/api/v1/me/push', method: 'PUT', body: { endpoint: 'https://push.example/2', p256dh: 'P', auth: 'A', device: 'd1' } });
});
