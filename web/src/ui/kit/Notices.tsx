import type { ReactElement } from 'react';
import { Info, TriangleAlert } from 'lucide-react';
import { useAppState, useSpeech } from '../context';
import { cx } from './cx';
import { Rich } from './Rich';
import css from './Notices.module.css';

/** The one toast there may be, and the words for those who do not see it. */
export function Toast(): ReactElement | null {
  const t = useSpeech();
  const { toast } = useAppState();
  if (!toast) return null;
  const Icon = toast.tone === 'trouble' ? TriangleAlert : Info;
  return (
    <div className="toast" key={toast.id} data-tone={toast.tone} aria-hidden="true">
      <Icon className="i" aria-hidden="true" />
      <span>
        <span className="strong">{t.text(toast.text)}</span>
        {toast.remedy.length > 0 && (
          <span className={cx('small', css['remedy'])}><Rich words={toast.remedy.map((step) => t.text(step)).join(' ')} /></span>
        )}
      </span>
    </div>
  );
}

export function LiveRegion(): ReactElement {
  const t = useSpeech();
  const { said } = useAppState();
  return <div className="sr" role="status" aria-live="polite">{said && <span key={said.id}>{t.text(said.text)}</span>}</div>;
}
