import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Copy, Mail, QrCode, X } from 'lucide-react';
import type { Lobby } from '../../proto/api.gen';
import { pathOf } from '../../core/route';
import { called } from '../../core/title';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { Seg } from '../kit/Seg';
import { useMeeting } from './floor';
import css from './Ready.module.css';

/** Fetched when it is asked for. */
const Qr = lazy(() => import('./Qr'));

/** The link of a room in a well, with every way to give it to others. */
export function Invite({ code, title: given }: { readonly code: string; readonly title: string }): ReactElement {
  const t = useSpeech();
  const title = called(t, given);
  const dispatch = useDispatch();
  const origin = useSelect((state) => state.browser.origin);
  const [qr, setQr] = useState(false);
  const path = pathOf({ to: 'room', code });
  const link = `${origin}${path}`;
  const mail = `mailto:?subject=${encodeURIComponent(t('ready.email.subject', { title }))}&body=${encodeURIComponent(t('ready.email.body', { title, link }))}`;
  return (
    <div className={css['invite']}>
      <div className="copy">
        <span>{origin.replace(/^https?:\/\//, '')}<wbr /><span className={css['path']}>{path}</span></span>
        <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'room/copy', code })}>
          <Copy className="i s" aria-hidden="true" />{t('copy')}
        </button>
      </div>
      <div className={cx('row', 'wrap', css['ways'])}>
        <a className="btn quiet low" href={mail}><Mail className="i s" aria-hidden="true" />{t('ready.email')}</a>
        <button type="button" className="btn quiet low" aria-expanded={qr} onClick={() => setQr(!qr)}>
          <QrCode className="i s" aria-hidden="true" />{t('ready.qr')}
        </button>
      </div>
      {qr && (
        <Suspense fallback={<span className="spin" role="status" aria-label={t('frame.loading')} />}>
          <Qr link={link} label={t('ready.qr.alt', { link })} />
        </Suspense>
      )}
    </div>
  );
}

/** Whether those with the link must be admitted, for whoever may say so. */
export function LobbyChoice({ lobby, onPick }: { readonly lobby: Lobby; readonly onPick: (lobby: Lobby) => void }): ReactElement {
  const t = useSpeech();
  if (lobby === 'everyone') return <p className="small">{t('ready.lobby.everyone')}</p>;
  return (
    <div className={css['lobby']}>
      <span className="label">{t('ready.lobby')}</span>
      <Seg<Lobby>
        label={t('ready.lobby')}
        value={lobby}
        onPick={onPick}
        choices={[{ value: 'guests', face: t('ready.lobby.guests') }, { value: 'off', face: t('ready.lobby.off') }]}
      />
      {lobby === 'guests' && <p className="hint">{t('ready.lobby.hint')}</p>}
    </div>
  );
}

/** Offered once to whoever made the room, until the second person comes. */
export function Ready(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const inviting = useMeeting((meeting) => meeting.inviting);
  const title = useMeeting((meeting) => meeting.title);
  const lobby = useMeeting(({ live }) => (live && (live.role === 'owner' || live.role === 'host') ? live.policy.lobby : null));
  const code = useSelect(({ page }) => (page.at === 'room' ? page.code : ''));
  if (!inviting) return null;
  return (
    <section ref={givesBack} className={cx('dialog', css['ready'])} aria-label={t('meeting.ready')}>
      <div className="row">
        <h2 className="grow">{t('meeting.ready')}</h2>
        <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'call/invite', open: false })}>
          <X className="i" aria-hidden="true" />
        </button>
      </div>
      <Invite code={code} title={title} />
      {lobby === null
        ? <p className="small">{t('meeting.ready.text')}</p>
        : <LobbyChoice lobby={lobby} onPick={(picked) => dispatch({ type: 'act', act: { act: 'lobby', lobby: picked } })} />}
    </section>
  );
}
