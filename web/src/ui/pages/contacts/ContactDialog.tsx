import { useState, type FormEvent, type ReactElement } from 'react';
import { LONGEST, type Editing } from '../../../core/calling/book';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Dialog } from '../../kit/Dialog';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import css from './ContactsPage.module.css';

/** The form for an entry of my phone book. */
export default function ContactDialog(): ReactElement | null {
  const editing = useSelect(({ calling }) => calling.editing);
  return editing && <Form key={`${editing.id ?? ''} ${editing.account ?? ''}`} editing={editing} />;
}

const parts = (text: string): string[] => text.split(/[,;\n]/).map((one) => one.trim()).filter((one) => one !== '');

function Form({ editing }: { readonly editing: Editing }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const entry = useSelect(({ calling }) => calling.book?.find(({ id }) => id === editing.id) ?? null);
  // What somebody of this server is called where I call them nothing else.
  const own = useSelect(({ page }) => (page.at === 'contacts' ? page.people?.find(({ account }) => account === editing.account)?.name ?? null : null));
  const [name, setName] = useState(entry?.name ?? '');
  const [circle, setCircle] = useState(entry?.circle ?? '');
  const [phones, setPhones] = useState(entry?.phones.join(', ') ?? '');
  const [mails, setMails] = useState(entry?.mails.join(', ') ?? '');
  const close = (): void => dispatch({ type: 'book/close' });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'book/save', entry: { name: name.trim(), circle: circle.trim(), phones: parts(phones), mails: parts(mails) } });
  };
  const called = entry?.name || own || '';
  return (
    <Dialog title={called === '' ? t('book.new.title') : t('book.edit.title', { name: called })} onClose={close}>
      <form className={css['form']} onSubmit={send}>
        {editing.wrong && <Notice tone="bad" text={editing.wrong} />}
        <Field
          label={t(editing.account === null ? 'book.name' : 'book.name.for-me')}
          hint={own === null ? undefined : t('book.name.hint', { name: own })}
          value={name}
          onType={setName}
          autoComplete="off"
          maxLength={LONGEST.name}
        />
        <Field label={t('book.circle')} hint={t('book.circle.hint')} value={circle} onType={setCircle} autoComplete="off" maxLength={LONGEST.circle} />
        <Field label={t('book.phones')} hint={t('book.list.hint')} value={phones} onType={setPhones} autoComplete="off" maxLength={LONGEST.list} exact />
        <Field label={t('book.mails')} value={mails} onType={setMails} autoComplete="off" maxLength={LONGEST.list} exact />
        <div className="acts">
          <button type="button" className="btn plain" onClick={close}>{t('cancel')}</button>
          <button type="submit" className="btn primary" disabled={editing.busy}>{editing.busy && <span className="spin" aria-hidden="true" />}{t('save')}</button>
        </div>
      </form>
    </Dialog>
  );
}
