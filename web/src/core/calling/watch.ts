// After every step: says who is here, rings and falls silent, and hangs up where the room of a call was left behind.

import { speech } from '../../i18n/text';
import type { Call } from '../../proto/api.gen';
import { ringsOn } from '../devices';
import type { Effect } from '../effect';
import type { Page, State } from '../state';
import { andThen, stay, type Step } from '../step';
import { askedWords, foremostAsked } from './asked';
import { calm, callersOf, callHere, foremost, heldBy, inCall, inside, isOver, withCalling } from './calling';
import { waking } from './waking';
import { kindWords, REFUSED } from './words';
import { endOf, wanting } from './way';

/** What sounds: for me from a call that comes in, alone or into another, or from the other end, which rings, has me on hold, or did not come. */
export type Sound = 'ring' | 'waiting' | 'back' | 'hold' | 'busy';

/** A call that comes in, or a meeting that I am asked into: for the title of the window and a notice of the system. */
export interface Alert {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** What the buttons of a call are called; and in which language all of that is. */
  readonly answer: string | null;
  readonly decline: string | null;
  readonly tongue: string;
  /** Whether the system may show it, where the window is not in front. */
  readonly system: boolean;
}

export function watchCalling(before: State, step: Step): Step {
  if (step[0] === before) return step;
  const parts = [signedOut, adopted, leftBehind, here, sounds, alerts, freeOver];
  return parts.reduce((done, part) => andThen(done, (now) => part(before, now)), step);
}

type Part = (before: State, now: State) => Step;

const accountOf = ({ session }: State): string | null => (session.is === 'known' ? session.me.account.id : null);

/** Nothing of somebody's calls stays for the next. */
const signedOut: Part = (before, now) =>
  stay(accountOf(before) !== null && accountOf(before) !== accountOf(now) ? { ...now, calling: { ...calm(now.calling.device), idle: now.calling.idle } } : now);

const codeIn = (page: Page): string | null => (page.at === 'room' ? page.code : null);

/** Whoever comes into the room of a call by its door, as after loading the page again, is in the call. */
const adopted: Part = (before, now) => {
  if (before.page === now.page || now.page.at !== 'room' || now.page.phase.is !== 'meeting' || callHere(now) !== null) return stay(now);
  const code = codeIn(now.page);
  const call = now.calling.calls.find((one) => one.code === code && !isOver(one));
  return stay(call ? withCalling(now, { mine: { call, told: true, hungUp: false, keeps: false } }) : now);
};

/** The person went elsewhere, by a link or by another call: the one that was here ends, unless it is on hold. */
const leftBehind: Part = (before, now) => {
  const call = callHere(before);
  const { mine } = before.calling;
  if (call === null || mine === null || codeIn(before.page) === codeIn(now.page)) return stay(now);
  const another = now.calling.mine !== null && now.calling.mine.call.id !== call.id;
  // Whoever goes to another call says what becomes of this one: that it is on hold may be told before, as of any call that is left so.
  const keeps = another ? now.calling.mine?.keeps === true : call.stage.is === 'held';
  const ends = inside(before) && !isOver(call) && !mine.hungUp && !keeps && accountOf(now) !== null;
  // A call chooses its own devices; the next door begins with the habit again.
  const next = another ? now : wanting(withCalling(now, { mine: null }), now.devices.habit);
  return [next, ends ? [endOf(call)] : []];
};

/** This window belongs to a device of mine, for as long as I am signed in. */
const here: Part = (before, now) => {
  const [was, is] = [accountOf(before), accountOf(now)];
  if (was === is && before.calling.idle === now.calling.idle) return stay(now);
  const end: readonly Effect[] = was !== null && was !== is ? [{ type: 'here/end' }] : [];
  if (is === null) return [now, end];
  // What the server knew of this browser ended with the session before.
  const renewed = was === is ? [] : waking(now, 'renew');
  return [now, [...end, { type: 'here', device: now.calling.device, idle: now.calling.idle }, ...renewed]];
};

/** What is heard now. */
export function soundOf(state: State): Sound | null {
  const call = foremost(state);
  if (call !== null && !state.calling.hushed.includes(call.id) && state.calling.pressed[call.id] === undefined) {
    if (!state.notices.sounds.ring) return null;
    return inside(state) ? 'waiting' : 'ring';
  }
  const mine = inCall(state) ? callHere(state) : null;
  if (mine === null || mine.stage.is === 'held') return null;
  if (heldBy(mine) !== null) return 'hold';
  // Whoever was left to somebody else waits for them as a caller does.
  if (!mine.outgoing && mine.answered === undefined) return null;
  const stages = mine.others.map(({ stage }) => stage.is);
  return stages.includes('ringing') && !stages.includes('connecting') && !stages.includes('active') ? 'back' : null;
}

/** The call of mine that came to nothing, for as long as the screen says so. */
function futile(state: State): Call | null {
  const { outcome, mine } = state.calling;
  const call = outcome ?? (mine?.hungUp === false ? callHere(state) : null);
  if (call === null || !call.outgoing || call.answered !== undefined || !isOver(call)) return null;
  return call.others.some(({ stage }) => stage.is === 'ended' && REFUSED.includes(stage.why)) ? call : null;
}

/** Something else is done about it already: another call, or a message. */
const goesOn = ({ calling, overlay }: State): boolean => calling.placing !== null || overlay === 'voicemail';

/** Into a call that goes on, the next one rings where that is heard. */
const heardOn = (state: State, sound: Sound | null): string | null => (sound === 'ring' ? ringsOn(state) : state.devices.speaker.chosen);

const sounds: Part = (before, now) => {
  const [was, is] = [soundOf(before), soundOf(now)];
  const heard = (sound: Sound | null): Step => [now, [{ type: 'calling/sound', sound, speaker: heardOn(now, sound) }]];
  if (is !== null) return is === was && heardOn(now, is) === heardOn(before, is) ? stay(now) : heard(is);
  // It is heard once and ends by itself: a ring in between does not bring it back.
  const [old, fresh] = [futile(before), futile(now)];
  if (fresh !== null && fresh.id !== old?.id && !goesOn(now)) return heard('busy');
  const ends = old !== null && (fresh === null || (goesOn(now) && !goesOn(before)));
  return was !== null || ends ? heard(null) : stay(now);
};

/** Whoever is free no longer, or was called, is shown by the system no longer. */
const freeOver: Part = (before, now) => {
  const gone = before.calling.free.filter(({ account }) => now.calling.free.every((one) => one.account !== account));
  return [now, gone.map(({ account }): Effect => ({ type: 'calling/free-over', account }))];
};

const subjectOf = (state: State): string | null => foremost(state)?.id ?? foremostAsked(state)?.code ?? null;

const alerts: Part = (before, now) => {
  if (subjectOf(before) === subjectOf(now)) return stay(now);
  const [call, room] = [foremost(now), foremostAsked(now)];
  const t = speech(now.settings.language);
  if (call === null) {
    const alert: Alert | null = room && {
      id: room.code, title: t.text(askedWords(room.name, room.title)), text: '', answer: null, decline: null, tongue: t.tongue, system: now.notices.system,
    };
    return [now, [{ type: 'calling/alert', alert }]];
  }
  const alert: Alert = {
    id: call.id,
    title: t('calling.in.title', { name: t.list(callersOf(call).map(({ name }) => name)) }),
    text: t.text(kindWords(call)),
    answer: t('calling.answer'),
    decline: t('calling.decline'),
    tongue: t.tongue,
    system: now.notices.system,
  };
  return [now, [{ type: 'calling/alert', alert }]];
};
