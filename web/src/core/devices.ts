// Camera, microphone and speaker: permission, choice, what goes wrong, and what to use when one is unplugged.

import { say } from '../i18n/text';
import type { Effect, Opening } from './effect';
import type { Event } from './event';
import { remedy } from './remedy';
import type { Capture, Device, Kind, Source, State, Trouble } from './state';
import { andThen, announce, remember, stay, toast, type Step } from './step';

type DeviceEvent = Extract<Event, { type: `devices/${string}` }>;

const CAPTURES: readonly Capture[] = ['microphone', 'camera'];

export function withSource(state: State, kind: Capture, change: Partial<Source>): State {
  return { ...state, devices: { ...state.devices, [kind]: { ...state.devices[kind], ...change } } };
}

const inCall = (state: State): boolean => state.page.at === 'room' && state.page.phase.is === 'meeting';

/** What is wanted and not open yet. */
export function toOpen(state: State, kinds: readonly Capture[]): readonly Opening[] {
  return kinds
    .filter((kind) => state.devices[kind].wanted && state.devices[kind].state === 'closed')
    .map((kind) => ({ kind, id: state.devices[kind].chosen }));
}

/** Closes the preview, when the person goes elsewhere. */
export function closeAll(state: State): Step {
  const opened = CAPTURES.filter((kind) => state.devices[kind].state !== 'closed');
  const closed = opened.reduce((next, kind) => withSource(next, kind, { state: 'closed', used: null }), state);
  return [closed, opened.length > 0 ? [{ type: 'devices/close', kinds: opened }] : []];
}

function open(state: State, kinds: readonly Capture[]): Step {
  const wanted = toOpen(state, kinds);
  if (wanted.length === 0) return stay(state);
  const opening = wanted.reduce((next, { kind }) => withSource(next, kind, { state: 'opening' }), state);
  return [
    { ...opening, devices: { ...opening.devices, permission: 'asked' } },
    [{ type: 'devices/open', open: wanted }],
  ];
}

export function devices(state: State, event: DeviceEvent): Step {
  switch (event.type) {
    case 'devices/permission': {
      if (inCall(state)) return stay(state);
      const asked = event.granted || state.devices.permission === 'asked';
      const known: State = { ...state, devices: { ...state.devices, permission: asked ? 'asked' : 'unasked' } };
      return asked ? open(known, CAPTURES) : stay(known);
    }
    case 'devices/allow':
      return open(state, CAPTURES);
    case 'devices/without':
      return stay({
        ...withSource(withSource(state, 'camera', { wanted: false }), 'microphone', { wanted: false }),
        devices: {
          ...state.devices,
          permission: 'asked',
          camera: { ...state.devices.camera, wanted: false },
          microphone: { ...state.devices.microphone, wanted: false },
        },
      });
    case 'devices/retry':
      return retry(state);
    case 'devices/toggle':
      return toggle(state, event.kind);
    case 'devices/choose':
      return choose(state, event.kind, event.id);
    case 'devices/opening':
      return stay(event.kinds.reduce((next, kind) => withSource(next, kind, { state: 'opening' }), state));
    case 'devices/opened': {
      const source = state.devices[event.kind];
      if (!source.wanted) return [state, inCall(state) ? [] : [{ type: 'devices/close', kinds: [event.kind] }]];
      const opened = withSource(state, event.kind, { state: 'open', trouble: null, used: event.id });
      return stay({ ...opened, devices: { ...opened.devices, permission: 'asked' } });
    }
    case 'devices/failed':
      return failed(state, event.kind, event.trouble);
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
    const effect: Effect = inCall(state) ? { type: 'call/device', kind, id } : { type: 'devices/speaker', id };
    return andThen([next, [effect]], remember);
  }
  const chosen = withSource(state, kind, { chosen: id, trouble: null });
  if (inCall(state)) {
    const effect: Effect = state.devices[kind].wanted
      ? { type: 'call/device', kind, id }
      : { type: 'call/switch', kind, on: true, id };
    return andThen([withSource(chosen, kind, { wanted: true }), [effect]], remember);
  }
  return andThen(open(withSource(chosen, kind, { wanted: true, state: 'closed' }), [kind]), remember);
}

function failed(state: State, kind: Capture, trouble: Trouble): Step {
  const inside = inCall(state);
  const next = withSource(state, kind, { state: 'closed', used: null, trouble, ...(inside ? { wanted: false } : {}) });
  const asked: State = { ...next, devices: { ...next.devices, permission: 'asked' } };
  if (!inside || trouble === 'silent') return stay(asked);
  const text = say(`trouble.${kind}.${trouble}`);
  return toast(announce(asked, text), text, 'trouble', remedy(trouble, state.browser));
}

/** The devices changed: what was in use may be gone, what was missing may be there. */
function listed(state: State, list: readonly Device[]): Step {
  const before = state.devices.list;
  let step: Step = stay({ ...state, devices: { ...state.devices, list } });
  for (const kind of CAPTURES) {
    const source = state.devices[kind];
    const there = list.filter((device) => device.kind === kind);
    const known = before.find((device) => device.kind === kind && device.id === source.used);
    if (source.used !== null && known && !there.some((device) => device.id === source.used)) {
      step = andThen(step, (now) => unplugged(now, kind, known, there[0]));
    } else if (source.wanted && (source.trouble === 'none' || source.trouble === 'unplugged') && there.length > 0 && !inCall(state)) {
      step = andThen(step, (now) => open(withSource(now, kind, { state: 'closed', trouble: null, chosen: null }), [kind]));
    }
  }
  const speaker = state.devices.speaker.chosen;
  const had = before.some((device) => device.kind === 'speaker' && device.id === speaker);
  const has = list.some((device) => device.kind === 'speaker' && device.id === speaker);
  if (speaker !== null && had && !has) {
    step = andThen(step, (now) => {
      const next: State = { ...now, devices: { ...now.devices, speaker: { chosen: null } } };
      const effect: Effect = inCall(now) ? { type: 'call/device', kind: 'speaker', id: '' } : { type: 'devices/speaker', id: null };
      return andThen([next, [effect]], (after) => toast(after, say('device.unplugged.speaker')));
    });
  }
  return step;
}

function unplugged(state: State, kind: Capture, gone: Device, other: Device | undefined): Step {
  if (!other) {
    const next = withSource(state, kind, { state: 'closed', used: null, trouble: 'unplugged', ...(inCall(state) ? { wanted: false } : {}) });
    if (!inCall(state)) return stay(next);
    const text = say(`device.unplugged.none.${kind}`);
    return andThen([next, [{ type: 'call/switch', kind, on: false, id: null }]], (now) => toast(announce(now, text), text, 'trouble'));
  }
  const text = say('device.unplugged.other', { gone: gone.label, other: other.label });
  const wasOn = state.devices[kind].wanted;
  const next = withSource(state, kind, { used: null, chosen: null, state: 'closed' });
  const moved: Step = inCall(state)
    ? [withSource(next, kind, { state: 'open', used: other.id }), wasOn ? [{ type: 'call/device', kind, id: other.id }] : []]
    : open(withSource(next, kind, { chosen: other.id }), [kind]);
  return andThen(moved, (now) => toast(announce(now, text), text));
}
