import { Suspense, useEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import { Ban, BellOff, BellRing, BookUser, Download, Ellipsis, History, Mail, MessageCircle, Pencil, Phone, Star, StarOff, Trash2, Upload, UserPlus, Users, Video } from 'lucide-react';
import { isAwaited } from '../../../core/calling/awaiting';
import { presenceOf } from '../../../core/calling/calling';
import { noteOf } from '../../../core/calling/presence';
import { CALLED_AT_ONCE, groupOf } from '../../../core/calling/several';
import { sections, type ContactsPage as Contacts, type Listed, type Section } from '../../../core/pages/contacts/page';
import { own as ownWords } from '../../../i18n/own';
import { SEEN } from '../../../i18n/seen';
import { SEVERAL } from '../../../i18n/several';
import type { Speech, Tongue } from '../../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Offer } from '../../calling/Offer';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { later } from '../../kit/later';
import { Menu, MenuItem } from '../../kit/Menu';
import { Notice } from '../../kit/Notice';
import { PresenceMark } from '../../kit/PresenceMark';
import { SearchField } from '../../kit/SearchField';
import { Skeleton } from '../../kit/Skeleton';
import { dayOf, moment, time } from '../dates';
import css from './ContactsPage.module.css';

// Most calls are to one.
const SeveralDialog = later(() => import('../../calling/SeveralDialog'));

/** Everybody with an account here and everybody in my phone book, and how they are to be found. */
export default function ContactsPage({ page }: { readonly page: Contacts }): ReactElement {
  const t = useSpeech();
  const w = ownWords(SEVERAL, t.tongue);
  const dispatch = useDispatch();
  const [several, setSeveral] = useState(false);
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const book = useSelect(({ calling }) => calling.book);
  const shown = page.people && book && sections(page.people, book, page.search, me, t.tongue);
  const callable = page.people?.some(({ account }) => account !== me) === true;
  const others = callable || (book !== null && book.length > 0);
  return (
    <Frame title={t('frame.contacts')}>
      <main className={cx('page', css['page'])}>
        <div className={css['head']}>
          <h1 {...LANDING}>{t('frame.contacts')}</h1>
          <span className="push" />
          {callable && (
            <button type="button" className="btn plain wideonly" onClick={() => setSeveral(true)}>
              <Users className="i s" aria-hidden="true" />{w('open')}
            </button>
          )}
          <BookMenu onSeveral={callable ? () => setSeveral(true) : null} />
          <button type="button" className="btn primary" onClick={() => dispatch({ type: 'book/edit', id: null, account: null })}>
            <UserPlus className="i s" aria-hidden="true" />{t('book.add')}
          </button>
        </div>
        <Offer />
        {others && <SearchField className={css['search']} label={t('contacts.search')} value={page.search} onType={(search) => dispatch({ type: 'contacts/search', search })} />}
        {page.trouble && (
          <div className={css['trouble']}>
            <Notice tone="bad" text={page.trouble} />
            <button type="button" className="btn plain" onClick={() => dispatch({ type: 'contacts/again' })}>{t('again')}</button>
          </div>
        )}
        {shown === null && !page.trouble && <Skeleton lines={4} />}
        {shown?.length === 0 && <div className="card empty"><p>{t(others ? 'contacts.no-match' : 'contacts.none')}</p></div>}
        {shown?.map((section) => (
          <Part key={`${section.of} ${section.name}`} section={section} group={section.of === 'circle' ? groupOf(page.people ?? [], book ?? [], section.name, me) : []} />
        ))}
      </main>
      {several && <Suspense fallback={null}><SeveralDialog people={page.people} onClose={() => setSeveral(false)} /></Suspense>}
    </Frame>
  );
}

/** Files of cards, in and out; and what has no room beside it on a phone. */
function BookMenu({ onSeveral }: { readonly onSeveral: (() => void) | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const importing = useSelect(({ calling }) => calling.importing);
  const input = useRef<HTMLInputElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".vcf,.vcard,text/vcard,text/x-vcard"
        aria-label={t('book.import')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) dispatch({ type: 'book/import', file });
        }}
      />
      <a ref={link} href="/api/v1/contacts/export" download="contacts.vcf" hidden tabIndex={-1}>{t('book.export')}</a>
      {importing && <span className="small" role="status"><span className="spin" aria-hidden="true" /> {t('book.importing')}</span>}
      <Menu label={t('book.more')} className="btn icon plain" side="down" align="end" face={<Ellipsis className="i" aria-hidden="true" />}>
        {onSeveral && <MenuItem icon={Users} className="narrowonly" onPick={onSeveral}>{ownWords(SEVERAL, t.tongue)('open')}</MenuItem>}
        <MenuItem icon={Upload} onPick={() => input.current?.click()}>{t('book.import')}</MenuItem>
        <MenuItem icon={Download} onPick={() => link.current?.click()}>{t('book.export')}</MenuItem>
      </Menu>
    </>
  );
}

function nameOf(t: Speech, { of, name }: Section): string {
  switch (of) {
    case 'favourites': return t('book.favourites');
    case 'book': return t('book.book');
    case 'circle': return name;
    case 'directory': return t('book.directory');
    case 'blocked': return t('book.blocked');
  }
}

/** `group`: who of it can be called together. */
function Part({ section, group }: { readonly section: Section; readonly group: readonly string[] }): ReactElement {
  const t = useSpeech();
  const name = nameOf(t, section);
  return (
    <section className={css['part']}>
      <div className={css['heading']}>
        <h2 className="over">{name}</h2>
        {group.length > 0 && <GroupCalls name={name} group={group} />}
      </div>
      <ul className={cx('card', 'divide', css['list'])} aria-label={name}>
        {section.lines.map((line) => (line.account === null ? <CardRow key={line.key} line={line} /> : <Row key={line.key} line={line} account={line.account} />))}
      </ul>
    </section>
  );
}

/** Calls a whole group. */
function GroupCalls({ name, group }: { readonly name: string; readonly group: readonly string[] }): ReactElement {
  const t = useSpeech();
  const w = ownWords(SEVERAL, t.tongue);
  const dispatch = useDispatch();
  const placing = useSelect(({ calling }) => calling.placing);
  const mine = placing !== null && placing.people.length === group.length && group.every((account) => placing.people.includes(account));
  const large = group.length > CALLED_AT_ONCE;
  return (
    <span className={css['both']}>
      {([false, true] as const).map((video) => {
        const label = w(video ? 'video.group' : 'voice.group', { name });
        const Icon = video ? Video : Phone;
        return (
          <button
            key={label}
            type="button"
            className="btn icon"
            disabled={placing !== null || large}
            aria-label={label}
            title={large ? w('large', { name }) : label}
            onClick={() => dispatch({ type: 'calling/place', people: group, video })}
          >
            {mine && placing.video === video ? <span className="spin" aria-hidden="true" /> : <Icon className="i" aria-hidden="true" />}
          </button>
        );
      })}
    </span>
  );
}

/** The right button of the mouse opens the menu of a row, as its button does. */
function useRightPress(): RefObject<HTMLLIElement | null> {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const element = row.current;
    const open = (event: MouseEvent): void => {
      // Within the menu itself, or on a field, it is the browser's.
      const button = element?.querySelector<HTMLElement>('[aria-haspopup="menu"][aria-expanded="false"]');
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    element?.addEventListener('contextmenu', open);
    return () => element?.removeEventListener('contextmenu', open);
  }, []);
  return row;
}

/** Of today the time is enough. */
const sinceWhen = (tongue: Tongue, at: number): string => (dayOf(tongue, at) === dayOf(tongue, Date.now()) ? time(tongue, at) : moment(tongue, at));

/** Somebody of this server. */
function Row({ line, account }: { readonly line: Listed; readonly account: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const row = useRightPress();
  const { name, own, avatar, entry } = line;
  const presence = useSelect((state) => presenceOf(state, account));
  const seen = ownWords(SEEN, t.tongue);
  // What is kept is older than what is told.
  const note = useSelect((state) => (state.calling.people[account] === undefined ? line.note : noteOf(state, account)));
  const since = useSelect(({ calling }) => calling.people[account]?.since);
  const placing = useSelect(({ calling }) => (calling.placing?.people.includes(account) === true ? calling.placing : null));
  const busy = useSelect(({ calling }) => calling.placing !== null);
  const waits = useSelect((state) => isAwaited(state, account));
  const place = (video: boolean): void => dispatch({ type: 'calling/place', people: [account], video });
  return (
    <li ref={row} className="item">
      <Cameo name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}{own !== null && <span className={cx('hint', css['own'])}> {t('book.own', { name: own })}</span>}</div>
        <div className="d">
          <span className="presence" title={presence === 'hidden' ? seen('hidden.text', { name }) : undefined}><PresenceMark presence={presence} />{presence === 'away' && since !== undefined ? t('presence.away.since', { time: sinceWhen(t.tongue, since) }) : t(`presence.${presence}`)}</span>
          {note && <span className="hint"> · {note}</span>}
        </div>
        {waits && <div className={cx('d', 'hint', css['waits'])}>{t('calling.awaited', { name })}</div>}
        {entry?.blocked === true && <div className="d hint">{t('book.blocked.mark')}</div>}
      </div>
      <div className="end">
        {placing && <span className="small" role="status">{t('contacts.calling', { name })}</span>}
        <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.call', { name })} title={t('contacts.call', { name })} onClick={() => place(false)}>
          {placing?.video === false ? <span className="spin" aria-hidden="true" /> : <Phone className="i" aria-hidden="true" />}
        </button>
        <button type="button" className="btn icon wideonly" disabled={busy} aria-label={t('contacts.video', { name })} title={t('contacts.video', { name })} onClick={() => place(true)}>
          {placing?.video === true ? <span className="spin" aria-hidden="true" /> : <Video className="i" aria-hidden="true" />}
        </button>
        <button type="button" className="btn icon" aria-label={t('talks.message', { name })} title={t('talks.message', { name })} onClick={() => dispatch({ type: 'talks/with', account })}>
          <MessageCircle className="i" aria-hidden="true" />
        </button>
        <RowMenu line={line} account={account} />
      </div>
    </li>
  );
}

function RowMenu({ line, account }: { readonly line: Listed; readonly account: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { name, entry } = line;
  const presence = useSelect((state) => presenceOf(state, account));
  const waits = useSelect((state) => isAwaited(state, account));
  const set = (change: { readonly favourite?: boolean; readonly blocked?: boolean }) => (): void => dispatch({ type: 'book/set', account, name, entry: change });
  const blocked = entry?.blocked === true;
  return (
    <Menu label={t('book.menu', { name })} className="btn icon" side="down" align="end" float face={<Ellipsis className="i" aria-hidden="true" />}>
      <MenuItem icon={Video} className="narrowonly" onPick={() => dispatch({ type: 'calling/place', people: [account], video: true })}>{t('contacts.video', { name })}</MenuItem>
      {waits
        ? <MenuItem icon={BellOff} onPick={() => dispatch({ type: 'await/no-more', account })}>{t('calling.await.no-more')}</MenuItem>
        : presence !== 'available' && presence !== 'hidden' && <MenuItem icon={BellRing} onPick={() => dispatch({ type: 'await', account, anew: false })}>{t('calling.await')}</MenuItem>}
      {!blocked && (entry?.favourite === true
        ? <MenuItem icon={StarOff} onPick={set({ favourite: false })}>{t('book.unfavourite')}</MenuItem>
        : <MenuItem icon={Star} onPick={set({ favourite: true })}>{t('book.favourite')}</MenuItem>)}
      {entry === null && <MenuItem icon={BookUser} onPick={set({})}>{t('book.put')}</MenuItem>}
      <MenuItem icon={Pencil} onPick={() => dispatch({ type: 'book/edit', id: entry?.id ?? null, account })}>{t('book.rename')}</MenuItem>
      <MenuItem icon={History} onPick={() => dispatch({ type: 'visit', route: { to: 'calls', person: account } })}>{t('book.calls', { name })}</MenuItem>
      <MenuItem icon={Ban} onPick={set({ blocked: !blocked })}>{t(blocked ? 'book.unblock' : 'book.block')}</MenuItem>
      {entry !== null && !blocked && <MenuItem icon={Trash2} onPick={() => dispatch({ type: 'book/remove', id: entry.id })}>{t('book.drop')}</MenuItem>}
    </Menu>
  );
}

/** A card of somebody who is not here: to read, to telephone with something else, to write to. */
function CardRow({ line: { name, entry } }: { readonly line: Listed }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const row = useRightPress();
  if (entry === null) return null;
  const [phone, mail] = [entry.phones[0], entry.mails[0]];
  const lines = [...entry.phones, ...entry.mails];
  return (
    <li ref={row} className="item">
      <Cameo name={name} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className="d num">{lines.length > 0 ? lines.join(', ') : t('book.card.none')}</div>
      </div>
      <div className="end">
        {phone !== undefined && (
          <a className="btn icon" href={`tel:${phone.replace(/[^+\d*#,;]/g, '')}`} aria-label={t('book.phone', { phone })} title={t('book.phone', { phone })}><Phone className="i" aria-hidden="true" /></a>
        )}
        {mail !== undefined && (
          <a className="btn icon wideonly" href={`mailto:${encodeURIComponent(mail).replace(/%40/g, '@')}`} aria-label={t('book.mail', { mail })} title={t('book.mail', { mail })}><Mail className="i" aria-hidden="true" /></a>
        )}
        <Menu label={t('book.menu', { name })} className="btn icon" side="down" align="end" float face={<Ellipsis className="i" aria-hidden="true" />}>
          <MenuItem icon={Pencil} onPick={() => dispatch({ type: 'book/edit', id: entry.id, account: null })}>{t('book.edit')}</MenuItem>
          <MenuItem icon={Trash2} onPick={() => dispatch({ type: 'book/remove', id: entry.id })}>{t('book.drop')}</MenuItem>
        </Menu>
      </div>
    </li>
  );
}
