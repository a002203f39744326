// The meeting: who is in, the link to the server, sharing, sound, and how it ends.

import { say, type Key, type Text } from '../i18n/text';
import type { Call } from '../proto/api.gen';
import { ask } from './calls';
import type { Effect } from './effect';
import type { CallEvent as Told, Event } from './event';
import { callHere, inCall, namesOf } from './calling/calling';
import { camerasOn, withCameras } from './calling/camera';
import { keyed } from './calling/keyed';
import { hangUp } from './calling/way';
import { endWords, stageWords } from './calling/words';
import { CAPTURES, closeAll, failed, withSource } from './devices';
import { mention, ring } from './meeting/aside';
import { NONE_HELD } from './held';
import { NOT_ALONE, stillHere } from './meeting/alone';
import { BESIDE } from './meeting/beside';
import { chatOver, fetchLines } from './meeting/chat-update';
import { voiceLookedAt } from './meeting/line';
import { metAtLast, metNow } from './meeting/met';
import { movedToLobby } from './meeting/moved';
import { asksNow, withAsked } from './rating';
import { REPORT } from './report';
import { remedy } from './remedy';
import { cast, shareKey, stageKind } from './selectors';
import { fetched, seat, spoke } from './stage';
import type { LeaveReason, Meeting, Person, Phase, State } from './state';
import { andThen, announce, inMeeting, isCurrent, remember, stay, toast, withMeeting, withPhase, type Step } from './step';
import { firstTaken, NO_STRETCH, SILENT, take, talked } from './taking';
import { calledText, windowTitle } from './title';
import { strained, undressed } from './view-habits';
import { talking, weakened } from './view-voice';
import { personOf } from './viewing';

type CallEvent = Extract<Event, { type: `call/${string}` }>;

/** Beyond this many, coming and going is not announced any more. */
const ANNOUNCED_UP_TO = 12;
/** Trouble shorter than this is not worth a word: pictures stand still, then go on. */
const WAVERING_MS = 2_000;
/** After this long in all it is asked whether to try at once, or to do with less. */
const LOST_MS = 30_000;

export function call(state: State, event: CallEvent): Step {
  if ('attempt' in event) return isCurrent(state, event) ? told(state, event) : late(state, event);
  switch (event.type) {
    case 'call/share':
      return inMeeting(state, (meeting) => {
        if (!state.browser.share || meeting.sharing === 'asking') return stay(state);
        const on = meeting.sharing === 'no';
        return [withMeeting(state, { sharing: on ? 'asking' : 'no' }), [{ type: 'call/share', on }]];
      });
    case 'call/leave':
      return inMeeting(state, () => (inCall(state) ? hangUp(state) : [state, [{ type: 'call/leave', attempt: state.attempt }]]));
    case 'call/turn-on-sound':
      return inMeeting(state, () => [state, [{ type: 'call/turn-on-sound' }]]);
    case 'call/hear':
      return inMeeting(state, ({ hushed }) => (hushed ? [announce(withMeeting(state, { hushed: false }), say('meeting.beside.heard')), [{ type: 'call/hush', on: false }]] : stay(state)));
    case 'call/hurry':
      return inMeeting(state, ({ link: now }) => [state, now === 'connected' ? [] : [{ type: 'call/hurry' }]]);
    case 'call/copy-link':
      return state.page.at === 'room' ? [state, [{ type: 'copy', code: state.page.code }]] : stay(state);
    case 'call/invite':
      return stay(withMeeting(state, { inviting: event.open }));
    case 'call/still-here':
      return stillHere(state);
  }
}

function told(state: State, event: Told): Step {
  switch (event.type) {
    case 'call/entered':
      return entered(state, event);
    case 'call/people':
      return inMeeting(state, (meeting) => people(state, meeting, event.people));
    case 'call/spoke':
      return inMeeting(state, (meeting) => someoneSpoke(state, meeting, event.identity, event.at));
    case 'call/fell-silent':
      return inMeeting(state, ({ talk }) => {
        const now = talked(talk, event.identity, false);
        return stay(now === talk ? state : withMeeting(state, { talk: now }));
      });
    case 'call/link':
      return inMeeting(state, (meeting) => link(state, meeting, event.link));
    case 'call/sound':
      return stay(withMeeting(state, { soundBlocked: event.blocked }));
    case 'call/opened':
      return inMeeting(state, () => {
        if (!state.devices[event.kind].wanted) return stay(state);
        return stay(withSource(state, event.kind, { state: 'open', trouble: null, used: event.id }));
      });
    case 'call/failed':
      return inMeeting(state, () => failed(state, event.kind, event.trouble));
    case 'call/speaker-failed':
      return inMeeting(state, () => {
        const text = say('device.failed.speaker');
        const next: State = { ...state, devices: { ...state.devices, speaker: { chosen: event.used } } };
        return andThen(toast(announce(next, text), text, 'trouble'), remember);
      });
    case 'call/shared':
      return stay(withMeeting(state, { sharing: event.sharing ? 'yes' : 'no', sharePaused: false, ...(event.sharing ? {} : { shareSound: 'none' }) }));
    case 'call/share-failed':
      return inMeeting(state, () => {
        const text = { key: SHARE_FAILED[event.why], args: {} };
        return toast(announce(withMeeting(state, { sharing: 'no' }), text), text, 'trouble');
      });
    case 'call/share-mode':
      return stay(withMeeting(state, { shareMode: event.mode }));
    // What was switched off stays off when it is sent anew, after a broken line.
    case 'call/share-sound':
      return inMeeting(state, ({ shareSound }) => stay(withMeeting(state, { shareSound: !event.there ? 'none' : shareSound === 'off' ? 'off' : 'on' })));
    case 'call/talking':
      return inMeeting(state, (meeting) => talking(state, meeting, event.at));
    case 'call/measured':
      return inMeeting(state, ({ me }, { code }) => [state, [ask({ name: 'measure', code, body: { identity: me, ...event.felt } })]]);
    case 'call/pressed':
      return keyed(state, event.digit, event.identity);
    case 'call/voice':
      return inMeeting(state, (meeting) => voiceLookedAt(state, meeting, event.sent));
    case 'call/undressed':
      return inMeeting(state, () => undressed(state, event));
    case 'call/strained':
      return inMeeting(state, () => strained(state, event));
    case 'call/over':
      return over(state, event.why, event.at);
  }
}

const SHARE_FAILED: Readonly<Record<Extract<Told, { type: 'call/share-failed' }>['why'], Key>> = {
  'refused-system': 'meeting.share.refused-system',
  'unsupported': 'meeting.share.unsupported',
  'failed': 'meeting.share.failed',
};

/** The person went elsewhere meanwhile: what an attempt still tells is of no page any more, but nobody is left inside. */
const late = (state: State, event: Told): Step =>
  event.type === 'call/entered' ? [state, [{ type: 'call/leave', attempt: event.attempt }]] : stay(state);

/** Where one may come in from. */
const COMES_IN: readonly Phase['is'][] = ['prejoin', 'left', 'lobby', 'entering'];

function entered(state: State, event: Extract<Told, { type: 'call/entered' }>): Step {
  const page = state.page;
  if (page.at !== 'room' || !COMES_IN.includes(page.phase.is)) return late(state, event);
  const carried = callHere(state);
  // The room of a call is nobody's place: it is called after whoever is at the other end.
  const title = carried === null ? event.title : namesOf(carried);
  const others = event.people.filter((person) => person.identity !== event.me);
  const meeting: Meeting = {
    is: 'meeting',
    title,
    me: event.me,
    since: event.at,
    link: 'connected',
    restarting: false,
    people: event.people,
    met: metNow([], event.people, event.me),
    seats: others.map((person) => person.identity),
    seatsOnPage: 1,
    page: 0,
    stretch: NO_STRETCH,
    talk: SILENT,
    // As `io/` took them on the way in; those who came in that very moment are taken with the first effect below.
    taken: firstTaken(event.people, event.me, state.viewing.saver),
    held: NONE_HELD,
    spoke: {},
    swapped: 0,
    foremost: null,
    order: others.map((person) => person.identity),
    turnedAt: 0,
    waiting: null,
    pinned: null,
    layout: 'auto',
    zoom: null,
    corner: state.viewing.corner,
    pip: false,
    shown: others.find((person) => person.share !== null)?.share ?? null,
    sharing: 'no',
    sharePaused: false,
    shareMode: 'text',
    shareSound: 'none',
    reminded: Number.NEGATIVE_INFINITY,
    warned: false,
    voiceSent: null,
    strained: null,
    soundBlocked: event.soundBlocked,
    hushed: state.arrival === 'beside',
    alone: NOT_ALONE,
    inviting: page.fresh && others.length === 0,
    live: null,
    told: 0,
    beside: { ...BESIDE, cameras: withCameras(event.people) },
  };
  // What could not be opened is off in there: the keys then say what pressing them does.
  const settled = CAPTURES.reduce(
    (now, kind) => (state.devices[kind].state === 'open' ? now : withSource(now, kind, { wanted: false, state: 'closed' })),
    state,
  );
  const next = withPhase({ ...settled, overlay: null, toast: null }, { ...page, fresh: false }, meeting);
  const { arrival } = state;
  const said = announce(
    { ...next, arrival: 'alone' },
    carried === null ? say('meeting.entered', { title: calledText(title) }) : there(carried, others),
    ...(arrival === 'beside' ? [say('meeting.beside.text')] : []),
  );
  return andThen(andThen([said, [
    take(meeting.taken),
    { type: 'attend', code: page.code },
    { type: 'view/apply', viewing: state.viewing },
    ...(arrival === 'beside' ? [{ type: 'call/hush', on: true } as const] : []),
    ...(arrival === 'move' ? [ask({ name: 'act', code: page.code, act: { act: 'moveHere', identity: event.me } })] : []),
    { type: 'timer/stop', name: 'poll' },
    { type: 'timer/stop', name: 'knock' },
    { type: 'timer/stop', name: 'patience' },
    windowTitle(state, title),
  ]], fetchLines), (now) => (carried === null ? stay(now) : without(now, state.devices)));
}

/** Who is there to talk to, or else how far they are. */
const there = (carried: Call, others: readonly Person[]): Text =>
  others.length === 0 ? stageWords(carried) : say('calling.talking.to', { name: others.map(({ name }) => name).join(', ') });

/** A call has no door that would have said what could not be opened: it is said in there, with what helps. */
const without = (state: State, asked: State['devices']): Step =>
  CAPTURES.reduce<Step>((step, kind) => {
    const { wanted, trouble } = asked[kind];
    if (!wanted || trouble === null || trouble === 'silent') return step;
    const text = say(`trouble.${kind}.${trouble}`);
    const steps = remedy(trouble, state.browser, kind, 'call');
    return andThen(step, (now) => toast(announce(now, text, ...steps), text, 'trouble', steps));
  }, stay(state));

function someoneSpoke(state: State, meeting: Meeting, identity: string, at: number): Step {
  const step = spoke(state, meeting, identity, at);
  // Seats are pages of the grid alone: elsewhere nobody has to be fetched to be seen, and nobody moves.
  if (stageKind(meeting, cast(state, meeting)) !== 'grid') return step;
  return andThen(step, (noted) => stay(withMeeting(noted, fetched(meeting, identity, at))));
}

function people(state: State, meeting: Meeting, now: readonly Person[]): Step {
  const known = new Map(meeting.people.map((person) => [person.identity, person]));
  const here = new Set(now.map((person) => person.identity));
  const others = now.filter((person) => person.identity !== meeting.me);
  const came = others.filter((person) => !known.has(person.identity));
  const went = meeting.people.filter((person) => person.identity !== meeting.me && !here.has(person.identity));
  // Whoever changes to another page or device in one moment neither came nor went, and keeps the place.
  const heirs = new Map(went.flatMap((one) => {
    const heir = came.find((other) => personOf(other.identity) === personOf(one.identity));
    return heir === undefined ? [] : [[one.identity, heir.identity] as const];
  }));
  const inherited = new Set(heirs.values());
  const joined = came.filter(({ identity }) => !inherited.has(identity));
  const gone = went.filter(({ identity }) => !heirs.has(identity));
  const heirOf = (identity: string): string => heirs.get(identity) ?? identity;
  const shares = others.flatMap((person) => (person.share === null ? [] : [person.share]));
  const shown = meeting.shown !== null && shares.includes(meeting.shown) ? meeting.shown : (shares[shares.length - 1] ?? null);
  const changed = withMeeting(state, {
    people: now,
    met: metNow(meeting.met, now, meeting.me),
    seats: seat(meeting.seats.map(heirOf), others),
    order: seat(meeting.order.map(heirOf), others),
    talk: went.length === 0 ? meeting.talk : { now: meeting.talk.now.filter((one) => here.has(one)), before: meeting.talk.before.filter((one) => here.has(one)) },
    pinned: meeting.pinned !== null && isThere(meeting.pinned, now) ? meeting.pinned : null,
    shown,
    foremost: meeting.foremost !== null && here.has(meeting.foremost) ? meeting.foremost : null,
    inviting: meeting.inviting && others.length === 0,
    page: Math.min(meeting.page, Math.max(0, Math.ceil(others.length / Math.max(1, meeting.seatsOnPage)) - 1)),
  });
  let step: Step = inMeeting(changed, (next) => weakened(changed, next));
  for (const person of others) {
    const before = known.get(person.identity)?.share ?? null;
    if (before === null && person.share !== null) {
      step = andThen(step, (next) => stay(mention(next, 'share', say('meeting.shares', { name: person.name }))));
    } else if (before !== null && person.share === null) {
      step = andThen(step, (next) => stay(mention(next, 'share', say('meeting.share-ended', { name: person.name }))));
    }
  }
  step = andThen(step, (next) => camerasOn(next, others));
  // In a call that is what the screen is about: it is said, and nothing rings or pops up.
  const quiet = callHere(state) !== null;
  if (now.length > ANNOUNCED_UP_TO) return step;
  for (const [list, key] of [[joined, 'meeting.joined'], [gone, 'meeting.left']] as const) {
    for (const { name } of list) {
      const text = say(key, { name });
      step = andThen(step, (next) => (quiet ? stay(announce(next, text)) : toast(mention(next, list === joined ? 'join' : 'leave', text), text)));
    }
    if (list.length > 0 && !quiet) step = andThen(step, (next) => ring(next, list === joined ? 'join' : 'leave'));
  }
  return step;
}

/** Whether the tile of this key can still be drawn: a person, or the share of one. */
const isThere = (key: string, now: readonly Person[]): boolean =>
  now.some((person) => person.identity === key || (shareKey(person.identity) === key && person.share !== null));

function link(state: State, meeting: Meeting, now: 'connected' | 'wavering'): Step {
  if (now === 'wavering') {
    if (meeting.link !== 'connected') return stay(state);
    return [withMeeting(state, { link: 'wavering' }), [{ type: 'timer', timer: { name: 'wavering' }, ms: WAVERING_MS }]];
  }
  const next = withMeeting(state, { link: 'connected' });
  // The event socket need not wait for the end of its pause: the server is there.
  const stop: readonly Effect[] = [{ type: 'timer/stop', name: 'wavering' }, { type: 'timer/stop', name: 'lost' }, { type: 'call/hurry' }];
  if (meeting.link !== 'reconnecting' && meeting.link !== 'lost') return [next, stop];
  const text = say('meeting.reconnected');
  return andThen([next, stop], (now_) => toast(announce(now_, text), text));
}

/** The server said that it starts anew: that is said at once. */
export const restarts = (state: State): State =>
  (state.page.at === 'room' && state.page.phase.is === 'meeting' && !state.page.phase.restarting
    ? announce(withMeeting(state, { restarting: true }), say('meeting.restarting'))
    : state);

/** The trouble has lasted: now it is said. */
export function reconnecting(state: State): Step {
  return inMeeting(state, (meeting) =>
    meeting.link === 'wavering'
      ? [
        meeting.restarting ? withMeeting(state, { link: 'reconnecting' }) : announce(withMeeting(state, { link: 'reconnecting' }), say('meeting.reconnecting')),
        [{ type: 'timer', timer: { name: 'lost' }, ms: LOST_MS - WAVERING_MS }],
      ]
      : stay(state));
}

/** It has lasted for long: what can be done about it is offered. */
export function lost(state: State): Step {
  return inMeeting(state, (meeting) =>
    meeting.link === 'reconnecting'
      ? stay(announce(withMeeting(state, { link: 'lost' }), say('meeting.lost'), say('meeting.lost.text')))
      : stay(state));
}

/** Ends of the stay in a call's room that end the call for me. */
export const ENDS_CALL: readonly LeaveReason[] = ['left', 'ended', 'alone'];

function over(state: State, ended: Extract<Told, { type: 'call/over' }>['why'], at: number): Step {
  const page = state.page;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return stay(state);
  // Whoever sent me out is in.
  if (ended === 'moved') return movedToLobby(state, true, at);
  const { title, since, alone, live } = page.phase;
  const why = ended === 'left' && alone.is === 'over' ? 'alone' : ended;
  const carried = callHere(state);
  const rating = carried !== null ? null : asksNow(state, page.code, why, page.phase.met.length, at);
  const [closed, closing] = closeAll(state);
  const left = withPhase({ ...closed, overlay: null, toast: null, attempt: state.attempt + 1 }, page, {
    is: 'left',
    title,
    why,
    stayed: Math.max(0, at - since),
    barred: page.phase.beside.barred,
    met: metAtLast(page.phase),
    belongs: state.session.is === 'known' && live !== null && live.role !== 'guest',
    rating,
    report: null,
    entry: { state: 'idle' },
  });
  const [kept, keeping] = rating === null ? stay(left) : withAsked(left, page.code, at);
  const said: Record<typeof why, Key> = {
    left: 'left.left', alone: 'left.alone', ended: 'left.ended', elsewhere: 'left.elsewhere',
    removed: 'left.removed', restarting: 'left.restarting', lost: 'left.lost',
  };
  const words = carried !== null && ENDS_CALL.includes(why) ? endWords(carried, null).title : { key: said[why], args: {} };
  return [announce(kept, words), [...closing, ...keeping, REPORT, ...chatOver(page.phase.beside.chat), { type: 'quit' }, { type: 'timer/stop', name: 'wavering' }, { type: 'timer/stop', name: 'lost' }, { type: 'title', title: null }]];
}
