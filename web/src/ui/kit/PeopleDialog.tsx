import { useState, type ReactElement, type ReactNode } from 'react';
import { askable, type Named } from '../../core/pages/contacts/page';
import type { Text } from '../../i18n/text';
import type { Contact } from '../../proto/api.gen';
import { useSelect, useSpeech } from '../context';
import { Dialog } from './Dialog';
import { Notice } from './Notice';
import { SearchField } from './SearchField';
import { Skeleton } from './Skeleton';

/** Somebody is looked for among all whom one may ask, as one types. */
export function PeopleDialog({ title, list, people, trouble = null, but = NOBODY, last, foot, onClose, onAgain, children }: {
  readonly title: string;
  /** The look of the list. */
  readonly list: string | undefined;
  /** Everybody, once they are known. */
  readonly people: readonly Contact[] | null;
  /** Why they are not known. */
  readonly trouble?: Text | null;
  /** Accounts that are not asked. */
  readonly but?: ReadonlySet<string>;
  /** Accounts that stand behind all others. */
  readonly last?: ((account: string) => boolean) | undefined;
  /** What stands below the list. */
  readonly foot?: ReactNode;
  readonly onClose: () => void;
  /** Fetches them once more, after trouble. */
  readonly onAgain?: (() => void) | undefined;
  /** Somebody, as an item of the list. */
  readonly children: (person: Named) => ReactNode;
}): ReactElement {
  const t = useSpeech();
  const [search, setSearch] = useState('');
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const book = useSelect(({ calling }) => calling.book) ?? [];
  const found = people && askable(people, book, search, me, t.tongue).filter(({ account }) => !but.has(account));
  const shown = last && found ? [...found.filter(({ account }) => !last(account)), ...found.filter(({ account }) => last(account))] : found;
  return (
    <Dialog title={title} onClose={onClose}>
      <SearchField label={t('contacts.search')} value={search} focused onType={setSearch} />
      {trouble !== null && <Notice tone="bad" text={trouble} />}
      {trouble !== null && onAgain && <button type="button" className="btn plain" onClick={onAgain}>{t('again')}</button>}
      {shown === null && trouble === null && <Skeleton lines={3} />}
      {shown?.length === 0 && <p className="hint">{t(search.trim() === '' ? 'talks.people.none' : 'contacts.no-match')}</p>}
      {shown && shown.length > 0 && <ul className={list} aria-label={t('contacts.people')}>{shown.map(children)}</ul>}
      {foot}
    </Dialog>
  );
}

const NOBODY: ReadonlySet<string> = new Set();
