import type { ReactElement } from 'react';
import { firstKnocker } from '../../core/meeting/people';
import { useDispatch, useSpeech } from '../context';
import { givesBack } from '../kit/gives-back';
import { useMeeting } from './floor';
import { Portrait } from './Portrait';

/** Somebody is at the door. It stays until it is answered, or looked at in the panel. */
export function KnockToast(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const first = useMeeting(firstKnocker);
  const others = useMeeting((meeting) => Math.max(0, (meeting.live?.waiting.length ?? 0) - 1));
  if (!first) return null;
  const role = t(`people.role.${first.role}`);
  return (
    <section ref={givesBack} className="toast" aria-label={t('knock.label')}>
      <Portrait identity={first.person} name={first.name} />
      <div className="grow">
        <div className="strong">{t('knock.at-door', { name: first.name })}</div>
        <div className="small">{others > 0 ? t('knock.and', { role, others: t.count('knock.others', others) }) : role}</div>
      </div>
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'act', act: { act: 'deny', person: first.person } })}>{t('knock.deny')}</button>
      <button type="button" className="btn quiet low wideonly" onClick={() => dispatch({ type: 'panel', panel: 'people' })}>{t('knock.see-all')}</button>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'act', act: { act: 'admit', person: first.person } })}>{t('knock.admit')}</button>
    </section>
  );
}
