import { useState, type ReactElement } from 'react';
import { BellRing } from 'lucide-react';
import { mayOffer } from '../../core/calling/offer';
import { OFFER } from '../../i18n/offer';
import { own } from '../../i18n/own';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import css from './Offer.module.css';

/** Offers that this browser tells of calls. The browser asks only when that is wished; it is offered no second time. */
export function Offer(): ReactElement | null {
  const t = useSpeech();
  const w = own(OFFER, t.tongue);
  const dispatch = useDispatch();
  const offers = useSelect(mayOffer);
  const on = useSelect(({ notices }) => notices.system);
  const [wished, setWished] = useState(false);
  const done = wished && on;
  const asks = wished && !on;
  if (!offers && !done) {
    // Refused: what is switched on elsewhere later is not told of here.
    if (wished) setWished(false);
    return null;
  }
  return (
    <section ref={givesBack} className={cx('card', css['offer'])} aria-labelledby="offer">
      <span className="frame"><BellRing className="i" aria-hidden="true" /></span>
      <div className={css['words']}>
        {/* Whoever pressed the button, which goes, hears here what came of it. */}
        <p id="offer" className="strong" role={done ? 'status' : undefined} tabIndex={-1} ref={done ? focused : undefined}>{w(done ? 'done' : 'title')}</p>
        {!done && <p className="small">{w('text')}</p>}
      </div>
      {!done && (
        <div className={css['acts']}>
          {/* An invitation beside it has the same short answer. */}
          <button type="button" className="btn quiet low" aria-label={w('not-now.of')} onClick={() => {
            // Also while the browser asks: some never say that their question was put aside.
            setWished(false);
            dispatch({ type: 'notices/offer', on: false });
          }}>
            {w('not-now')}
          </button>
          <button type="button" className="btn primary low" aria-label={w('on.of')} aria-disabled={asks} onClick={() => {
            if (asks) return;
            setWished(true);
            dispatch({ type: 'notices/offer', on: true });
          }}>
            {w('on')}
          </button>
        </div>
      )}
    </section>
  );
}

const focused = (words: HTMLElement | null): void => words?.focus();
