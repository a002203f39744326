import type { ReactElement } from 'react';
import { Check, Mic, Send, SkipForward, Square } from 'lucide-react';
import { otherOf } from '../../core/calling/calling';
import { leave, leavingOf, type Leaving, type LeavingEvent } from '../../core/voicemail/leaving';
import { clockOf } from '../../core/voicemail/mailbox';
import type { VoicemailEvent } from '../../core/voicemail/words';
import '../../i18n/voicemail';
import type { Call } from '../../proto/api.gen';
import { Since } from '../calling/Since';
import { useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { Dialog } from '../kit/Dialog';
import { Level } from '../kit/Level';
import { Notice } from '../kit/Notice';
import { Player } from './Player';
import { usePart } from './use-part';
import css from './Voicemail.module.css';

const isLeaving = (event: VoicemailEvent): event is LeavingEvent => event.type.startsWith('leaving/');

/** Speaks a message after a call, or my own greeting where there is no call. */
export function Speaks({ call, onClose }: { readonly call: Call | null; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const other = call ? otherOf(call) : undefined;
  const name = other?.name ?? '';
  const [leaving, tell] = usePart<Leaving, LeavingEvent>({ begin: () => leavingOf(call?.id ?? null, name), first: { type: 'leaving/begin' }, is: isLeaving, update: leave });
  return (
    <Dialog title={call ? t('voicemail.leave.title', { name }) : t('voicemail.own.title')} onClose={onClose}>
      <div className={css['dialog']}>
        {other && <div className={css['whom']}><Cameo name={name} avatar={other.avatar} size="xl" /></div>}
        <div className="sr" role="status">{said(t, leaving)}</div>
        {leaving.trouble && <Notice tone={leaving.trouble.key === 'voicemail.lost' ? 'plain' : 'bad'} text={leaving.trouble} />}
        <Now leaving={leaving} tell={tell} onClose={onClose} />
      </div>
    </Dialog>
  );
}

function said(t: ReturnType<typeof useSpeech>, { phase, name, call }: Leaving): string {
  const own = call === null;
  switch (phase) {
    case 'opening': return t('voicemail.opening');
    case 'greeting': return own ? t('voicemail.own.tone') : t('voicemail.greeting', { name });
    case 'recording': return t('voicemail.recording');
    case 'stopping': return t('voicemail.stopping');
    case 'spoken': return t(own ? 'voicemail.own.spoken' : 'voicemail.spoken');
    case 'sending': return t(own ? 'voicemail.own.keeping' : 'voicemail.sending');
    case 'sent': return own ? t('voicemail.own.kept') : t('voicemail.sent', { name });
    case 'waiting':
    case 'failed': return '';
  }
}

/** Whoever works by keys has the next step under their hand. */
const reach = (key: HTMLButtonElement | null): void => key?.focus();

function Now({ leaving, tell, onClose }: { readonly leaving: Leaving; readonly tell: (event: LeavingEvent) => void; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const { phase, id, ms, call, since, seconds, greeting } = leaving;
  const own = call === null;
  const Sends = own ? Check : Send;
  const anew = (
    <button type="button" className="btn plain" onClick={() => tell({ type: 'leaving/begin' })}>
      {t('voicemail.anew')}
    </button>
  );
  const discard = <button type="button" className="btn danger-quiet" onClick={onClose}>{t('voicemail.discard')}</button>;
  switch (phase) {
    case 'opening':
    case 'stopping':
    case 'greeting':
      return (
        <>
          <p aria-hidden="true">{phase !== 'greeting' && <><span className="spin" />{' '}</>}{said(t, leaving)}</p>
          {phase === 'greeting' && <p className="small">{own ? t('voicemail.own.hint', { n: seconds }) : t('voicemail.greeting.hint')}</p>}
          <div className="acts">
            {discard}
            {phase === 'greeting' && greeting !== null && <button key="skip" type="button" className="btn plain" onClick={() => tell({ type: 'leaving/skip' })}><SkipForward className="i s" aria-hidden="true" />{t('voicemail.skip')}</button>}
          </div>
        </>
      );
    case 'recording':
      return (
        <>
          <div className={css['live']}>
            <span className={css['dot']} aria-hidden="true" />{t('voicemail.recording')}
            <span className="num"><Since began={since} /> {t('voicemail.recording.of', { time: clockOf(seconds * 1_000) })}</span>
          </div>
          <Level />
          <div className="acts">
            {discard}
            <button key="stop" ref={reach} type="button" className="btn primary" onClick={() => tell({ type: 'leaving/stop' })}>
              <Square className="i s" aria-hidden="true" />{t('voicemail.stop')}
            </button>
          </div>
        </>
      );
    case 'spoken':
    case 'sending':
      return (
        <>
          <p aria-hidden="true">{said(t, leaving)}</p>
          {id !== null && <Player key={id} path={id} ms={ms} named={t(own ? 'voicemail.own.play' : 'voicemail.play.own')} />}
          <div className="acts">
            {phase === 'spoken' && discard}
            {phase === 'spoken' && anew}
            <button key="send" ref={reach} type="button" className="btn primary" disabled={phase === 'sending'} onClick={() => tell({ type: 'leaving/send' })}>
              {phase === 'sending' ? <span className="spin" aria-hidden="true" /> : <Sends className="i s" aria-hidden="true" />}{t(own ? 'voicemail.own.keep' : 'voicemail.send')}
            </button>
          </div>
        </>
      );
    case 'sent':
      return (
        <>
          <p aria-hidden="true">{said(t, leaving)}</p>
          <div className="acts"><button key="close" ref={reach} type="button" className="btn primary" onClick={onClose}>{t('close')}</button></div>
        </>
      );
    case 'waiting':
      return (
        <div className="acts">
          {discard}
          <button key="again" ref={reach} type="button" className="btn primary" onClick={() => tell({ type: 'leaving/stop' })}>{t('calling.retry')}</button>
        </div>
      );
    case 'failed':
      return (
        <div className="acts">
          <button type="button" className="btn plain" onClick={onClose}>{t('close')}</button>
          <button key="anew" ref={reach} type="button" className="btn primary" onClick={() => tell({ type: 'leaving/begin' })}><Mic className="i s" aria-hidden="true" />{t('voicemail.anew')}</button>
        </div>
      );
  }
}
