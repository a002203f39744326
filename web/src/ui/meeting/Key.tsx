import { useId, type ReactElement } from 'react';
import type { LucideIcon } from 'lucide-react';
import type { Deed } from '../../core/shortcuts';
import { cx } from '../kit/cx';
import { useKeyHint } from '../kit/key-hint';

/** A key of the control bar. */
export function Key({ name, word = name, icon: Icon, deed, pressed, count = 0, className, mark, why, keys, off = false, onPress }: {
  readonly name: string;
  /** The word under the icon, where the name says more. */
  readonly word?: string | undefined;
  readonly icon: LucideIcon;
  /** What the shortcut is found by. */
  readonly deed?: Deed | undefined;
  readonly pressed?: boolean | undefined;
  /** A key that nobody can change, as `aria-keyshortcuts` wants it. */
  readonly keys?: string | undefined;
  /** It has nothing to act on now. */
  readonly off?: boolean | undefined;
  /** How many wait to be seen; the name says it too. */
  readonly count?: number | undefined;
  readonly className?: string | undefined;
  /** By which panels find the key that the focus goes back to. */
  readonly mark?: string | undefined;
  /** Why it cannot do what it is named after; a press then says it too. */
  readonly why?: string | undefined;
  readonly onPress: () => void;
}): ReactElement {
  const hint = useKeyHint();
  const id = useId();
  return (
    <button
      type="button"
      className={cx('key', className)}
      aria-label={name}
      aria-pressed={pressed}
      data-panel-key={mark}
      aria-describedby={why === undefined ? undefined : id}
      {...hint(name, deed)}
      {...(keys === undefined ? {} : { 'aria-keyshortcuts': keys })}
      disabled={off}
      {...(why === undefined ? {} : { title: why })}
      // A click leaves the focus where it is: else the space bar, held to talk, would press this key when it is let go.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Icon className="i" aria-hidden="true" />
      <span className="lbl">{word}</span>
      <Count n={count} />
      {why !== undefined && <span id={id} hidden>{why}</span>}
    </button>
  );
}

/** How many wait, on a key. */
export function Count({ n }: { readonly n: number }): ReactElement | null {
  return n > 0 ? <span className="count" aria-hidden="true">{n > 99 ? '99+' : n}</span> : null;
}
