import { useRef, type ReactElement } from 'react';
import type { Call } from '../../proto/api.gen';
import { useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useSize } from '../kit/use-size';
import { useCast } from '../meeting/floor';
import { Self } from '../meeting/Self';
import { CallFace } from './CallFace';
import css from './Calling.module.css';

/** The stage of a call while nobody else is in: whom it is for, and me in the corner if I show myself. */
export function Waits({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const ref = useRef<HTMLElement>(null);
  const size = useSize(ref);
  const { mine } = useCast();
  return (
    <main ref={ref} className={cx('stage', css['waits'])} aria-label={t('calling.screen')} data-stage="call" tabIndex={-1}>
      <CallFace call={call} />
      {mine?.track && size && size.width > 0 && <Self view={mine} size={size} />}
    </main>
  );
}
