import { lazy, Suspense, useState, type ReactElement } from 'react';
import { LogOut, PhoneOff, UserCog } from 'lucide-react';
import { iLead } from '../../core/meeting/aside';
import { heir, leaving } from '../../core/meeting/leading';
import { otherLeader } from '../../core/meeting/people';
import { useCall } from '../calling/use-call';
import { useDispatch, useSpeech } from '../context';
import { Menu, MenuItem } from '../kit/Menu';
import { useFloor, useMeeting } from './floor';
import { Key } from './Key';
import css from './LeaveMenu.module.css';

// Few choose.
const HandOverDialog = lazy(() => import('./HandOverDialog'));

/** One press leaves; hosts choose whether all do, and who leads then when they are the last who does. */
export function LeaveKey(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const choose = useMeeting((meeting) => iLead(meeting) && meeting.people.length > 1);
  const chooses = useMeeting((meeting) => heir(meeting) !== null);
  const [choosing, setChoosing] = useState(false);
  const floor = useFloor();
  const calls = useCall() !== null;
  if (calls) return <Key name={t('calling.end')} icon={PhoneOff} className="leave" onPress={() => dispatch({ type: 'calling/end' })} />;
  if (!choose) return <Key name={t('meeting.leave')} icon={LogOut} className="leave" onPress={() => dispatch({ type: 'call/leave' })} />;
  return (
    <>
      <Menu
        label={t('meeting.leave')}
        className="key leave"
        side="up"
        align="end"
        face={<><LogOut className="i" aria-hidden="true" /><span className="lbl">{t('meeting.leave')}</span></>}
      >
        <MenuItem icon={LogOut} onPick={() => dispatch(leaving(floor.meeting()))}>
          <span className={css['two']}><span>{t('leave.me')}</span><Stays /></span>
        </MenuItem>
        {chooses && <MenuItem icon={UserCog} onPick={() => setChoosing(true)}>{t('leave.choose')}</MenuItem>}
        <MenuItem icon={PhoneOff} className="red" onPick={() => dispatch({ type: 'act', act: { act: 'endForAll' } })}>{t('leave.end')}</MenuItem>
      </Menu>
      {choosing && <Suspense fallback={null}><HandOverDialog onClose={() => setChoosing(false)} /></Suspense>}
    </>
  );
}

/** Who leads when I am gone. */
function Stays(): ReactElement {
  const t = useSpeech();
  const other = useMeeting(otherLeader);
  const next = useMeeting((meeting) => heir(meeting)?.name ?? null);
  const text = other !== null ? t('leave.stays', { name: other }) : next === null ? t('leave.no-host') : t('leave.next', { name: next });
  return <span className="small">{text}</span>;
}
