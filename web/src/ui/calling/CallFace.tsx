import type { ReactElement } from 'react';
import { heldBy, otherOf, partiesOf, presenceOf } from '../../core/calling/calling';
import { noteOf } from '../../core/calling/presence';
import { forwardedWords, stageWords } from '../../core/calling/words';
import { own as ownWords } from '../../i18n/own';
import { URGENT } from '../../i18n/urgent';
import type { Call } from '../../proto/api.gen';
import { useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import css from './Calling.module.css';

/** Whoever is called, large, and how far the call has come; the lamp is lit while it rings there. */
export function CallFace({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const other = otherOf(call);
  const note = useSelect((state) => (other ? noteOf(state, other.account) : null));
  const silent = useSelect((state) => other !== undefined && presenceOf(state, other.account) === 'doNotDisturb');
  if (!other) return null;
  const forwarded = forwardedWords(call);
  // Whom nobody is to disturb would not ring for me if they had not allowed it.
  const urgent = silent && call.outgoing && call.others.length === 1 && (other.stage.is === 'dialing' || other.stage.is === 'ringing');
  const rings = call.others.some(({ stage }) => stage.is === 'ringing');
  return (
    <div className={css['face']} data-call-stage={other.stage.is}>
      <span className={cx(rings && 'lit', heldBy(call) !== null && css['grey'])}><Cameo name={other.name} avatar={other.avatar} size="xxl" /></span>
      <p className={cx('display', css['name'])}>{t.list(partiesOf(call).map(({ name }) => name))}</p>
      <p className={css['stage']}>{t.text(stageWords(call))}</p>
      {urgent && <p className="small">{ownWords(URGENT, t.tongue)('theirs', { name: other.name })}</p>}
      {forwarded && <p className="small">{t.text(forwarded)}</p>}
      {note !== null && call.others.length === 1 && <p className="small">{note}</p>}
    </div>
  );
}
