import type { ReactElement } from 'react';
import { DoorOpen, EllipsisVertical, Hand, MessageCircle, Mic, MicOff, Pencil, Pin, ScreenShareOff, ShieldMinus, ShieldPlus, Spotlight, UserMinus, VideoOff } from 'lucide-react';
import { iLead, iMay } from '../../../core/meeting/aside';
import { mayMove, mayTouch, type Row } from '../../../core/meeting/people';
import type { Act } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { Menu, MenuItem } from '../../kit/Menu';
import { useMeeting } from '../floor';

/** What can be done with somebody in the room. */
export function PersonMenu({ row, onDialog }: {
  readonly row: Row;
  readonly onDialog: (dialog: 'remove' | 'rename') => void;
}): ReactElement {
  const t = useSpeech();
  const label = t('people.more', { name: row.name });
  return (
    <Menu label={label} className="btn icon" side="down" align="end" float face={<EllipsisVertical className="i" aria-hidden="true" />}>
      <Everybody row={row} />
      <Hosts row={row} onDialog={onDialog} />
    </Menu>
  );
}

function Everybody({ row }: { readonly row: Row }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const writes = useMeeting((meeting) => iMay(meeting.live, 'chat'));
  const open = useMeeting((meeting) => meeting.beside.panel === 'chat');
  const leads = useMeeting(iLead);
  const [identity] = row.identities;
  const message = (): void => {
    dispatch({ type: 'chat/to', person: row.person });
    if (!open) dispatch({ type: 'panel', panel: 'chat' });
  };
  return (
    <>
      {writes && <MenuItem icon={MessageCircle} onPick={message}>{t('people.message')}</MenuItem>}
      {identity !== undefined && <MenuItem icon={Pin} onPick={() => dispatch({ type: 'stage/pin', key: identity })}>{t('people.pin')}</MenuItem>}
      {leads && (
        <MenuItem icon={Spotlight} onPick={() => dispatch({ type: 'act', act: row.spotlit ? { act: 'spotlight' } : { act: 'spotlight', person: row.person } })}>
          {t(row.spotlit ? 'spotlight.take' : 'spotlight')}
        </MenuItem>
      )}
    </>
  );
}

function Hosts({ row, onDialog }: { readonly row: Row; readonly onDialog: (dialog: 'remove' | 'rename') => void }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const may = useMeeting((meeting) => mayTouch(meeting, row));
  const moves = useMeeting((meeting) => mayMove(meeting, row));
  if (!may) return null;
  const { person } = row;
  const act = (what: Act) => (): void => dispatch({ type: 'act', act: what });
  return (
    <>
      <hr />
      {row.microphone
        ? <MenuItem icon={MicOff} onPick={act({ act: 'mute', person, what: 'microphone' })}>{t('people.mute')}</MenuItem>
        : <MenuItem icon={Mic} onPick={act({ act: 'askToUnmute', person })}>{t('people.ask')}</MenuItem>}
      {row.camera && <MenuItem icon={VideoOff} onPick={act({ act: 'mute', person, what: 'camera' })}>{t('people.stop-camera')}</MenuItem>}
      {row.share && <MenuItem icon={ScreenShareOff} onPick={act({ act: 'mute', person, what: 'share' })}>{t('people.stop-share')}</MenuItem>}
      {row.hand > 0 && <MenuItem icon={Hand} onPick={act({ act: 'lowerHand', person })}>{t('hand.lower')}</MenuItem>}
      {row.role === 'host' && <MenuItem icon={ShieldMinus} onPick={act({ act: 'demote', person })}>{t('people.demote')}</MenuItem>}
      {(row.role === 'member' || row.role === 'guest') && <MenuItem icon={ShieldPlus} onPick={act({ act: 'promote', person })}>{t('people.promote')}</MenuItem>}
      <MenuItem icon={Pencil} onPick={() => onDialog('rename')}>{t('people.rename')}</MenuItem>
      <hr />
      {moves && <MenuItem icon={DoorOpen} onPick={act({ act: 'moveToLobby', person })}>{t('people.to-lobby')}</MenuItem>}
      <MenuItem icon={UserMinus} className="red" onPick={() => onDialog('remove')}>{t('people.remove')}</MenuItem>
    </>
  );
}
