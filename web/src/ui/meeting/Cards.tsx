import type { ReactElement } from 'react';
import { Mic } from 'lucide-react';
import { lineOf } from '../../core/meeting/chat';
import { spoken } from '../../core/meeting/chat-lines';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { useMeeting } from './floor';
import { KnockToast } from './KnockToast';
import css from './Cards.module.css';

/** What wants an answer, one at a time; what needs none comes when nothing else is there. */
export function Cards(): ReactElement | null {
  const muted = useSelect((state) => !state.devices.microphone.wanted);
  const quiet = useSelect((state) => state.toast === null);
  const asked = useMeeting((meeting) => meeting.beside.asked);
  const knock = useMeeting((meeting) => meeting.beside.knock && meeting.beside.panel !== 'people');
  if (asked && muted) return <AskedCard />;
  if (knock) return <KnockToast />;
  return quiet ? <Bubble /> : null;
}

function AskedCard(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section className="toast" aria-label={t('asked.title')}>
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

/** The last line of the chat, for a moment. */
function Bubble(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const line = useMeeting((meeting) => lineOf(meeting.beside.chat, meeting.beside.chat.bubble));
  if (!line) return null;
  return (
    <button type="button" className={`toast ${css['bubble'] ?? ''}`} onClick={() => dispatch({ type: 'panel', panel: 'chat' })}>
      <Cameo identity={line.from} name={line.name} size="sm" />
      <span className="grow">
        <span className="strong">{line.name}</span>
        {line.to !== undefined && <span className="small"> {t('chat.private.from')}</span>}
        <span className={css['words']}>{spoken(line)}</span>
      </span>
      <span className="sr">{t('chat.open')}</span>
    </button>
  );
}
