// Everything that can be done, by name: what the command palette lists.

import { say } from '../../i18n/text';
import type { Allowed, Lobby, MeetingState } from '../../proto/api.gen';
import { action, distinct, type Action } from '../action';
import { inCall } from '../calling/calling';
import { pages } from '../layout/order';
import { ZOOMS } from '../layout/zoom';
import { placeActions } from '../pages/actions';
import { fits, wordsOf } from '../search/match';
import { cast, devicesOf, shareShown, stageKind, ticked, type Cast } from '../selectors';
import { reactionDeed } from '../shortcuts';
import type { Contrast, Kind, LayoutChoice, Meeting, State, Theme } from '../state';
import { SAVERS, type Dressing } from '../viewing';
import { REACTIONS } from './acts';
import { iLead } from './aside';
import { heirs, leaving } from './leading';
import { myHand } from './people';
import { peopleActions } from './person-actions';

export function actions(state: State): readonly Action[] {
  const { page } = state;
  if (page.at !== 'room' || page.phase.is !== 'meeting') return [...placeActions(state), ...house(state)];
  const meeting = page.phase;
  return [
    ...mine(state, meeting),
    ...views(state, meeting),
    ...saving(state),
    ...(iLead(meeting) ? hosts(meeting) : []),
    ...handingOver(meeting),
    ...around(meeting, inCall(state)),
    ...deviceActions(state),
    ...house(state),
    ...peopleActions(state, meeting),
  ];
}

function mine({ devices, browser }: State, meeting: Meeting): readonly Action[] {
  return [
    action(say(devices.microphone.wanted ? 'meeting.mute' : 'meeting.unmute'), { type: 'devices/toggle', kind: 'microphone' }, 'microphone'),
    action(say(devices.camera.wanted ? 'meeting.stop-video' : 'meeting.start-video'), { type: 'devices/toggle', kind: 'camera' }, 'camera'),
    ...(browser.share ? [action(say(meeting.sharing === 'yes' ? 'meeting.stop-sharing' : 'meeting.share'), { type: 'call/share' }, 'share')] : []),
    ...(meeting.sharing === 'yes' ? [
      action(say(meeting.sharePaused ? 'palette.share.resume' : 'palette.share.pause'), { type: 'share/pause' }, 'pause'),
      ...(meeting.shareSound === 'none' ? [] : [action(say(meeting.shareSound === 'on' ? 'palette.share.sound.off' : 'palette.share.sound.on'), { type: 'share/sound' })]),
      action(say(meeting.shareMode === 'text' ? 'palette.share.motion' : 'palette.share.text'), { type: 'share/mode', mode: meeting.shareMode === 'text' ? 'motion' : 'text' }),
    ] : []),
    action(say(myHand(meeting) ? 'hand.lower' : 'hand.raise'), { type: 'hand' }, 'hand'),
    ...REACTIONS.map((emoji, index) => action(say('react.with', { emoji }), { type: 'act', act: { act: 'react', emoji } }, reactionDeed(index))),
  ];
}

function views(state: State, meeting: Meeting): readonly Action[] {
  const { panel } = meeting.beside;
  const there = cast(state, meeting);
  const kind = stageKind(meeting, there);
  const shown = shareShown(meeting, there);
  const last = pages(meeting) - 1;
  return [
    action(say(panel === 'chat' ? 'chat.close' : 'chat.open'), { type: 'panel', panel: 'chat' }, 'chat'),
    action(say(panel === 'people' ? 'people.close' : 'people.open'), { type: 'panel', panel: 'people' }, 'people'),
    ...layouts(there).filter((layout) => meeting.layout !== layout || meeting.pinned !== null)
      .map((layout) => action(say(`palette.${layout}`), { type: 'stage/layout', layout })),
    ...(kind === 'grid' && meeting.page < last ? [action(say('meeting.page.next'), { type: 'stage/page', page: meeting.page + 1 })] : []),
    ...(kind === 'grid' && meeting.page > 0 ? [action(say('meeting.page.previous'), { type: 'stage/page', page: meeting.page - 1 })] : []),
    ...(kind === 'share' ? ZOOMS.map((zoom) => action(say(`palette.zoom.${zoom}`), { type: 'stage/zoom', zoom })) : []),
    ...there.shares.flatMap((share) => [
      ...(share === shown || share.person.share === null ? [] : [action(say('palette.share.show', { name: share.person.name }), { type: 'stage/show', share: share.person.share })]),
      action(say(share.pinned ? 'palette.share.unpin' : 'palette.share.pin', { name: share.person.name }), { type: 'stage/pin', key: share.key }),
    ]),
    ...(there.mine && there.others.length > 0
      ? [action(say(there.mine.pinned ? 'palette.self.unpin' : 'palette.self.pin'), { type: 'stage/pin', key: there.mine.key })]
      : []),
    ...(state.browser.fullscreen ? [action(say('meeting.fullscreen'), { type: 'stage/fullscreen' }, 'fullscreen')] : []),
    ...(state.browser.pictureInPicture === 'none' ? [] : [action(say('palette.pip'), { type: 'stage/pip' }, 'pip')]),
    action(say(state.viewing.selfHidden ? 'palette.self.show' : 'palette.self.hide'), { type: 'view/self', hidden: !state.viewing.selfHidden }),
  ];
}

/** Those that change anything with who and what is there. */
function layouts({ others, shares }: Cast): readonly LayoutChoice[] {
  if (others.length < 2 && shares.length === 0) return [];
  return ['auto', 'grid', ...(others.length < 2 ? [] : ['speaker'] as const), ...(shares.length === 0 ? [] : ['side'] as const)];
}

/** Leaving, with somebody else to lead. */
const handingOver = (meeting: Meeting): readonly Action[] => distinct(heirs(meeting), ({ name }) => name)
  .map(({ person, name }) => action(say('palette.hand-over', { name }), { type: 'act', act: { act: 'handOver', person } }));

/** What comes in, and what is done to what goes out. */
function saving({ viewing, browser }: State): readonly Action[] {
  return [
    ...SAVERS.filter((saver) => saver !== viewing.saver).map((saver) => action(say(`meeting.saver.${saver}`), { type: 'view/saver', saver })),
    ...DRESSINGS.filter((dressing) => browser.dressing[dressing]).map((dressing) =>
      action(say(viewing[dressing] ? `palette.${dressing}.off` : `palette.${dressing}.on`), { type: 'view/dress', dressing, on: !viewing[dressing] })),
  ];
}

const DRESSINGS: readonly Dressing[] = ['noise', 'blur'];
const KINDS: readonly Kind[] = ['microphone', 'camera', 'speaker'];
const DEVICE = { microphone: 'palette.microphone', camera: 'palette.camera', speaker: 'palette.speaker-device' } as const;

/** The other devices, where the browser tells their names. */
const deviceActions = (state: State): readonly Action[] => KINDS.flatMap((kind) => {
  const on = ticked(state, kind);
  return distinct(devicesOf(state, kind), ({ label }) => label).filter(({ id }) => id !== on)
    .map(({ id, label }) => action(say(DEVICE[kind], { name: label }), { type: 'devices/choose', kind, id }));
});

const LOBBIES: readonly Lobby[] = ['off', 'guests', 'everyone'];
const ALLOW: readonly Allowed[] = ['microphone', 'camera', 'share', 'chat'];

function hosts({ live }: Meeting): readonly Action[] {
  if (live === null) return [];
  const { policy } = live;
  return [
    ...(live.waiting.length > 0 ? [action(say('knock.admit-all'), { type: 'act', act: { act: 'admitAll' } })] : []),
    action(say(policy.locked ? 'host.unlock' : 'host.lock'), { type: 'act', act: { act: 'lock', on: !policy.locked } }),
    ...LOBBIES.filter((lobby) => lobby !== policy.lobby).map((lobby) => action(say(`palette.lobby.${lobby}`), { type: 'act', act: { act: 'lobby', lobby } })),
    ...ALLOW.map((what) => action(
      say(policy[what] ? `host.forbid.${what}` : `host.allow.${what}`),
      { type: 'act', act: { act: 'allow', what, on: !policy[what] } },
    )),
    action(say('host.mute-all'), { type: 'act', act: { act: 'muteAll' } }),
    action(say('host.ask-all'), { type: 'act', act: { act: 'askToUnmute' } }),
    action(say('host.stop-cameras'), { type: 'act', act: { act: 'stopCameras' } }),
    action(say(live.paused ? 'pause.resume' : 'pause'), { type: 'act', act: { act: 'pause', on: !live.paused } }),
    ...spotlights(live),
    ...(live.hands.length > 0 ? [action(say('hand.lower-all'), { type: 'act', act: { act: 'lowerHands' } })] : []),
    action(say('leave.end'), { type: 'act', act: { act: 'endForAll' } }),
  ];
}

/** Others are put there by their names, see `peopleActions`. */
const spotlights = ({ spotlight, me }: MeetingState): readonly Action[] => [
  ...(spotlight === me ? [] : [action(say('spotlight.me'), { type: 'act', act: { act: 'spotlight', person: me } })]),
  ...(spotlight === undefined ? [] : [action(say('spotlight.take'), { type: 'act', act: { act: 'spotlight' } })]),
];

/** The meeting as a whole. */
function around(meeting: Meeting, calls: boolean): readonly Action[] {
  const { soundBlocked, hushed } = meeting;
  return [
    ...(hushed ? [action(say('meeting.beside.hear'), { type: 'call/hear' })] : []),
    ...(soundBlocked ? [action(say('meeting.sound'), { type: 'call/turn-on-sound' })] : []),
    action(say('people.invite'), { type: 'call/invite', open: true }),
    action(say('meeting.copy'), { type: 'call/copy-link' }),
    calls ? action(say('calling.end'), { type: 'calling/end' }) : action(say('meeting.leave'), leaving(meeting)),
  ];
}

const CONTRASTS: readonly Contrast[] = ['system', 'more', 'normal'];
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** What can be done everywhere. */
function house({ settings }: State): readonly Action[] {
  return [
    action(say('notices.title'), { type: 'overlay', show: 'notices' }),
    action(say('meeting.settings'), { type: 'overlay', show: 'settings' }),
    action(say('meeting.shortcuts'), { type: 'overlay', show: 'help' }, 'help'),
    ...THEMES.filter((theme) => theme !== settings.theme).map((theme) => action(say(`palette.theme.${theme}`), { type: 'settings/theme', theme })),
    ...CONTRASTS.filter((contrast) => contrast !== settings.contrast)
      .map((contrast) => action(say(`palette.contrast.${contrast}`), { type: 'settings/contrast', contrast })),
  ];
}

/** Those whose name holds every word that was typed, in any order; without accents and capitals. */
export function matching<T>(typed: string, all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const words = wordsOf(typed);
  return all.filter((one) => fits(nameOf(one), words));
}
