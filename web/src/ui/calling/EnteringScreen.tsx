import type { ReactElement } from 'react';
import { CircleAlert, PhoneOff } from 'lucide-react';
import { otherOf } from '../../core/calling/calling';
import type { Entering } from '../../core/state';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Toast } from '../kit/Notices';
import { Key } from '../meeting/Key';
import { CallFace } from './CallFace';
import { useCall } from './use-call';
import css from './Calling.module.css';

/** On the way into the room of a call: it looks as the call will look. */
export default function EnteringScreen({ phase }: { readonly phase: Entering }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const call = useCall();
  const other = call && otherOf(call);
  return (
    <div className="meet">
      <header className="meet-top" aria-label={t('meeting.top')}>
        {other && <Cameo name={other.name} avatar={other.avatar} size="sm" />}
        <h1 className="ellipsis" {...LANDING}>{phase.title}</h1>
      </header>
      <main className={cx('stage', css['waits'])} aria-label={t('calling.screen')} data-stage="call" tabIndex={-1}>
        {phase.entry.state === 'refused' ? (
          <div className={css['face']}>
            <div className="notice bad" role="alert"><CircleAlert className="i" aria-hidden="true" /><span>{t.text(phase.entry.text)}</span></div>
            <button type="button" className="btn primary" onClick={() => dispatch({ type: 'calling/retry' })}>{t('calling.retry')}</button>
          </div>
        ) : call && <CallFace call={call} />}
      </main>
      <div className="corner"><Toast /></div>
      <div className={cx('bar', css['only'])} role="toolbar" aria-label={t('meeting.controls')}>
        <div className="keys"><Key name={t('calling.end')} icon={PhoneOff} className="leave" onPress={() => dispatch({ type: 'calling/end' })} /></div>
      </div>
    </div>
  );
}
