import type { ReactElement } from 'react';
import { Info, TriangleAlert } from 'lucide-react';
import type { Kept } from '../../core/state';
import { useSelect, useSpeech } from '../context';
import { Dialog } from './Dialog';
import css from './NoticesDialog.module.css';
import { Rich } from './Rich';

/** Every toast of this page, the newest first: nothing is lost that was shown for a moment. */
export default function NoticesDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const kept = useSelect((state) => state.kept);
  return (
    <Dialog title={t('notices.title')} onClose={onClose}>
      {kept.length === 0 ? <p className="small">{t('notices.none')}</p> : (
        // It scrolls where it is long, and what scrolls must be reached by the keyboard.
        <div className={css['list']} role="group" tabIndex={0} aria-label={t('notices.title')}>
          <ol>{kept.toReversed().map((one) => <Line key={one.id} kept={one} />)}</ol>
        </div>
      )}
    </Dialog>
  );
}

function Line({ kept: { text, remedy, tone, at } }: { readonly kept: Kept }): ReactElement {
  const t = useSpeech();
  const Icon = tone === 'trouble' ? TriangleAlert : Info;
  return (
    <li>
      <Icon className="i" aria-hidden="true" />
      <span className="grow">
        {t.text(text)}
        {remedy.length > 0 && <span className="small"> <Rich words={remedy.map((step) => t.text(step)).join(' ')} /></span>}
      </span>
      {at !== null && <time className="hint num" dateTime={new Date(at).toISOString()}>{clock(t.tongue, at)}</time>}
    </li>
  );
}

const clock = (tongue: string, at: number): string => new Intl.DateTimeFormat(tongue, { timeStyle: 'short' }).format(at);
