import { useId, useMemo, type KeyboardEvent, type ReactElement } from 'react';
import { CircleAlert, Search as Glass } from 'lucide-react';
import { everybody, results, unfound, type Group, type Row, type Shelves } from '../../core/search/results';
import { search as engine, type Search, type SearchEvent, type Shelf } from '../../core/search/search';
import { keyOf } from '../../core/shortcuts';
import { own } from '../../i18n/own';
import { SEARCH } from '../../i18n/search';
import { SEARCH_BUTTON } from '../../i18n/search-button';
import { useDispatch, useSelect, useSpeech, useStore } from '../context';
import { Dialog } from '../kit/Dialog';
import { pressed } from '../kit/shortcuts';
import { usePart } from '../kit/use-part';
import { Option } from './Option';
import css from './Search.module.css';

/** People, rooms, messages and all that can be done, by what is typed: arrows walk, Enter does, Escape goes back. */
export default function SearchDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const dispatch = useDispatch();
  const [search, tell] = usePart(engine);
  const shelves = useShelves(search);
  const groups = results(shelves);
  const rows = groups.flatMap((group) => group.rows);
  const chosen = Math.max(0, rows.findIndex(({ key }) => key === search.at));
  const run = (row: Row | undefined): void => {
    if (!row) return;
    if (row.stays) return tell({ type: 'code' });
    onClose();
    row.events.forEach(dispatch);
  };
  return (
    <Dialog title={shelves.w('title')} onClose={onClose}>
      <Found shelves={shelves} groups={groups} rows={rows} chosen={chosen} tell={tell} onRun={run} onClose={onClose} />
    </Dialog>
  );
}

/** What is looked through is drawn as it is now: who is reachable, what was written last. */
function useShelves(search: Search): Shelves {
  const t = useSpeech();
  const store = useStore();
  useSelect(({ talks }) => talks.list);
  useSelect(({ calling }) => calling.people);
  const book = useSelect(({ calling }) => calling.book);
  const directory = useSelect(({ calling }) => calling.directory);
  const people = useMemo(
    () => everybody({ ...store.state(), calling: { ...store.state().calling, book, directory } }, { people: search.people }, t.tongue),
    [store, book, directory, search.people, t],
  );
  return { state: store.state(), search, people, t, w: own(SEARCH, t.tongue) };
}

/** The field, what is found, and what is to be said of it. */
export function Found({ shelves, groups, rows, chosen, tell, onRun, onClose }: {
  readonly shelves: Shelves;
  readonly groups: readonly Group[];
  readonly rows: readonly Row[];
  readonly chosen: number;
  readonly tell: (event: SearchEvent) => void;
  readonly onRun: (row: Row | undefined) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { search, t, w } = shelves;
  const id = useId();
  const chord = useSelect(({ settings }) => keyOf(settings.keys, 'palette', 'chord'));
  const label = search.code ? t('start.code') : own(SEARCH_BUTTON, t.tongue)('search');
  const failed = SHELVES.filter((shelf) => search.troubles[shelf] !== undefined);
  const said = rows.length === 0 ? unfound(shelves) : null;
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const name = pressed(event.nativeEvent, false);
    const to = event.key === 'ArrowDown' ? chosen + 1 : event.key === 'ArrowUp' ? chosen - 1 : null;
    const next = to === null ? undefined : rows[(to + rows.length) % rows.length];
    if (next !== undefined) tell({ type: 'walked', to: next.key });
    else if (event.key === 'Enter') onRun(rows[chosen]);
    // The key that opened it, which some browsers have a use of their own for.
    else if (name !== null && (name === chord || name === 'meta+k')) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <span className="inwrap">
        <Glass className="i" aria-hidden="true" />
        <input
          className="input"
          type="text"
          role="combobox"
          aria-expanded={rows.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={rows.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          aria-label={label}
          placeholder={label}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="go"
          spellCheck={false}
          value={search.text}
          onChange={(event) => tell({ type: 'typed', text: event.target.value })}
          onKeyDown={press}
          ref={focused}
        />
      </span>
      {failed.length > 0 && (
        <div className={css['trouble']}>
          <div className="notice bad" role="alert">
            <CircleAlert className="i" aria-hidden="true" />
            <span>{failed.map((shelf) => `${w(`failed.${shelf}`)} ${why(shelves, shelf)}`).join(' ')}</span>
          </div>
          <button type="button" className="btn plain low" onClick={() => tell({ type: 'again' })}>{t('again')}</button>
        </div>
      )}
      <div className={css['found']}>
        <div id={`${id}-list`} role="listbox" aria-label={w('results')} className={css['list']}>
          {groups.map(({ of, rows: some }) => (
            <div key={of} role="group" aria-labelledby={`${id}-${of}`}>
              <div id={`${id}-${of}`} role="presentation" className={`over ${css['head'] ?? ''}`}>{w(of)}</div>
              {some.map((row) => {
                const index = rows.indexOf(row);
                return (
                  <Option
                    key={row.key}
                    id={`${id}-${index}`}
                    row={row}
                    chosen={index === chosen}
                    onNear={() => {
                      if (index !== chosen) tell({ type: 'walked', to: row.key });
                    }}
                    onPick={() => onRun(row)}
                  />
                );
              })}
            </div>
          ))}
        </div>
        {said !== null && <p className={css['said']}>{said}</p>}
      </div>
      <p className="sr" role="status">{said ?? w('found', { n: String(rows.length) })}</p>
    </>
  );
}

const SHELVES: readonly Shelf[] = ['people', 'rooms', 'lines'];

function why({ search, t }: Shelves, shelf: Shelf): string {
  const text = search.troubles[shelf];
  return text === undefined ? '' : t.text(text);
}

/** After the dialog took the focus for itself. */
const focused = (field: HTMLInputElement | null): void => {
  if (field) queueMicrotask(() => field.focus());
};
