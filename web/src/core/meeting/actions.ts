// Everything that can be done in a meeting, by name: what the command palette lists.

import { say, type Text } from '../../i18n/text';
import type { Allowed } from '../../proto/api.gen';
import type { Event } from '../event';
import { cast, stageKind } from '../selectors';
import type { Meeting, State } from '../state';
import { REACTIONS } from './acts';
import { iLead } from './aside';
import { myHand } from './people';

export interface Action {
  readonly name: Text;
  /** The key that does the same. */
  readonly key: string | null;
  readonly event: Event;
}

const action = (name: Text, event: Event, key: string | null = null): Action => ({ name, event, key });

export function actions(state: State): readonly Action[] {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return [];
  const meeting = page.phase;
  return [...mine(state, meeting), ...views(state, meeting), ...(iLead(meeting) ? hosts(meeting) : []), ...house(state, meeting)];
}

function mine({ devices, browser }: State, meeting: Meeting): readonly Action[] {
  return [
    action(say(devices.microphone.wanted ? 'meeting.mute' : 'meeting.unmute'), { type: 'devices/toggle', kind: 'microphone' }, 'M'),
    action(say(devices.camera.wanted ? 'meeting.stop-video' : 'meeting.start-video'), { type: 'devices/toggle', kind: 'camera' }, 'V'),
    ...(browser.share ? [action(say(meeting.sharing === 'yes' ? 'meeting.stop-sharing' : 'meeting.share'), { type: 'call/share' }, 'S')] : []),
    action(say(myHand(meeting) ? 'hand.lower' : 'hand.raise'), { type: 'hand' }, 'H'),
    ...REACTIONS.map((emoji, index) => action(say('react.with', { emoji }), { type: 'act', act: { act: 'react', emoji } }, String(index + 1))),
  ];
}

function views(state: State, meeting: Meeting): readonly Action[] {
  const { panel } = meeting.beside;
  const kind = stageKind(meeting, cast(state, meeting));
  return [
    action(say(panel === 'chat' ? 'chat.close' : 'chat.open'), { type: 'panel', panel: 'chat' }, 'C'),
    action(say(panel === 'people' ? 'people.close' : 'people.open'), { type: 'panel', panel: 'people' }, 'P'),
    ...(kind === 'duo' ? [] : [
      action(say('palette.grid'), { type: 'stage/layout', layout: 'grid' }),
      action(say('palette.speaker'), { type: 'stage/layout', layout: 'speaker' }),
    ]),
    ...(state.browser.fullscreen ? [action(say('meeting.fullscreen'), { type: 'stage/fullscreen' }, 'F')] : []),
    ...(state.browser.pictureInPicture === 'none' ? [] : [action(say('palette.pip'), { type: 'stage/pip' }, 'I')]),
    action(say(state.viewing.selfHidden ? 'palette.self.show' : 'palette.self.hide'), { type: 'view/self', hidden: !state.viewing.selfHidden }),
  ];
}

const ALLOW: readonly Allowed[] = ['microphone', 'camera', 'share', 'chat'];

function hosts({ live }: Meeting): readonly Action[] {
  if (live === null) return [];
  const { policy } = live;
  return [
    ...(live.waiting.length > 0 ? [action(say('knock.admit-all'), { type: 'act', act: { act: 'admitAll' } })] : []),
    action(say(policy.locked ? 'host.unlock' : 'host.lock'), { type: 'act', act: { act: 'lock', on: !policy.locked } }),
    ...ALLOW.map((what) => action(
      say(policy[what] ? `host.forbid.${what}` : `host.allow.${what}`),
      { type: 'act', act: { act: 'allow', what, on: !policy[what] } },
    )),
    action(say('host.mute-all'), { type: 'act', act: { act: 'muteAll' } }),
    action(say('host.ask-all'), { type: 'act', act: { act: 'askToUnmute' } }),
    action(say('host.stop-cameras'), { type: 'act', act: { act: 'stopCameras' } }),
    ...(live.hands.length > 0 ? [action(say('hand.lower-all'), { type: 'act', act: { act: 'lowerHands' } })] : []),
    action(say('leave.end'), { type: 'act', act: { act: 'endForAll' } }),
  ];
}

function house({ settings }: State, { soundBlocked }: Meeting): readonly Action[] {
  return [
    ...(soundBlocked ? [action(say('meeting.sound'), { type: 'call/turn-on-sound' })] : []),
    action(say('meeting.copy'), { type: 'call/copy-link' }),
    action(say('meeting.settings'), { type: 'overlay', show: 'settings' }),
    action(say('meeting.shortcuts'), { type: 'overlay', show: 'help' }, '?'),
    action(say(settings.theme === 'dark' ? 'palette.light' : 'palette.dark'), { type: 'settings/theme', theme: settings.theme === 'dark' ? 'light' : 'dark' }),
    action(say('meeting.leave'), { type: 'call/leave' }),
  ];
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Those whose name holds every word that was typed, in any order; without accents and capitals. */
export function matching<T>(typed: string, all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  return all.filter((one) => {
    const name = folded(nameOf(one));
    return words.every((word) => name.includes(word));
  });
}
