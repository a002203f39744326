import type { ReactElement } from 'react';
import { MessageCircle } from 'lucide-react';
import { meantOf } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSpeech } from '../context';

/** Writes to the one other of a call that came to nothing. */
export function Message({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const [other, more] = meantOf(call);
  if (!other || more) return null;
  return (
    <button
      type="button"
      className="btn plain"
      onClick={() => {
        dispatch({ type: 'calling/close' });
        dispatch({ type: 'talks/with', account: other.account });
      }}
    >
      <MessageCircle className="i s" aria-hidden="true" />{t('talks.message.short')}
    </button>
  );
}
