import { createContext, useContext, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { Check, type LucideIcon } from 'lucide-react';
import { cx } from './cx';
import css from './Menu.module.css';

/** How an item closes the menu that it stands in. */
const CloseContext = createContext<() => void>(() => undefined);

/** A button with a menu: arrows walk, Escape and a press elsewhere close, focus goes back to the button. */
export function Menu({ label, title, face, className, side, align, float = false, children }: {
  /** The name of the button. */
  readonly label: string;
  readonly title?: string | undefined;
  readonly face: ReactNode;
  readonly className: string;
  readonly side: 'up' | 'down';
  readonly align: 'start' | 'center' | 'end';
  /** Above everything, where what is around the button would cut it off. */
  readonly float?: boolean | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  useLayoutEffect(() => {
    if (open && float && menu.current && button.current) placeNear(menu.current, button.current);
  }, [open, float]);

  useEffect(() => {
    if (!open) return;
    const ticked = menu.current?.querySelector<HTMLElement>('[role^="menuitem"][aria-checked="true"]');
    // With nothing to pick the menu itself takes the focus, so that Escape is heard.
    (ticked ?? menu.current?.querySelector<HTMLElement>('[role^="menuitem"]') ?? menu.current)?.focus();
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);

  const walk = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault(); // else a dialog around it would close as well
      close();
      return;
    }
    if (event.key === 'Tab') {
      setOpen(false);
      return;
    }
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])].filter((item) => item.getClientRects().length > 0);
    const at = items.findIndex((item) => item === document.activeElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    if (next === undefined || items.length === 0) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  };

  return (
    <span className={css['anchor']} ref={anchor}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={title ?? label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div
          ref={menu}
          id={id}
          role="menu"
          // It scrolls where it is taller than its place, and what scrolls must be reached by the keyboard.
          tabIndex={0}
          popover={float ? 'manual' : undefined}
          aria-label={label}
          className={cx('menu', css['pop'], ...(float ? [css['float']] : [css[side], css[align]]))}
          onKeyDown={walk}
        >
          <CloseContext value={close}>{children}</CloseContext>
        </div>
      )}
    </span>
  );
}

/** Opens a menu above the page, under its button, or over it where there is no room, and never beyond the window. */
function placeNear(menu: HTMLElement, button: HTMLElement): void {
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const under = at.bottom + GAP + height <= innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  menu.style.top = `${Math.max(GAP, under ? at.bottom + GAP : at.top - GAP - height)}px`;
}

/** Between a floating menu and whatever is around it, in pixels. */
const GAP = 6;

export function MenuItem({ icon: Icon, hint, stays, className, onPick, children }: {
  readonly icon?: LucideIcon | undefined;
  readonly hint?: string | undefined;
  /** Whether the menu stays open. */
  readonly stays?: boolean | undefined;
  readonly className?: string | undefined;
  readonly onPick: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const close = useContext(CloseContext);
  const pick = (): void => {
    if (stays !== true) close();
    onPick();
  };
  return (
    <button type="button" role="menuitem" className={className} tabIndex={-1} onClick={pick}>
      {Icon && <Icon className="i" aria-hidden="true" />}
      {children}
      {hint !== undefined && <kbd aria-hidden="true">{hint}</kbd>}
    </button>
  );
}

/** One of several, with a tick at the chosen one. */
export function MenuChoice({ icon: Icon, ticked, onPick, children }: {
  readonly icon?: LucideIcon | undefined;
  readonly ticked: boolean;
  readonly onPick: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const close = useContext(CloseContext);
  const pick = (): void => {
    close();
    onPick();
  };
  return (
    <button type="button" role="menuitemradio" aria-checked={ticked} tabIndex={-1} onClick={pick}>
      {Icon && <Icon className="i" aria-hidden="true" />}
      <span className="ellipsis">{children}</span>
      {ticked && <span className="tick"><Check className="i s" aria-hidden="true" /></span>}
    </button>
  );
}

/** Something that is on or off; the menu stays, so that the tick is seen. */
export function MenuCheck({ icon: Icon, on, onPick, children }: {
  readonly icon?: LucideIcon | undefined;
  readonly on: boolean;
  readonly onPick: () => void;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <button type="button" role="menuitemcheckbox" aria-checked={on} tabIndex={-1} onClick={onPick}>
      {Icon && <Icon className="i" aria-hidden="true" />}
      <span className="ellipsis">{children}</span>
      {on && <span className="tick"><Check className="i s" aria-hidden="true" /></span>}
    </button>
  );
}

/** Choices of one kind under their name. The name is drawn and belongs to the group: a menu may hold items and groups alone. */
export function MenuGroup({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div role="group" aria-label={name}>
      <div className="over" aria-hidden="true">{name}</div>
      {children}
    </div>
  );
}

/** Says that there is nothing to pick; the arrows stop at it, so that it is heard. */
export function MenuNone({ children }: { readonly children: ReactNode }): ReactElement {
  return <div role="menuitem" aria-disabled="true" tabIndex={-1} className="mi small">{children}</div>;
}
