import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { FIT, natural, pan, ZOOM_STEP, zoomTo, type Zoom, type ZoomWish } from '../../core/layout/zoom';
import type { Stage as Size } from '../../core/layout/grid';
import { useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useZoomHands, type Hands } from './use-zoom-hands';
import css from './ShareTools.module.css';

/** A shared screen seen closer, by wheel, fingers, keys or buttons; and alone, over everything. The picture moves past React. */
export function ShareTools(): ReactElement {
  const t = useSpeech();
  const can = useSelect((state) => state.browser.fullscreen);
  const root = useRef<HTMLDivElement>(null);
  const zoom = useRef<Zoom>(FIT);
  const [shown, show] = useState<number | null>(null);

  const tile = (): HTMLElement | null => root.current?.closest<HTMLElement>('.tile') ?? null;
  const sizes = (): { readonly frame: Size; readonly picture: Size } | null => {
    const frame = tile();
    const video = frame?.querySelector('video');
    if (!frame || !video) return null;
    return {
      frame: { width: frame.clientWidth, height: frame.clientHeight },
      picture: { width: video.videoWidth, height: video.videoHeight },
    };
  };
  const put = (next: Zoom, frame: Size, picture: Size): void => {
    zoom.current = next;
    const video = tile()?.querySelector('video');
    if (video) video.style.transform = next.scale === 1 ? '' : `translate(${next.x}px, ${next.y}px) scale(${next.scale})`;
    tile()?.toggleAttribute('data-zoomed', next.scale > 1);
    const whole = natural(frame, picture, devicePixelRatio);
    show(next.scale === 1 ? null : Math.round((next.scale / whole) * 100));
  };
  const hands: Hands = {
    zoomed: () => zoom.current.scale > 1,
    by: (factor, at) => {
      const now = sizes();
      if (now) put(zoomTo(zoom.current, zoom.current.scale * factor, at, now.frame, now.picture), now.frame, now.picture);
    },
    move: (dx, dy) => {
      const now = sizes();
      if (now) put(pan(zoom.current, dx, dy, now.frame, now.picture), now.frame, now.picture);
    },
    whole: () => {
      const now = sizes();
      if (now) put(FIT, now.frame, now.picture);
    },
  };
  useZoomHands(tile, hands);
  const natural100 = (): void => {
    const now = sizes();
    if (!now) return;
    const to = natural(now.frame, now.picture, devicePixelRatio);
    if (to === 1) put(FIT, now.frame, now.picture);
    else put(zoomTo(FIT, to, { x: 0, y: 0 }, now.frame, now.picture), now.frame, now.picture);
  };
  const full = (): void => (zoom.current.scale === 1 ? natural100() : hands.whole());
  const wished = useSelect(({ page }) => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase.zoom : null));
  const heard = useRef(wished);
  const carry = useRef<(wish: ZoomWish) => void>(() => undefined);
  useEffect(() => {
    carry.current = (wish) => {
      if (wish === 'whole') hands.whole();
      else if (wish === 'natural') natural100();
      else hands.by(wish === 'in' ? ZOOM_STEP : 1 / ZOOM_STEP, { x: 0, y: 0 });
    };
  });
  // Asked for by name; what was asked before this screen came is none of its business.
  useEffect(() => {
    if (wished === heard.current || wished === null) return;
    heard.current = wished;
    carry.current(wished.wish);
  }, [wished]);
  // Another share in the same place begins whole.
  useEffect(() => () => {
    zoom.current = FIT;
  }, []);
  const fit = t(shown === null ? 'meeting.zoom.natural' : 'meeting.zoom.whole');
  return (
    <div ref={root} className={css['tools']} role="group" aria-label={t('meeting.zoom')}>
      <button type="button" className="btn icon" aria-label={t('meeting.zoom.out')} title={t('meeting.zoom.out')} onClick={() => hands.by(1 / ZOOM_STEP, { x: 0, y: 0 })}>
        <Minus className="i s" aria-hidden="true" />
      </button>
      <button type="button" className={cx('btn', 'num', css['scale'])} title={fit} onClick={full}>
        {shown === null ? t('meeting.zoom.fit') : t('meeting.zoom.full', { n: shown })}
      </button>
      <button type="button" className="btn icon" aria-label={t('meeting.zoom.in')} title={t('meeting.zoom.in')} onClick={() => hands.by(ZOOM_STEP, { x: 0, y: 0 })}>
        <Plus className="i s" aria-hidden="true" />
      </button>
      {can && (
        <button
          type="button"
          className="btn icon"
          aria-label={t('meeting.fullscreen')}
          title={t('meeting.fullscreen')}
          onClick={() => {
            void (document.fullscreenElement ? document.exitFullscreen() : tile()?.requestFullscreen())?.catch(() => undefined);
          }}
        >
          <Maximize className="i s" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
