import { useEffect, useRef, type ReactElement } from 'react';
import { Search } from 'lucide-react';
import { cx } from './cx';

/** One line to look for something as one types. */
export function SearchField({ label, value, onType, className, maxLength, focused = false, onEscape }: {
  readonly label: string;
  readonly value: string;
  readonly onType: (value: string) => void;
  readonly className?: string | undefined;
  readonly maxLength?: number | undefined;
  /** It is typed into as soon as it is there. */
  readonly focused?: boolean | undefined;
  readonly onEscape?: (() => void) | undefined;
}): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  return (
    <label className={cx('inwrap', className)}>
      <Search className="i" aria-hidden="true" />
      <input
        ref={field}
        className="input"
        type="search"
        autoComplete="off"
        maxLength={maxLength}
        placeholder={label}
        aria-label={label}
        value={value}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onEscape && ((event) => {
          if (event.key === 'Escape') onEscape();
        })}
      />
    </label>
  );
}
