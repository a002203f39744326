import type { ReactElement } from 'react';
import { LogOut, PhoneOff } from 'lucide-react';
import { iLead } from '../../core/meeting/aside';
import { otherLeader } from '../../core/meeting/people';
import { useDispatch, useSpeech } from '../context';
import { Menu, MenuItem } from '../kit/Menu';
import { useMeeting } from './floor';
import { Key } from './Key';
import css from './LeaveMenu.module.css';

/** One press leaves; hosts choose whether all do. */
export function LeaveKey(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const choose = useMeeting((meeting) => iLead(meeting) && meeting.people.length > 1);
  const leave = (): void => dispatch({ type: 'call/leave' });
  if (!choose) return <Key name={t('meeting.leave')} icon={LogOut} className="leave" onPress={leave} />;
  return (
    <Menu
      label={t('meeting.leave')}
      className="key leave"
      side="up"
      align="end"
      face={<><LogOut className="i" aria-hidden="true" /><span className="lbl">{t('meeting.leave')}</span></>}
    >
      <MenuItem icon={LogOut} onPick={leave}>
        <span className={css['two']}><span>{t('leave.me')}</span><Stays /></span>
      </MenuItem>
      <MenuItem icon={PhoneOff} className="red" onPick={() => dispatch({ type: 'act', act: { act: 'endForAll' } })}>{t('leave.end')}</MenuItem>
    </Menu>
  );
}

/** Who leads when I am gone. */
function Stays(): ReactElement {
  const t = useSpeech();
  const other = useMeeting(otherLeader);
  return <span className="small">{other === null ? t('leave.no-host') : t('leave.stays', { name: other })}</span>;
}
