// The only place where state changes: hands each event to the part that answers for its subject.

import type { Event } from './event';
import { answered } from './answers';
import { call } from './call';
import { calling } from './calling/update';
import { besideCalls, isBesideCalls } from './calling/beside';
import { watchCalling } from './calling/watch';
import { devices } from './devices';
import { assertNever } from './never';
import { entry } from './entry';
import { watchHeld } from './held';
import { install } from './install';
import { lobby } from './lobby';
import { network } from './network';
import { watchAlone } from './meeting/alone';
import { beside, notices, unlessKept } from './meeting/acts';
import { chat } from './meeting/chat-update';
import { watchUnheard } from './meeting/line';
import { account } from './pages/account/update';
import { administer } from './pages/console/update';
import { contacts } from './pages/contacts/update';
import { home } from './pages/home/update';
import { aboutRoom } from './pages/room-page/update';
import { setup } from './pages/setup/update';
import { test } from './pages/test/update';
import { sign } from './pages/sign/update';
import { rate } from './rating';
import { session } from './session';
import { settings } from './settings';
import { stage } from './stage';
import { start } from './start';
import type { State } from './state';
import type { Step } from './step';
import { watchTaking } from './taking';
import { talk } from './talk';
import { talks } from './talks/update';
import { watchTalks } from './talks/watch';
import { timer } from './timer';
import { view } from './view-habits';
import { share } from './view-share';
import { line, told } from './told';

/** Words stay in the live region this long after the last of them: screen readers have taken them up by then. */
const HEARD_MS = 5_000;

export function update(state: State, event: Event): Step {
  const [next, effects] = watchCalling(state, watchTalks(state, watchUnheard(state, watchHeld(state, watchTaking(state, watchAlone(state, answer(state, event)))))));
  if (next.said === state.said || next.said.length === 0) return [next, effects];
  return [next, [...effects, { type: 'timer', timer: { name: 'said' }, ms: HEARD_MS }]];
}

function answer(state: State, event: Event): Step {
  if (isBesideCalls(event)) return besideCalls(state, event);
  switch (event.type) {
    case 'begin':
    case 'sign-out':
      return session(state, event);
    case 'answer':
      return answered(state, event);
    case 'told':
      return told(state, event.event);
    case 'line':
      return line(state, event.up, event.restarting === true);
    case 'route':
    case 'visit':
    case 'home':
    case 'start/new':
    case 'start/join':
    case 'start/typed':
    case 'room/made':
    case 'room/not-made':
      return start(state, event);
    case 'room/found':
    case 'room/unknown':
    case 'room/failed':
    case 'room/again':
    case 'room/copy':
    case 'door/sign-in':
    case 'join':
    case 'name':
    case 'rejoin':
    case 'join/refused':
    case 'join/unknown':
      return entry(state, event);
    case 'join/waiting':
    case 'lobby/leave':
    case 'lobby/ask-again':
      return lobby(state, event);
    case 'devices/toggle':
      return unlessKept(state, event.kind, !state.devices[event.kind].wanted, () => devices(state, event));
    case 'devices/permission':
    case 'devices/allow':
    case 'devices/without':
    case 'devices/retry':
    case 'devices/choose':
    case 'devices/ring-on':
    case 'devices/opening':
    case 'devices/opened':
    case 'devices/failed':
    case 'devices/listed':
    case 'devices/silent':
    case 'devices/tone':
      return devices(state, event);
    case 'call/entered':
    case 'call/people':
    case 'call/spoke':
    case 'call/fell-silent':
    case 'call/link':
    case 'call/sound':
    case 'call/opened':
    case 'call/failed':
    case 'call/speaker-failed':
    case 'call/shared':
    case 'call/share-failed':
    case 'call/share-mode':
    case 'call/share-sound':
    case 'call/talking':
    case 'call/measured':
    case 'call/pressed':
    case 'call/voice':
    case 'call/undressed':
    case 'call/strained':
    case 'call/over':
    case 'call/leave':
    case 'call/turn-on-sound':
    case 'call/hear':
    case 'call/hurry':
    case 'call/copy-link':
    case 'call/invite':
    case 'call/still-here':
      return call(state, event);
    case 'call/share':
      return unlessKept(state, 'share', shares(state) === 'no', () => call(state, event));
    case 'stage/layout':
    case 'stage/seats':
    case 'stage/page':
    case 'stage/strip':
    case 'stage/corner':
    case 'stage/show':
    case 'stage/fullscreen':
    case 'stage/pip':
    case 'stage/pin':
    case 'stage/zoom':
      return stage(state, event);
    case 'view/bear':
    case 'view/pip':
    case 'view/volume':
    case 'view/hush':
    case 'view/self':
    case 'view/saver':
    case 'view/dress':
      return view(state, event);
    case 'rating/stars':
    case 'rating/reason':
    case 'rating/send':
      return rate(state, event);
    case 'share/pause':
    case 'share/mode':
    case 'share/sound':
      return share(state, event);
    case 'overlay':
    case 'settings/theme':
    case 'settings/contrast':
    case 'settings/language':
    case 'settings/letter-keys':
    case 'settings/key':
    case 'settings/keys-reset':
    case 'settings/ask-alone':
    case 'copied':
      return settings(state, event);
    case 'talk':
      return unlessKept(state, 'microphone', event.on, () => talk(state, event.on));
    case 'network':
      return network(state, event.online);
    case 'install':
    case 'install/offered':
      return install(state, event);
    case 'timer':
      return timer(state, event.timer, event.at);
    case 'panel':
    case 'panel/close':
    case 'act':
    case 'hand':
    case 'asked/answer':
    case 'news/sign-in':
      return beside(state, event);
    case 'chat/typed':
    case 'chat/to':
    case 'chat/send':
    case 'chat/reply':
    case 'chat/edit':
    case 'chat/delete':
    case 'chat/react':
    case 'chat/earlier':
    case 'chat/again':
    case 'chat/drop':
    case 'chat/files':
    case 'chat/without':
    case 'upload/sent':
    case 'upload/done':
      return chat(state, event);
    case 'notices/said':
    case 'notices/sound':
    case 'notices/system':
    case 'notices/offer':
    case 'notices/allowed':
      return notices(state, event);
    case 'calling/place':
    case 'calling/answer':
    case 'calling/gone':
    case 'calling/decline':
    case 'calling/hush':
    case 'calling/end':
    case 'calling/hold':
    case 'calling/resume':
    case 'calling/merge':
    case 'calling/press':
    case 'calling/add':
    case 'calling/transfer':
    case 'calling/hand-over':
    case 'calling/ask':
    case 'calling/back':
    case 'calling/people':
    case 'calling/retry':
    case 'calling/close':
    case 'calling/idle':
      return calling(state, event);
    case 'talks/with':
    case 'talks/draft':
    case 'talks/draft-name':
    case 'talks/draft-find':
    case 'talks/draft-pick':
    case 'talks/draft-send':
    case 'talks/leave':
    case 'talks/search':
    case 'talks/find':
    case 'talks/again':
    case 'talks/front':
      return talks(state, event);
    case 'contacts/search':
    case 'contacts/again':
      return contacts(state, event);
    case 'home/again':
    case 'home/later':
    case 'home/card-lobby':
    case 'home/card-close':
    case 'home/draft':
    case 'home/draft-title':
    case 'home/draft-send':
    case 'home/keep':
    case 'home/forget':
      return home(state, event);
    case 'room-page/again':
    case 'room-page/words':
    case 'room-page/words-send':
    case 'room-page/policy':
    case 'room-page/newcomer':
    case 'room-page/newcomer-send':
    case 'room-page/member':
    case 'room-page/member-remove':
    case 'room-page/pardon':
    case 'room-page/lines':
    case 'room-page/delete':
      return aboutRoom(state, event);
    case 'setup/code':
    case 'setup/check':
    case 'setup/answer':
    case 'setup/finish':
      return setup(state, event);
    case 'test/begin':
    case 'test/report':
    case 'test/copy':
    case 'test/close':
    case 'test/at':
    case 'test/trial':
    case 'test/heard':
    case 'test/over':
      return test(state, event);
    case 'sign/in':
    case 'sign/in-send':
    case 'sign/in-passkey':
    case 'sign/up':
    case 'sign/up-send':
    case 'sign/reset':
    case 'sign/reset-send':
      return sign(state, event);
    case 'passkey':
      return event.to === 'sign-in' ? sign(state, event) : account(state, event);
    case 'account/name':
    case 'account/name-send':
    case 'account/picture':
    case 'account/picture-remove':
    case 'account/password':
    case 'account/password-send':
    case 'account/passkey-name':
    case 'account/passkey-add':
    case 'account/passkey-remove':
    case 'account/device-remove':
    case 'account/wake':
    case 'push':
      return account(state, event);
    case 'console/form':
    case 'console/save':
    case 'console/logo':
    case 'console/logo-remove':
    case 'console/more-people':
    case 'console/change':
    case 'console/reset':
    case 'console/invite':
    case 'console/invite-send':
    case 'console/invitation-remove':
    case 'console/copy':
    case 'console/close-link':
      return administer(state, event);
    default:
      return assertNever(event);
  }
}

const shares = ({ page }: State): string => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase.sharing : 'no');
