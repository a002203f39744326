import type { ReactElement, ReactNode } from 'react';
import { Settings } from 'lucide-react';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Wordmark } from './Brand';
import { cx } from './cx';
import css from './Door.module.css';
import { Link } from './Link';
import { Toast } from './Notices';

/** Every page outside of a meeting: the name above, the settings, and what the page is about. */
export function Door({ className, onClose, children }: {
  readonly className?: string | undefined;
  /** Where there is somewhere to go back to. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const offer = useSelect((state) => state.session.is === 'nobody' && state.server?.create === 'anyone' && state.page.at === 'start');
  return (
    <div className={cx('door', css['door'], className)}>
      <header>
        <Wordmark onHome={() => dispatch({ type: 'home' })} />
        <span className="push" />
        {offer && <Link to={{ to: 'sign-in' }} className="btn quiet">{t('frame.sign-in')}</Link>}
        <button type="button" className="btn icon" aria-label={t('settings.title')} title={t('settings.title')} onClick={() => dispatch({ type: 'overlay', show: 'settings' })}>
          <Settings className="i" aria-hidden="true" />
        </button>
        {onClose && <button type="button" className="btn quiet" onClick={onClose}>{t('test.close')}</button>}
      </header>
      <main>{children}</main>
      <div className={css['toast']}><Toast /></div>
    </div>
  );
}
