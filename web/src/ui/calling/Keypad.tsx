import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { X } from 'lucide-react';
import { rests } from '../../core/calling/calling';
import type { Digit } from '../../core/calling/event';
import { digitTyped, KEYS, LETTERS } from '../../core/calling/keypad';
import { KEYPAD } from '../../i18n/keypad';
import { own } from '../../i18n/own';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { isTaken, useShortcuts } from '../kit/shortcuts';
import css from './Keypad.module.css';

/** What is shown of what was pressed: longer than any number and any PIN. */
const MOST_SHOWN = 64;

/** The name of a sign; digits are their own. */
const SIGNS = { '*': 'star', '#': 'hash' } as const;
const isSign = (digit: Digit): digit is keyof typeof SIGNS => digit in SIGNS;

/** The keys of a telephone, for who or what is at the other end. It lies beside all else: one goes on in the call while it is open. */
export default function Keypad({ call, onClose }: { readonly call: Call; readonly onClose: () => void }): ReactElement {
  const w = own(KEYPAD, useSpeech().tongue);
  const dispatch = useDispatch();
  const root = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  // Numbered, so that the same digit twice is two.
  const [shown, setShown] = useState<readonly { readonly n: number; readonly digit: Digit }[]>([]);
  const resting = rests(call);
  const nameOf = (digit: Digit): string => (isSign(digit) ? w(SIGNS[digit]) : digit);
  const press = (digit: Digit): void => {
    if (resting) return;
    dispatch({ type: 'calling/press', digit });
    setShown((now) => [...now, { n: (now.at(-1)?.n ?? 0) + 1, digit }].slice(-MOST_SHOWN));
  };

  useFocus(root);
  useLayoutEffect(() => {
    if (line.current) line.current.scrollLeft = line.current.scrollWidth;
  });
  const held = useTyped(root, press, onClose);
  // Out of the keypad too, unless something nearer is open.
  useShortcuts({}, { escape: onClose });

  return (
    <div ref={root} className={css['keypad']} role="dialog" aria-label={w('keypad')} tabIndex={-1} data-walk>
      <div className={css['head']}>
        <h2 className="strong">{w('keypad')}</h2>
        <button type="button" className="btn icon" aria-label={w('close')} title={w('close')} onClick={onClose}><X className="i" aria-hidden="true" /></button>
      </div>
      {shown.length === 0 && !resting && <p className={css['hint']}>{w('hint')}</p>}
      <p className={css['rests']} role="status">{resting && w('rests')}</p>
      {/* What is pressed is read out, whatever it was pressed by. */}
      <div ref={line} className={css['line']} role="group" aria-label={w('pressed')} tabIndex={shown.length > 0 ? 0 : -1} dir="ltr">
        <span aria-live="polite">
          {shown.map(({ n, digit }) => <span key={n} {...(isSign(digit) ? { 'role': 'img', 'aria-label': nameOf(digit) } : {})}>{digit}</span>)}
        </span>
      </div>
      <div className={css['keys']} dir="ltr">
        {KEYS.map((digit) => (
          <button
            key={digit}
            type="button"
            className={cx(css['key'], held === digit && css['held'])}
            aria-label={nameOf(digit)}
            // It keeps the focus when the call is put on hold.
            aria-disabled={resting || undefined}
            // As with the keys of the bar: the space bar, held to talk, must not press this when it is let go.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => press(digit)}
          >
            <span className={cx(css['digit'], digit === '*' && css['star'])} aria-hidden="true">{digit}</span>
            <span className={css['letters']} aria-hidden="true">{LETTERS[digit]}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** It takes the focus, and gives it back to where it came from, or to its key. */
function useFocus(root: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const panel = root.current;
    if (!panel) return undefined;
    const before = document.activeElement;
    panel.focus({ preventScroll: true });
    return () => {
      if (!panel.contains(document.activeElement)) return;
      const back = [before, ...document.querySelectorAll('[data-panel-key="keypad"], [data-panel-key="more"] button')]
        .find((one) => one instanceof HTMLElement && one !== document.body && one.isConnected && one.checkVisibility());
      if (back instanceof HTMLElement) back.focus();
    };
  }, [root]);
}

/**
 * Digits of the keyboard press the keys: within the keypad always, and elsewhere as other keys without Ctrl do. They are heard
 * before anything else that they might do, and so is Escape within it. Gives the key that is held.
 */
function useTyped(root: { readonly current: HTMLElement | null }, press: (digit: Digit) => void, close: () => void): Digit | null {
  const letters = useSelect((state) => state.settings.letterKeys);
  const [held, setHeld] = useState<Digit | null>(null);
  const now = useRef({ letters, press, close });
  useEffect(() => {
    now.current = { letters, press, close };
  });
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      const digit = digitTyped(event);
      const inside = event.target instanceof Node && root.current?.contains(event.target) === true;
      if (inside && event.key === 'Escape') {
        event.preventDefault();
        now.current.close();
        return;
      }
      if (digit === null || (!inside && (!now.current.letters || isTaken(event.target)))) return;
      event.preventDefault();
      if (event.repeat) return;
      setHeld(digit);
      now.current.press(digit);
    };
    const release = (): void => setHeld(null);
    document.addEventListener('keydown', down, { capture: true });
    document.addEventListener('keyup', release);
    window.addEventListener('blur', release);
    return () => {
      document.removeEventListener('keydown', down, { capture: true });
      document.removeEventListener('keyup', release);
      window.removeEventListener('blur', release);
    };
  }, [root]);
  return held;
}
