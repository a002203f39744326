import { useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Line } from '../../core/meeting/line';
import { cx } from '../kit/cx';
import css from './NetMark.module.css';

/** The bars that are left of four. */
const BARS: Readonly<Record<Line['level'], string>> = { weak: '2', away: '1', lost: '1' };

/** A weak connection, with what it comes from: when it is pointed at, has the focus, or is pressed. */
export function NetMark({ level, brief, text, plain = false, className }: {
  readonly level: Line['level'];
  /** In two words, beside the bars; without them the bars stand alone. */
  readonly brief?: string | undefined;
  /** In a sentence. */
  readonly text: string;
  /** Without anything to press. */
  readonly plain?: boolean | undefined;
  readonly className?: string | undefined;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const face = (
    <>
      <span className="net" data-n={BARS[level]} aria-hidden="true"><i /><i /><i /><i /></span>
      {brief !== undefined && <span className={css['brief']} aria-hidden="true">{brief}</span>}
    </>
  );
  if (plain) return <span className={className} role="img" aria-label={text} data-net={level}>{face}</span>;
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        className={cx(css['mark'], className)}
        aria-label={text}
        data-net={level}
        onClick={() => setOpen(!open)}
        onFocus={(event) => setOpen(event.currentTarget.matches(':focus-visible'))}
        onBlur={() => setOpen(false)}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setOpen(true)}
        onPointerLeave={(event) => event.pointerType === 'mouse' && setOpen(false)}
        onKeyDown={close}
      >
        {face}
      </button>
      {/* What it says is the name of the button already. */}
      {open && <span className={cx('tip', css['tip'])} aria-hidden="true">{text}</span>}
    </>
  );
}
