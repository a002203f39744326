import { useEffect, useRef, type ReactElement } from 'react';
import { LogOut } from 'lucide-react';
import type { Lobby } from '../../core/state';
import { called } from '../../core/title';
import type { Speech } from '../../i18n/text';
import { useDispatch, usePorts, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { cx } from '../kit/cx';
import { Door } from '../kit/Door';
import { Preview } from './Preview';
import css from './PreJoin.module.css';

/** Waiting at the door, with my own picture still mine to set; or sent away; or on the way in. */
export default function LobbyScreen({ lobby }: { readonly lobby: Lobby }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { entry } = lobby;
  const waits = entry.state === 'idle';
  const { title, text } = words(t, lobby);
  return (
    <Door className={css['door']}>
      <div className={css['pj']}>
        <Preview />
        <section className={css['words']} aria-label={called(t, lobby.title)}>
          <p className="small">{called(t, lobby.title)}</p>
          <h1 className="display" {...LANDING}>{title}</h1>
          <p>{text}</p>
          {waits && lobby.since > 0 && <Asked since={lobby.since} />}
          {entry.state !== 'busy' && (
            <div className="row wrap">
              {(entry.state === 'refused' || lobby.late) && (
                <button type="button" className="btn primary" onClick={() => dispatch({ type: 'lobby/ask-again' })}>{t('lobby.ask-again')}</button>
              )}
              <button type="button" className="btn plain" onClick={() => dispatch({ type: 'lobby/leave' })}>
                <LogOut className="i s" aria-hidden="true" />{t('lobby.leave')}
              </button>
            </div>
          )}
        </section>
      </div>
    </Door>
  );
}

function words(t: Speech, { entry, late, hostPresent, moved }: Lobby): { readonly title: string; readonly text: string } {
  if (entry.state === 'busy') return { title: t('lobby.entering'), text: t('lobby.entering.text') };
  if (entry.state === 'refused') {
    switch (entry.text.key) {
      case 'lobby.denied': return { title: t('lobby.denied.title'), text: t('lobby.denied.text') };
      case 'lobby.ended': return { title: t('lobby.ended.title'), text: t('lobby.ended.text') };
      default: return { title: t('lobby.refused.title'), text: t.text(entry.text) };
    }
  }
  if (late) return { title: t('lobby.late.title'), text: t('lobby.late') };
  if (moved) return { title: t('lobby.waiting'), text: t(hostPresent ? 'lobby.moved' : 'lobby.moved.no-host') };
  return { title: t('lobby.waiting'), text: t(hostPresent ? 'lobby.host' : 'lobby.no-host') };
}

/** How long ago I asked, written past React. */
function Asked({ since }: { readonly since: number }): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => ports.everySecond((now) => {
    if (ref.current) ref.current.textContent = t('lobby.asked', { time: clock(now - since) });
  }), [ports, since, t]);
  return (
    <p className={cx('row', 'small', css['asked'])}>
      <span className={css['pulse']} aria-hidden="true" />
      <span ref={ref} className="num" role="timer" />
    </p>
  );
}

/** Minutes and seconds. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
