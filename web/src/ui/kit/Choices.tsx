import { useRef, type KeyboardEvent, type ReactElement } from 'react';
import css from './Choices.module.css';
import { along } from './Seg';

export interface ChoiceCard<T extends string> {
  readonly value: T;
  readonly title: string;
  readonly text: string;
}

/** A few choices as cards, each with a word of what it means: a radio group, with arrows. */
export function Choices<T extends string>({ label, choices, value, onPick }: {
  readonly label: string;
  readonly choices: readonly ChoiceCard<T>[];
  readonly value: T;
  readonly onPick: (value: T) => void;
}): ReactElement {
  const ref = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent): void => {
    const by = along(event.key, ref.current !== null && getComputedStyle(ref.current).direction === 'rtl');
    if (by === 0) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + by + choices.length) % choices.length;
    const choice = choices[next];
    if (!choice) return;
    onPick(choice.value);
    const card = ref.current?.children[next];
    if (card instanceof HTMLElement) card.focus();
  };
  return (
    <div ref={ref} className={css['choices']} role="radiogroup" aria-label={label} tabIndex={-1} onKeyDown={walk}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          className={`choice ${css['choice'] ?? ''}`}
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={() => onPick(choice.value)}
        >
          <span className="mark" />
          <span><b>{choice.title}</b>{choice.text}</span>
        </button>
      ))}
    </div>
  );
}
