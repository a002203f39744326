import { useEffect, useRef, type ReactElement } from 'react';
import { Lock, ScreenShare, Users } from 'lucide-react';
import type { LayoutChoice } from '../../core/state';
import { myLine } from '../../core/meeting/line';
import { called } from '../../core/title';
import { namesOf, otherOf, partiesOf } from '../../core/calling/calling';
import { useCall } from '../calling/use-call';
import { useDispatch, usePorts, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Seg, type Choice } from '../kit/Seg';
import { useMeeting, useStaged } from './floor';
import { NetMark } from './NetMark';
import { LAYOUT_FACES, layoutChoices, layoutShown } from './layouts';
import css from './TopBar.module.css';

export function TopBar(): ReactElement {
  const t = useSpeech();
  const title = useMeeting((meeting) => meeting.title);
  const since = useMeeting((meeting) => meeting.since);
  const sharing = useMeeting((meeting) => meeting.sharing === 'yes');
  const locked = useMeeting((meeting) => meeting.live?.policy.locked === true);
  const count = useMeeting((meeting) => meeting.people.length);
  const level = useMeeting((meeting) => myLine(meeting)?.level ?? null);
  const sign = useMeeting((meeting) => myLine(meeting)?.sign ?? 'net');
  const why = useMeeting((meeting) => {
    const line = myLine(meeting);
    return line && t.text(line.text);
  });
  const call = useCall();
  const other = call && otherOf(call);
  // The time of a call begins when somebody is there to talk to.
  const from = call === null ? since : count > 1 ? (call.answered ?? since) : null;
  return (
    <header className="meet-top" aria-label={t('meeting.top')}>
      {other && <Cameo name={other.name} avatar={other.avatar} size="sm" />}
      <h1 className="ellipsis" {...LANDING}>{call === null ? called(t, title) : namesOf(call)}</h1>
      {locked && <span className={css['lock']} role="img" title={t('meeting.locked')} aria-label={t('meeting.locked')}><Lock className="i s" aria-hidden="true" /></span>}
      {from !== null && <><span className="dotsep wideonly" /><Elapsed since={from} /></>}
      {sharing && (
        <span className={cx('badge', 'live', css['sharing'])} title={t('meeting.sharing')}>
          <ScreenShare className="i" aria-hidden="true" /><span>{t('meeting.sharing')}</span>
        </span>
      )}
      <span className="push" />
      <Layouts />
      {(call === null || partiesOf(call).length !== 1) && <span className={css['count']} role="img" aria-label={t.count('meeting.people', count)}>
        <Users className="i s" aria-hidden="true" /><span className="num">{count}</span>
      </span>}
      {level !== null && <span className={css['net']}><NetMark level={level} sign={sign} text={why ?? ''} className={css['mark']} /></span>}
    </header>
  );
}

function Layouts(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const layouts = useStaged((_, there) => layoutChoices(there));
  const shown = useStaged(layoutShown);
  if (layouts.length < 2) return null;
  return (
    <Seg<LayoutChoice>
      className="seg wideonly"
      label={t('meeting.layout')}
      value={shown}
      onPick={(layout) => dispatch({ type: 'stage/layout', layout })}
      choices={layouts.map((value): Choice<LayoutChoice> => {
        const { icon: Icon, key } = LAYOUT_FACES[value];
        return { value, face: <><Icon className="i s" aria-hidden="true" />{t(key)}</> };
      })}
    />
  );
}

const two = (n: number): string => String(n).padStart(2, '0');

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The running time, written past React. */
function Elapsed({ since }: { readonly since: number }): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => ports.everySecond((now) => {
    if (ref.current) ref.current.textContent = clock(now - since);
  }), [ports, since]);
  return <span ref={ref} className="time" role="timer" aria-label={t('meeting.time')} />;
}
