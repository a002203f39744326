import { useEffect, useLayoutEffect, useRef, type ReactElement, type ReactNode, type RefObject } from 'react';
import { X } from 'lucide-react';
import { line } from '../../../core/selectors';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { useNarrow } from '../../kit/use-narrow';
import { useStaged } from '../floor';
import { Tile } from '../Tile';
import css from './Panel.module.css';

/** Marks what takes the focus when a panel opens. */
export const FIRST = { 'data-first': true } as const;

/**
 * A panel beside the stage; on a phone it covers it, and keeps a small picture of who speaks. It takes the focus when it
 * opens, and gives it back to its key.
 */
export function Panel({ name, title, close, tools, foot, drop, children }: {
  readonly name: 'people' | 'chat';
  readonly title: string;
  /** The name of the button that closes it. */
  readonly close: string;
  readonly tools?: ReactNode;
  readonly foot?: ReactNode;
  /** Takes files that are dropped on it. */
  readonly drop?: ((files: readonly File[]) => void) | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const panel = root.current;
    if (!panel) return;
    (panel.querySelector<HTMLElement>('[data-first]') ?? panel.querySelector<HTMLElement>('h2'))?.focus({ preventScroll: true });
    return () => {
      if (panel.contains(document.activeElement)) keyOf(name)?.focus();
    };
  }, [name]);
  useEscape(root);
  useDrop(root, drop);
  return (
    <aside
      ref={root}
      className={cx('panel', css['panel'])}
      aria-label={title}
    >
      <header>
        <Peek />
        <h2 tabIndex={-1}>{title}</h2>
        {tools}
        <button type="button" className="btn icon" aria-label={close} title={t('key.tip', { name: close, key: t('key.escape') })} onClick={() => dispatch({ type: 'panel/close' })}>
          <X className="i" aria-hidden="true" />
        </button>
      </header>
      {children}
      {foot !== undefined && <footer>{foot}</footer>}
    </aside>
  );
}

/** Escape closes it, also out of a field; what is inside hears the key first. */
function useEscape(root: RefObject<HTMLElement | null>): void {
  const dispatch = useDispatch();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (!(event.target instanceof Element) || !root.current?.contains(event.target) || event.target.closest('dialog')) return;
      event.preventDefault();
      dispatch({ type: 'panel/close' });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [root, dispatch]);
}

/** Takes files that are dropped on something. */
export function useDrop(root: RefObject<HTMLElement | null>, drop: ((files: readonly File[]) => void) | undefined): void {
  useEffect(() => {
    const panel = root.current;
    if (!panel || !drop) return;
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const fall = (event: DragEvent): void => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      drop(files);
    };
    panel.addEventListener('dragover', over);
    panel.addEventListener('drop', fall);
    return () => {
      panel.removeEventListener('dragover', over);
      panel.removeEventListener('drop', fall);
    };
  }, [root, drop]);
}

/** The key of a panel, or More, where a narrow bar has no such key. */
const keyOf = (name: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-panel-key="${name}"]`) ?? document.querySelector<HTMLElement>('[data-panel-key="more"] button');

/** Whoever speaks, while the panel covers the stage. */
function Peek(): ReactElement | null {
  const narrow = useNarrow();
  const view = useStaged((meeting, there) => line(meeting, there).large);
  if (!narrow || !view) return null;
  return <div className={css['peek']}><Tile view={view} ring={false} plain className={css['peeked']} /></div>;
}
