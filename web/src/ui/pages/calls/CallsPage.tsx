import type { ReactElement } from 'react';
import { Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Video, X, type LucideIcon } from 'lucide-react';
import { meantOf, isOver, namesOf, otherOf, presenceOf } from '../../../core/calling/calling';
import { outcomeOf, wayOf, type CallsPage as Shown, type CallsShown, type Way } from '../../../core/pages/calls/page';
import { lasted } from '../../../core/report';
import type { Speech } from '../../../i18n/text';
import type { PastCall } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { PresenceMark } from '../../kit/PresenceMark';
import { Seg } from '../../kit/Seg';
import { Skeleton } from '../../kit/Skeleton';
import { dayOf, moment, time } from '../dates';
import '../../../i18n/voicemail';
import Mailbox from '../../voicemail/Mailbox';
import css from './CallsPage.module.css';

const ICONS: Readonly<Record<Way, LucideIcon>> = { in: PhoneIncoming, out: PhoneOutgoing, missed: PhoneMissed };

/** What became of my calls, the last first, under the days on which they were. */
export default function CallsPage({ page }: { readonly page: Shown }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const unheard = useSelect(({ calling }) => calling.unheard);
  const choices = [{ value: 'all', face: t('past.all') }, { value: 'missed', face: t('past.only-missed') }, { value: 'voicemail', name: t('voicemail.tab'), face: <>{t('voicemail.tab')}{unheard > 0 && <span className="count">{unheard}</span>}</> }] as const;
  const mail = page.only === 'voicemail';
  const name = page.person === null ? null : nameOf(t, page);
  return (
    <Frame title={t('frame.calls')}>
      <main className={cx('page', css['page'])}>
        <h1 {...LANDING}>{t('frame.calls')}</h1>
        <div className={css['which']}>
          <Seg<CallsShown> label={t('past.show')} choices={choices} value={page.only} onPick={(only) => dispatch({ type: 'past/only', only })} />
          {name !== null && !mail && (
            <button type="button" className="btn plain low" title={t('past.with.all')} onClick={() => dispatch({ type: 'past/person', person: null })}>
              {t('past.with', { name })}<X className="i s" aria-hidden="true" /><span className="sr">{t('past.with.all')}</span>
            </button>
          )}
        </div>
        {mail ? <Mailbox /> : <Past page={page} name={name} />}
      </main>
    </Frame>
  );
}

function Past({ page, name }: { readonly page: Shown; readonly name: string | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <>
      {page.trouble && (
        <div className={css['trouble']}>
          <Notice tone="bad" text={page.trouble} />
          <button type="button" className="btn plain" onClick={() => dispatch({ type: 'past/again' })}>{t('again')}</button>
        </div>
      )}
      {page.calls === null && !page.trouble && <Skeleton lines={4} />}
      {page.calls?.length === 0 && (
        <div className="card empty">
          <p>{name !== null ? t('past.none.with', { name }) : t(page.only === 'missed' ? 'past.none.missed' : 'past.none')}</p>
          {name === null && page.only === 'all' && <Link to={{ to: 'contacts' }} className="btn plain">{t('past.contacts')}</Link>}
        </div>
      )}
      {page.calls && <Days page={page} calls={page.calls} />}
      {page.more && (
        <button type="button" className={cx('btn', 'plain', css['more'])} disabled={page.fetching} onClick={() => dispatch({ type: 'past/more' })}>
          {page.fetching && <span className="spin" aria-hidden="true" />}{t('past.more')}
        </button>
      )}
    </>
  );
}

const nameOf = (t: Speech, { person, calls }: Shown): string =>
  calls?.flatMap(({ call }) => call.others).find(({ account }) => account === person)?.name ?? t('past.somebody');

function Days({ page, calls }: { readonly page: Shown; readonly calls: readonly PastCall[] }): ReactElement {
  const t = useSpeech();
  return (
    <>
      {byDay(t, calls).map(({ day, of }) => (
        <section key={day} className={css['day']}>
          <h2 className="over">{day}</h2>
          <ul className="card divide" aria-label={day}>
            {of.map((past) => <Row key={past.call.id} past={past} alone={page.person !== null} />)}
          </ul>
        </section>
      ))}
    </>
  );
}

/** They come in the order of time, so that those of a day stand side by side. */
function byDay(t: Speech, calls: readonly PastCall[]): readonly { readonly day: string; readonly of: readonly PastCall[] }[] {
  const days: { readonly day: string; readonly of: PastCall[] }[] = [];
  for (const past of calls) {
    const day = dayName(t, past.call.began);
    const last = days.at(-1);
    if (last?.day === day) last.of.push(past);
    else days.push({ day, of: [past] });
  }
  return days;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

function dayName(t: Speech, at: number): string {
  const [now, day] = [Date.now(), dayOf(t.tongue, at)];
  if (day === dayOf(t.tongue, now)) return t('past.today');
  return at > now - 2 * DAY_MS && day === dayOf(t.tongue, now - DAY_MS) ? t('past.yesterday') : day;
}

/** One call; `alone`: all of them are with the same. */
function Row({ past, alone }: { readonly past: PastCall; readonly alone: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { call } = past;
  const other = otherOf(call);
  const [meant, more] = meantOf(call);
  // Of a call that was forwarded it is the one who was called, whoever took it for them.
  const one = more ? undefined : meant;
  const presence = useSelect((state) => presenceOf(state, one?.account ?? ''));
  const busy = useSelect(({ calling }) => calling.placing !== null);
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const way = wayOf(call);
  const Icon = ICONS[way];
  const name = other ? t.list(meantOf(call).map((each) => each.name)) : t('past.somebody');
  const people = meantOf(call).map(({ account }) => account).filter((account) => account !== me);
  const place = (video: boolean): void => dispatch({ type: 'calling/place', people, video });
  const { text, lasted: span } = outcomeOf(past);
  return (
    <li className={cx('item', css['row'])} data-way={way}>
      <Cameo name={one?.name ?? namesOf(call)} avatar={(one ?? other)?.avatar} mark={one && <PresenceMark presence={presence} />} />
      <div className="grow">
        <div className={cx('t', way === 'missed' && css['missed'])}>
          {one && !alone
            ? <button type="button" className={css['name']} title={t('past.with.only', { name })} onClick={() => dispatch({ type: 'past/person', person: one.account })}>{name}</button>
            : name}
          {past.missed && <span className={css['new']} aria-hidden="true" />}
        </div>
        <div className={cx('d', css['what'])}>
          <Icon className={cx('i', 's', way === 'missed' && css['missed'])} aria-hidden="true" />
          <span>
            {t(call.video ? `past.way.${way}.video` : `past.way.${way}`)}{', '}
            <time className="num" dateTime={new Date(call.began).toISOString()} title={moment(t.tongue, call.began)}>{time(t.tongue, call.began)}</time>
            {' · '}{span === null ? t.text(text) : span > 0 ? lastedText(t, span, t.text(text)) : t.text(text)}
          </span>
        </div>
      </div>
      {people.length > 0 && isOver(call) && (
        <div className="end">
          <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.call', { name })} title={t('contacts.call', { name })} onClick={() => place(false)}>
            <Phone className="i" aria-hidden="true" />
          </button>
          <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.video', { name })} title={t('contacts.video', { name })} onClick={() => place(true)}>
            <Video className="i" aria-hidden="true" />
          </button>
        </div>
      )}
    </li>
  );
}

/** How long a talk lasted, and how it ended where that was not as usual. */
const lastedText = (t: Speech, span: number, end: string): string => (end === t('past.talked') ? lasted(t, span) : `${lasted(t, span)} · ${end}`);

