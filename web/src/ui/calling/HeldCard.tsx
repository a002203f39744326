import type { ReactElement } from 'react';
import { Pause, PhoneOff, Play } from 'lucide-react';
import { namesOf, otherOf } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { Since } from './Since';
import css from './Calling.module.css';

/** Somebody waits on hold, and nobody is talked to: they are not forgotten, whatever page is shown. */
export function HeldCard({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const other = otherOf(call);
  const name = namesOf(call);
  const resuming = useSelect(({ calling }) => calling.pressed[call.id] === 'resume');
  return (
    <section ref={givesBack} className={cx(css['card'], css['place'])} aria-label={t('calling.held.with', { name })} data-held-card>
      {other ? <span className={css['grey']}><Cameo name={other.name} avatar={other.avatar} /></span> : <Pause className="i" aria-hidden="true" />}
      <div className="grow">
        <p className="strong">{name}</p>
        <p className="small">{t('calling.held.since')} {call.held !== undefined && <Since began={call.held} long />}</p>
      </div>
      <div className={css['acts']}>
        <button type="button" className="btn danger-quiet" aria-label={t('calling.end.with', { name })} onClick={() => dispatch({ type: 'calling/end', id: call.id })}>
          <PhoneOff className="i s" aria-hidden="true" />{t('calling.end')}
        </button>
        <button type="button" className="btn primary" aria-disabled={resuming} aria-label={t('calling.resume.with', { name })} onClick={() => (resuming ? undefined : dispatch({ type: 'calling/resume', id: call.id }))}>
          {resuming ? <span className="spin" aria-hidden="true" /> : <Play className="i s" aria-hidden="true" />}{t('calling.resume')}
        </button>
      </div>
    </section>
  );
}
