import { useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';

export interface Choice<T extends string> {
  readonly value: T;
  readonly face: ReactNode;
  /** What it is called, where the face says nothing. */
  readonly name?: string | undefined;
  readonly className?: string | undefined;
  /** The language of the face, where it is not that of the page. */
  readonly lang?: string | undefined;
}

/** How far an arrow key goes along a bar; where lines run from right to left the next one is on the left. */
export function along(key: string, rtl: boolean): -1 | 0 | 1 {
  if (key === 'ArrowDown' || key === (rtl ? 'ArrowLeft' : 'ArrowRight')) return 1;
  return key === 'ArrowUp' || key === (rtl ? 'ArrowRight' : 'ArrowLeft') ? -1 : 0;
}

/** A few choices in one bar: a radio group, with arrows. */
export function Seg<T extends string>({ label, choices, value, onPick, className }: {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onPick: (value: T) => void;
  readonly className?: string | undefined;
}): ReactElement {
  const ref = useRef<HTMLSpanElement>(null);
  const walk = (event: KeyboardEvent): void => {
    const by = along(event.key, ref.current !== null && getComputedStyle(ref.current).direction === 'rtl');
    if (by === 0) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + by + choices.length) % choices.length;
    const choice = choices[next];
    if (!choice) return;
    onPick(choice.value);
    const button = ref.current?.children[next];
    if (button instanceof HTMLElement) button.focus();
  };
  // Where nothing is chosen yet the first of them is reached.
  const stop = choices.find((choice) => choice.value === value) ?? choices[0];
  return (
    <span ref={ref} className={className ?? 'seg'} role="radiogroup" aria-label={label} onKeyDown={walk}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          lang={choice.lang}
          aria-label={choice.name}
          title={choice.name}
          className={choice.className}
          aria-checked={choice.value === value}
          tabIndex={choice === stop ? 0 : -1}
          onClick={() => onPick(choice.value)}
        >
          {choice.face}
        </button>
      ))}
    </span>
  );
}
