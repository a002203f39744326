import { useId, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Search } from 'lucide-react';
import type { Action } from '../../core/action';
import { actions, matching } from '../../core/meeting/actions';
import type { Deed } from '../../core/shortcuts';
import { useDispatch, useSelect, useSpeech, useStore } from '../context';
import { Dialog } from '../kit/Dialog';
import { useKeyFace } from '../kit/key-hint';
import css from './Palette.module.css';

/** Every action by its name: typing finds, arrows walk, Enter does. */
export default function Palette({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const store = useStore();
  const dispatch = useDispatch();
  const id = useId();
  // As it was when the palette opened: a list that changes under the eyes is pressed wrong.
  // My rooms alone may come a moment later.
  const rooms = useSelect((state) => state.myRooms);
  const all = useMemo(() => actions({ ...store.state(), myRooms: rooms }), [store, rooms]);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => matching(typed, all, ({ name }) => t.text(name)), [typed, all, t]);
  const last = Math.min(found.length, MOST_SHOWN);
  const chosen = Math.min(at, last - 1);
  const run = (action: Action | undefined): void => {
    if (!action) return;
    onClose();
    action.events.forEach(dispatch);
  };
  const walk = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const to: Record<string, number> = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 };
    const next = to[event.key];
    if (next !== undefined && found.length > 0) setAt((next + last) % last);
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose}>
      <span className="inwrap">
        <Search className="i" aria-hidden="true" />
        <input
          className="input"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          aria-label={t('palette.type')}
          placeholder={t('palette.type')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={walk}
          // The dialog gives the focus to its first button otherwise.
          ref={focused}
        />
      </span>
      <div id={`${id}-list`} role="listbox" aria-label={t('palette.title')} className={css['list']}>
        {found.slice(0, MOST_SHOWN).map((action, index) => (
          <button
            key={t.text(action.name)}
            id={`${id}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            ref={index === chosen ? seen : undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => run(action)}
          >
            <span className="grow">{t.text(action.name)}</span>
            {action.key !== null && <Shortcut deed={action.key} />}
          </button>
        ))}
      </div>
      <p className={found.length === 0 ? 'hint' : 'sr'} role="status">{found.length === 0 ? t('palette.none') : t.count('palette.found', found.length)}</p>
    </Dialog>
  );
}

function Shortcut({ deed }: { readonly deed: Deed }): ReactElement | null {
  const key = useKeyFace()(deed);
  return key === undefined ? null : <kbd aria-hidden="true">{key}</kbd>;
}

/** Nobody looks through more; what is typed finds the others. */
const MOST_SHOWN = 100;

/** After the dialog took the focus for itself. */
const focused = (field: HTMLInputElement | null): void => {
  if (field) queueMicrotask(() => field.focus());
};

const seen = (option: HTMLElement | null): void => option?.scrollIntoView({ block: 'nearest' });
