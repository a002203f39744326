import type { ReactElement } from 'react';
import { CloudOff, WifiOff } from 'lucide-react';
import { useSelect, useSpeech } from '../context';
import { LANDING } from './arrival';
import css from './Offline.module.css';

/** No answer comes: why, as far as it can be known, and what to do. The page tries again by itself. */
export function Offline({ onAgain }: { readonly onAgain: () => void }): ReactElement {
  const t = useSpeech();
  const online = useSelect((state) => state.online);
  const Icon = online ? CloudOff : WifiOff;
  return (
    <section className={css['box']}>
      <span className="frame grey"><Icon className="i" aria-hidden="true" /></span>
      <div role="alert">
        <h1 className="display" {...LANDING}>{t(online ? 'offline.server.title' : 'offline.title')}</h1>
        <p>{t(online ? 'offline.server.text' : 'offline.text')}</p>
      </div>
      <p className="small">{t('offline.again')}</p>
      <button type="button" className="btn primary" onClick={onAgain}>{t('again')}</button>
    </section>
  );
}
