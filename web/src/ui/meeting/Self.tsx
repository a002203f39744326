import { useRef, type PointerEvent, type ReactElement } from 'react';
import { Move as MoveIcon } from 'lucide-react';
import { nearestCorner, self, turnCorner } from '../../core/layout/corner';
import type { Stage as Size } from '../../core/layout/grid';
import type { TileView } from '../../core/selectors';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useMeeting } from './floor';
import { Tile } from './Tile';
import css from './Self.module.css';

/** My own picture in a call of two: drawn to any corner by hand, or sent round with its button. */
export function Self({ view, size }: { readonly view: TileView; readonly size: Size }): ReactElement {
  const corner = useMeeting((meeting) => meeting.corner);
  const dispatch = useDispatch();
  const box = useRef<HTMLDivElement>(null);
  const grip = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const { w, h } = self(size);

  const take = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.target instanceof Element && event.target.closest('button')) return;
    grip.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (!grip.current) return;
    event.currentTarget.style.translate = `${event.clientX - grip.current.x}px ${event.clientY - grip.current.y}px`;
  };
  const drop = (event: PointerEvent<HTMLDivElement>): void => {
    const from = grip.current;
    grip.current = null;
    const element = event.currentTarget;
    const stage = element.parentElement?.getBoundingClientRect();
    const now = element.getBoundingClientRect();
    element.style.translate = '';
    if (!from || !stage || Math.hypot(event.clientX - from.x, event.clientY - from.y) < 8) return;
    const rtl = getComputedStyle(element).direction === 'rtl';
    const middle = { x: now.left + now.width / 2 - stage.left, y: now.top + now.height / 2 - stage.top };
    dispatch({ type: 'stage/corner', corner: nearestCorner(size, middle.x, middle.y, rtl) });
  };

  return (
    <div
      ref={box}
      className={cx(css['self'], css[corner])}
      style={{ width: w, height: h }}
      onPointerDown={take}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={drop}
      // The box holds the pointer, so that the tile in it does not hear of the second press.
      onDoubleClick={() => dispatch({ type: 'stage/pin', key: view.key })}
    >
      <Tile view={view} ring={false} small className={css['tile']}>
        {MOVE}
      </Tile>
    </div>
  );
}

/** The way round without drawing: for the keyboard, and for fingers that cannot drag. */
function Move(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const corner = useMeeting((meeting) => meeting.corner);
  return (
    <button
      type="button"
      className={cx('btn', 'icon', css['move'])}
      aria-label={t('meeting.self.move')}
      title={t('meeting.self.move')}
      onClick={() => dispatch({ type: 'stage/corner', corner: turnCorner(corner) })}
    >
      <MoveIcon className="i s" aria-hidden="true" />
    </button>
  );
}

/** One element for good, as in the stage. */
const MOVE = <Move />;
