import type { ReactElement } from 'react';
import { SEEN_BY, seen } from '../../../core/pages/account/seen';
import { own } from '../../../i18n/own';
import { SEEN } from '../../../i18n/seen';
import { useSpeech } from '../../context';
import { Choices } from '../../kit/Choices';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import css from './AccountPage.module.css';

/** Who sees how I am to be found. */
export function SeenBy(): ReactElement {
  const t = useSpeech();
  const w = own(SEEN, t.tongue);
  const [{ seenBy, kept, trouble }, tell] = usePart(seen);
  return (
    <section aria-labelledby="seen-by">
      <div className="sect"><h2 id="seen-by">{w('title')}</h2></div>
      <p className={`small ${css['lead'] ?? ''}`}>{w('lead')}</p>
      <Notice tone="bad" text={trouble} />
      {seenBy === null && trouble === null && <Skeleton lines={3} />}
      {seenBy !== null && (
        <div className={css['seen']}>
          <Choices
            label={w('title')}
            value={seenBy}
            choices={SEEN_BY.map((value) => ({ value, title: w(value), text: w(`${value}.text`) }))}
            onPick={(value) => tell({ type: 'choose', seenBy: value })}
          />
        </div>
      )}
      <p className={`hint ${css['kept'] ?? ''}`} role="status">{kept ? w('kept') : ''}</p>
    </section>
  );
}
