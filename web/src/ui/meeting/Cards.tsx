import { useEffect, useRef, type ReactElement } from 'react';
import { Coffee, Mic, Turtle } from 'lucide-react';
import { lineOf } from '../../core/meeting/chat';
import { spoken } from '../../core/meeting/chat-lines';
import type { Dressing } from '../../core/viewing';
import { useDispatch, usePorts, useSelect, useSpeech } from '../context';
import { givesBack } from '../kit/gives-back';
import { useMeeting } from './floor';
import { KnockToast } from './KnockToast';
import { Portrait } from './Portrait';
import css from './Cards.module.css';

/** What wants an answer, one at a time; what needs none comes when nothing else is there. */
export function Cards(): ReactElement | null {
  const muted = useSelect((state) => !state.devices.microphone.wanted);
  const quiet = useSelect((state) => state.toast === null);
  const asked = useMeeting((meeting) => meeting.beside.asked);
  const knock = useMeeting((meeting) => meeting.beside.knock && meeting.beside.panel !== 'people');
  const alone = useMeeting((meeting) => (meeting.alone.is === 'asked' ? meeting.alone.until : null));
  const strained = useMeeting((meeting) => meeting.strained);
  if (alone !== null) return <AloneCard until={alone} />;
  if (asked && muted) return <AskedCard />;
  if (knock) return <KnockToast />;
  if (strained) return <SlowCard dressing={strained} />;
  return quiet ? <Bubble /> : null;
}

function AskedCard(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section ref={givesBack} className="toast" aria-label={t('asked.title')}>
      <Mic className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('asked.title')}</div>
        <div className="small">{t('asked.text')}</div>
      </div>
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'asked/answer', unmute: false })}>{t('asked.stay')}</button>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'asked/answer', unmute: true })}>{t('meeting.unmute')}</button>
    </section>
  );
}

/** Nobody else is here: I say that I am, or leave in a moment. */
function AloneCard({ until }: { readonly until: number }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const ports = usePorts();
  const words = useRef<HTMLDivElement>(null);
  // Written past React, second by second; the live region has said once what it is about.
  useEffect(() => ports.everySecond((now) => {
    const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
    if (words.current) words.current.textContent = t('alone.in', { time: t.count('time.seconds', seconds) });
  }), [ports, t, until]);
  return (
    <section ref={givesBack} className="toast" aria-label={t('alone.title')}>
      <Coffee className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('alone.title')}</div>
        <div className="small num" ref={words} role="timer" />
      </div>
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'call/leave' })}>{t('meeting.leave')}</button>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'call/still-here' })}>{t('alone.stay')}</button>
    </section>
  );
}

/** What was switched on takes more than this machine has. */
function SlowCard({ dressing }: { readonly dressing: Dressing }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section ref={givesBack} className="toast" aria-label={t('meeting.blur.slow')}>
      <Turtle className="i" aria-hidden="true" />
      <div className="grow">
        <div className="strong">{t('meeting.blur.slow')}</div>
        <div className="small">{t('meeting.blur.slow.text')}</div>
      </div>
      <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'view/bear' })}>{t('meeting.blur.bear')}</button>
      <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'view/dress', dressing, on: false })}>{t('meeting.blur.off')}</button>
    </section>
  );
}

/** The last line of the chat, for a moment. */
function Bubble(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const line = useMeeting((meeting) => lineOf(meeting.beside.chat, meeting.beside.chat.bubble));
  if (!line) return null;
  return (
    <button type="button" className={`toast ${css['bubble'] ?? ''}`} onClick={() => dispatch({ type: 'panel', panel: 'chat' })}>
      <Portrait identity={line.from} name={line.name} size="sm" />
      <span className="grow">
        <span className="strong">{line.name}</span>
        {line.to !== undefined && <span className="small"> {t('chat.private.from')}</span>}
        <span className={css['words']}>{spoken(line)}</span>
      </span>
      <span className="sr">{t('chat.open')}</span>
    </button>
  );
}
