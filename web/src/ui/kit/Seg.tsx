import { useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';

export interface Choice<T extends string> {
  readonly value: T;
  readonly face: ReactNode;
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
    const by = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 0;
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
  return (
    <span ref={ref} className={className ?? 'seg'} role="radiogroup" aria-label={label} onKeyDown={walk}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={() => onPick(choice.value)}
        >
          {choice.face}
        </button>
      ))}
    </span>
  );
}
