// What I do to the meeting, what is done to me, and what the room's policy keeps me from.

import { say, type Key, type Text } from '../../i18n/text';
import type { Act, Allowed, Event as Told } from '../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../calls';
import { waking } from '../calling/waking';
import { devices } from '../devices';
import type { Meeting, State } from '../state';
import { andThen, announce, inMeeting, stay, toast, withMeeting, withPhase, type Step } from '../step';
import { windowTitle } from '../title';
import { iMay, mention, nameIn, ring, withBeside } from './aside';
import type { Panel } from './beside';
import type { BesideEvent, NoticesEvent } from './event';
import { signInAgain } from './news';
import type { Notices } from './notices';
import { myHand } from './people';

/** The reactions that are offered, in the order of their keys 1 to 8. */
export const REACTIONS: readonly string[] = ['👍', '❤️', '😂', '😮', '👏', '🎉', '🤔', '👎'];

/** So many rise at once; the oldest go, long up already. */
const RISING_AT_ONCE = 24;
/** Longer than a reaction rises. */
const RISEN_MS = 2_600;

export function beside(state: State, event: BesideEvent): Step {
  switch (event.type) {
    case 'panel':
      return inMeeting(state, (meeting) => show(state, meeting, meeting.beside.panel === event.panel ? null : event.panel));
    case 'panel/close':
      return inMeeting(state, (meeting) => (meeting.beside.panel === null ? stay(state) : show(state, meeting, null)));
    case 'act':
      return act(state, event.act);
    case 'hand':
      return inMeeting(state, (meeting) => act(state, { act: 'hand', up: !myHand(meeting) }));
    case 'asked/answer': {
      const answered = withBeside(state, { asked: false });
      const { wanted } = state.devices.microphone;
      return event.unmute && !wanted ? devices(answered, { type: 'devices/toggle', kind: 'microphone' }) : stay(answered);
    }
    case 'news/sign-in':
      return signInAgain(state);
  }
}

function show(state: State, meeting: Meeting, panel: Panel | null): Step {
  const { chat } = meeting.beside;
  if (panel !== 'chat') {
    // What was new has been seen with the panel that goes.
    const read = meeting.beside.panel === 'chat' ? { ...chat, fresh: null } : chat;
    return stay(withBeside(state, { panel, chat: read, knock: panel === 'people' ? false : meeting.beside.knock }));
  }
  const others = chat.lines.filter((line) => line.from !== meeting.live?.me);
  const fresh = chat.unread === 0 ? null : (others[Math.max(0, others.length - chat.unread)]?.id ?? null);
  const next = withBeside(state, { panel, chat: { ...chat, unread: 0, fresh, bubble: null } });
  return [next, chat.unread === 0 ? [] : [windowTitle(state, meeting.title)]];
}

const act = (state: State, what: Act): Step =>
  inMeeting(state, (_, page) => [state, [ask({ name: 'act', code: page.code, act: what })]]);

/** An act that the server refused. What somebody else did in the same moment is done, and not worth a word. */
export function acted(state: State, event: Answered<'act'>): Step {
  if (event.result.ok) return stay(state);
  const { problem } = event.result;
  const { act: what } = event.call.act;
  if (codeOf(problem) === 'not_found' && (what === 'admit' || what === 'deny' || what === 'lowerHand')) return stay(state);
  // Whoever wants to leave leaves, though nobody can be told who leads then.
  if (what === 'handOver' && problem === 'offline') return inMeeting(state, () => [state, [{ type: 'call/leave', attempt: state.attempt }]]);
  const text = problemText(problem);
  return inMeeting(state, () => toast(announce(state, text), text, 'trouble'));
}

const FORBIDDEN: Readonly<Record<Allowed, Key>> = {
  microphone: 'people.forbidden.microphone',
  camera: 'people.forbidden.camera',
  share: 'people.forbidden.share',
  chat: 'people.forbidden.chat',
};

/** What the room keeps me from, in words; nothing when I may. Switching off is always allowed. */
export function kept(state: State, what: Allowed, on: boolean): Text | null {
  const { page } = state;
  if (!on || page.at !== 'room' || page.phase.is !== 'meeting' || iMay(page.phase.live, what)) return null;
  return { key: FORBIDDEN[what], args: {} };
}

/** Does it, or says why not. */
export function unlessKept(state: State, what: Allowed, on: boolean, step: () => Step): Step {
  const text = kept(state, what, on);
  return text === null ? step() : toast(announce(state, text), text, 'trouble');
}

const MUTED: Readonly<Record<Allowed, Key>> = {
  microphone: 'people.muted.microphone',
  camera: 'people.muted.camera',
  share: 'people.muted.share',
  chat: 'people.muted.chat',
};

/** A host stopped something of mine: what I want follows, so that the keys say what is. */
export function muted(state: State, what: Allowed): Step {
  return inMeeting(state, (meeting) => {
    const text: Text = { key: MUTED[what], args: {} };
    return andThen(stopped(state, meeting, what), (now) => andThen(toast(mention(now, 'muted', text), text), (next) => ring(next, 'muted')));
  });
}

function stopped(state: State, meeting: Meeting, what: Allowed): Step {
  switch (what) {
    case 'microphone':
    case 'camera':
      return state.devices[what].wanted ? devices(state, { type: 'devices/toggle', kind: what }) : stay(state);
    case 'share':
      return meeting.sharing === 'yes' ? [withMeeting(state, { sharing: 'no', sharePaused: false }), [{ type: 'call/share', on: false }]] : stay(state);
    case 'chat':
      return stay(state);
  }
}

export function askedToUnmute(state: State): Step {
  return inMeeting(state, (meeting) => {
    if (state.devices.microphone.wanted || !iMay(meeting.live, 'microphone')) return stay(state);
    return ring(announce(withBeside(state, { asked: true }), say('asked.title')), 'hand');
  });
}

export function reacted(state: State, event: Extract<Told, { event: 'reaction' }>): Step {
  return inMeeting(state, (meeting) => {
    const id = state.count + 1;
    const rising = [...meeting.beside.rising, { id, person: event.person, emoji: event.emoji }].slice(-RISING_AT_ONCE);
    const next = withBeside({ ...state, count: id }, { rising });
    const name = nameIn(meeting, event.person) ?? '';
    const said = event.person === meeting.live?.me ? next : mention(next, 'reaction', say('react.said', { name, emoji: event.emoji }));
    return [said, [{ type: 'timer', timer: { name: 'risen' }, ms: RISEN_MS }]];
  });
}

/** All that rose is up. */
export const risen = (state: State): Step => stay(withBeside(state, { rising: [] }));

/** I was removed: remembered until the pictures are gone too, or put on the page that is there already. */
export function removed(state: State, mayReturn: boolean): Step {
  const { page } = state;
  if (page.at !== 'room') return stay(state);
  if (page.phase.is === 'left') return stay(withPhase(state, page, { ...page.phase, barred: !mayReturn }));
  return stay(withBeside(state, { barred: !mayReturn }));
}

export function notices(state: State, event: NoticesEvent): Step {
  const { said, sounds } = state.notices;
  const keep = (change: Partial<Notices>): Step => {
    const next: State = { ...state, notices: { ...state.notices, ...change } };
    return [next, [{ type: 'notices/keep', notices: next.notices }]];
  };
  switch (event.type) {
    case 'notices/said':
      return keep({ said: { ...said, [event.topic]: event.on } });
    case 'notices/sound': {
      const done = keep({ sounds: { ...sounds, [event.chime]: event.on } });
      const { chime } = event;
      // What is switched on is heard once; a ring would not end by itself.
      return event.on && chime !== 'ring' ? andThen(done, (now) => ring(now, chime)) : done;
    }
    case 'notices/system':
      // The browser asks, and that only now.
      return event.on ? [state, [{ type: 'notices/ask' }]] : keep({ system: false });
    case 'notices/offer':
      // It is offered for as long as the browser asks: what came of it is said in the same place.
      return event.on ? [state, [{ type: 'notices/ask', wakes: true }]] : keep({ offered: true });
    case 'notices/allowed': {
      if (event.allowed) {
        const [next, effects] = keep({ system: true, offered: true });
        return [next, event.wakes === true ? [...effects, ...waking(next, 'on')] : effects];
      }
      const text = say('notices.system.refused');
      // The browser will not ask again, so that to offer it would be of no use.
      return andThen(keep({ system: false, offered: true }), (now) => toast(announce(now, text), text, 'trouble'));
    }
  }
}
