import type { ReactElement } from 'react';
import { PhoneMissed, PhoneOff, X } from 'lucide-react';
import { foremostAsked } from '../../core/calling/asked';
import { isAwaited, missedBy } from '../../core/calling/awaiting';
import { foremost, heldCalls, inCall, meantOf, otherOf } from '../../core/calling/calling';
import { endWords, forwardedWords } from '../../core/calling/words';
import type { Call } from '../../proto/api.gen';
import { say, type Text } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { useTopDialog } from '../kit/dialogs';
import { givesBack } from '../kit/gives-back';
import { Asked } from './Asked';
import css from './Calling.module.css';
import { AwaitButton } from './AwaitButton';
import { FreeCard } from './FreeCard';
import { HeldCard } from './HeldCard';
import { IncomingCalls } from './IncomingCalls';
import { Message } from './Message';
import { LeaveButton } from '../voicemail/LeaveButton';

/** What calls lay over every page: one that comes in, a meeting that I am asked into, or what became of a call. In a dialog it is in there, since all else is inert. */
export default function CallLayer({ dialog = null }: { readonly dialog?: string | null | undefined }): ReactElement | null {
  const rings = useSelect((state) => foremost(state) !== null);
  const held = useSelect((state) => (inCall(state) ? null : (heldCalls(state)[0] ?? null)));
  const { outcome, afterword, free: [free] } = useSelect(({ calling }) => calling);
  const asked = useSelect(foremostAsked);
  const top = useTopDialog();
  if (dialog !== top) return null;
  if (rings) return <IncomingCalls />;
  if (asked) return <Asked key={`${asked.code} ${asked.until}`} asked={asked} />;
  if (outcome) return <Outcome call={outcome} />;
  if (afterword) return <Card call={afterword.call} text={afterword.text} />;
  if (free) return <FreeCard key={free.account} person={free} />;
  return held && <HeldCard key={held.id} call={held} />;
}

/** Nobody could be reached: said at once, with what can be done about it. */
function Outcome({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const placing = useSelect(({ calling }) => calling.placing !== null);
  const missed = missedBy(call);
  const waits = useSelect((state) => missed !== null && isAwaited(state, missed.account));
  const small = missed !== null && waits ? say('calling.awaited', { name: missed.name }) : forwardedWords(call);
  const busy = meantOf(call).some(({ stage }) => stage.is === 'ended' && stage.why === 'busy');
  return (
    <Card call={call} text={endWords(call, null).title} small={small}>
      <>
        {busy && (
          <button
            type="button"
            className="btn primary"
            disabled={placing}
            onClick={() => dispatch({ type: 'calling/place', people: meantOf(call).map(({ account }) => account), video: call.video, anyway: true })}
          >
            {t('calling.anyway')}
          </button>
        )}
        <LeaveButton call={call} />
        <AwaitButton call={call} />
        <Message call={call} />
      </>
    </Card>
  );
}

function Card({ call, text, small = null, children }: {
  readonly call: Call;
  readonly text: Text;
  readonly small?: Text | null;
  readonly children?: ReactElement | false;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const other = otherOf(call);
  const Icon = call.outgoing ? PhoneOff : PhoneMissed;
  return (
    <section ref={givesBack} className={cx(css['card'], css['place'])} aria-label={t.text(text)} data-call-card>
      {other ? <Cameo name={other.name} avatar={other.avatar} /> : <Icon className="i" aria-hidden="true" />}
      <div className="grow">
        <p className="strong">{t.text(text)}</p>
        {small && <p className="small">{t.text(small)}</p>}
      </div>
      <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'calling/close' })}>
        <X className="i" aria-hidden="true" />
      </button>
      {children && <div className={css['acts']}>{children}</div>}
    </section>
  );
}
