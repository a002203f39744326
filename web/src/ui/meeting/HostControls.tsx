import type { ReactElement } from 'react';
import { CirclePause, DoorOpen, Hand, Lock, LockOpen, Mic, MicOff, PhoneOff, Shield, VideoOff } from 'lucide-react';
import type { Act, Allowed, Lobby } from '../../proto/api.gen';
import { useDispatch, useSpeech } from '../context';
import { Menu, MenuCheck, MenuChoice, MenuGroup, MenuItem } from '../kit/Menu';
import { useMeeting } from './floor';

const LOBBIES: readonly Lobby[] = ['off', 'guests', 'everyone'];
const ALLOWED: readonly Allowed[] = ['microphone', 'camera', 'share', 'chat'];

export function HostKey(): ReactElement {
  const t = useSpeech();
  return (
    <Menu
      label={t('host.controls')}
      className="key"
      side="up"
      align="end"
      face={<><Shield className="i" aria-hidden="true" /><span className="lbl">{t('host.controls')}</span></>}
    >
      <HostItems />
    </Menu>
  );
}

/** All that hosts decide for the room, in a menu. */
export function HostItems(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const live = useMeeting((meeting) => meeting.live);
  if (live === null) return null;
  const { policy } = live;
  const act = (what: Act) => (): void => dispatch({ type: 'act', act: what });
  return (
    <>
      <MenuCheck icon={policy.locked ? Lock : LockOpen} on={policy.locked} onPick={act({ act: 'lock', on: !policy.locked })}>
        {t(policy.locked ? 'host.locked' : 'host.lock')}
      </MenuCheck>
      <MenuGroup name={t('host.lobby')}>
        {LOBBIES.map((lobby) => (
          <MenuChoice key={lobby} icon={DoorOpen} ticked={policy.lobby === lobby} onPick={act({ act: 'lobby', lobby })}>{t(`host.lobby.${lobby}`)}</MenuChoice>
        ))}
      </MenuGroup>
      <MenuGroup name={t('host.allow')}>
        {ALLOWED.map((what) => (
          <MenuCheck key={what} on={policy[what]} onPick={act({ act: 'allow', what, on: !policy[what] })}>{t(`host.may.${what}`)}</MenuCheck>
        ))}
      </MenuGroup>
      <MenuGroup name={t('host.now')}>
        <MenuItem icon={MicOff} onPick={act({ act: 'muteAll' })}>{t('host.mute-all')}</MenuItem>
        <MenuItem icon={Mic} onPick={act({ act: 'askToUnmute' })}>{t('host.ask-all')}</MenuItem>
        <MenuItem icon={VideoOff} onPick={act({ act: 'stopCameras' })}>{t('host.stop-cameras')}</MenuItem>
        {live.hands.length > 0 && <MenuItem icon={Hand} onPick={act({ act: 'lowerHands' })}>{t('hand.lower-all')}</MenuItem>}
      </MenuGroup>
      <hr />
      <MenuCheck icon={CirclePause} on={live.paused} onPick={act({ act: 'pause', on: !live.paused })}>{t('pause')}</MenuCheck>
      <MenuItem icon={PhoneOff} className="red" onPick={act({ act: 'endForAll' })}>{t('leave.end')}</MenuItem>
    </>
  );
}
