import type { ReactElement } from 'react';
import { PhoneMissed, PhoneOff, X } from 'lucide-react';
import { foremost, otherOf } from '../../core/calling/calling';
import { endWords } from '../../core/calling/words';
import type { Call } from '../../proto/api.gen';
import type { Text } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import css from './Calling.module.css';
import { Incoming } from './Incoming';

/** What calls lay over every page: one that comes in, or what became of one. In a dialog it is in there, since all else is inert. */
export default function CallLayer({ inDialog = false }: { readonly inDialog?: boolean | undefined }): ReactElement | null {
  const call = useSelect(foremost);
  const { outcome, afterword } = useSelect(({ calling }) => calling);
  const mine = useSelect((state) => (state.overlay !== null) === inDialog);
  if (!mine) return null;
  if (call) return <Incoming key={call.id} call={call} />;
  if (outcome) return <Outcome call={outcome} />;
  return afterword && <Card call={afterword.call} text={afterword.text} />;
}

/** Nobody could be reached: said at once, with what can be done about it. */
function Outcome({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const placing = useSelect(({ calling }) => calling.placing !== null);
  const busy = call.others.some(({ stage }) => stage.is === 'ended' && stage.why === 'busy');
  return (
    <Card call={call} text={endWords(call, null).title}>
      {busy && (
        <button
          type="button"
          className="btn primary"
          disabled={placing}
          onClick={() => dispatch({ type: 'calling/place', people: call.others.map(({ account }) => account), video: call.video, anyway: true })}
        >
          {t('calling.anyway')}
        </button>
      )}
    </Card>
  );
}

function Card({ call, text, children }: { readonly call: Call; readonly text: Text; readonly children?: ReactElement | false }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const other = otherOf(call);
  const Icon = call.outgoing ? PhoneOff : PhoneMissed;
  return (
    <section ref={givesBack} className={cx(css['card'], css['place'])} aria-label={t.text(text)} data-call-card>
      {other ? <Cameo identity={other.account} name={other.name} avatar={other.avatar} /> : <Icon className="i" aria-hidden="true" />}
      <p className="grow strong">{t.text(text)}</p>
      <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'calling/close' })}>
        <X className="i" aria-hidden="true" />
      </button>
      {children && <div className={css['acts']}>{children}</div>}
    </section>
  );
}
