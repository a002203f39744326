// Wheel, fingers and keys that bring a shared screen closer and move it.

import { useEffect, useRef } from 'react';
import { wheeled, ZOOM_STEP } from '../../core/layout/zoom';

export interface Hands {
  readonly zoomed: () => boolean;
  /** Closer or farther; `at` is told from the middle of the tile. */
  readonly by: (factor: number, at: { readonly x: number; readonly y: number }) => void;
  readonly move: (dx: number, dy: number) => void;
  readonly whole: () => void;
}

/** A line of a wheel that counts in lines, and how much finer a pinch on a touchpad is told. */
const LINE = 16;
const PINCH = 4;
/** One press of an arrow. */
const STEP = 48;

const MIDDLE = { x: 0, y: 0 };

export function useZoomHands(place: () => HTMLElement | null, hands: Hands): void {
  const now = useRef({ place, hands });
  useEffect(() => {
    now.current = { place, hands };
  });
  useEffect(() => {
    const tile = now.current.place();
    if (!tile) return;
    const end = new AbortController();
    const { signal } = end;
    const from = (x: number, y: number): { x: number; y: number } => {
      const box = tile.getBoundingClientRect();
      return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
    };
    const fingers = new Map<number, { x: number; y: number }>();
    const span = (): number => {
      const [one, other] = [...fingers.values()];
      return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
    };

    tile.addEventListener('wheel', (event) => {
      event.preventDefault();
      const turned = event.deltaY * (event.deltaMode === event.DOM_DELTA_LINE ? LINE : 1) * (event.ctrlKey ? PINCH : 1);
      now.current.hands.by(wheeled(turned), from(event.clientX, event.clientY));
    }, { signal, passive: false });

    tile.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Element && event.target.closest('button, [role="menu"]')) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    }, { signal });
    tile.addEventListener('pointermove', (event) => {
      const last = fingers.get(event.pointerId);
      if (!last) return;
      const before = span();
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 1 && now.current.hands.zoomed()) {
        now.current.hands.move(event.clientX - last.x, event.clientY - last.y);
      } else if (fingers.size === 2 && before > 0) {
        const [one, other] = [...fingers.values()];
        if (one && other) now.current.hands.by(span() / before, from((one.x + other.x) / 2, (one.y + other.y) / 2));
      }
    }, { signal });
    const lift = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
    };
    for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const) tile.addEventListener(name, lift, { signal });

    tile.addEventListener('keydown', (event) => {
      if (event.target !== tile || event.ctrlKey || event.altKey || event.metaKey) return;
      const { by, move, whole, zoomed } = now.current.hands;
      const keys: Readonly<Record<string, () => void>> = {
        '+': () => by(ZOOM_STEP, MIDDLE),
        '=': () => by(ZOOM_STEP, MIDDLE),
        '-': () => by(1 / ZOOM_STEP, MIDDLE),
        '0': whole,
        ...(zoomed() ? {
          ArrowLeft: () => move(STEP, 0), ArrowRight: () => move(-STEP, 0), ArrowUp: () => move(0, STEP), ArrowDown: () => move(0, -STEP),
        } : {}),
      };
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    }, { signal });
    // Another size of the tile: what was at its edge must not come loose from it.
    const observer = new ResizeObserver(() => {
      if (now.current.hands.zoomed()) now.current.hands.move(0, 0);
    });
    observer.observe(tile);
    return () => {
      observer.disconnect();
      end.abort();
    };
  }, []);
}
