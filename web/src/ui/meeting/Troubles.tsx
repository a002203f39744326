import type { ReactElement } from 'react';
import { CirclePause, LogIn, MicOff, VideoOff, Volume2, VolumeX } from 'lucide-react';
import { iLead } from '../../core/meeting/aside';
import { unheardOf, unheardText } from '../../core/meeting/line';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { useMeeting } from './floor';
import { SharingBar } from './SharingBar';
import css from './MeetingScreen.module.css';

/** What goes on and wants a word, above the stage. */
export function Troubles(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const restarting = useMeeting((meeting) => meeting.restarting && meeting.link !== 'lost');
  const reconnecting = useMeeting((meeting) => meeting.link === 'reconnecting' || (meeting.restarting && meeting.link !== 'lost'));
  const lost = useMeeting((meeting) => meeting.link === 'lost');
  const soundBlocked = useMeeting((meeting) => meeting.soundBlocked);
  const hushed = useMeeting((meeting) => meeting.hushed);
  const paused = useMeeting((meeting) => meeting.live?.paused === true);
  const held = useMeeting((meeting) => meeting.held.shown.length > 0);
  const unheard = useMeeting((meeting) => {
    const why = unheardOf(meeting);
    // Where nothing arrives it is looked first whether anything leaves.
    return why === null || (why === 'blocked' && meeting.voiceSent === null) ? null : t.text(unheardText(why, meeting.voiceSent));
  });
  const signedOut = useMeeting((meeting) => meeting.beside.news.signedOut);
  return (
    <div className={css['troubles']} data-walk>
      <SharingBar />
      {paused && <Paused />}
      {reconnecting && (
        <div className="notice warn" data-mending><span className="spin" aria-hidden="true" /><span>{t(restarting ? 'meeting.restarting' : 'meeting.reconnecting')}</span></div>
      )}
      {held && !reconnecting && !lost && <div className="notice warn" data-held><VideoOff className="i" aria-hidden="true" /><span>{t('meeting.held')}</span></div>}
      {unheard !== null && !reconnecting && !lost && (
        <div className="notice warn" data-unheard><MicOff className="i" aria-hidden="true" /><span>{unheard}</span></div>
      )}
      {lost && <Lost />}
      {signedOut && <SignedOut />}
      {hushed && <Hushed />}
      {soundBlocked && !hushed && (
        <div className={cx('toast', css['sound'])}>
          <Volume2 className="i" aria-hidden="true" />
          <span className="grow">{t('meeting.sound.text')}</span>
          <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'call/turn-on-sound' })}>{t('meeting.sound')}</button>
        </div>
      )}
    </div>
  );
}

/** Another device of mine is in: this one is silent. */
function Hushed(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section ref={givesBack} className={cx('toast', css['sound'])} aria-label={t('meeting.beside')}>
      <VolumeX className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('meeting.beside')}</div>
        <div className="small">{t('meeting.beside.text')}</div>
      </div>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'call/hear' })}>{t('meeting.beside.hear')}</button>
    </section>
  );
}

/** A host paused everything. */
function Paused(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const leads = useMeeting(iLead);
  return (
    <section ref={givesBack} className={cx('toast', css['sound'])} aria-label={t('pause.title')} data-paused>
      <CirclePause className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('pause.title')}</div>
        <div className="small">{t(leads ? 'pause.text.host' : 'pause.text')}</div>
      </div>
      {leads && <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'act', act: { act: 'pause', on: false } })}>{t('pause.resume')}</button>}
    </section>
  );
}

/** The line has been lost for long. */
function Lost(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const full = useSelect(({ viewing }) => viewing.saver === 'off');
  return (
    <section ref={givesBack} className={cx('toast', css['sound'])} aria-label={t('meeting.lost')}>
      <span className="spin" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('meeting.lost')}</div>
        <div className="small">{t('meeting.lost.text')}</div>
      </div>
      {full && <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'view/saver', saver: 'data' })}>{t('meeting.lost.less')}</button>}
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'call/hurry' })}>{t('meeting.lost.try')}</button>
    </section>
  );
}

/** The account was signed out on another device. */
function SignedOut(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section ref={givesBack} className={cx('toast', css['sound'])} aria-label={t('meeting.signed-out')}>
      <LogIn className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('meeting.signed-out')}</div>
        <div className="small">{t('meeting.signed-out.text')}</div>
      </div>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'news/sign-in' })}>{t('meeting.signed-out.sign-in')}</button>
    </section>
  );
}
