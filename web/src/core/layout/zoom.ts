// A shared screen seen closer: by how much, and which part of it. Numbers in, numbers out.

import type { Stage as Size } from './grid';

export interface Zoom {
  /** 1 is the whole picture. */
  readonly scale: number;
  /** How far the middle of the picture lies from the middle of the frame, in pixels of the frame. */
  readonly x: number;
  readonly y: number;
}

/** What can be asked of a shared screen by name. */
export type ZoomWish = 'in' | 'out' | 'natural' | 'whole';
export const ZOOMS: readonly ZoomWish[] = ['in', 'out', 'natural', 'whole'];

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };
/** Beyond this a picture is squares. */
const CLOSEST = 8;
/** One press of a button. */
export const ZOOM_STEP = 1.25;
/** Pixels of a wheel that make the picture twice as large. */
const WHEEL_TWICE = 400;

/** The picture as it lies in the frame, whole. */
export function fitted(frame: Size, picture: Size): Size {
  if (picture.width < 1 || picture.height < 1) return frame;
  const by = Math.min(frame.width / picture.width, frame.height / picture.height);
  return { width: picture.width * by, height: picture.height * by };
}

/** The scale at which one point of the picture is one of the screen; `ratio` is the screen's points in a pixel of the page. */
export function natural(frame: Size, picture: Size, ratio: number): number {
  const whole = fitted(frame, picture);
  return whole.width < 1 ? 1 : picture.width / ratio / whole.width;
}

const within = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** Never beyond the edge of the picture, and in the middle where it is smaller than the frame. */
function held(zoom: Zoom, frame: Size, picture: Size): Zoom {
  const whole = fitted(frame, picture);
  return {
    scale: zoom.scale,
    x: within(zoom.x, Math.max(0, (whole.width * zoom.scale - frame.width) / 2)),
    y: within(zoom.y, Math.max(0, (whole.height * zoom.scale - frame.height) / 2)),
  };
}

/** Closer or farther; what lies under `at` (from the middle of the frame) stays there. */
export function zoomTo(now: Zoom, scale: number, at: { readonly x: number; readonly y: number }, frame: Size, picture: Size): Zoom {
  const least = Math.min(1, natural(frame, picture, 1));
  const next = Math.min(CLOSEST, Math.max(least, scale));
  const by = next / now.scale;
  return held({ scale: next, x: at.x - (at.x - now.x) * by, y: at.y - (at.y - now.y) * by }, frame, picture);
}

export const pan = (now: Zoom, dx: number, dy: number, frame: Size, picture: Size): Zoom =>
  held({ ...now, x: now.x + dx, y: now.y + dy }, frame, picture);

/** How much closer a turn of the wheel goes. */
export const wheeled = (delta: number): number => 2 ** (-delta / WHEEL_TWICE);
