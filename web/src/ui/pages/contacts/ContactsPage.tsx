import type { ReactElement } from 'react';
import { Phone, Search, Video } from 'lucide-react';
import { presenceOf } from '../../../core/calling/calling';
import { found, type ContactsPage as Contacts } from '../../../core/pages/contacts/page';
import type { Contact } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { Notice } from '../../kit/Notice';
import { PresenceMark } from '../../kit/PresenceMark';
import { Skeleton } from '../../kit/Skeleton';
import css from './ContactsPage.module.css';

/** Everybody with an account here, and how they are to be found. */
export default function ContactsPage({ page }: { readonly page: Contacts }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const shown = page.people && found(page.people, page.search, me, t.tongue);
  const others = page.people?.some(({ account }) => account !== me) === true;
  return (
    <Frame title={t('frame.contacts')}>
      <main className={cx('page', css['page'])}>
        <h1 {...LANDING}>{t('frame.contacts')}</h1>
        {others && (
          <label className={cx('inwrap', css['search'])}>
            <Search className="i" aria-hidden="true" />
            <input
              className="input"
              type="search"
              autoComplete="off"
              placeholder={t('contacts.search')}
              aria-label={t('contacts.search')}
              value={page.search}
              onChange={(event) => dispatch({ type: 'contacts/search', search: event.target.value })}
            />
          </label>
        )}
        {page.trouble && (
          <div className={css['trouble']}>
            <Notice tone="bad" text={page.trouble} />
            <button type="button" className="btn plain" onClick={() => dispatch({ type: 'contacts/again' })}>{t('again')}</button>
          </div>
        )}
        {shown === null && !page.trouble && <Skeleton lines={4} />}
        {shown?.length === 0 && <div className="card empty"><p>{t(others ? 'contacts.no-match' : 'contacts.none')}</p></div>}
        {shown && shown.length > 0 && (
          <ul className={cx('card', 'divide', css['list'])} aria-label={t('contacts.people')}>
            {shown.map((contact) => <Row key={contact.account} contact={contact} />)}
          </ul>
        )}
      </main>
    </Frame>
  );
}

function Row({ contact: { account, name, avatar } }: { readonly contact: Contact }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const presence = useSelect((state) => presenceOf(state, account));
  const placing = useSelect(({ calling }) => (calling.placing?.people.includes(account) === true ? calling.placing : null));
  const busy = useSelect(({ calling }) => calling.placing !== null);
  const place = (video: boolean): void => dispatch({ type: 'calling/place', people: [account], video });
  return (
    <li className="item">
      <Cameo identity={account} name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className="d"><span className="presence"><PresenceMark presence={presence} />{t(`presence.${presence}`)}</span></div>
      </div>
      <div className="end">
        {placing && <span className="small" role="status">{t('contacts.calling', { name })}</span>}
        <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.call', { name })} title={t('contacts.call', { name })} onClick={() => place(false)}>
          {placing?.video === false ? <span className="spin" aria-hidden="true" /> : <Phone className="i" aria-hidden="true" />}
        </button>
        <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.video', { name })} title={t('contacts.video', { name })} onClick={() => place(true)}>
          {placing?.video === true ? <span className="spin" aria-hidden="true" /> : <Video className="i" aria-hidden="true" />}
        </button>
      </div>
    </li>
  );
}
