import type { ReactElement } from 'react';
import { REASONS } from '../../../core/rating';
import { averageOf, countOf } from '../../../core/pages/room-page/ratings';
import type { Ratings as Counted } from '../../../proto/api.gen';
import { useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import css from './RoomPage.module.css';

/** What people thought of the last meetings, in numbers. */
export function Ratings({ ratings }: { readonly ratings: Counted }): ReactElement {
  const t = useSpeech();
  const count = countOf(ratings);
  const average = averageOf(ratings).toLocaleString(t.tongue, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const named = REASONS.filter((reason) => ratings[reason] > 0);
  return (
    <section className={cx('card', 'pad', css['link'])} aria-labelledby="ratings">
      <h2 id="ratings">{t('rooms.ratings')}</h2>
      <p className="num">{t('rooms.ratings.average', { average, count: t.count('rooms.ratings.people', count) })}</p>
      {named.length > 0 && (
        <p className="small">{t('rooms.ratings.reasons', { reasons: t.list(named.map((reason) => t('rooms.ratings.reason', { reason: t(`rating.reason.${reason}`), n: ratings[reason] }))) })}</p>
      )}
    </section>
  );
}
