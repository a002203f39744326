// For which accounts this browser was switched on to be woken, kept in it alone: the server forgets that with each session.

import { isText, listOf } from '../proto/shape';

const PLACE = 'parlor.woken';
/** More people do not share a browser; the one for whom it was switched on the longest ago is forgotten. */
const MOST = 8;

export const wokenHere = (account: string): boolean => recall().includes(account);

export function keepWoken(account: string, on: boolean): void {
  const others = recall().filter((one) => one !== account);
  try {
    localStorage.setItem(PLACE, JSON.stringify(on ? [...others, account].slice(-MOST) : others));
  } catch {
    // storage is closed in some private windows: nothing is remembered then
  }
}

function recall(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return listOf(isText)(kept) ? kept : [];
  } catch {
    return [];
  }
}
