import type { ReactElement } from 'react';
import { Copy as CopyIcon } from 'lucide-react';
import { useDispatch, useSpeech } from '../context';

/** The link of the room in a well, with its button. */
export function CopyLink({ link }: { readonly link: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <div className="copy">
      <span>{link.replace(/^https?:\/\//, '')}</span>
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'call/copy-link' })}>
        <CopyIcon className="i s" aria-hidden="true" />{t('copy')}
      </button>
    </div>
  );
}
