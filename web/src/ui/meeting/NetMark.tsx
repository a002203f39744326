import { useState, type KeyboardEvent, type ReactElement } from 'react';
import { Cpu, EarOff, Server } from 'lucide-react';
import type { Line } from '../../core/meeting/line';
import { cx } from '../kit/cx';
import css from './NetMark.module.css';

/** The bars that are left of four. */
const BARS: Readonly<Record<Line['level'], string>> = { weak: '2', away: '1', lost: '1' };

/** What is no matter of the connection has a sign of its own: bars would blame the wrong thing. */
const SIGNS = { voice: EarOff, computer: Cpu, server: Server } as const;

/** A weak connection or another trouble, with what it comes from: when it is pointed at, has the focus, or is pressed. */
export function NetMark({ level, sign, brief, text, plain = false, className }: {
  readonly level: Line['level'];
  readonly sign: Line['sign'];
  /** In two words, beside the sign; without them the sign stands alone. */
  readonly brief?: string | undefined;
  /** In a sentence. */
  readonly text: string;
  /** Without anything to press. */
  readonly plain?: boolean | undefined;
  readonly className?: string | undefined;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const Sign = sign === 'net' ? null : SIGNS[sign];
  const face = (
    <>
      {Sign
        ? <Sign className="i cause" aria-hidden="true" data-sign={sign} />
        : <span className="net" data-n={BARS[level]} aria-hidden="true"><i /><i /><i /><i /></span>}
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
