import type { ReactElement } from 'react';
import { askable, type Named } from '../../../core/pages/contacts/page';
import type { Draft } from '../../../core/talks/talks';
import type { Conversation } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { Dialog } from '../../kit/Dialog';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { SearchField } from '../../kit/SearchField';
import { Skeleton } from '../../kit/Skeleton';
import css from './TalksPage.module.css';

/** Begins a conversation, takes people into a group, or calls it otherwise. */
export function TalkDialog({ draft, talk }: { readonly draft: Draft; readonly talk: Conversation | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { kind } = draft;
  const close = (): void => dispatch({ type: 'talks/draft', kind: null });
  const group = kind === 'rename' || (kind === 'new' && draft.picked.length > 1);
  return (
    <Dialog title={t(kind === 'new' ? 'talks.new' : kind === 'add' ? 'talks.add' : 'talks.rename')} onClose={close}>
      <form
        className={css['pick']}
        onSubmit={(event) => {
          event.preventDefault();
          dispatch({ type: 'talks/draft-send' });
        }}
      >
        {kind !== 'rename' && <People draft={draft} talk={kind === 'add' ? talk : null} />}
        {group && (
          <Field label={t('talks.name')} autoComplete="off" maxLength={128} value={draft.name} wrong={draft.wrong} onType={(name) => dispatch({ type: 'talks/draft-name', name })} />
        )}
        {!group && draft.wrong && <Notice tone="bad" text={draft.wrong} />}
        <div className="acts">
          <button type="button" className="btn plain" onClick={close}>{t('talks.cancel')}</button>
          <button type="submit" className="btn primary" disabled={draft.busy}>
            {draft.busy && <span className="spin" aria-hidden="true" />}
            {t(kind === 'rename' ? 'talks.save' : kind === 'add' ? 'talks.add.send' : group ? 'talks.group.make' : 'talks.begin')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function People({ draft, talk }: { readonly draft: Draft; readonly talk: Conversation | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const book = useSelect(({ calling }) => calling.book) ?? [];
  if (draft.people === null) return <Skeleton lines={3} />;
  const inside = new Set(talk?.people.map(({ account }) => account));
  const shown = askable(draft.people, book, draft.find, me, t.tongue).filter(({ account }) => !inside.has(account));
  return (
    <>
      <SearchField label={t('contacts.search')} value={draft.find} onType={(text) => dispatch({ type: 'talks/draft-find', text })} />
      {shown.length === 0 && <p className="small">{t(draft.find === '' ? 'talks.people.none' : 'contacts.no-match')}</p>}
      <ul className={css['people']} aria-label={t('contacts.people')}>{shown.map((contact) => <One key={contact.account} contact={contact} picked={draft.picked.includes(contact.account)} />)}</ul>
    </>
  );
}

function One({ contact: { account, name, avatar }, picked }: { readonly contact: Named; readonly picked: boolean }): ReactElement {
  const dispatch = useDispatch();
  return (
    <li>
      <label>
        <input type="checkbox" checked={picked} onChange={() => dispatch({ type: 'talks/draft-pick', account })} />
        <Cameo name={name} avatar={avatar} size="sm" />
        <span className="grow ellipsis">{name}</span>
      </label>
    </li>
  );
}
