import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import { completed, offered, typing } from '../../../core/meeting/mention';
import { useDispatch, useSpeech } from '../../context';
import { Face } from './Face';
import { useChat } from './view';
import css from './Chat.module.css';

/** What the field is told of the list of names: it keeps the focus, and the list is drawn above it. */
export interface Mentions {
  readonly list: ReactElement;
  /** For the field: what stands open, and which of it is chosen. */
  readonly aria: {
    readonly 'aria-autocomplete': 'list';
    readonly 'aria-controls': string | undefined;
    readonly 'aria-activedescendant': string | undefined;
  };
  /** The caret moved, or something was typed. */
  readonly look: () => void;
  /** Whether the key was for the list. */
  readonly key: (event: KeyboardEvent) => boolean;
}

/** Names to complete while an `@` is typed: arrows choose, Enter or Tab writes, Escape closes. */
export function useMentions(field: RefObject<HTMLTextAreaElement | null>, text: string): Mentions {
  const t = useSpeech();
  const dispatch = useDispatch();
  const id = useId();
  const me = useChat((view) => view.me);
  const people = useChat((view) => view.people);
  const here = useMemo(() => people?.filter((one) => one.person !== me).map(({ name }) => name) ?? [], [people, me]);
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  /** The `@` whose list was closed by hand. */
  const [closed, setClosed] = useState<number | null>(null);
  const put = useRef<number | null>(null);
  // The line was sent: the next one has names of its own.
  if (text === '' && closed !== null) setClosed(null);
  const now = typing(text, Math.min(caret, text.length));
  const found = now && now.from !== closed ? offered(now.typed, here) : [];
  const chosen = Math.min(at, found.length - 1);

  // The text comes back through the state; then the caret goes behind the name.
  useLayoutEffect(() => {
    if (put.current === null || !field.current) return;
    field.current.setSelectionRange(put.current, put.current);
    put.current = null;
  });

  const look = (): void => {
    const place = field.current?.selectionStart ?? 0;
    setCaret(place);
    setAt(0);
    if (typing(text, place) === null) setClosed(null);
  };
  const write = (name: string | undefined): void => {
    if (name === undefined || !now) return;
    const next = completed(text, now, name);
    put.current = next.caret;
    setCaret(next.caret);
    setClosed(now.from);
    dispatch({ type: 'chat/typed', text: next.text });
    field.current?.focus();
  };
  const key = (event: KeyboardEvent): boolean => {
    if (found.length === 0 || !now || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setAt((chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) write(found[chosen]);
    else if (event.key === 'Escape') setClosed(now.from);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const open = found.length > 0;
  return {
    list: (
      <>
        {open && (
          <div id={`${id}-list`} role="listbox" aria-label={t('chat.mention.list')} className={css['mentions']}>
            {found.map((name, index) => (
              <button
                key={name}
                type="button"
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                // The field keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => write(name)}
              >
                <Face identity={people?.find((one) => one.name === name)?.person ?? name} name={name} size="xs" />
                <span className="ellipsis">{name}</span>
              </button>
            ))}
          </div>
        )}
        <p className="sr" role="status">{open ? t.count('chat.mention.found', found.length) : ''}</p>
      </>
    ),
    aria: {
      'aria-autocomplete': 'list',
      'aria-controls': open ? `${id}-list` : undefined,
      'aria-activedescendant': open ? `${id}-${chosen}` : undefined,
    },
    look,
    key,
  };
}
