/** Accounts and rooms, made with the calls that the pages make, where a test is about what comes after. */

import { expect } from '@playwright/test';

import { PASSWORD, type Server } from './server.ts';
import type { Tab } from './tab.ts';

/** What a room lets people do, as far as tests change it. */
export interface Policy {
  guests: boolean;
  lobby: 'off' | 'guests' | 'everyone';
  locked: boolean;
  history: boolean;
}

/** A room of somebody's own. */
export interface OwnRoom {
  code: string;
  /** Where people join. */
  link: string;
}

interface Answer {
  status: number;
  body: unknown;
}

/** Calls the server as the page in the tab would, with its cookies. The tab must show a page of that server. */
export function call(tab: Tab, method: string, path: string, body?: unknown): Promise<Answer> {
  return tab.evaluate(ask, { method, path: `/api/v1/${path}`, body });
}

/** Makes an account, and opens the page of those signed in as it. */
export async function signUp(tab: Tab, server: Pick<Server, 'url'>, name: string, displayName = name): Promise<void> {
  await tab.goto(`${server.url}/sign-in`);
  const { status } = await call(tab, 'POST', 'accounts', { name, displayName, password: PASSWORD });
  expect(status, `${name} has an account`).toBe(201);
  await tab.goto(`${server.url}/`);
}

/** Signs in with the password of all tests. */
export async function signIn(tab: Tab, server: Pick<Server, 'url'>, name: string): Promise<void> {
  await tab.goto(`${server.url}/sign-in`);
  const { status } = await call(tab, 'POST', 'session', { name, password: PASSWORD });
  expect(status, `${name} signs in`).toBe(200);
  await tab.goto(`${server.url}/`);
}

/** Makes a room of the one who is signed in; what is not said of its rules is as with any new room. */
export async function makeRoom(tab: Tab, server: Pick<Server, 'url'>, title: string, policy: Partial<Policy> = {}): Promise<OwnRoom> {
  const made = await call(tab, 'POST', 'rooms', { title, listed: true });
  expect(made.status, 'a room is created').toBe(201);
  const view = made.body as { room: { code: string }; policy: Policy };
  const { code } = view.room;
  const changed = await call(tab, 'PATCH', `rooms/${code}`, { policy: { ...view.policy, ...policy } });
  expect(changed.status, 'its rules are set').toBe(200);
  return { code, link: `${server.url}/r/${code}` };
}

/** Runs in the page. */
async function ask({ method, path, body }: { method: string; path: string; body: unknown }): Promise<Answer> {
  const answer = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}
