// Camera, microphone and speaker: permission, choice, what goes wrong, and what to use when one is unplugged.

import { say } from '../i18n/text';
import type { Effect, Opening } from './effect';
import type { Event } from './event';
import { remedy } from './remedy';
import type { Capture, Device, Kind, Source, State, Trouble } from './state';
import { andThen, announce, remember, stay, toast, type Step } from './step';

type DeviceEvent = Extract<Event, { type: `devices/${string}` }>;

export const CAPTURES: readonly Capture[] = ['microphone', 'camera'];

export function withSource(state: State, kind: Capture, change: Partial<Source>): State {
  return { ...state, devices: { ...state.devices, [kind]: { ...state.devices[kind], ...change } } };
}

const inCall = (state: State): boolean => state.page.at === 'room' && state.page.phase.is === 'meeting';

/** Before the mirror, or on the way back in: the only places where a camera may open without sending. */
function atDoor(state: State): boolean {
  if (state.page.at !== 'room') return false;
  const { phase } = state.page;
  return phase.is === 'prejoin' || phase.is === 'lobby' || phase.is === 'entering' || (phase.is === 'left' && phase.entry.state === 'busy');
}

/** What is wanted and not open yet. */
export function toOpen(state: State, kinds: readonly Capture[]): readonly Opening[] {
  return kinds
    .filter((kind) => state.devices[kind].wanted && state.devices[kind].state === 'closed')
    .map((kind) => ({ kind, id: state.devices[kind].chosen }));
}

/** Closes everything, when the person goes elsewhere. It is asked for whatever the state says: nothing may stay open unseen. */
export function closeAll(state: State): Step {
  const closed = CAPTURES.reduce((next, kind) => withSource(next, kind, { state: 'closed', used: null }), state);
  return [closed, [{ type: 'devices/close', kinds: CAPTURES }]];
}

function open(state: State, kinds: readonly Capture[]): Step {
  const wanted = toOpen(state, kinds);
  if (wanted.length === 0 || !atDoor(state)) return stay(state);
  const opening = wanted.reduce((next, { kind }) => withSource(next, kind, { state: 'opening' }), state);
  return [
    { ...opening, devices: { ...opening.devices, permission: 'asked' } },
    [{ type: 'devices/open', open: wanted }],
  ];
}

export function devices(state: State, event: DeviceEvent): Step {
  switch (event.type) {
    case 'devices/permission': {
      if (!atDoor(state)) return stay(state);
      const asked = event.granted || state.devices.permission === 'asked';
      const known: State = { ...state, devices: { ...state.devices, permission: asked ? 'asked' : 'unasked' } };
      return asked ? open(known, CAPTURES) : stay(known);
    }
    case 'devices/allow':
      return open(state, CAPTURES);
    case 'devices/without':
      return without(state);
    case 'devices/retry':
      return retry(state);
    case 'devices/toggle':
      return toggle(state, event.kind);
    case 'devices/choose':
      return choose(state, event.kind, event.id);
    case 'devices/ring-on': {
      const next: State = { ...state, devices: { ...state.devices, ringer: event.id } };
      // Whether that is the right one is heard at once.
      return andThen([next, [{ type: 'devices/tone', speaker: ringsOn(next) }]], remember);
    }
    case 'devices/opening':
      if (!atDoor(state)) return stay(state);
      return stay(event.kinds.reduce(
        (next, kind) => (next.devices[kind].wanted ? withSource(next, kind, { state: 'opening' }) : next),
        state,
      ));
    case 'devices/opened': {
      // The answer may come when the person has gone elsewhere, or in without it: then it must not stay open unseen.
      if (!state.devices[event.kind].wanted || !atDoor(state)) {
        const shut = inCall(state) ? state : withSource(state, event.kind, { state: 'closed', used: null });
        return [shut, [{ type: 'devices/close', kinds: [event.kind] }]];
      }
      const opened = withSource(state, event.kind, { state: 'open', trouble: null, used: event.id });
      return stay({ ...opened, devices: { ...opened.devices, permission: 'asked' } });
    }
    case 'devices/failed':
      // In the meeting the session answers for its devices.
      return inCall(state) ? stay(state) : failed(state, event.kind, event.trouble);
    case 'devices/listed':
      return listed(state, event.list);
    case 'devices/silent': {
      const { microphone } = state.devices;
      if (event.silent === (microphone.trouble === 'silent') || microphone.state !== 'open') return stay(state);
      const next = withSource(state, 'microphone', { trouble: event.silent ? 'silent' : null });
      if (!event.silent) return stay(next);
      const text = say('trouble.microphone.silent');
      return inCall(state) ? toast(announce(next, text), text, 'trouble') : stay(announce(next, text));
    }
    case 'devices/tone':
      return [state, [{ type: 'devices/tone', speaker: state.devices.speaker.chosen }]];
  }
}

/** Where calls that come in ring: a device that is not there today, as a headset in a drawer, is waited for. */
export function ringsOn({ devices: { ringer, speaker, list } }: Pick<State, 'devices'>): string | null {
  const named = list.filter(({ kind, id }) => kind === 'speaker' && id !== '');
  // Until the list can be read nobody knows.
  return ringer !== null && (named.length === 0 || named.some(({ id }) => id === ringer)) ? ringer : speaker.chosen;
}

/** Nothing is asked of the browser any more; a question that stands open is answered for nobody. */
function without(state: State): Step {
  const off = CAPTURES.reduce((next, kind) => withSource(next, kind, { wanted: false }), state);
  return stay({ ...off, devices: { ...off.devices, permission: 'asked' } });
}

/** Once more, whatever was wanted and failed. */
function retry(state: State): Step {
  const again = CAPTURES.filter((kind) => state.devices[kind].trouble !== null && state.devices[kind].trouble !== 'silent');
  const wanted = again.reduce((next, kind) => withSource(next, kind, { wanted: true, state: 'closed' }), state);
  return open(wanted, again);
}

function toggle(state: State, kind: Capture): Step {
  const source = state.devices[kind];
  const on = !source.wanted;
  if (inCall(state)) {
    const next = withSource(state, kind, on ? { wanted: true, trouble: null } : { wanted: false });
    return [next, [{ type: 'call/switch', kind, on, id: source.chosen }]];
  }
  const habit = (now: State): Step =>
    remember({ ...now, devices: { ...now.devices, habit: { ...now.devices.habit, [kind]: on } } });
  if (on) return andThen(open(withSource(state, kind, { wanted: true, trouble: null, state: 'closed' }), [kind]), habit);
  const next = withSource(state, kind, { wanted: false, trouble: null, state: 'closed', used: null });
  return andThen([next, [{ type: 'devices/close', kinds: [kind] }]], habit);
}

function choose(state: State, kind: Kind, id: string): Step {
  if (kind === 'speaker') {
    const next: State = { ...state, devices: { ...state.devices, speaker: { chosen: id } } };
    return andThen([next, inCall(state) ? [{ type: 'call/device', kind, id }] : []], remember);
  }
  const chosen = withSource(state, kind, { chosen: id, trouble: null });
  if (inCall(state)) {
    const effect: Effect = state.devices[kind].wanted
      ? { type: 'call/device', kind, id }
      : { type: 'call/switch', kind, on: true, id };
    return andThen([withSource(chosen, kind, { wanted: true }), [effect]], remember);
  }
  return andThen(reopen(withSource(chosen, kind, { wanted: true }), kind), remember);
}

/** Opens another one at the door. The old one goes first: some drivers and phones give only one at a time. */
function reopen(state: State, kind: Capture): Step {
  const close: Effect = { type: 'devices/close', kinds: [kind] };
  return andThen([withSource(state, kind, { state: 'closed', used: null }), [close]], (now) => open(now, [kind]));
}

/** A device did not open, or went off by itself. */
export function failed(state: State, kind: Capture, trouble: Trouble): Step {
  const inside = inCall(state);
  // What was off already when it failed is not worth a word.
  if (inside && !state.devices[kind].wanted) return stay(state);
  const next = withSource(state, kind, { state: 'closed', used: null, trouble, ...(inside ? { wanted: false } : {}) });
  const asked: State = { ...next, devices: { ...next.devices, permission: 'asked' } };
  if (!inside) return [asked, [{ type: 'devices/close', kinds: [kind] }]];
  if (trouble === 'silent') return stay(asked);
  const text = say(`trouble.${kind}.${trouble}`);
  const steps = remedy(trouble, state.browser, kind, 'call');
  return toast(announce(asked, text, ...steps), text, 'trouble', steps);
}

/** The devices changed: what was in use may be gone, what was missing may be there. */
function listed(state: State, list: readonly Device[]): Step {
  const before = state.devices.list;
  let step: Step = stay({ ...state, devices: { ...state.devices, list } });
  for (const kind of CAPTURES) {
    const source = state.devices[kind];
    const there = list.filter((device) => device.kind === kind);
    const known = before.find((device) => device.kind === kind && device.id === source.used);
    // A list without ids is one that the browser does not let us read any more, not one of other devices.
    if (source.used !== null && known && !there.some((device) => device.id === source.used || device.id === '')) {
      step = andThen(step, (now) => unplugged(now, kind, known, there[0]));
    } else if (source.wanted && (source.trouble === 'none' || source.trouble === 'unplugged') && there.length > 0 && atDoor(state)) {
      step = andThen(step, (now) => open(withSource(now, kind, { state: 'closed', trouble: null, chosen: null }), [kind]));
    }
  }
  const speaker = state.devices.speaker.chosen;
  const had = before.some((device) => device.kind === 'speaker' && device.id === speaker);
  const has = list.some((device) => device.kind === 'speaker' && device.id === speaker);
  if (speaker !== null && had && !has) {
    step = andThen(step, (now) => {
      const next: State = { ...now, devices: { ...now.devices, speaker: { chosen: null } } };
      const text = say('device.unplugged.speaker');
      const effects: readonly Effect[] = inCall(now) ? [{ type: 'call/device', kind: 'speaker', id: '' }] : [];
      return andThen([next, effects], (after) => toast(announce(after, text), text));
    });
  }
  return step;
}

function unplugged(state: State, kind: Capture, gone: Device, other: Device | undefined): Step {
  if (!other) {
    const next = withSource(state, kind, { state: 'closed', used: null, trouble: 'unplugged', ...(inCall(state) ? { wanted: false } : {}) });
    if (!inCall(state)) return [next, [{ type: 'devices/close', kinds: [kind] }]];
    const text = say(`device.unplugged.none.${kind}`);
    return andThen([next, [{ type: 'call/switch', kind, on: false, id: null }]], (now) => toast(announce(now, text), text, 'trouble'));
  }
  const text = say('device.unplugged.other', { gone: gone.label, other: other.label });
  const wasOn = state.devices[kind].wanted;
  const moved: Step = inCall(state)
    ? [withSource(state, kind, { state: 'open', used: other.id, chosen: null }), wasOn ? [{ type: 'call/device', kind, id: other.id }] : []]
    : reopen(withSource(state, kind, { chosen: other.id }), kind);
  return andThen(moved, (now) => toast(announce(now, text), text));
}
