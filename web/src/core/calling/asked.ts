// Meetings that I am asked into: a card on every page, that is answered once on all my devices.

import { say } from '../../i18n/text';
import type { RoomInvitation } from '../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../calls';
import type { Effect } from '../effect';
import { visit } from '../start';
import type { State } from '../state';
import { andThen, announce, stay, toast, type Step } from '../step';
import { isUnnamed } from '../title';
import { inside, withCalling } from './calling';

export type AskedEvent =
  // comes into the room of this code: it is gone to as soon as its door is open
  | { readonly type: 'asked/come'; readonly code: string }
  | { readonly type: 'asked/not-now'; readonly code: string };

/** The oldest that is not about the room where this window is. */
export const foremostAsked = ({ page, calling }: Pick<State, 'page' | 'calling'>): RoomInvitation | null =>
  calling.asked.find(({ code }) => !(inside({ page }) && page.at === 'room' && page.code === code)) ?? null;

/** The whole list came. An older one than the last changes nothing. */
export function invitationsTold(state: State, number: number, list: readonly RoomInvitation[]): Step {
  const before = state.calling;
  if (number < before.askedNumber || state.session.is !== 'known') return stay(state);
  const fresh = list.filter((one) => !before.askedKnown.includes(keyOf(one)));
  const next = withCalling(state, { asked: list, askedNumber: number, askedKnown: list.map(keyOf) });
  if (fresh.length === 0) return stay(next);
  const said = fresh.reduce((now, { name, title }) => announce(now, askedWords(name, title)), next);
  const stands: Effect = { type: 'timer', timer: { name: 'asked' }, ms: STANDS_MS };
  return [said, [stands, ...(state.notices.sounds.ring ? [{ type: 'chime', chime: 'knock', speaker: state.devices.speaker.chosen } as const] : [])]];
}

/** The same, also on another line. */
const keyOf = ({ code, until }: RoomInvitation): string => `${code} ${until}`;

/** As long as the server lets one stand, without its clock: where the line is lost nobody says that it is over. */
const STANDS_MS = 60_000;

/** The last that came has stood for long enough, and so have all before it. */
export const askedOver = (state: State): State => (state.calling.asked.length === 0 ? state : withCalling(state, { asked: [] }));

export const askedWords = (name: string, title: string) =>
  (isUnnamed(title) ? say('asked.in.untitled', { name }) : say('asked.in', { name, title }));

export function asked(state: State, event: AskedEvent | Answered<'asked/answer'>): Step {
  switch (event.type) {
    case 'asked/come':
      if (state.calling.coming !== null || !stands(state, event.code)) return stay(state);
      return [withCalling(state, { coming: event.code }), [ask({ name: 'asked/answer', code: event.code, come: true })]];
    case 'asked/not-now': {
      if (!stands(state, event.code)) return stay(state);
      // The other devices are told by the server; here it goes at once.
      const left = state.calling.asked.filter(({ code }) => code !== event.code);
      return [withCalling(state, { asked: left }), [ask({ name: 'asked/answer', code: event.code, come: false })]];
    }
    case 'answer': {
      const { call: { code, come }, result } = event;
      // A call was answered meanwhile, and is not left for it.
      if (come && state.calling.coming !== code) return stay(state);
      const next = come ? withCalling(state, { coming: null }) : state;
      if (result.ok) return come ? visit(next, { to: 'room', code }) : stay(next);
      const over = codeOf(result.problem) === 'not_found';
      // It ended by itself a moment before I said that I do not come.
      if (over && !come) return stay(next);
      const gone = over ? withCalling(next, { asked: next.calling.asked.filter((one) => one.code !== code) }) : next;
      const text = over ? say('asked.over') : problemText(result.problem);
      return andThen(stay(announce(gone, text)), (now) => toast(now, text, 'trouble'));
    }
  }
}

const stands = ({ calling }: State, code: string): boolean => calling.asked.some((one) => one.code === code);
