import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Check, Mic, Phone, Trash, Undo2 } from 'lucide-react';
import { presenceOf } from '../../core/calling/calling';
import { EMPTY, mailbox, type Mailbox as Box, type MailboxEvent } from '../../core/voicemail/mailbox';
import type { VoicemailEvent } from '../../core/voicemail/words';
import '../../i18n/voicemail';
import type { Voicemail } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Notice } from '../kit/Notice';
import { PresenceMark } from '../kit/PresenceMark';
import { Skeleton } from '../kit/Skeleton';
import { moment } from '../pages/dates';
import { Player } from './Player';
import { Speaks } from './Speaks';
import { usePart } from './use-part';
import css from './Voicemail.module.css';

const isMail = (event: VoicemailEvent): event is MailboxEvent => event.type.startsWith('mail/');

/** The messages that were spoken for me, the last first. */
export default function Mailbox(): ReactElement {
  const t = useSpeech();
  const changes = useSelect(({ calling }) => calling.mail);
  const [{ mails, greeting, trouble }, tell] = usePart<Box, MailboxEvent>({ begin: () => EMPTY, first: { type: 'mail/look' }, is: isMail, update: mailbox });
  const seen = useRef(changes);
  useEffect(() => {
    if (seen.current !== changes) tell({ type: 'mail/look' });
    seen.current = changes;
  }, [changes, tell]);
  return (
    <>
      {trouble && (
        <div className="row wrap">
          <Notice tone="bad" text={trouble} />
          <button type="button" className="btn plain" onClick={() => tell({ type: 'mail/look' })}>{t('again')}</button>
        </div>
      )}
      {greeting !== undefined && <Own ms={greeting} tell={tell} />}
      {mails === null && !trouble && <Skeleton lines={3} />}
      {mails?.length === 0 && <div className="card empty"><p>{t('voicemail.none')}</p></div>}
      {mails && mails.length > 0 && (
        <ul className="card divide" aria-label={t('voicemail.from')}>
          {mails.map((mail) => <Row key={mail.id} mail={mail} tell={tell} />)}
        </ul>
      )}
    </>
  );
}

/** What my callers hear before the tone. */
function Own({ ms, tell }: { readonly ms: number | null; readonly tell: (event: MailboxEvent) => void }): ReactElement {
  const t = useSpeech();
  const [speaks, setSpeaks] = useState(false);
  const [times, setTimes] = useState(0);
  const close = (): void => {
    setSpeaks(false);
    // Another one of the same length is another one.
    setTimes(times + 1);
    tell({ type: 'mail/look' });
  };
  return (
    <section className={cx('card', css['own'])} aria-labelledby="greeting">
      <div className={css['head']}>
        <div className="grow">
          <h2 id="greeting" className="strong">{t('voicemail.own')}</h2>
          <p className="small">{t(ms === null ? 'voicemail.own.none' : 'voicemail.own.some')}</p>
        </div>
        <div className={css['ways']}>
          {ms !== null && <button type="button" className="btn plain" onClick={() => tell({ type: 'mail/default' })}>{t('voicemail.own.remove')}</button>}
          <button type="button" className="btn plain" onClick={() => setSpeaks(true)}>
            <Mic className="i s" aria-hidden="true" />{t(ms === null ? 'voicemail.own.record' : 'voicemail.anew')}
          </button>
        </div>
      </div>
      {ms !== null && <Player key={`${ms} ${times}`} path="greeting" ms={ms} named={t('voicemail.own.play')} />}
      {speaks && <Speaks call={null} onClose={close} />}
    </section>
  );
}

function Row({ mail, tell }: { readonly mail: Voicemail; readonly tell: (event: MailboxEvent) => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { id, from, at, ms, heard, avatar } = mail;
  const own = useSelect(({ calling }) => calling.book?.find(({ account }) => account === from)?.name ?? '');
  const name = own === '' ? mail.name : own;
  const presence = useSelect((state) => presenceOf(state, from));
  const busy = useSelect(({ calling }) => calling.placing !== null);
  const mark = heard ? t('voicemail.unmark') : t('voicemail.mark');
  return (
    <li className={css['row']} data-heard={heard}>
      <div className={css['head']}>
        <Cameo name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
        <div className="grow">
          <div className="strong">{name}{!heard && <><span className={css['new']} aria-hidden="true" /><span className="sr">{` ${t('voicemail.unheard')}`}</span></>}</div>
          <div className="small num"><time dateTime={new Date(at).toISOString()}>{moment(t.tongue, at)}</time></div>
        </div>
        <div className="end">
          <button type="button" className="btn icon" disabled={busy} aria-label={t('contacts.call', { name })} title={t('contacts.call', { name })} onClick={() => dispatch({ type: 'calling/place', people: [from], video: false })}>
            <Phone className="i" aria-hidden="true" />
          </button>
          <button type="button" className="btn icon" aria-label={mark} title={mark} onClick={() => tell({ type: 'mail/mark', id, heard: !heard })}>
            {heard ? <Undo2 className="i" aria-hidden="true" /> : <Check className="i" aria-hidden="true" />}
          </button>
          <button type="button" className="btn icon" aria-label={t('voicemail.delete.of', { name })} title={t('voicemail.delete.of', { name })} onClick={() => tell({ type: 'mail/delete', id })}>
            <Trash className="i" aria-hidden="true" />
          </button>
        </div>
      </div>
      <Player path={id} ms={ms} named={t('voicemail.play', { name })} onHeard={() => tell({ type: 'mail/mark', id, heard: true })} />
    </li>
  );
}
