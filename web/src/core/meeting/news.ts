// The event socket in a meeting: asked again where the server refuses, given up where I am signed out.

import { say } from '../../i18n/text';
import type { Problem } from '../../proto/api.gen';
import { ask, codeOf } from '../calls';
import type { Effect } from '../effect';
import { openSignIn } from '../pages/sign/page';
import { leaveFor } from '../start';
import type { State } from '../state';
import { announce, inMeeting, stay, type Step } from '../step';
import { ring, withBeside } from './aside';
import type { News } from './beside';

/** The pause before the first question after a refusal; it doubles up to the longest. */
const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** A socket does not say why it was not opened. After so many losses in a row it is asked whether I am still signed in. */
const LOSSES = 3;

const withNews = (state: State, change: Partial<News>): State => {
  const { page } = state;
  return page.at === 'room' && page.phase.is === 'meeting' ? withBeside(state, { news: { ...page.phase.beside.news, ...change } }) : state;
};

/** The server did not let me attend: nothing is told until it does. */
export function newsRefused(state: State, problem: Problem): Step {
  return inMeeting(state, ({ beside: { news } }) => {
    if (news.signedOut) return stay(state);
    if (codeOf(problem) === 'sign_in_first') return newsOver(state);
    const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** news.refused);
    return [withNews(state, { refused: news.refused + 1 }), [{ type: 'timer', timer: { name: 'attend' }, ms }]];
  });
}

/** Something was told: I attend. */
export const newsCame = (state: State): Step =>
  inMeeting(state, ({ beside: { news } }) => stay(news.refused === 0 ? state : withNews(state, { refused: 0 })));

/** The pause after a refusal is over. */
export const attendAgain = (state: State): Step =>
  inMeeting(state, ({ beside: { news } }, page) => [state, news.signedOut || news.refused === 0 ? [] : [{ type: 'attend', code: page.code }]]);

export const newsUp = (state: State): State => withNews(state, { lost: 0 });

export function newsLost(state: State): Step {
  return inMeeting(state, ({ beside: { news } }) => {
    const lost = news.lost + 1;
    const effects: readonly Effect[] = lost % LOSSES === 0 && state.session.is === 'known' ? [ask({ name: 'me' })] : [];
    return [withNews(state, { lost }), effects];
  });
}

/** My session is over: said once, and the socket is let go. Sound and pictures stay, since they do not hang on it. */
export function newsOver(state: State): Step {
  return inMeeting(state, ({ beside: { news } }) => {
    if (news.signedOut) return stay(state);
    const over = announce(withNews(state, { signedOut: true }), say('meeting.signed-out'), say('meeting.signed-out.text'));
    const [rung, effects] = ring(over, 'muted');
    return [rung, [{ type: 'quit' }, { type: 'timer/stop', name: 'attend' }, ...effects]];
  });
}

/** Signs in again, and comes back to the door of this room. */
export const signInAgain = (state: State): Step =>
  inMeeting(state, ({ beside: { news } }, page) => {
    if (!news.signedOut) return stay(state);
    const [signIn, effects] = openSignIn({ to: 'room', code: page.code });
    return leaveFor(state, signIn, [{ type: 'go', route: { to: 'sign-in' }, replace: false }, ...effects]);
  });
