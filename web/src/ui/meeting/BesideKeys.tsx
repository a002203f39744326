import type { ReactElement } from 'react';
import { Hand, MessageCircle, ScreenShare, ScreenShareOff, Users } from 'lucide-react';
import { iLead } from '../../core/meeting/aside';
import { myHand } from '../../core/meeting/people';
import { partiesOf } from '../../core/calling/calling';
import { useCall } from '../calling/use-call';
import { useDispatch, useSelect, useSpeech } from '../context';
import { MenuItem } from '../kit/Menu';
import { useNarrow } from '../kit/use-narrow';
import { HostItems, HostKey } from './HostControls';
import { useMeeting } from './floor';
import { Key } from './Key';
import { ReactionRow, ReactKey } from './Reactions';

/** Raise hand and React: they stand beside Share. */
export function GestureKeys(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const narrow = useNarrow();
  const up = useMeeting(myHand);
  return (
    <>
      <Key name={t(up ? 'hand.lower' : 'hand.raise')} icon={Hand} deed="hand" pressed={up} className="hand" onPress={() => dispatch({ type: 'hand' })} />
      {!narrow && <ReactKey />}
    </>
  );
}

/** Chat, People, and what hosts have. */
export function PanelKeys(): ReactElement {
  const narrow = useNarrow();
  const lead = useMeeting(iLead);
  const call = useCall();
  return (
    <>
      <ChatKey />
      {!narrow && (call === null || partiesOf(call).length !== 1) && <PeopleKey />}
      {!narrow && lead && call === null && <HostKey />}
    </>
  );
}

function ChatKey(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const open = useMeeting((meeting) => meeting.beside.panel === 'chat');
  const unread = useMeeting((meeting) => meeting.beside.chat.unread);
  return (
    <Key
      name={unread > 0 ? t.count('chat.key.unread', unread) : t('chat.title')}
      word={t('chat.title')}
      icon={MessageCircle}
      deed="chat"
      pressed={open}
      count={unread}
      mark="chat"
      onPress={() => dispatch({ type: 'panel', panel: 'chat' })}
    />
  );
}

const waiting = (meeting: Parameters<typeof iLead>[0]): number => meeting.live?.waiting.length ?? 0;

function PeopleKey(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const open = useMeeting((meeting) => meeting.beside.panel === 'people');
  const count = useMeeting(waiting);
  return (
    <Key
      name={count > 0 ? t.count('people.key.waiting', count) : t('people.key')}
      word={t('people.key')}
      icon={Users}
      deed="people"
      pressed={open}
      count={count}
      mark="people"
      onPress={() => dispatch({ type: 'panel', panel: 'people' })}
    />
  );
}

/** In the menu More, where the bar has no room for them. */
export function NarrowItems(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const narrow = useNarrow();
  const lead = useMeeting(iLead);
  const count = useMeeting(waiting);
  const share = useSelect((state) => state.browser.share);
  const sharing = useMeeting((meeting) => meeting.sharing === 'yes');
  const call = useCall();
  if (!narrow) return null;
  return (
    <>
      {call === null && <ReactionRow />}
      {(call === null || partiesOf(call).length !== 1) && (
        <MenuItem icon={Users} onPick={() => dispatch({ type: 'panel', panel: 'people' })}>
          {count > 0 ? t.count('people.key.waiting', count) : t('people.key')}
        </MenuItem>
      )}
      {share && (
        <MenuItem icon={sharing ? ScreenShareOff : ScreenShare} onPick={() => dispatch({ type: 'call/share' })}>
          {t(sharing ? 'meeting.stop-sharing' : 'meeting.share')}
        </MenuItem>
      )}
      <hr />
      {lead && call === null && <><HostItems /><hr /></>}
    </>
  );
}
