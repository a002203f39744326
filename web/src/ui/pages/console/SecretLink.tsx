import type { ReactElement } from 'react';
import { Copy } from 'lucide-react';
import type { ShownLink } from '../../../core/pages/console/page';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { moment } from '../dates';
import css from './ConsolePage.module.css';

/** A link with a secret in it: shown this once. */
export function SecretLink({ title, link }: { readonly title: string; readonly link: ShownLink }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const origin = useSelect((state) => state.browser.origin);
  return (
    <section className={`card ${css['link'] ?? ''}`} aria-label={title}>
      <div className="row">
        <h2 className="grow">{title}</h2>
        <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'console/close-link' })}>{t('close')}</button>
      </div>
      <div className="copy">
        <span data-secret-link>{`${origin}${link.path}`}</span>
        <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'console/copy', path: link.path })}>
          <Copy className="i s" aria-hidden="true" />{t('copy')}
        </button>
      </div>
      <p className="hint">{t('console.link.once', { date: moment(t.tongue, link.expiresAt) })}</p>
    </section>
  );
}
