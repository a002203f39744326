import type { ReactElement } from 'react';
import { useSpeech } from '../context';
import css from './Skeleton.module.css';

/** Lines that are still to come. */
export function Skeleton({ lines }: { readonly lines: number }): ReactElement {
  const t = useSpeech();
  return (
    <div className={css['lines']} role="status">
      <span className="sr">{t('frame.loading')}</span>
      {Array.from({ length: lines }, (_, index) => <span key={index} className={`skel ${css['line'] ?? ''}`} />)}
    </div>
  );
}
