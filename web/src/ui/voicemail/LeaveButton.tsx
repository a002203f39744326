import type { ReactElement } from 'react';
import { Voicemail } from 'lucide-react';
import { mayLeave } from '../../core/voicemail/offer';
import '../../i18n/voicemail';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSpeech } from '../context';

/** Offers to leave a message where nobody answered. */
export function LeaveButton({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  if (!mayLeave(call)) return null;
  return (
    <button type="button" className="btn plain" onClick={() => dispatch({ type: 'overlay', show: 'voicemail' })}>
      <Voicemail className="i s" aria-hidden="true" />{t('voicemail.leave')}
    </button>
  );
}
