import { useState, type ReactElement } from 'react';
import { Info, TriangleAlert } from 'lucide-react';
import type { Said } from '../../i18n/text';
import { useSelect, useSpeech } from '../context';
import { cx } from './cx';
import { Rich } from './Rich';
import css from './Notices.module.css';

/** The one toast there may be. While a dialog is open it is in there, since all else lies under the scrim. */
export function Toast({ inDialog = false }: { readonly inDialog?: boolean | undefined }): ReactElement | null {
  const t = useSpeech();
  const toast = useSelect((state) => ((state.overlay !== null) === inDialog ? state.toast : null));
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

/** What was said after `from`, oldest first. */
export const saidSince = (said: readonly Said[], from: number): readonly Said[] => said.filter((one) => one.id > from);

/** The words for those who do not see; what was said before the region came is not said again. */
export function LiveRegion(): ReactElement {
  const t = useSpeech();
  const said = useSelect((state) => state.said);
  const [from] = useState(() => saidSince(said, 0).at(-1)?.id ?? 0);
  return (
    <div className="sr" role="status" aria-live="polite" aria-atomic="false">
      {saidSince(said, from).map((one) => <span key={one.id}><Rich words={t.text(one.text)} /> </span>)}
    </div>
  );
}
