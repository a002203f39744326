import { useLayoutEffect, useState, type ReactElement } from 'react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { stripPage, type Split } from '../../core/layout/share';
import type { TileView } from '../../core/selectors';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { Tile } from './Tile';
import css from './Strip.module.css';

/** The small tiles beside something large: as many as fit, then an arrow. */
export function Strip({ views, split }: { readonly views: readonly TileView[]; readonly split: Split }): ReactElement {
  const t = useSpeech();
  const [page, setPage] = useState(0);
  const { from, to, pages } = stripPage(views.length, split, page);
  const dispatch = useDispatch();
  useLayoutEffect(() => {
    dispatch({ type: 'stage/strip', from, to });
  }, [dispatch, from, to]);
  const Arrow = split.strip === 'side' ? ChevronDown : ChevronRight;
  return (
    <div className={cx(css['strip'], css[split.strip])} role="group" aria-label={t.count('meeting.people', views.length)}>
      {views.slice(from, to).map((view) => (
        <Tile key={view.key} view={view} ring={views.length >= 2} width={split.w} height={split.h} />
      ))}
      {pages > 1 && (
        <button type="button" className="btn icon" aria-label={t('meeting.strip.next')} title={t('meeting.strip.next')} onClick={() => setPage(page + 1)}>
          <Arrow className={cx('i', Arrow === ChevronRight && 'turns')} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
