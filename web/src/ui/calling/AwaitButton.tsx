import type { ReactElement } from 'react';
import { BellOff, BellRing } from 'lucide-react';
import { isAwaited, missedBy } from '../../core/calling/awaiting';
import { presenceOf } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';

/** After a call that came to nothing: waits for the one who was called, or does so no longer. */
export function AwaitButton({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const missed = missedBy(call);
  const waits = useSelect((state) => missed !== null && isAwaited(state, missed.account));
  // For whoever does not show it nobody can wait.
  const hidden = useSelect((state) => missed !== null && presenceOf(state, missed.account) === 'hidden');
  if (missed === null || (hidden && !waits)) return null;
  const { account, anew } = missed;
  const Icon = waits ? BellOff : BellRing;
  return (
    <button type="button" className="btn plain" onClick={() => dispatch(waits ? { type: 'await/no-more', account } : { type: 'await', account, anew })}>
      <Icon className="i s" aria-hidden="true" />{t(waits ? 'calling.await.no-more' : 'calling.await')}
    </button>
  );
}

/** That I am told, once it is so. */
export function Awaits({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const missed = missedBy(call);
  const waits = useSelect((state) => missed !== null && isAwaited(state, missed.account));
  return missed !== null && waits ? <p className="small">{t('calling.awaited', { name: missed.name })}</p> : null;
}
