// How was it? Asked once after a meeting with others, answered by whoever likes to.

import { say } from '../i18n/text';
import type { Reason } from '../proto/api.gen';
import { ask, problemText, type Answered } from './calls';
import type { Event } from './event';
import type { LeaveReason, State } from './state';
import { announce, stay, toast, withPhase, type Step } from './step';

export interface Rating {
  /** 0 until one is chosen. */
  readonly stars: number;
  readonly reasons: readonly Reason[];
  readonly step: 'asked' | 'sending' | 'thanked';
}

export const STARS: readonly number[] = [1, 2, 3, 4, 5];
export const REASONS: readonly Reason[] = ['sound', 'picture', 'share', 'connection'];
/** With so many stars or fewer something was not good: it is asked what. */
const WANTING = 3;
/** Whoever comes back within this is in the same meeting still: eight hours, as the server counts. */
const ONE_MEETING_MS = 8 * 60 * 60 * 1_000;
/** So many rooms are remembered; who is in more of them in a day is asked twice. */
const REMEMBERED = 50;

/** When it was asked last, by the code of the room. */
export type Asked = Readonly<Record<string, number>>;

export const wanting = ({ stars }: Rating): boolean => stars > 0 && stars <= WANTING;

const ENDS: readonly LeaveReason[] = ['left', 'ended', 'lost'];

/** Whether it is asked now: after a meeting with others that ended by itself or by me, and not twice. */
export function asksNow(state: State, code: string, why: LeaveReason, met: number, at: number): Rating | null {
  const before = state.asked[code];
  if (!ENDS.includes(why) || met === 0 || (before !== undefined && at - before < ONE_MEETING_MS)) return null;
  return { stars: 0, reasons: [], step: 'asked' };
}

export function withAsked(state: State, code: string, at: number): Step {
  const others = Object.entries(state.asked).filter(([other]) => other !== code);
  const asked: Asked = Object.fromEntries([...others, [code, at] as const].slice(-REMEMBERED));
  return [{ ...state, asked }, [{ type: 'asked/keep', asked }]];
}

export function rate(state: State, event: Extract<Event, { type: `rating/${string}` }> | Answered<'rate'>): Step {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'left' || page.phase.rating === null) return stay(state);
  const left = page.phase;
  const { rating } = page.phase;
  const put = (change: Partial<Rating>): State => withPhase(state, page, { ...left, rating: { ...rating, ...change } });
  switch (event.type) {
    case 'rating/stars':
      return rating.step === 'asked' ? stay(put({ stars: event.stars })) : stay(state);
    case 'rating/reason': {
      if (rating.step !== 'asked') return stay(state);
      const { reason } = event;
      return stay(put({ reasons: rating.reasons.includes(reason) ? rating.reasons.filter((one) => one !== reason) : [...rating.reasons, reason] }));
    }
    case 'rating/send': {
      if (rating.step !== 'asked' || rating.stars === 0) return stay(state);
      const reasons = wanting(rating) ? [...rating.reasons] : [];
      return [put({ step: 'sending' }), [ask({ name: 'rate', code: page.code, body: { stars: rating.stars, reasons } })]];
    }
    case 'answer': {
      if (event.call.code !== page.code) return stay(state);
      if (event.result.ok) return stay(announce(put({ step: 'thanked' }), say('rating.thanks')));
      const text = problemText(event.result.problem);
      return toast(announce(put({ step: 'asked' }), text), text, 'trouble');
    }
  }
}
