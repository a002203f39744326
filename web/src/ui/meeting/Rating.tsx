import type { FormEvent, ReactElement } from 'react';
import { Check, Star } from 'lucide-react';
import { REASONS, STARS, wanting, type Rating as Said } from '../../core/rating';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { Seg } from '../kit/Seg';
import css from './Rating.module.css';

const NAMES = ['rating.stars.1', 'rating.stars.2', 'rating.stars.3', 'rating.stars.4', 'rating.stars.5'] as const;

/** How was it? Nobody has to answer. */
export default function Rating({ rating }: { readonly rating: Said }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  if (rating.step === 'thanked') return <p className={css['thanks']} tabIndex={-1} ref={heard}>{t('rating.thanks')}</p>;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'rating/send' });
  };
  return (
    <form className={css['rating']} onSubmit={send} data-rating>
      <p className="strong">{t('rating.ask')}</p>
      <Seg<string>
        label={t('rating.ask')}
        className={css['stars']}
        value={String(rating.stars)}
        onPick={(stars) => dispatch({ type: 'rating/stars', stars: Number(stars) })}
        choices={STARS.map((stars) => {
          const name = NAMES[stars - 1];
          return {
            value: String(stars),
            name: name && t(name),
            className: stars <= rating.stars ? css['lit'] : undefined,
            face: <Star className="i l" aria-hidden="true" />,
          };
        })}
      />
      {wanting(rating) && (
        <>
          <p id="rating-reasons">{t('rating.reasons')}</p>
          <div className={css['reasons']} role="group" aria-labelledby="rating-reasons">
            {REASONS.map((reason) => {
              const named = rating.reasons.includes(reason);
              return (
                <button key={reason} type="button" className={cx('btn', 'low', 'plain', named && css['named'])} aria-pressed={named} onClick={() => dispatch({ type: 'rating/reason', reason })}>
                  {named && <Check className="i s" aria-hidden="true" />}{t(`rating.reason.${reason}`)}
                </button>
              );
            })}
          </div>
        </>
      )}
      {rating.stars > 0 && (
        <button type="submit" className="btn plain low" disabled={rating.step === 'sending'}>
          {rating.step === 'sending' && <span className="spin" aria-hidden="true" />}{t('rating.send')}
        </button>
      )}
    </form>
  );
}

/** What had the focus is gone: the thanks take it, unless it is elsewhere by now. */
const heard = (thanks: HTMLElement | null): void => {
  if (document.activeElement === document.body) thanks?.focus();
};
