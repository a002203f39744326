import type { ReactElement } from 'react';
import { encode } from 'uqr';
import css from './Ready.module.css';

/** Cameras want a quiet rim of this many squares around the code. */
const RIM = 4;

/** A link to be read by a camera; drawn dark on light in both themes, since some readers know no other. */
export default function Qr({ link, label }: { readonly link: string; readonly label: string }): ReactElement {
  const { data, size } = encode(link, { border: RIM });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className={css['qr']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
