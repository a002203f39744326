import type { ReactElement } from 'react';
import { Pause, Play } from 'lucide-react';
import { heldBy, namesOf } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { givesBack } from '../kit/gives-back';
import css from './Calling.module.css';

/** The call rests: who has it on hold, and the way back where that was me. */
export function Rests({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const resuming = useSelect(({ calling }) => calling.pressed[call.id] === 'resume');
  const by = heldBy(call);
  const mine = call.stage.is === 'held';
  if (!mine && by === null) return null;
  return (
    <div ref={givesBack} className={css['rests']} data-rests={mine ? 'mine' : 'theirs'}>
      <p className={css['reststext']}><Pause className="i" aria-hidden="true" /><span>{mine ? t('calling.held.mine') : t('calling.held.by', { name: by ?? '' })}</span></p>
      {mine && (
        <button type="button" className="btn primary" aria-disabled={resuming} aria-label={t('calling.resume.with', { name: namesOf(call) })} onClick={() => (resuming ? undefined : dispatch({ type: 'calling/hold' }))}>
          {resuming ? <span className="spin" aria-hidden="true" /> : <Play className="i s" aria-hidden="true" />}{t('calling.resume')}
        </button>
      )}
    </div>
  );
}
