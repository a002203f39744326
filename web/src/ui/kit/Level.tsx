import { useEffect, useRef, type ReactElement } from 'react';
import { usePorts, useSpeech } from '../context';

const MARKS = 24;
const INDEXES = Array.from({ length: MARKS }, (_, index) => index);

/** The level of the microphone; drawn past React, since it changes with every frame. */
export function Level({ className, mute = false }: {
  readonly className?: string | undefined;
  /** For menus, which may hold items alone: only drawn. */
  readonly mute?: boolean | undefined;
}): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = -1;
    return ports.level((level) => {
      const element = ref.current;
      const lit = Math.round(level * MARKS);
      if (!element || lit === shown) return;
      shown = lit;
      for (const [index, mark] of [...element.children].entries()) mark.className = index < lit ? 'on' : '';
      if (!mute) element.setAttribute('aria-valuenow', String(lit));
    });
  }, [ports, mute]);
  return (
    <span
      ref={ref}
      className={className ?? 'level'}
      {...(mute ? { 'aria-hidden': true } : {
        'role': 'meter', 'aria-label': t('prejoin.level'), 'aria-valuemin': 0, 'aria-valuemax': MARKS, 'aria-valuenow': 0,
      })}
    >
      {INDEXES.map((index) => <i key={index} />)}
    </span>
  );
}
