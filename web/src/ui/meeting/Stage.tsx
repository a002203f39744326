import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { grid, tilesOnPage, type Stage as Size } from '../../core/layout/grid';
import { share as shareSplit, speaker as speakerSplit } from '../../core/layout/share';
import { beside, line, seatPage, shareShown, stageKind, type TileView } from '../../core/selectors';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useSize } from '../kit/use-size';
import { useCast, useMeeting, useStaged } from './floor';
import { Self } from './Self';
import { ShareTools } from './ShareTools';
import { Strip } from './Strip';
import { Tile } from './Tile';
import { useGlide } from './use-glide';
import css from './Stage.module.css';

/** Where the pictures hang. What is large and what is small is decided by the core; here it is only drawn. */
export function Stage(): ReactElement {
  const t = useSpeech();
  const ref = useRef<HTMLElement>(null);
  const size = useSize(ref);
  const kind = useStaged(stageKind);
  const layout = useStaged((meeting, there) => `${kind}/${meeting.page}/${there.others.length}/${meeting.seats.join()}`);
  const shape = useStaged((meeting, there) =>
    [meeting.seatsOnPage, there.shares.length, meeting.shown, meeting.pinned, meeting.live?.spotlight, kind === 'speaker' ? meeting.order.join() : '', meeting.corner].join());
  useGlide(ref, layout, `${shape}/${size?.width}/${size?.height}`);
  const look = { grid: css['paged'], duo: css['duo'], speaker: css['speaker'], share: css['beside'] }[kind];
  return (
    <main ref={ref} className={cx('stage', look)} aria-label={t('meeting.stage')} data-stage={kind} tabIndex={-1}>
      {size && size.width > 0 && (
        <>
          {kind === 'grid' && <GridStage size={size} />}
          {kind === 'duo' && <Duo size={size} />}
          {kind === 'speaker' && <SpeakerStage size={size} />}
          {kind === 'share' && <ShareStage size={size} />}
        </>
      )}
    </main>
  );
}

interface Drawn {
  readonly size: Size;
}

/** A target of 44 and a gap of 8, below the grid, where there are pages. */
const PAGER_HEIGHT = 52;

function GridStage({ size }: Drawn): ReactElement {
  const dispatch = useDispatch();
  const cast = useCast();
  const extra = cast.shares.length + (cast.mine ? 1 : 0);
  const all = cast.others.length + extra;
  const paged = tilesOnPage(size, all) < all;
  // Dots and arrows stand under the grid, not on it.
  const room: Size = paged ? { ...size, height: Math.max(1, size.height - PAGER_HEIGHT) } : size;
  const seats = Math.max(1, tilesOnPage(room, all) - extra);
  useLayoutEffect(() => {
    dispatch({ type: 'stage/seats', seats });
  }, [dispatch, seats]);
  const turned = useMeeting((meeting) => meeting.page);
  const seatsOnPage = useMeeting((meeting) => meeting.seatsOnPage);
  const taken = useMeeting((meeting) => meeting.seats);
  const { tiles, page, pages } = seatPage({ page: turned, seatsOnPage, seats: taken }, cast);
  const shown: readonly TileView[] = [...cast.shares, ...tiles, ...(cast.mine ? [cast.mine] : [])];
  // Columns are kept only while the same tiles are there: a newcomer may change them at once.
  const [kept, keep] = useState({ cols: 0, tiles: 0 });
  const now = grid(room, shown.length, kept.tiles === shown.length ? kept.cols : undefined);
  if (kept.cols !== now.cols || kept.tiles !== shown.length) keep({ cols: now.cols, tiles: shown.length });
  return (
    <>
      <div className={css['wall']} style={{ height: room.height }}>
        {shown.map((view) => (
          <Tile key={view.key} view={view} ring={shown.length >= 3} width={now.w} height={now.h} />
        ))}
      </div>
      {pages > 1 && <Pager page={page} pages={pages} />}
    </>
  );
}

function Pager({ page, pages }: { readonly page: number; readonly pages: number }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const turn = (to: number): void => dispatch({ type: 'stage/page', page: to });
  return (
    <div className={css['pager']}>
      <button type="button" className="btn icon" disabled={page === 0} aria-label={t('meeting.page.previous')} title={t('meeting.page.previous')} onClick={() => turn(page - 1)}>
        <ChevronLeft className="i turns" aria-hidden="true" />
      </button>
      <span className={css['dots']} role="img" aria-label={t('meeting.page', { page: page + 1, pages })}>
        {Array.from({ length: pages }, (_, index) => <i key={index} data-on={index === page || undefined} />)}
      </span>
      <button type="button" className="btn icon" disabled={page === pages - 1} aria-label={t('meeting.page.next')} title={t('meeting.page.next')} onClick={() => turn(page + 1)}>
        <ChevronRight className="i turns" aria-hidden="true" />
      </button>
    </div>
  );
}

function Duo({ size }: Drawn): ReactElement {
  const cast = useCast();
  const [other] = cast.others;
  return (
    <>
      {other && <Tile view={other} ring={false} className={css['full']} />}
      {cast.mine && <Self view={cast.mine} size={size} />}
    </>
  );
}

function SpeakerStage({ size }: Drawn): ReactElement {
  const cast = useCast();
  const order = useMeeting((meeting) => meeting.order);
  const { large, strip } = line({ order }, cast);
  const split = speakerSplit(size);
  return (
    <div className={cx(css['split'], css[split.strip])}>
      {large && <div className={css['large']}><Tile view={large} ring={false} className={css['full']} /></div>}
      {strip.length > 0 && <Strip views={strip} split={split} />}
    </div>
  );
}

function ShareStage({ size }: Drawn): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const cast = useCast();
  const open = useMeeting((meeting) => meeting.shown);
  const shown = shareShown({ shown: open }, cast);
  const split = shareSplit(size);
  const people = beside(cast);
  return (
    <div className={cx(css['split'], css[split.strip])}>
      <div className={css['large']}>
        {cast.shares.length > 1 && (
          <div className={cx('tabs', css['tabs'])} role="group" aria-label={t('meeting.screens')}>
            {cast.shares.map((view) => (
              <button
                key={view.key}
                type="button"
                aria-pressed={view === shown}
                onClick={() => view.person.share !== null && dispatch({ type: 'stage/show', share: view.person.share })}
              >
                {t('meeting.screen-of', { name: view.person.name })}
              </button>
            ))}
          </div>
        )}
        {shown && (
          <Tile key={shown.key} view={shown} ring={false} className={css['full']}>
            {SHARE_TOOLS}
          </Tile>
        )}
      </div>
      {people.length > 0 && <Strip views={people} split={split} />}
    </div>
  );
}

/** One element for good, so that the tile around it is not drawn again for its sake. */
const SHARE_TOOLS = <ShareTools />;
