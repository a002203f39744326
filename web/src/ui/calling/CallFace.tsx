import type { ReactElement } from 'react';
import { otherOf } from '../../core/calling/calling';
import { stageWords } from '../../core/calling/words';
import type { Call } from '../../proto/api.gen';
import { useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import css from './Calling.module.css';

/** Whoever is called, large, and how far the call has come; the lamp is lit while it rings there. */
export function CallFace({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const other = otherOf(call);
  if (!other) return null;
  const rings = call.others.some(({ stage }) => stage.is === 'ringing');
  return (
    <div className={css['face']} data-call-stage={other.stage.is}>
      <span className={cx(rings && 'lit')}><Cameo identity={other.account} name={other.name} avatar={other.avatar} size="xxl" /></span>
      <p className={cx('display', css['name'])}>{t.list(call.others.map(({ name }) => name))}</p>
      <p className={css['stage']}>{t.text(stageWords(call))}</p>
    </div>
  );
}
